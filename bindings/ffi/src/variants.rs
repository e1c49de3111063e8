//! The hashes of a picture's edited forms.

use ownprint::{BitHash, Error, HashAlgorithm, Quality, VariantSet};

use crate::error::caught;
use crate::{Comparison, OwnprintError};

/// The hashes of a set of variants of one picture.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct VariantHashes {
    /// The name of the set, where it is one that is ready: `compact`, `standard`, `wide`.
    pub set: Option<String>,
    /// The most useful first, and the picture's own before all.
    pub hashes: Vec<VariantHash>,
    /// The variants of the set that have no hash here, and why.
    pub left_out: Vec<LeftOutVariant>,
}

/// The hash of one variant, to be compared as `pdq` hashes are.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct VariantHash {
    /// The variant's name: of which edit it is, `picture` for the picture itself.
    pub variant: String,
    /// Lower-case hexadecimal digits.
    pub hex: String,
    /// How much the edited picture has to recognise, 0 to 100.
    pub quality: u8,
}

/// A variant that was computed and not kept.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct LeftOutVariant {
    /// The variant's name.
    pub variant: String,
    /// Why.
    pub reason: LeftOutReason,
}

/// Why a variant is not in a set.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum LeftOutReason {
    /// It has too little to recognise, or the picture itself has.
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
        let comparison = ownprint::Comparison::new(HashAlgorithm::PDQ, &nearest.value, &hash)?;
        Ok(Comparison { variant: Some(nearest.variant.to_string()), ..comparison.into() })
    })
}

/// The set of these names: one that is ready, or variants.
pub(crate) fn set_of(names: &[String]) -> Result<VariantSet, Error> {
    names.join(",").parse()
}

impl From<ownprint::VariantHashes> for VariantHashes {
    fn from(variants: ownprint::VariantHashes) -> Self {
        Self {
            set: variants.set,
            hashes: variants.hashes.into_iter().map(VariantHash::from).collect(),
            left_out: variants.left_out.into_iter().map(LeftOutVariant::from).collect(),
        }
    }
}

impl From<ownprint::VariantHash> for VariantHash {
    fn from(hash: ownprint::VariantHash) -> Self {
        Self { variant: hash.variant.to_string(), hex: hash.value.to_hex(), quality: hash.quality.value() }
    }
}

impl From<ownprint::LeftOut> for LeftOutVariant {
    fn from(left_out: ownprint::LeftOut) -> Self {
        Self { variant: left_out.variant.to_string(), reason: left_out.reason.into() }
    }
}

impl From<ownprint::LeftOutReason> for LeftOutReason {
    fn from(reason: ownprint::LeftOutReason) -> Self {
        match reason {
            ownprint::LeftOutReason::Near { to, distance } => Self::Near { to: to.to_string(), distance },
            ownprint::LeftOutReason::Quality(quality) => Self::Quality { quality: quality.value() },
        }
    }
}

impl VariantHashes {
    pub(crate) fn to_core(&self) -> Result<ownprint::VariantHashes, Error> {
        let hashes = self.hashes.iter().map(VariantHash::to_core).collect::<Result<_, _>>()?;
        let left_out = self.left_out.iter().map(LeftOutVariant::to_core).collect::<Result<_, _>>()?;
        Ok(ownprint::VariantHashes::known(self.set.clone(), hashes, left_out))
    }
}

impl VariantHash {
    fn to_core(&self) -> Result<ownprint::VariantHash, Error> {
        let value = HashAlgorithm::PDQ.parse_hash(&self.hex)?;
        ownprint::VariantHash::known(self.variant.parse()?, value, Quality::new(self.quality))
    }
}

impl LeftOutVariant {
    fn to_core(&self) -> Result<ownprint::LeftOut, Error> {
        let reason = match &self.reason {
            LeftOutReason::Quality { quality } => ownprint::LeftOutReason::Quality(Quality::new(*quality)),
            LeftOutReason::Near { to, distance } => {
                ownprint::LeftOutReason::Near { to: to.parse()?, distance: *distance }
            }
        };
        Ok(ownprint::LeftOut::known(self.variant.parse()?, reason))
    }
}
