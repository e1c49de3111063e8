//! The hashes of frames and the thresholds of videos, as JavaScript passes them.

use ownprint::hash::{VpdqFeature, VpdqThresholds};
use ownprint::{BitHash, Error, Quality};

/// Returns features from hashes in hexadecimal digits, separated by blanks, and the same number of
/// qualities. Their times are 0, because no comparison uses them.
pub(crate) fn features(hashes: &str, qualities: &[u8]) -> Result<Vec<VpdqFeature>, Error> {
    let hashes = hashes.split_ascii_whitespace().map(BitHash::from_hex);
    hashes
        .zip(qualities)
        .map(|(hash, &quality)| Ok(VpdqFeature::new(hash?, Quality::new(quality), 0.0)?))
        .collect()
}

/// Returns thresholds; omitted ones keep the defaults of the core.
pub(crate) fn thresholds(
    quality: Option<u8>,
    distance: Option<u32>,
    query_percent: Option<f64>,
    compared_percent: Option<f64>,
) -> VpdqThresholds {
    let defaults = VpdqThresholds::default();
    VpdqThresholds {
        quality: quality.map_or(defaults.quality, Quality::new),
        distance: distance.unwrap_or(defaults.distance),
        query_percent: query_percent.unwrap_or(defaults.query_percent),
        compared_percent: compared_percent.unwrap_or(defaults.compared_percent),
    }
}
