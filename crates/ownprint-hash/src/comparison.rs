//! Comparison of two hashes: the distance, and whether it is within the threshold.

use crate::algorithm::HashAlgorithm;
use crate::bit_hash::{BitHash, Quality};
use crate::error::Error;

/// The Hamming distance of two hashes of one algorithm.
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
    /// The algorithm of both hashes.
    pub algorithm: HashAlgorithm,
    /// Number of bits that differ, `0..=bits`.
    pub distance: u32,
    /// `false` if the quality of an image is too low for its hash to identify it.
    pub is_reliable: bool,
}

impl Comparison {
    /// Compares two hashes of `algorithm`.
    ///
    /// # Errors
    ///
    /// [`Error::NotComparable`] if the length of a hash is not that of the algorithm.
    pub fn new(algorithm: HashAlgorithm, a: &BitHash, b: &BitHash) -> Result<Self, Error> {
        [a, b].into_iter().try_for_each(|hash| check_length(algorithm, hash))?;
        Ok(Self { algorithm, distance: a.distance(b)?, is_reliable: true })
    }

    /// Takes the quality of one of the images into account. Below
    /// [`Quality::EXCHANGE_THRESHOLD`], the images do not match, however near their hashes are.
    ///
    /// ```
    /// use ownprint_hash::{BitHash, Comparison, HashAlgorithm, Quality};
    ///
    /// let flat = BitHash::from_hex(&"0".repeat(64))?;
    /// let comparison = Comparison::new(HashAlgorithm::PDQ, &flat, &flat)?;
    /// assert!(comparison.is_match());
    /// assert!(!comparison.with_quality(Quality::new(0)).is_match());
    /// # Ok::<(), ownprint_hash::Error>(())
    /// ```
    #[must_use]
    pub fn with_quality(self, quality: Quality) -> Self {
        Self { is_reliable: self.is_reliable && quality.is_reliable(), ..self }
    }

    /// Returns `true` if the distance is within [`HashAlgorithm::threshold`] and the comparison is
    /// reliable.
    #[must_use]
    pub fn is_match(&self) -> bool {
        self.is_reliable && self.distance <= self.algorithm.threshold()
    }
}

/// Checks that the length of `hash` is that of `algorithm`.
///
/// # Errors
///
/// [`Error::NotComparable`] if it is not.
pub fn check_length(algorithm: HashAlgorithm, hash: &BitHash) -> Result<(), Error> {
    if hash.bits() == algorithm.bits() {
        return Ok(());
    }
    let detail =
        format!("expected {} bits for {algorithm}, found {}", algorithm.bits(), hash.bits());
    Err(Error::NotComparable { detail })
}
