//! Detects the format of a file from its first bytes. File names and extensions are not used.

use ownprint_pixels::Format;

/// The number of bytes that [`probe`] needs.
pub const PROBE_BYTES: usize = 64;

/// Returns `true` if this build decodes the format.
#[must_use]
pub fn can_decode(format: Format) -> bool {
    match format {
        Format::Jpeg => cfg!(feature = "jpeg"),
        Format::Png => cfg!(feature = "png"),
        Format::Gif => cfg!(feature = "gif"),
        Format::WebP => cfg!(feature = "webp"),
        Format::Bmp => cfg!(feature = "bmp"),
        Format::Tiff => cfg!(feature = "tiff"),
        Format::Pnm => cfg!(feature = "pnm"),
        Format::Heic => cfg!(feature = "heic"),
        Format::Avif => cfg!(feature = "avif"),
        Format::Jxl => cfg!(feature = "jxl"),
        // A format that a later version of `ownprint-pixels` adds.
        _ => false,
    }
}

/// Returns the format whose signature is at the start of `bytes`.
#[must_use]
pub fn probe(bytes: &[u8]) -> Option<Format> {
    Some(match bytes {
        [0xff, 0xd8, 0xff, ..] => Format::Jpeg,
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Format::Png,
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Format::Gif,
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Format::WebP,
        [b'B', b'M', ..] => Format::Bmp,
        [b'I', b'I', 42 | 43, 0, ..] | [b'M', b'M', 0, 42 | 43, ..] => Format::Tiff,
        [b'P', b'1'..=b'7', b' ' | b'\t' | b'\n' | b'\r' | b'#', ..] => Format::Pnm,
        [0xff, 0x0a, ..] | [0, 0, 0, 12, b'J', b'X', b'L', b' ', b'\r', b'\n', 0x87, b'\n', ..] => {
            Format::Jxl
        }
        [a, b, c, d, b'f', b't', b'y', b'p', rest @ ..] => {
            // The data after the box may contain any bytes.
            let length = (u32::from_be_bytes([*a, *b, *c, *d]) as usize).saturating_sub(8);
            return probe_brands(rest.get(..length).unwrap_or(rest));
        }
        _ => return None,
    })
}

/// Distinguishes AVIF, HEIC and videos by the brands of an ISO base media file: the major brand, a
/// version, and the compatible brands.
fn probe_brands(body: &[u8]) -> Option<Format> {
    const VERSION: usize = 1;
    let (words, _) = body.as_chunks::<4>();
    let any = |names: &[&[u8; 4]]| {
        words.iter().enumerate().any(|(at, word)| at != VERSION && names.contains(&word))
    };
    if any(&[b"avif", b"avis"]) {
        Some(Format::Avif)
    } else if any(&[b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"]) {
        Some(Format::Heic)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(brands: &[u8], after: &[u8]) -> Vec<u8> {
        let length = (8 + brands.len()) as u32;
        [&length.to_be_bytes(), &b"ftyp"[..], brands, after].concat()
    }

    #[test]
    fn only_the_brands_of_the_first_box_decide() {
        let heic = b"heic\0\0\0\0mif1heic";
        assert_eq!(probe(&file(heic, b"")), Some(Format::Heic));
        // An `mdat` with the name of another brand.
        assert_eq!(probe(&file(heic, b"\0\0\0\x10mdatavifavif")), Some(Format::Heic));
        let mp4 = b"isom\0\0\0\0isomiso2avc1mp41";
        assert_eq!(probe(&file(mp4, b"\0\0\0\x10mdatheicavif")), None);
        assert_eq!(probe(&file(b"avif\0\0\0\0mif1", b"")), Some(Format::Avif));
        // The version is not a brand.
        assert_eq!(probe(&file(b"mp42avifmp42isom", b"")), None);
        // The head of a longer box.
        let head = file(&[&heic[..], &[0; 200]].concat(), b"");
        assert_eq!(probe(&head[..PROBE_BYTES]), Some(Format::Heic));
    }
}
