//! The hashes of an image's variants: crops, borders, mirrors.

use ownprint::{BitHash, Error, HashAlgorithm, Quality, VariantSet};

use crate::error::caught;
use crate::{Comparison, OwnprintError};

/// The hashes of a set of variants of one image.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct VariantHashes {
    /// The name of the set: `compact`, `standard`, `wide`; `None` for variants that were named one
    /// by one.
    pub set: Option<String>,
    /// The hashes: the unchanged image first, then the most useful variants.
    pub hashes: Vec<VariantHash>,
    /// The variants of the set that were skipped.
    pub skipped: Vec<SkippedVariant>,
}

/// The PDQ hash of one variant.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct VariantHash {
    /// The name of the variant; `original` for the unchanged image.
    pub variant: String,
    /// The hash in lowercase hexadecimal digits.
    pub hex: String,
    /// The quality of the edited image, 0 to 100.
    pub quality: u8,
}

/// A variant that has no hash in the set.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct SkippedVariant {
    /// The name of the variant.
    pub variant: String,
    /// Why it was skipped.
    pub reason: SkipReason,
}

/// Why a variant was skipped.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum SkipReason {
    /// The quality of the variant or of the unchanged image is too low.
    Quality {
        /// That quality, 0 to 100.
        quality: u8,
    },
    /// The hash nearly equals that of an earlier variant.
    Near {
        /// The name of that variant.
        to: String,
        /// Number of bits that differ.
        distance: u32,
    },
}

/// Compares a PDQ hash in hexadecimal digits with the nearest hash of a set of variants, and names
/// that variant. A hash of the set with a quality below 50 does not match.
///
/// # Errors
/// `unknown-variant`, `invalid-hash`, `not-comparable`.
#[uniffi::export]
pub fn compare_variants(variants: &VariantHashes, hex: &str) -> Result<Comparison, OwnprintError> {
    caught(|| {
        let (set, hash) = (variants.to_core()?, BitHash::from_hex(hex)?);
        let (nearest, _) = set.nearest(&hash)?.ok_or_else(|| {
            Error::from(ownprint::hash::Error::NotComparable {
                detail: "the set of variants has no hash".to_owned(),
            })
        })?;
        let comparison =
            ownprint::hash::Comparison::new(HashAlgorithm::PDQ, &nearest.value, &hash)?
                .with_quality(nearest.quality);
        Ok(Comparison { variant: Some(nearest.variant.to_string()), ..comparison.into() })
    })
}

/// Parses a set of variants: the name of one set, or names of variants.
pub(crate) fn set_of(names: &[String]) -> Result<VariantSet, Error> {
    Ok(names.join(",").parse()?)
}

impl From<ownprint::hash::VariantHashes> for VariantHashes {
    fn from(variants: ownprint::hash::VariantHashes) -> Self {
        Self {
            set: variants.set,
            hashes: variants.hashes.into_iter().map(VariantHash::from).collect(),
            skipped: variants.skipped.into_iter().map(SkippedVariant::from).collect(),
        }
    }
}

impl From<ownprint::hash::VariantHash> for VariantHash {
    fn from(hash: ownprint::hash::VariantHash) -> Self {
        Self {
            variant: hash.variant.to_string(),
            hex: hash.value.to_hex(),
            quality: hash.quality.value(),
        }
    }
}

impl From<ownprint::hash::SkippedVariant> for SkippedVariant {
    fn from(skipped: ownprint::hash::SkippedVariant) -> Self {
        Self { variant: skipped.variant.to_string(), reason: skipped.reason.into() }
    }
}

impl From<ownprint::hash::SkipReason> for SkipReason {
    fn from(reason: ownprint::hash::SkipReason) -> Self {
        match reason {
            ownprint::hash::SkipReason::Near { to, distance } => {
                Self::Near { to: to.to_string(), distance }
            }
            ownprint::hash::SkipReason::Quality(quality) => {
                Self::Quality { quality: quality.value() }
            }
        }
    }
}

impl VariantHashes {
    pub(crate) fn to_core(&self) -> Result<ownprint::hash::VariantHashes, Error> {
        let hashes = self.hashes.iter().map(VariantHash::to_core).collect::<Result<_, _>>()?;
        let skipped = self.skipped.iter().map(SkippedVariant::to_core).collect::<Result<_, _>>()?;
        Ok(ownprint::hash::VariantHashes::from_parts(self.set.clone(), hashes, skipped))
    }
}

impl VariantHash {
    fn to_core(&self) -> Result<ownprint::hash::VariantHash, Error> {
        let value = HashAlgorithm::PDQ.parse_hash(&self.hex)?;
        Ok(ownprint::hash::VariantHash::from_parts(
            self.variant.parse()?,
            value,
            Quality::new(self.quality),
        )?)
    }
}

impl SkippedVariant {
    fn to_core(&self) -> Result<ownprint::hash::SkippedVariant, Error> {
        let reason = match &self.reason {
            SkipReason::Quality { quality } => {
                ownprint::hash::SkipReason::Quality(Quality::new(*quality))
            }
            SkipReason::Near { to, distance } => {
                ownprint::hash::SkipReason::Near { to: to.parse()?, distance: *distance }
            }
        };
        Ok(ownprint::hash::SkippedVariant::from_parts(self.variant.parse()?, reason))
    }
}
