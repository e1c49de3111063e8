//! Recognizes videos by the first bytes of a file, whether or not this build decodes them.

use crate::probe::probe;

/// Whether this build decodes the videos of any codec.
pub const DECODES_VIDEOS: bool = cfg!(any(
    feature = "h264",
    feature = "hevc",
    feature = "vp9",
    feature = "vp8",
    feature = "av1"
));

/// The size of the first box up to which it is believed. Text that begins with `The free` would
/// otherwise be a box of 1.4 GB.
const MAX_BOX_BYTES: u32 = 1 << 24;

/// The first bytes of WebM and Matroska, which have the format EBML (RFC 8794).
const EBML: &[u8] = &[0x1a, 0x45, 0xdf, 0xa3];

/// Returns `true` if a file that begins with `head` is a video: MP4, MOV, 3GP, WebM or Matroska.
///
/// The codec is not checked, nor whether this build decodes it.
#[must_use]
pub fn is_video(head: &[u8]) -> bool {
    probe(head).is_none() && (is_matroska(head) || begins_with_box(head))
}

/// Returns `true` if the first bytes are those of WebM or Matroska.
pub(super) fn is_matroska(head: &[u8]) -> bool {
    head.starts_with(EBML)
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
    use super::is_video;

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
            assert!(is_video(head), "{head:?}");
        }
        for head in [
            &b""[..],
            b"\0\0\0\x18fty",
            b"The free book",
            b"Get skip",
            b"pdq 0f0f",
            b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
        ] {
            assert!(!is_video(head), "{head:?}");
        }
    }
}
