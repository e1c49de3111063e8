//! Recognizes video containers, whether or not this build decodes them.

use ownprint_decode::{is_video, probe};

/// The size of the first box up to which it is believed. Text that begins with `The free` would
/// otherwise be a box of 1.4 GB.
const MAX_BOX_BYTES: u32 = 1 << 24;

/// The first bytes of `WebM` and Matroska.
const EBML: &[u8] = &[0x1a, 0x45, 0xdf, 0xa3];

/// Returns `true` if a file that begins with `head` is a video whose container this build decodes.
pub(crate) fn can_decode_video(head: &[u8]) -> bool {
    is_video_container(head) && is_video(head)
}

/// Returns `true` if a file that begins with `head` is a video: MP4, MOV, `WebM` or Matroska.
pub(crate) fn is_video_container(head: &[u8]) -> bool {
    probe(head).is_none() && (head.starts_with(EBML) || begins_with_box(head))
}

fn begins_with_box(head: &[u8]) -> bool {
    let Some((size, rest)) = head.split_first_chunk::<4>() else { return false };
    match rest.first_chunk::<4>() {
        // The brand is part of the signature, and the data of a video may have any size.
        Some(b"ftyp" | b"mdat") => true,
        Some(b"moov" | b"moof" | b"wide" | b"free" | b"skip" | b"pnot") => {
            u32::from_be_bytes(*size) < MAX_BOX_BYTES
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::is_video_container;

    #[test]
    fn containers_are_told_from_text() {
        for head in [
            &b"\0\0\0\x18ftypmp42"[..],
            b"\0\0\0\x14ftypqt  ",
            b"\0\0\0\x08wide\0\x12\x34\x56mdat",
            b"\x5f\0\0\0mdat",
            b"\0\x10\0\0moov",
            b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81",
        ] {
            assert!(is_video_container(head), "{head:?}");
        }
        for head in [
            &b""[..],
            b"\0\0\0\x18fty",
            b"The free book",
            b"Get skip",
            b"pdq 0f0f",
            b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
        ] {
            assert!(!is_video_container(head), "{head:?}");
        }
    }
}
