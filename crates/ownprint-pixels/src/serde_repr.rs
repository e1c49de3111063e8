//! `serde` implementations: formats and orientations are serialized as their names or EXIF values.

use std::borrow::Cow;

use serde::de::{Error as _, Unexpected};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::format::Format;
use crate::orientation::{ExifOrientation, Orientation};
use crate::pixels::PixelFormat;

/// Serializes a type as its stable name.
macro_rules! by_name {
    ($($name:ty),*) => {$(
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.name())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Cow::<str>::deserialize(deserializer)?.parse().map_err(D::Error::custom)
            }
        }
    )*};
}

by_name!(Format, Orientation, PixelFormat);

/// Serializes the EXIF value, 1 to 8.
impl Serialize for ExifOrientation {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u16(self.to_exif())
    }
}

impl<'de> Deserialize<'de> for ExifOrientation {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = u16::deserialize(deserializer)?;
        let orientation = Self::from_exif(value);
        // Unknown values mean `Normal` in image files but are errors in serialized data.
        if orientation.to_exif() == value {
            Ok(orientation)
        } else {
            Err(D::Error::invalid_value(
                Unexpected::Unsigned(value.into()),
                &"a number from 1 to 8",
            ))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image_info::ImageInfo;
    use crate::pixels::Size;

    fn read<T: for<'de> Deserialize<'de>>(text: &str) -> Option<T> {
        serde_json::from_str(text).ok()
    }

    #[test]
    fn an_image_round_trips() {
        let (stored, size) = (Size { width: 80, height: 60 }, Size { width: 60, height: 80 });
        for exif in 1..=8 {
            let orientation = ExifOrientation::from_exif(exif);
            let mut image = ImageInfo::from_parts(None, stored, size, orientation, false);
            assert_eq!(read(&serde_json::to_string(&image).unwrap()).as_ref(), Some(&image));
            image.format = Some(Format::Heic);
            (image.damaged, image.deterministic, image.rgb_md5) =
                (true, false, Some("0".repeat(32)));
            let text = serde_json::to_string(&image).unwrap();
            assert!(
                text.starts_with(r#"{"format":"heic","stored":{"width":80,"height":60},"size":"#),
                "{text}"
            );
            assert!(
                text.contains(&format!(
                    r#""orientation":{exif},"orientation_applied":false,"damaged":true,"#
                )),
                "{text}"
            );
            assert_eq!(read(&text), Some(image));
        }
    }

    #[test]
    fn names_round_trip_and_unknown_names_are_errors() {
        for format in Format::ALL {
            assert_eq!(read(&format!("\"{format}\"")), Some(format));
        }
        for orientation in [Orientation::Apply, Orientation::Ignore] {
            assert_eq!(read(&serde_json::to_string(&orientation).unwrap()), Some(orientation));
        }
        assert_eq!(
            read::<PixelFormat>(&format!("\"{}\"", PixelFormat::Bgra8.name())),
            Some(PixelFormat::Bgra8)
        );
        assert_eq!((read::<Format>("\"xcf\""), read::<Orientation>("true")), (None, None));
        for number in ["0", "9", "65536", "-1", "\"1\"", "1.5"] {
            assert_eq!(read::<ExifOrientation>(number), None, "{number}");
        }
    }
}
