//! The result of one algorithm for one image.

use crate::algorithm::HashAlgorithm;
use crate::bit_hash::{BitHash, Quality};
use crate::comparison::check_length;
use crate::error::Error;

/// The hash of an image under one algorithm.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(
    feature = "serde",
    serde(try_from = "crate::serde_repr::HashRepr", into = "crate::serde_repr::HashRepr")
)]
pub struct PerceptualHash {
    /// The algorithm.
    pub algorithm: HashAlgorithm,
    /// The hash values: [`HashAlgorithm::hashes`] of them, or as many as the image has.
    pub values: Vec<BitHash>,
    /// The quality, if the algorithm computes one.
    pub quality: Option<Quality>,
}

impl PerceptualHash {
    /// Creates a hash that was computed elsewhere.
    ///
    /// ```
    /// use ownprint_hash::{HashAlgorithm, PerceptualHash, Quality};
    ///
    /// let pdq = HashAlgorithm::PDQ;
    /// let hash = PerceptualHash::from_parts(pdq, vec![pdq.parse_hash(&"0f".repeat(32))?], Some(Quality::new(80)))?;
    /// assert_eq!(hash.values.len(), 1);
    /// # Ok::<(), ownprint_hash::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::NotComparable`] if the length of a value is not that of the algorithm.
    pub fn from_parts(
        algorithm: HashAlgorithm,
        values: Vec<BitHash>,
        quality: Option<Quality>,
    ) -> Result<Self, Error> {
        values.iter().try_for_each(|value| check_length(algorithm, value))?;
        Ok(Self::new(algorithm, values, quality))
    }

    #[doc(hidden)]
    #[must_use]
    pub fn new(algorithm: HashAlgorithm, values: Vec<BitHash>, quality: Option<Quality>) -> Self {
        Self { algorithm, values, quality }
    }
}
