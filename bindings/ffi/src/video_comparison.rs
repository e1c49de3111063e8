//! Comparison of two videos by their frames.

use crate::error::caught;
use crate::{OwnprintError, VpdqFeature};

/// How many frames two videos have in common.
#[derive(Debug, Clone, Copy, PartialEq, uniffi::Record)]
pub struct VideoComparison {
    /// Percentage of the query's frames that match a frame of the compared video.
    pub query_percent: f64,
    /// Percentage of the compared video's frames that match a frame of the query.
    pub compared_percent: f64,
    /// Whether the videos match, by python-threatexchange's parameters.
    pub is_match: bool,
}

/// Compares a query with another video.
///
/// # Errors
/// `not-comparable`, `invalid-hash`, `invalid-record` for invalid features.
#[uniffi::export]
pub fn compare_videos(
    query: &[VpdqFeature],
    compared: &[VpdqFeature],
) -> Result<VideoComparison, OwnprintError> {
    caught(|| {
        let core = |video: &[VpdqFeature]| {
            video.iter().map(VpdqFeature::to_core).collect::<Result<Vec<_>, _>>()
        };
        let found = ownprint::hash::VpdqComparison::new(
            &core(query)?,
            &core(compared)?,
            &ownprint::hash::VpdqThresholds::default(),
        );
        Ok(VideoComparison {
            query_percent: found.query_percent(),
            compared_percent: found.compared_percent(),
            is_match: found.is_match(),
        })
    })
}
