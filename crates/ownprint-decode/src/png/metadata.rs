//! Reads the orientation from the metadata chunks of a PNG file, with the precedence of Pillow 13
//! (`PngImagePlugin`, `Image.getexif`): EXIF, a raw profile, XMP.

use std::borrow::Cow;

use ownprint_pixels::ExifOrientation;

use crate::{exif, xmp};

/// The maximum length of an uncompressed text (`MAX_TEXT_CHUNK` of Pillow).
const MAX_TEXT_BYTES: usize = 1 << 20;

/// The chunks that may contain an orientation. The last one of each kind counts.
#[derive(Default)]
pub(super) struct Metadata<'a> {
    exif: Option<&'a [u8]>,
    /// An EXIF block in hexadecimal digits, as `ImageMagick` writes it.
    raw_profile: Option<Text<'a>>,
    xmp: Option<Text<'a>>,
}

impl<'a> Metadata<'a> {
    pub(super) fn add(&mut self, name: [u8; 4], payload: &'a [u8]) {
        if &name == b"eXIf" {
            self.exif = Some(payload);
        } else if let Some((keyword, text)) = Text::read(name, payload) {
            match keyword {
                b"exif" if &name == b"tEXt" => self.exif = Some(text.bytes),
                b"Raw profile type exif" => self.raw_profile = Some(text),
                b"XML:com.adobe.xmp" => self.xmp = Some(text),
                _ => {}
            }
        }
    }

    pub(super) fn orientation(&self) -> ExifOrientation {
        let by_exif = match (self.exif, &self.raw_profile) {
            (Some(block), _) => exif::find(block),
            (None, Some(text)) => text.unpacked().and_then(|text| exif::find(&raw_profile(&text)?)),
            (None, None) => None,
        };
        by_exif.or_else(|| xmp::orientation(&self.xmp.as_ref()?.unpacked()?)).unwrap_or_default()
    }
}

struct Text<'a> {
    is_compressed: bool,
    bytes: &'a [u8],
}

impl<'a> Text<'a> {
    /// Returns the keyword and text of a text chunk (PNG specification, 11.3.3).
    fn read(name: [u8; 4], payload: &'a [u8]) -> Option<(&'a [u8], Self)> {
        let (keyword, rest) = split_at_zero(payload)?;
        let (is_compressed, bytes) = match (&name, rest) {
            (b"tEXt", _) => (false, rest),
            (b"zTXt", [0, rest @ ..]) => (true, rest),
            (b"iTXt", [is_compressed, method, rest @ ..]) => {
                let (_language, rest) = split_at_zero(rest)?;
                let (_translated_keyword, text) = split_at_zero(rest)?;
                if *is_compressed != 0 && *method != 0 {
                    return None;
                }
                (*is_compressed != 0, text)
            }
            _ => return None,
        };
        Some((keyword, Self { is_compressed, bytes }))
    }

    /// Returns the text, or `None` if its compressed form is damaged or too long.
    fn unpacked(&self) -> Option<Cow<'a, [u8]>> {
        if self.is_compressed {
            fdeflate::decompress_to_vec_bounded(self.bytes, MAX_TEXT_BYTES).ok().map(Cow::Owned)
        } else {
            Some(Cow::Borrowed(self.bytes))
        }
    }
}

fn split_at_zero(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = bytes.iter().position(|byte| *byte == 0)?;
    Some((bytes.get(..at)?, bytes.get(at + 1..)?))
}

/// Decodes a raw profile: an empty line, its name, its length, and lines of hexadecimal digits.
fn raw_profile(text: &[u8]) -> Option<Vec<u8>> {
    let mut block = Vec::new();
    let mut high = None;
    let lines = text.split(|byte| *byte == b'\n').skip(3);
    for byte in lines.flatten().filter(|byte| !byte.is_ascii_whitespace()) {
        let digit = char::from(*byte).to_digit(16)? as u8;
        match high.take() {
            Some(high) => block.push(high << 4 | digit),
            None => high = Some(digit),
        }
    }
    Some(block)
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXIF_6: &[u8] = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0";
    const XMP_3: &[u8] = b"XML:com.adobe.xmp\0\0\0\0\0tiff:Orientation=\"3\"";

    fn orientation(chunks: &[([u8; 4], &[u8])]) -> u16 {
        let mut metadata = Metadata::default();
        for (name, payload) in chunks {
            metadata.add(*name, payload);
        }
        metadata.orientation().to_exif()
    }

    fn profile() -> Vec<u8> {
        let mut text = b"Raw profile type exif\0\nexif\n      22\n".to_vec();
        for (at, byte) in EXIF_6.iter().enumerate() {
            text.extend(format!("{byte:02x}").bytes());
            if at == 10 {
                text.push(b'\n');
            }
        }
        text
    }

    #[test]
    fn exif_precedes_raw_profiles_and_xmp() {
        assert_eq!(orientation(&[(*b"eXIf", EXIF_6)]), 6);
        assert_eq!(orientation(&[(*b"tEXt", &profile())]), 6);
        assert_eq!(orientation(&[(*b"iTXt", XMP_3)]), 3);
        assert_eq!(orientation(&[(*b"iTXt", XMP_3), (*b"tEXt", &profile())]), 6);
        // A block without the tag, and one with an unknown value.
        let without = [&EXIF_6[..8], &[0, 0]].concat();
        assert_eq!(orientation(&[(*b"eXIf", &without), (*b"iTXt", XMP_3)]), 3);
        assert_eq!(orientation(&[(*b"eXIf", &without), (*b"tEXt", &profile())]), 1);
        let unknown = [&EXIF_6[..18], &[9, 0, 0, 0]].concat();
        assert_eq!(orientation(&[(*b"eXIf", &unknown), (*b"iTXt", XMP_3)]), 1);
        // The last chunk of a kind counts.
        assert_eq!(orientation(&[(*b"eXIf", EXIF_6), (*b"eXIf", &unknown)]), 1);
    }

    #[test]
    fn compressed_texts_are_unpacked() {
        let packed = fdeflate::compress_to_vec(&profile()[22..]);
        let keyword = &profile()[..22];
        assert_eq!(orientation(&[(*b"zTXt", &[keyword, &[0], &packed].concat())]), 6);
        assert_eq!(orientation(&[(*b"zTXt", &[keyword, &[1], &packed].concat())]), 1);
        let international = [keyword, &[1, 0], b"en\0\0", &packed].concat();
        assert_eq!(orientation(&[(*b"iTXt", &international)]), 6);
        assert_eq!(orientation(&[(*b"zTXt", &[keyword, &[0], &packed[..9]].concat())]), 1);
        let long = fdeflate::compress_to_vec(&vec![b'0'; MAX_TEXT_BYTES + 1]);
        assert_eq!(orientation(&[(*b"zTXt", &[keyword, &[0], &long].concat())]), 1);
    }

    #[test]
    fn altered_texts_do_not_panic() {
        for text in [profile(), XMP_3.to_vec()] {
            for at in 0..text.len() {
                for name in [*b"tEXt", *b"zTXt", *b"iTXt"] {
                    let _ = orientation(&[(name, &text[..at])]);
                    let mut altered = text.clone();
                    altered[at] = b'\n';
                    let _ = orientation(&[(name, &altered)]);
                }
            }
        }
    }
}
