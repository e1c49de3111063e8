//! The `serde` representations of hashes. Deserialization validates values as the constructors do.

use std::borrow::Cow;

use serde::de::{Error as _, Unexpected};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::algorithm::HashAlgorithm;
use crate::bit_hash::{BitHash, Quality};
use crate::digest::{Digest, DigestAlgorithm};
use crate::error::Error;
use crate::perceptual_hash::PerceptualHash;
use crate::variants::hashes::VariantHash;
use crate::variants::variant::Variant;
use crate::vpdq::feature::VpdqFeature;

/// Serializes a type as its `Display` text, and deserializes it with `FromStr`.
macro_rules! by_text {
    ($($name:ty),*) => {$(
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Cow::<str>::deserialize(deserializer)?.parse().map_err(D::Error::custom)
            }
        }
    )*};
}

by_text!(HashAlgorithm, DigestAlgorithm, Variant);

/// Serializes hexadecimal digits. If the length is not a multiple of 8, the number of bits follows:
/// `1f00/13`.
impl Serialize for BitHash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (hex, bits) = (self.to_hex(), self.bits());
        if bits.is_multiple_of(8) {
            serializer.serialize_str(&hex)
        } else {
            serializer.collect_str(&format_args!("{hex}/{bits}"))
        }
    }
}

impl<'de> Deserialize<'de> for BitHash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<str>::deserialize(deserializer)?;
        let hash = match text.split_once('/') {
            None => Self::from_hex(&text),
            Some((hex, bits)) => Self::from_hex_of(bits.parse().map_err(D::Error::custom)?, hex),
        };
        hash.map_err(D::Error::custom)
    }
}

impl Serialize for Quality {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u8(self.value())
    }
}

impl<'de> Deserialize<'de> for Quality {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = u8::deserialize(deserializer)?;
        let quality = Self::new(value);
        if quality.value() == value {
            Ok(quality)
        } else {
            Err(D::Error::invalid_value(
                Unexpected::Unsigned(value.into()),
                &"a quality from 0 to 100",
            ))
        }
    }
}

/// The algorithm defines the length of each value, so digits are sufficient.
#[derive(Serialize, Deserialize)]
pub(crate) struct HashRepr {
    algorithm: HashAlgorithm,
    values: Vec<String>,
    quality: Option<Quality>,
}

impl From<PerceptualHash> for HashRepr {
    fn from(hash: PerceptualHash) -> Self {
        let values = hash.values.iter().map(BitHash::to_hex).collect();
        Self { algorithm: hash.algorithm, values, quality: hash.quality }
    }
}

impl TryFrom<HashRepr> for PerceptualHash {
    type Error = Error;

    fn try_from(repr: HashRepr) -> Result<Self, Error> {
        let HashRepr { algorithm, values, quality } = repr;
        let values =
            values.iter().map(|hex| algorithm.parse_hash(hex)).collect::<Result<_, _>>()?;
        Self::from_parts(algorithm, values, quality)
    }
}

#[derive(Serialize, Deserialize)]
pub(crate) struct DigestRepr {
    algorithm: DigestAlgorithm,
    hex: String,
}

impl From<Digest> for DigestRepr {
    fn from(digest: Digest) -> Self {
        Self { algorithm: digest.algorithm, hex: digest.to_hex() }
    }
}

impl TryFrom<DigestRepr> for Digest {
    type Error = Error;

    fn try_from(repr: DigestRepr) -> Result<Self, Error> {
        Self::from_parts(repr.algorithm, &repr.hex)
    }
}

#[derive(Serialize, Deserialize)]
pub(crate) struct FeatureRepr {
    hash: BitHash,
    quality: Quality,
    seconds: f64,
}

impl From<VpdqFeature> for FeatureRepr {
    fn from(feature: VpdqFeature) -> Self {
        let (quality, seconds) = (feature.quality, feature.seconds());
        Self { hash: feature.hash().clone(), quality, seconds }
    }
}

impl TryFrom<FeatureRepr> for VpdqFeature {
    type Error = Error;

    fn try_from(repr: FeatureRepr) -> Result<Self, Error> {
        Self::new(repr.hash, repr.quality, repr.seconds)
    }
}

#[derive(Serialize, Deserialize)]
pub(crate) struct VariantRepr {
    variant: Variant,
    value: BitHash,
    quality: Quality,
}

impl From<VariantHash> for VariantRepr {
    fn from(hash: VariantHash) -> Self {
        let VariantHash { variant, value, quality } = hash;
        Self { variant, value, quality }
    }
}

impl TryFrom<VariantRepr> for VariantHash {
    type Error = Error;

    fn try_from(repr: VariantRepr) -> Result<Self, Error> {
        Self::from_parts(repr.variant, repr.value, repr.quality)
    }
}

#[cfg(test)]
mod tests {
    use ownprint_pixels::Size;

    use super::*;
    use crate::variants::hashes::{SkipReason, SkippedVariant, VariantHashes};
    use crate::vpdq::feature::VpdqFrame;
    use crate::vpdq::fingerprint::VideoFingerprint;

    fn read<T: for<'de> Deserialize<'de>>(text: &str) -> Option<T> {
        serde_json::from_str(text).ok()
    }

    fn check<T>(value: &T, expected: &str)
    where
        T: Serialize + for<'de> Deserialize<'de> + PartialEq + std::fmt::Debug,
    {
        let text = serde_json::to_string(value).unwrap();
        assert!(text.starts_with(expected), "{text}");
        assert_eq!(read::<T>(&text).as_ref(), Some(value));
    }

    fn pdq() -> BitHash {
        BitHash::from_hex(&"0f".repeat(32)).unwrap()
    }

    #[test]
    fn hashes_of_every_length_round_trip_in_serde() {
        for bits in 1..300 {
            let hash = BitHash::from_bits(&(0..bits).map(|bit| bit % 3 != 1).collect::<Vec<_>>());
            check(&hash, "\"");
        }
        check(&pdq(), "\"0f0f0f");
        for wrong in ["\"\"", "\"0\"", "\"0g\"", "\"ff/7\"", "\"ff/x\"", "\"7f/9\"", "255"] {
            assert_eq!(read::<BitHash>(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn perceptual_hashes_of_every_algorithm_round_trip() {
        for algorithm in HashAlgorithm::all() {
            let value = BitHash::from_bits(&vec![true; algorithm.bits()]);
            let hash =
                PerceptualHash::from_parts(algorithm, vec![value; 2], Some(Quality::new(98)))
                    .unwrap();
            check(&hash, &format!(r#"{{"algorithm":"{algorithm}","values":[""#));
            check(&PerceptualHash { quality: None, ..hash }, "{");
        }
        let short = r#"{"algorithm":"pdq","values":["0f"],"quality":null}"#;
        assert_eq!(read::<PerceptualHash>(short), None);
        assert_eq!((read::<Quality>("101"), read::<HashAlgorithm>("\"PDQ\"")), (None, None));
    }

    #[test]
    fn digests_round_trip() {
        for algorithm in DigestAlgorithm::ALL {
            let digest = Digest::from_parts(algorithm, &"0f".repeat(algorithm.bits() / 8)).unwrap();
            check(&digest, &format!(r#"{{"algorithm":"{algorithm}","hex":"0f0f"#));
        }
        assert_eq!(read::<Digest>(r#"{"algorithm":"md5","hex":"0f"}"#), None);
    }

    #[test]
    fn variants_round_trip() {
        let crop: Variant = "crop:6.5".parse().unwrap();
        let own =
            VariantHash::from_parts("original".parse().unwrap(), pdq(), Quality::new(98)).unwrap();
        let near = SkipReason::Near { to: own.variant.clone(), distance: 2 };
        let skipped = vec![
            SkippedVariant::from_parts(crop.clone(), near),
            SkippedVariant::from_parts(crop, SkipReason::Quality(Quality::new(7))),
        ];
        let set = VariantHashes::from_parts(Some("wide".to_owned()), vec![own], skipped);
        check(&set, r#"{"set":"wide","hashes":[{"variant":"original","value":"0f0f"#);
        let text = serde_json::to_string(&set.skipped).unwrap();
        let near = r#"{"variant":"crop:6.5","reason":{"near":{"to":"original","distance":2}}}"#;
        assert_eq!(text, format!(r#"[{near},{{"variant":"crop:6.5","reason":{{"quality":7}}}}]"#));
    }

    #[test]
    fn videos_round_trip() {
        let feature = VpdqFeature::new(pdq(), Quality::new(98), 1.0 / 3.0).unwrap();
        let frames = vec![VpdqFrame { frame: 7, feature }];
        let size = Size { width: 4, height: 2 };
        let mut video =
            VideoFingerprint::from_parts("mp4", "h264", size, 90, (30_000, 1001), frames);
        check(
            &video,
            r#"{"format":"mp4","codec":"h264","size":{"width":4,"height":2},"frames":90,"#,
        );
        video.damaged = true;
        check(&video, "{");
        let feature = r#"{"hash":"0f","quality":98,"seconds":0.0}"#;
        assert_eq!(read::<VpdqFeature>(feature), None);
    }
}
