//! Comparing hashes: the distance, and whether it is small enough to mean the same image.

use crate::algorithm::HashAlgorithm;
use crate::bit_hash::BitHash;
use crate::error::Error;

/// How far apart two hashes of one algorithm are.
///
/// ```
/// use ownprint_hash::{BitHash, Comparison, HashAlgorithm};
///
/// let a = BitHash::from_hex(&"0f".repeat(32))?;
/// let b = BitHash::from_hex(&"0e".repeat(32))?;
/// let comparison = Comparison::new(HashAlgorithm::PDQ, &a, &b)?;
/// assert_eq!((comparison.distance, comparison.is_match()), (32, false));
/// # Ok::<(), ownprint_hash::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Comparison {
    /// The algorithm both hashes come from.
    pub algorithm: HashAlgorithm,
    /// Bits that differ, `0..=bits`.
    pub distance: u32,
}

impl Comparison {
    /// Compares two hashes of `algorithm`.
    ///
    /// # Errors
    /// [`Error::NotComparable`] when a hash has not the algorithm's length.
    pub fn new(algorithm: HashAlgorithm, a: &BitHash, b: &BitHash) -> Result<Self, Error> {
        [a, b].into_iter().try_for_each(|hash| check_length(algorithm, hash))?;
        Ok(Self { algorithm, distance: a.distance(b)? })
    }

    /// Whether the distance is within [`HashAlgorithm::threshold`].
    #[must_use]
    pub fn is_match(&self) -> bool {
        self.distance <= self.algorithm.threshold()
    }
}

/// Whether `hash` can be one of `algorithm`.
pub fn check_length(algorithm: HashAlgorithm, hash: &BitHash) -> Result<(), Error> {
    if hash.bits() == algorithm.bits() {
        return Ok(());
    }
    let detail = format!("a {algorithm} hash has {} bits, this one {}", algorithm.bits(), hash.bits());
    Err(Error::NotComparable { detail })
}
