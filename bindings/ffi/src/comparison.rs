//! Distances between hashes.

use ownprint::BitHash;

use crate::OwnprintError;
use crate::capabilities::count;
use crate::error::caught;

/// The distance between two hashes of one algorithm.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Comparison {
    /// The stable name of the algorithm of both hashes.
    pub algorithm: String,
    /// Number of bits that differ.
    pub distance: u32,
    /// Bits in one hash.
    pub bits: u32,
    /// The largest distance of two hashes that match.
    pub threshold: u32,
    /// Whether the distance is within the threshold.
    pub is_match: bool,
    /// The name of the nearest variant, if a set of variants was compared.
    pub variant: Option<String>,
}

/// Compares two hashes in hexadecimal digits under the named algorithm.
///
/// # Errors
/// `unknown-algorithm`, `invalid-hash`, `not-comparable`.
#[uniffi::export]
pub fn compare(algorithm: &str, a: &str, b: &str) -> Result<Comparison, OwnprintError> {
    caught(|| {
        let algorithm: ownprint::HashAlgorithm = algorithm.parse()?;
        let comparison = ownprint::hash::Comparison::new(
            algorithm,
            &BitHash::from_hex(a)?,
            &BitHash::from_hex(b)?,
        )?;
        Ok(comparison.into())
    })
}

/// Returns the number of bits that differ between two hashes of equal length, in hexadecimal
/// digits.
///
/// # Errors
/// `invalid-hash`, `not-comparable`.
#[uniffi::export]
pub fn distance(a: &str, b: &str) -> Result<u32, OwnprintError> {
    caught(|| Ok(BitHash::from_hex(a)?.distance(&BitHash::from_hex(b)?)?))
}

impl From<ownprint::hash::Comparison> for Comparison {
    fn from(comparison: ownprint::hash::Comparison) -> Self {
        Self {
            algorithm: comparison.algorithm.name().into_owned(),
            distance: comparison.distance,
            bits: count(comparison.algorithm.bits()),
            threshold: comparison.algorithm.threshold(),
            is_match: comparison.is_match(),
            variant: None,
        }
    }
}
