//! vPDQ's features of a video, a PDQ hash a frame.

use crate::algorithm::HashAlgorithm;
use crate::bit_hash::{BitHash, Quality};
use crate::error::Error;

/// A frame's hash, when it is shown, and how much it has to recognise.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(
    feature = "serde",
    serde(try_from = "crate::serde_forms::FeatureForm", into = "crate::serde_forms::FeatureForm")
)]
pub struct VpdqFeature {
    hash: BitHash,
    /// How much the frame has to recognise; below 50 it is skipped when videos are compared.
    pub quality: Quality,
    seconds: f64,
}

/// A feature with the number of its frame, as vPDQ's text has it.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct VpdqFrame {
    /// The frame's number in the video, from 0.
    pub frame: u64,
    /// What is known of the frame.
    pub feature: VpdqFeature,
}

impl VpdqFeature {
    /// A feature of a PDQ hash (256 bits) and of a time in seconds from the video's start.
    ///
    /// # Errors
    /// [`Error::InvalidHash`] for a hash of another length, [`Error::InvalidVideo`] for a time that is negative or not
    /// finite.
    pub fn new(hash: BitHash, quality: Quality, seconds: f64) -> Result<Self, Error> {
        if hash.bits() != HashAlgorithm::PDQ.bits() {
            let detail = format!("a PDQ hash has {} bits, this {}", HashAlgorithm::PDQ.bits(), hash.bits());
            return Err(Error::InvalidHash { detail });
        }
        if !seconds.is_finite() || seconds.is_sign_negative() {
            let detail = format!("a time is a number of seconds from 0, not {seconds}");
            return Err(Error::InvalidVideo { detail });
        }
        Ok(Self { hash, quality, seconds })
    }

    /// The PDQ hash, 256 bits.
    #[must_use]
    pub fn hash(&self) -> &BitHash {
        &self.hash
    }

    /// Seconds from the video's start.
    #[must_use]
    pub fn seconds(&self) -> f64 {
        self.seconds
    }
}
