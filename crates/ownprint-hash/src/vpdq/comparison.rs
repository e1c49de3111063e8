//! Comparison of two videos by the hashes of their frames.

use std::collections::BTreeSet;

use super::feature::VpdqFeature;
use super::hasher::frame_threshold;
use crate::bit_hash::Quality;

/// The thresholds at which two frames, and two videos, match.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct VpdqThresholds {
    /// The minimum quality; frames below it are ignored in both videos. Default 50.
    pub quality: Quality,
    /// The maximum Hamming distance of matching frames. Default 31.
    pub distance: u32,
    /// Minimum percentage of the query's frames that are found in the other video. Default 80.
    pub query_percent: f64,
    /// Minimum percentage of the other video's frames that are found in the query. Default 0.
    pub compared_percent: f64,
}

impl Default for VpdqThresholds {
    fn default() -> Self {
        Self {
            quality: Quality::new(Quality::EXCHANGE_THRESHOLD),
            distance: frame_threshold(),
            query_percent: 80.0,
            compared_percent: 0.0,
        }
    }
}

impl VpdqThresholds {
    /// Returns the number of frames of a video that are compared: of those with sufficient quality,
    /// the distinct hashes.
    #[must_use]
    pub fn count(&self, features: &[VpdqFeature]) -> usize {
        usable(features, self).len()
    }
}

/// The share of each video that is found in the other.
///
/// The *query* is the video that is looked up, the *compared* video comes from the list. By default
/// a query matches if 80 per cent of its frames are in the compared video: a part of a listed video
/// matches, a longer video that contains the listed one does not. Swap the percentages to find the
/// latter.
///
/// As python-threatexchange's `compare_hash`: frames with equal hashes count once, and a distance
/// equal to the threshold matches.
///
/// ```
/// use ownprint_hash::{BitHash, Quality, VpdqComparison, VpdqFeature};
///
/// let feature = |digits: &str, seconds| {
///     VpdqFeature::new(BitHash::from_hex(&digits.repeat(32))?, Quality::new(90), seconds)
/// };
/// let whole = [feature("0f", 0.0)?, feature("55", 1.0)?, feature("a0", 2.0)?];
/// let cut = &whole[1..2];
/// let found = VpdqComparison::new(cut, &whole, &Default::default());
/// assert_eq!((found.query_percent().round(), found.compared_percent().round()), (100.0, 33.0));
/// assert!(found.is_match());
/// assert!(!VpdqComparison::new(&whole, cut, &Default::default()).is_match());
/// # Ok::<(), ownprint_hash::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct VpdqComparison {
    /// Number of distinct hashes of sufficient quality in the query.
    pub query: usize,
    /// Number of those that are found in the compared video.
    pub query_found: usize,
    /// Number of distinct hashes of sufficient quality in the compared video.
    pub compared: usize,
    /// Number of those that are found in the query.
    pub compared_found: usize,
    thresholds: VpdqThresholds,
}

impl VpdqComparison {
    /// Compares each frame of one video with each frame of the other.
    #[must_use]
    pub fn new(
        query: &[VpdqFeature],
        compared: &[VpdqFeature],
        thresholds: &VpdqThresholds,
    ) -> Self {
        let (query, compared) = (usable(query, thresholds), usable(compared, thresholds));
        Self {
            query: query.len(),
            query_found: found(&query, &compared, thresholds),
            compared: compared.len(),
            compared_found: found(&compared, &query, thresholds),
            thresholds: *thresholds,
        }
    }

    /// Creates the comparison of two videos whose matching hashes were counted elsewhere, such as
    /// by an index. Of each video, only distinct hashes of sufficient quality are counted.
    #[must_use]
    pub fn from_counts(
        [query, query_found]: [usize; 2],
        [compared, compared_found]: [usize; 2],
        thresholds: &VpdqThresholds,
    ) -> Self {
        Self { query, query_found, compared, compared_found, thresholds: *thresholds }
    }

    /// Returns the thresholds that decide whether the videos match.
    #[must_use]
    pub fn thresholds(&self) -> &VpdqThresholds {
        &self.thresholds
    }

    /// Returns the percentage of the query's frames that are found in the compared video; 0 if the
    /// query has no frames.
    #[must_use]
    pub fn query_percent(&self) -> f64 {
        percent(self.query_found, self.query)
    }

    /// Returns the percentage of the compared video's frames that are found in the query; 0 if the
    /// compared video has no frames.
    #[must_use]
    pub fn compared_percent(&self) -> f64 {
        percent(self.compared_found, self.compared)
    }

    /// Returns `true` if both percentages reach their thresholds. A video without a frame of
    /// sufficient quality matches nothing.
    #[must_use]
    pub fn is_match(&self) -> bool {
        self.query > 0
            && self.compared > 0
            && self.query_percent() >= self.thresholds.query_percent
            && self.compared_percent() >= self.thresholds.compared_percent
    }
}

fn usable<'a>(features: &'a [VpdqFeature], thresholds: &VpdqThresholds) -> Vec<&'a VpdqFeature> {
    let mut seen = BTreeSet::new();
    let good = features.iter().filter(|it| it.quality >= thresholds.quality);
    good.filter(|it| seen.insert(it.hash().as_bytes())).collect()
}

fn found(these: &[&VpdqFeature], those: &[&VpdqFeature], thresholds: &VpdqThresholds) -> usize {
    let near = |a: &VpdqFeature, b: &VpdqFeature| {
        a.hash().distance(b.hash()).is_ok_and(|distance| distance <= thresholds.distance)
    };
    these.iter().filter(|a| those.iter().any(|b| near(a, b))).count()
}

fn percent(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 * 100.0 / whole as f64 }
}
