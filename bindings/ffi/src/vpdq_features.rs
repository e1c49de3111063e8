//! vPDQ features: the PDQ hash of a frame, as text.

use ownprint::{Error, HashAlgorithm, Quality};

use crate::OwnprintError;
use crate::error::caught;

/// The PDQ hash of a frame, with its quality and time.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct VpdqFeature {
    /// The PDQ hash in 64 hexadecimal digits.
    pub hex: String,
    /// The quality of the frame, 0 to 100; comparisons of videos skip frames below 50.
    pub quality: u8,
    /// Seconds from the video's start.
    pub seconds: f64,
}

/// A feature with the number of its frame.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct VpdqFrame {
    /// The number of the frame, from 0.
    pub frame: u64,
    /// The hash, quality and time of the frame.
    pub feature: VpdqFeature,
}

/// Reads one line of vPDQ's text format: `FRAME,QUALITY,HASH,SECONDS`.
///
/// # Errors
/// `invalid-record`, with line and column.
#[uniffi::export]
pub fn read_vpdq_frame(line: &str) -> Result<VpdqFrame, OwnprintError> {
    caught(|| Ok(VpdqFrame::of(&ownprint::exchange::vpdq::frame_from_line(line)?)))
}

/// Returns the line of a frame, without a line break. Times are rounded to milliseconds.
///
/// # Errors
/// `invalid-hash`, `not-comparable`, `invalid-record` for a time that is negative or not finite.
#[uniffi::export]
pub fn write_vpdq_frame(frame: &VpdqFrame) -> Result<String, OwnprintError> {
    caught(|| Ok(ownprint::exchange::vpdq::frame_to_line(&frame.to_core()?)))
}

/// Reads the features of a video from python-threatexchange's JSON: a list of strings
/// `HASH,QUALITY,SECONDS`.
///
/// # Errors
/// `invalid-record`, with line and column.
#[uniffi::export]
pub fn read_vpdq_features(text: &str) -> Result<Vec<VpdqFeature>, OwnprintError> {
    caught(|| {
        Ok(ownprint::exchange::vpdq::features_from_json(text)?
            .iter()
            .map(VpdqFeature::of)
            .collect())
    })
}

/// Returns the features of a video as python-threatexchange writes them. Times are rounded to three
/// significant digits.
///
/// # Errors
/// Those of [`write_vpdq_frame`].
#[uniffi::export]
pub fn write_vpdq_features(features: &[VpdqFeature]) -> Result<String, OwnprintError> {
    caught(|| {
        let features = features.iter().map(VpdqFeature::to_core).collect::<Result<Vec<_>, _>>()?;
        Ok(ownprint::exchange::vpdq::features_to_json(&features))
    })
}

impl VpdqFrame {
    pub(crate) fn of(frame: &ownprint::hash::VpdqFrame) -> Self {
        Self { frame: frame.frame, feature: VpdqFeature::of(&frame.feature) }
    }

    pub(crate) fn to_core(&self) -> Result<ownprint::hash::VpdqFrame, Error> {
        Ok(ownprint::hash::VpdqFrame { frame: self.frame, feature: self.feature.to_core()? })
    }
}

impl VpdqFeature {
    fn of(feature: &ownprint::hash::VpdqFeature) -> Self {
        let (hex, seconds) = (feature.hash().to_hex(), feature.seconds());
        Self { hex, quality: feature.quality.value(), seconds }
    }

    pub(crate) fn to_core(&self) -> Result<ownprint::hash::VpdqFeature, Error> {
        let hash = HashAlgorithm::PDQ.parse_hash(&self.hex)?;
        Ok(ownprint::hash::VpdqFeature::new(hash, Quality::new(self.quality), self.seconds)?)
    }
}
