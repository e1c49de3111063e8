//! Reads the orientation from an XMP packet.

use ownprint_pixels::ExifOrientation;

/// The prefix of a packet in JPEG.
#[cfg(feature = "jpeg")]
pub(super) const PREFIX: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";
const NAME: &[u8] = b"tiff:Orientation";

/// Returns the first orientation of one digit, as an attribute or element.
///
/// As Pillow 13 does (`Image.getexif`), the packet is searched for this text and not parsed, and it
/// counts only if the EXIF block has no orientation.
pub(super) fn orientation(packet: &[u8]) -> Option<ExifOrientation> {
    packet.windows(NAME.len()).enumerate().filter(|(_, name)| *name == NAME).find_map(|(at, _)| {
        match packet.get(at + NAME.len()..)? {
            [b'=', b'"', digit, ..] | [b'>', digit, ..] if digit.is_ascii_digit() => {
                Some(ExifOrientation::from_exif(u16::from(digit - b'0')))
            }
            _ => None,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_and_elements_of_one_digit_are_found() {
        let exif_of = |packet: &str| orientation(packet.as_bytes()).map(ExifOrientation::to_exif);
        assert_eq!(exif_of(r#"<rdf:Description tiff:Orientation="6" a="b"/>"#), Some(6));
        assert_eq!(exif_of("<tiff:Orientation>8</tiff:Orientation>"), Some(8));
        assert_eq!(exif_of("tiff:Orientation='3' tiff:Orientation=\"5\""), Some(5));
        for value in ["0", "9", "12"] {
            assert_eq!(exif_of(&format!("tiff:Orientation=\"{value}\"")), Some(1));
        }
        for packet in ["", "tiff:Orientation", "tiff:Orientation=\"", "tiff:Orientation = \"6\""] {
            assert_eq!(exif_of(packet), None, "{packet}");
        }
    }
}
