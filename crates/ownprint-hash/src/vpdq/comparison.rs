//! Whether two videos are the same, by their frames' hashes.

use std::collections::BTreeSet;

use super::feature::VpdqFeature;
use super::hasher::frame_threshold;
use crate::bit_hash::Quality;

/// When two frames, and two videos, are taken for the same.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct VpdqThresholds {
    /// Frames of a lower quality are skipped, on both sides. Default 50.
    pub quality: Quality,
    /// The Hamming distance up to which two frames match. Default 31.
    pub distance: u32,
    /// Per cent of the query's frames that must be found in the other video. Default 80.
    pub query_percent: f64,
    /// Per cent of the other video's frames that must be found in the query. Default 0.
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

/// How much of two videos is in each other.
///
/// The *query* is the video that is asked about, the *compared* one that of the list. With the defaults a query is found when
/// 80 per cent of its own frames are in the other: a cut-out of a listed video is found, a longer video that has the
/// listed one in it is not. Swap the percentages to find that.
///
/// As python-threatexchange's `compare_hash`: of frames with the same hash one counts, and the distance is up to the
/// threshold, not below it.
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
    /// Different hashes of the query that are of sufficient quality.
    pub query: usize,
    /// Those of them that the compared video has.
    pub query_found: usize,
    /// Different hashes of the compared video that are of sufficient quality.
    pub compared: usize,
    /// Those of them that the query has.
    pub compared_found: usize,
    thresholds: VpdqThresholds,
}

impl VpdqComparison {
    /// Compares each frame of one video with each of the other.
    #[must_use]
    pub fn new(query: &[VpdqFeature], compared: &[VpdqFeature], thresholds: &VpdqThresholds) -> Self {
        let (query, compared) = (usable(query, thresholds), usable(compared, thresholds));
        Self {
            query: query.len(),
            query_found: found(&query, &compared, thresholds),
            compared: compared.len(),
            compared_found: found(&compared, &query, thresholds),
            thresholds: *thresholds,
        }
    }

    /// Per cent of the query's frames that the compared video has; 0 of a query without frames.
    #[must_use]
    pub fn query_percent(&self) -> f64 {
        percent(self.query_found, self.query)
    }

    /// Per cent of the compared video's frames that the query has; 0 of a video without frames.
    #[must_use]
    pub fn compared_percent(&self) -> f64 {
        percent(self.compared_found, self.compared)
    }

    /// Whether both reach their thresholds. A video without a frame of sufficient quality matches nothing.
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
