//! Comparison of two videos by their frames.

use ownprint::hash::{VpdqComparison, VpdqThresholds};
use ownprint::{Error, Quality};

use crate::error::caught;
use crate::{OwnprintError, VpdqFeature};

/// How many frames two videos have in common.
#[derive(Debug, Clone, Copy, PartialEq, uniffi::Record)]
pub struct VideoComparison {
    /// Percentage of the query's frames that match a frame of the compared video.
    pub query_percent: f64,
    /// Percentage of the compared video's frames that match a frame of the query.
    pub compared_percent: f64,
    /// Whether the videos match: both percentages reach their thresholds.
    pub is_match: bool,
}

/// The thresholds at which two frames, and two videos, match. A field that is `None` keeps the
/// core's default.
#[derive(Debug, Clone, Copy, Default, PartialEq, uniffi::Record)]
pub struct VideoThresholds {
    /// The minimum quality of a frame, 0 to 100.
    #[uniffi(default = None)]
    pub quality: Option<u8>,
    /// The largest distance of two frames that match, in bits.
    #[uniffi(default = None)]
    pub distance: Option<u32>,
    /// The percentage of the query's frames that must be in the compared video.
    #[uniffi(default = None)]
    pub query_percent: Option<f64>,
    /// The percentage of the compared video's frames that must be in the query.
    #[uniffi(default = None)]
    pub compared_percent: Option<f64>,
}

/// Compares a query with another video.
///
/// # Errors
/// `not-comparable`, `invalid-hash`, `invalid-video` for invalid features.
#[uniffi::export]
pub fn compare_videos(
    query: &[VpdqFeature],
    compared: &[VpdqFeature],
    thresholds: VideoThresholds,
) -> Result<VideoComparison, OwnprintError> {
    caught(|| {
        let thresholds = thresholds.to_core();
        Ok(VideoComparison::of(&VpdqComparison::new(&core(query)?, &core(compared)?, &thresholds)))
    })
}

/// Converts the features of a video.
pub(crate) fn core(video: &[VpdqFeature]) -> Result<Vec<ownprint::hash::VpdqFeature>, Error> {
    video.iter().map(VpdqFeature::to_core).collect()
}

impl VideoComparison {
    pub(crate) fn of(comparison: &VpdqComparison) -> Self {
        Self {
            query_percent: comparison.query_percent(),
            compared_percent: comparison.compared_percent(),
            is_match: comparison.is_match(),
        }
    }
}

impl VideoThresholds {
    pub(crate) fn to_core(self) -> VpdqThresholds {
        let defaults = VpdqThresholds::default();
        VpdqThresholds {
            quality: self.quality.map_or(defaults.quality, Quality::new),
            distance: self.distance.unwrap_or(defaults.distance),
            query_percent: self.query_percent.unwrap_or(defaults.query_percent),
            compared_percent: self.compared_percent.unwrap_or(defaults.compared_percent),
        }
    }
}
