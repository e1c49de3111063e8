//! vPDQ's features of a video, a PDQ hash a frame.

use ownprint::{Error, HashAlgorithm, Quality};

use crate::OwnprintError;
use crate::error::caught;

/// A frame's hash, and when the frame is shown.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct VpdqFeature {
    /// The PDQ hash in 64 hexadecimal digits.
    pub hex: String,
    /// How much the frame has to recognise, 0 to 100; below 50 it is skipped when videos are compared.
    pub quality: u8,
    /// Seconds from the video's start.
    pub seconds: f64,
}

/// A feature with the number of its frame, as vPDQ's text has it.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct VpdqFrame {
    /// The frame's number in the video, from 0.
    pub frame: u64,
    /// What is known of the frame.
    pub feature: VpdqFeature,
}

/// Reads a line of vPDQ's text: `FRAME,QUALITY,HASH,SECONDS`.
///
/// # Errors
/// `invalid-record`, with line and column.
#[uniffi::export]
pub fn read_vpdq_frame(line: &str) -> Result<VpdqFrame, OwnprintError> {
    caught(|| Ok(VpdqFrame::of(&ownprint::hash::VpdqFrame::from_line(line)?)))
}

/// The line of a frame, without its end; times are rounded to milliseconds.
///
/// # Errors
/// `invalid-hash`, `not-comparable`, `invalid-record` for a time that is negative or not finite.
#[uniffi::export]
pub fn write_vpdq_frame(frame: &VpdqFrame) -> Result<String, OwnprintError> {
    caught(|| {
        let feature = frame.feature.to_core()?;
        Ok(ownprint::hash::VpdqFrame { frame: frame.frame, feature }.to_line())
    })
}

/// Reads the features of a video from python-threatexchange's JSON: a list of texts `HASH,QUALITY,SECONDS`.
///
/// # Errors
/// `invalid-record`, with line and column.
#[uniffi::export]
pub fn read_vpdq_features(text: &str) -> Result<Vec<VpdqFeature>, OwnprintError> {
    caught(|| Ok(ownprint::hash::VpdqFeature::from_json(text)?.iter().map(VpdqFeature::of).collect()))
}

/// The features of a video as python-threatexchange writes them; of a time all but three significant digits are lost.
///
/// # Errors
/// Those of [`write_vpdq_frame`].
#[uniffi::export]
pub fn write_vpdq_features(features: &[VpdqFeature]) -> Result<String, OwnprintError> {
    caught(|| {
        let features = features.iter().map(VpdqFeature::to_core).collect::<Result<Vec<_>, _>>()?;
        Ok(ownprint::hash::VpdqFeature::to_json(&features))
    })
}

impl VpdqFrame {
    pub(crate) fn of(frame: &ownprint::hash::VpdqFrame) -> Self {
        Self { frame: frame.frame, feature: VpdqFeature::of(&frame.feature) }
    }
}

impl VpdqFeature {
    fn of(feature: &ownprint::hash::VpdqFeature) -> Self {
        let (hex, seconds) = (feature.hash().to_hex(), feature.seconds());
        Self { hex, quality: feature.quality.value(), seconds }
    }

    pub(crate) fn to_core(&self) -> Result<ownprint::hash::VpdqFeature, Error> {
        let hash = HashAlgorithm::PDQ.parse_hash(&self.hex)?;
        ownprint::hash::VpdqFeature::new(hash, Quality::new(self.quality), self.seconds)
    }
}
