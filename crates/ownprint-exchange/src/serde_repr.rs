//! `serde` for records: the members of their JSON format, in any data format.

use std::fmt::Write;

use serde::de::Error as _;
use serde::ser::{Error as _, SerializeStruct};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Number, Value};

use crate::fingerprint::{Diagnostic, FingerprintRecord};
use crate::members::write_text;

/// Serializes the members that [`FingerprintRecord::to_json`] writes, in its order.
impl Serialize for FingerprintRecord {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let members: Value = serde_json::from_str(&self.to_json()).map_err(S::Error::custom)?;
        members.serialize(serializer)
    }
}

/// Deserializes as strictly as [`FingerprintRecord::from_json`]. The data format must be
/// self-describing: JSON, CBOR, `MessagePack`.
impl<'de> Deserialize<'de> for FingerprintRecord {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut text = String::new();
        write(&Value::deserialize(deserializer)?, &mut text);
        Self::from_json(&text).map_err(D::Error::custom)
    }
}

impl Serialize for Diagnostic {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut members = serializer.serialize_struct("Diagnostic", 2)?;
        members.serialize_field("code", &self.code)?;
        members.serialize_field("message", &self.message)?;
        members.end()
    }
}

impl<'de> Deserialize<'de> for Diagnostic {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut text = String::new();
        write(&Value::deserialize(deserializer)?, &mut text);
        Self::from_json(&text).map_err(D::Error::custom)
    }
}

/// Writes a value as the reader of records expects it: numbers without an exponent.
fn write(value: &Value, text: &mut String) {
    match value {
        Value::String(it) => write_text(text, it),
        Value::Number(number) => write_number(number, text),
        Value::Array(items) => {
            text.push('[');
            for (at, item) in items.iter().enumerate() {
                text.push_str(if at == 0 { "" } else { "," });
                write(item, text);
            }
            text.push(']');
        }
        Value::Object(members) => {
            text.push('{');
            for (at, (key, member)) in members.iter().enumerate() {
                text.push_str(if at == 0 { "" } else { "," });
                write_text(text, key);
                text.push(':');
                write(member, text);
            }
            text.push('}');
        }
        Value::Null => text.push_str("null"),
        Value::Bool(it) => text.push_str(if *it { "true" } else { "false" }),
    }
}

fn write_number(number: &Number, text: &mut String) {
    // Writing to a string cannot fail.
    let _ = match number.as_f64().filter(|_| number.is_f64()) {
        // An integer in a floating-point type keeps its decimal point, so that members that require
        // an integer reject it.
        Some(fraction) if fraction.fract() == 0.0 => write!(text, "{fraction:.1}"),
        Some(fraction) => write!(text, "{fraction}"),
        None => write!(text, "{number}"),
    };
}

#[cfg(test)]
mod tests {
    use ownprint_hash::{
        BitHash, Digest, DigestAlgorithm, HashAlgorithm, PerceptualHash, Quality, SkipReason,
        SkippedVariant, VariantHash, VariantHashes, VideoFingerprint, VpdqFeature, VpdqFrame,
    };
    use ownprint_pixels::{ExifOrientation, Format, ImageInfo, Size};

    use super::*;

    fn record() -> FingerprintRecord {
        let hash = BitHash::from_hex(&"0f".repeat(32)).unwrap();
        let quality = Quality::new(98);
        let size = Size { width: 4, height: 2 };
        let mut image = ImageInfo::from_parts(
            Some(Format::Jpeg),
            size,
            size.transposed(),
            ExifOrientation::Rotated90,
            true,
        );
        image.rgb_md5 = Some("0f".repeat(16));
        let hashes = [HashAlgorithm::PDQ_512, HashAlgorithm::PDQ].map(|algorithm| {
            PerceptualHash::from_parts(algorithm, vec![hash.clone()], Some(quality)).unwrap()
        });
        let variant = |name: &str| name.parse::<ownprint_hash::Variant>().unwrap();
        let own = VariantHash::from_parts(variant("original"), hash.clone(), quality).unwrap();
        let skipped = vec![
            SkippedVariant::from_parts(variant("mirror"), SkipReason::Quality(Quality::new(1))),
            SkippedVariant::from_parts(
                variant("crop:4"),
                SkipReason::Near { to: variant("original"), distance: 2 },
            ),
        ];
        let frames = [0.0, 0.000_001, 0.967_634, 2.0, 143_165.576]
            .map(|seconds| VpdqFeature::new(hash.clone(), quality, seconds).unwrap());
        let frames = frames
            .into_iter()
            .zip(0..)
            .map(|(feature, frame)| VpdqFrame { frame, feature })
            .collect();
        let diagnostic =
            Diagnostic { code: "damaged".to_owned(), message: "\"it\" is\n\u{1}".to_owned() };
        FingerprintRecord {
            path: Some("é \"1\"".to_owned()),
            image: Some(image),
            hashes: hashes.to_vec(),
            variants: Some(VariantHashes::from_parts(Some("wide".to_owned()), vec![own], skipped)),
            video: Some(VideoFingerprint::from_parts(
                "mp4",
                "h264",
                size,
                90,
                (30_000, 1001),
                frames,
            )),
            digests: vec![Digest::from_parts(DigestAlgorithm::Md5, &"0f".repeat(16)).unwrap()],
            warnings: vec![diagnostic.clone()],
            error: Some(diagnostic),
            ..FingerprintRecord::default()
        }
    }

    #[test]
    fn a_record_has_the_members_of_its_json_and_round_trips() {
        for record in [FingerprintRecord::default(), record()] {
            let text = serde_json::to_string(&record).unwrap();
            let members: Value = serde_json::from_str(&record.to_json()).unwrap();
            assert_eq!(text, members.to_string());
            assert_eq!(serde_json::from_str::<FingerprintRecord>(&text).unwrap(), record);
            let value = serde_json::to_value(&record).unwrap();
            assert_eq!(serde_json::from_value::<FingerprintRecord>(value).unwrap(), record);
            assert_eq!(
                serde_json::from_str::<FingerprintRecord>(&record.to_json()).unwrap(),
                record
            );
        }
    }

    #[test]
    fn deserialization_rejects_what_the_reader_rejects() {
        let text = record().to_json();
        for (from, to) in [
            ("\"schema\":1", "\"schema\":1.0"),
            ("\"schema\":1", "\"schema\":2"),
            ("\"width\":2", "\"width\":2.5"),
            ("\"orientation\":6", "\"orientation\":9"),
            ("\"warnings\"", "\"more\""),
            ("\"digests\"", "\"digests\":{},\"more\""),
            ("0f0f0f0f", "0F0f0f0f"),
        ] {
            let changed = text.replacen(from, to, 1);
            assert_ne!(changed, text);
            assert!(serde_json::from_str::<FingerprintRecord>(&changed).is_err(), "{to}");
        }
    }

    #[test]
    fn a_diagnostic_round_trips() {
        let diagnostic = Diagnostic { code: "io".to_owned(), message: "\u{1f5bc}\0".to_owned() };
        let text = serde_json::to_string(&diagnostic).unwrap();
        assert_eq!(text, diagnostic.to_json());
        assert_eq!(serde_json::from_str::<Diagnostic>(&text).unwrap(), diagnostic);
        for wrong in
            ["{}", r#"{"code":"I/O","message":""}"#, r#"{"code":"io","message":"","more":1}"#]
        {
            assert!(serde_json::from_str::<Diagnostic>(wrong).is_err(), "{wrong}");
        }
    }
}
