//! The hashes of an image's edited forms.

use ownprint::{BitHash, Error, HashAlgorithm, Quality, VariantSet};

use crate::error::caught;
use crate::{Comparison, OwnprintError};

/// The hashes of a set of variants of one image.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct VariantHashes {
    /// The name of the set, where it is one that is ready: `compact`, `standard`, `wide`.
    pub set: Option<String>,
    /// The most useful first, and the image's own before all.
    pub hashes: Vec<VariantHash>,
    /// The variants of the set that have no hash here, and why.
    pub skipped: Vec<SkippedVariant>,
}

/// The hash of one variant, to be compared as `pdq` hashes are.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct VariantHash {
    /// The variant's name: of which edit it is, `image` for the image itself.
    pub variant: String,
    /// Lower-case hexadecimal digits.
    pub hex: String,
    /// How much the edited image has to recognise, 0 to 100.
    pub quality: u8,
}

/// A variant that was computed and not kept.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct SkippedVariant {
    /// The variant's name.
    pub variant: String,
    /// Why.
    pub reason: SkipReason,
}

/// Why a variant is not in a set.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum SkipReason {
    /// It has too little to recognise, or the image itself has.
    Quality {
        /// How much, 0 to 100.
        quality: u8,
    },
    /// Its hash is almost that of a variant before it: it would find nothing more.
    Near {
        /// That variant's name.
        to: String,
        /// Bits between the two.
        distance: u32,
    },
}

/// Compares a hash in hexadecimal digits with that of a set of variants which is the nearest to it, and says which.
///
/// # Errors
/// `unknown-variant`, `invalid-hash`, `not-comparable`.
#[uniffi::export]
pub fn compare_variants(variants: &VariantHashes, hex: &str) -> Result<Comparison, OwnprintError> {
    caught(|| {
        let (set, hash) = (variants.to_core()?, BitHash::from_hex(hex)?);
        let (nearest, _) = set
            .nearest(&hash)?
            .ok_or_else(|| Error::NotComparable { detail: "the set of variants has no hash".to_owned() })?;
        let comparison = ownprint::hash::Comparison::new(HashAlgorithm::PDQ, &nearest.value, &hash)?;
        Ok(Comparison { variant: Some(nearest.variant.to_string()), ..comparison.into() })
    })
}

/// The set of these names: one that is ready, or variants.
pub(crate) fn set_of(names: &[String]) -> Result<VariantSet, Error> {
    names.join(",").parse()
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
        Self { variant: hash.variant.to_string(), hex: hash.value.to_hex(), quality: hash.quality.value() }
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
            ownprint::hash::SkipReason::Near { to, distance } => Self::Near { to: to.to_string(), distance },
            ownprint::hash::SkipReason::Quality(quality) => Self::Quality { quality: quality.value() },
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
        ownprint::hash::VariantHash::from_parts(self.variant.parse()?, value, Quality::new(self.quality))
    }
}

impl SkippedVariant {
    fn to_core(&self) -> Result<ownprint::hash::SkippedVariant, Error> {
        let reason = match &self.reason {
            SkipReason::Quality { quality } => ownprint::hash::SkipReason::Quality(Quality::new(*quality)),
            SkipReason::Near { to, distance } => {
                ownprint::hash::SkipReason::Near { to: to.parse()?, distance: *distance }
            }
        };
        Ok(ownprint::hash::SkippedVariant::from_parts(self.variant.parse()?, reason))
    }
}
