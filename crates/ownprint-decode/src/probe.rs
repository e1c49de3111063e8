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
        [b'B', b'M', ..] if is_bmp(bytes) => Format::Bmp,
        [b'I', b'I', 42 | 43, 0, ..] | [b'M', b'M', 0, 42 | 43, ..] => Format::Tiff,
        [b'P', kind @ b'1'..=b'7', rest @ ..] if is_pnm(*kind, rest) => Format::Pnm,
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

/// Returns `true` if the length of the second header is that of a BMP version. Two letters alone
/// could begin a text.
fn is_bmp(bytes: &[u8]) -> bool {
    let length = bytes.get(14..).and_then(<[u8]>::first_chunk);
    length.is_some_and(|length| matches!(u32::from_le_bytes(*length), 12 | 16..=124))
}

/// Returns `true` if the bytes after `P1` to `P7` look like a header: numbers, white space and
/// comments, or the keywords of PAM. Only the first [`PROBE_BYTES`] are checked.
fn is_pnm(kind: u8, rest: &[u8]) -> bool {
    const KEYWORDS: [&[u8]; 5] = [b"WIDTH", b"HEIGHT", b"DEPTH", b"MAXVAL", b"TUPLTYPE"];
    // Width and height, and for all but bitmaps a maximum.
    let numbers = if matches!(kind, b'1' | b'4') { 2 } else { 3 };
    let is_text = matches!(kind, b'1'..=b'3');
    let mut rest = rest.get(..PROBE_BYTES - 2).unwrap_or(rest);
    let mut seen = 0;
    let mut is_separated = false;
    while let Some((byte, after)) = rest.split_first() {
        if byte.is_ascii_whitespace() {
            if seen == numbers && !is_text {
                return true;
            }
            is_separated = true;
            rest = after;
        } else if *byte == b'#' {
            is_separated = true;
            let line = after.iter().position(|byte| *byte == b'\n').unwrap_or(after.len());
            rest = after.get(line..).unwrap_or_default();
        } else if kind == b'7' {
            return is_separated && KEYWORDS.iter().any(|word| rest.starts_with(word));
        } else if byte.is_ascii_digit() && is_separated {
            let end = rest.iter().position(|byte| !byte.is_ascii_digit());
            rest = rest.get(end.unwrap_or(rest.len())..).unwrap_or_default();
            seen += 1;
            is_separated = false;
        } else {
            return false;
        }
    }
    true
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
    fn texts_that_begin_like_a_signature_are_no_images() {
        for text in [
            &b"BM is not an image, it is a text"[..],
            b"BM",
            b"P1 is the first of them",
            b"P1 2 of them",
            b"P3 3 4 255 1 2 3 and so on",
            b"P5 640 x 480",
            b"P6 text",
            b"P6 12 12a 255 ",
            b"P7 Width",
            b"P8 1 1 ",
        ] {
            assert_eq!(probe(text), None, "{}", String::from_utf8_lossy(text));
        }
    }

    #[test]
    fn every_bmp_header_and_netpbm_header_is_recognised() {
        for length in [12_u8, 16, 40, 52, 56, 64, 108, 124] {
            let file = [b"BM\0\0\0\0\0\0\0\0\x36\0\0\0", &[length, 0, 0, 0][..]].concat();
            assert_eq!(probe(&file), Some(Format::Bmp), "{length}");
        }
        let long = [&b"P4 # "[..], &[b'c'; 200], b"\n8 8 "].concat();
        for file in [
            &b"P1\n# comment\n3 2\n101\n010\n"[..],
            b"P2 3 2 255 1 2 3 4 5 6",
            b"P4 8 8 \0\xff",
            b"P5#comment\n3#another\n2 255\nabcdef",
            b"P6 1 1 255 rgb",
            b"P6\r\n1\t1\r\n65535\r\nrgb",
            b"P6 9000 7000 255\n",
            b"P5 12",
            b"P7\n# comment\nWIDTH 3\nHEIGHT 2\n",
            &long,
        ] {
            assert_eq!(probe(file), Some(Format::Pnm), "{}", String::from_utf8_lossy(file));
        }
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
