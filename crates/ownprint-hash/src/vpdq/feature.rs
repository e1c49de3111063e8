//! vPDQ features: the PDQ hash of a frame, with its time.

use crate::algorithm::HashAlgorithm;
use crate::bit_hash::{BitHash, Quality};
use crate::error::Error;

/// The PDQ hash, the quality and the time of a frame.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(
    feature = "serde",
    serde(try_from = "crate::serde_repr::FeatureRepr", into = "crate::serde_repr::FeatureRepr")
)]
pub struct VpdqFeature {
    hash: BitHash,
    /// The quality of the frame; frames below 50 are ignored when videos are compared.
    pub quality: Quality,
    seconds: f64,
}

/// A feature with its frame number, as in vPDQ's text format.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct VpdqFrame {
    /// The frame number in the video, from 0.
    pub frame: u64,
    /// The hash, quality and time.
    pub feature: VpdqFeature,
}

impl VpdqFeature {
    /// Creates a feature from a PDQ hash (256 bits) and a time in seconds from the start of the
    /// video.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidHash`] if the hash has another length, [`Error::InvalidVideo`] if the time
    /// is negative or not finite.
    pub fn new(hash: BitHash, quality: Quality, seconds: f64) -> Result<Self, Error> {
        if hash.bits() != HashAlgorithm::PDQ.bits() {
            let detail = format!(
                "expected a PDQ hash of {} bits, found {}",
                HashAlgorithm::PDQ.bits(),
                hash.bits()
            );
            return Err(Error::InvalidHash { detail });
        }
        if !seconds.is_finite() || seconds.is_sign_negative() {
            let detail = format!("expected a time in seconds, from 0, found {seconds}");
            return Err(Error::InvalidVideo { detail });
        }
        Ok(Self { hash, quality, seconds })
    }

    /// Returns the PDQ hash, 256 bits.
    #[must_use]
    pub fn hash(&self) -> &BitHash {
        &self.hash
    }

    /// Returns the time in seconds from the start of the video.
    #[must_use]
    pub fn seconds(&self) -> f64 {
        self.seconds
    }
}
