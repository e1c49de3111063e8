//! vPDQ of frames that another decoder returns, comparison of videos, and vPDQ's text forms.

use std::sync::{Mutex, PoisonError};

use ownprint::exchange::vpdq;
use ownprint::hash::{self, VpdqComparison, VpdqThresholds};
use ownprint::{Error, HashAlgorithm, Quality};
use pyo3::prelude::*;

use crate::error::{ended, run};
use crate::options::{LimitsArgument, VpdqArgument};
use crate::pixels::ArrayImage;

/// Hash, quality, seconds.
type Feature = (String, u8, f64);

/// Frame, hash, quality, seconds.
type Frame = (u64, String, u8, f64);

/// Computes vPDQ from the frames of a video.
#[pyclass(frozen, module = "ownprint._ownprint")]
pub(crate) struct VpdqHasher(Mutex<Option<hash::VpdqHasher>>);

#[pymethods]
impl VpdqHasher {
    #[new]
    #[pyo3(signature = (frames_per_second=None, options=None, limits=None))]
    fn new(
        py: Python<'_>,
        frames_per_second: Option<f64>,
        options: Option<VpdqArgument>,
        limits: Option<LimitsArgument>,
    ) -> PyResult<Self> {
        let hasher = run(py, || {
            let options = options.unwrap_or_default().to_core();
            let hasher = match frames_per_second {
                Some(rate) => hash::VpdqHasher::by_frames(rate, options.seconds_per_hash)?,
                None => hash::VpdqHasher::by_seconds(options.seconds_per_hash)?,
            };
            Ok(hasher.prune(options.prune).limits(limits.unwrap_or_default().to_core()))
        })?;
        Ok(Self(Mutex::new(Some(hasher))))
    }

    /// Returns whether `update` uses the frame `index`, shown after `seconds`.
    fn wants(&self, py: Python<'_>, index: u64, seconds: f64) -> PyResult<bool> {
        let held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        held.as_ref().map(|hasher| hasher.wants(index, seconds)).ok_or_else(|| ended(py, "hasher"))
    }

    /// Hashes a frame, an array of pixels.
    #[pyo3(signature = (index, seconds, array, format=None))]
    fn update(
        &self,
        py: Python<'_>,
        index: u64,
        seconds: f64,
        array: &Bound<'_, PyAny>,
        format: Option<&str>,
    ) -> PyResult<()> {
        let image = ArrayImage::new(array, format)?;
        let view = image.view()?;
        let mut hasher = self.take(py)?;
        // After an error the hasher is still valid: the frame was not added.
        let (hasher, outcome) = run(py, || {
            let outcome =
                view.with(|pixels| Ok(hasher.update(index, seconds, &(*pixels).into())?));
            Ok((hasher, outcome))
        })?;
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(hasher);
        outcome.map_err(|error| crate::error::exception(py, &error))
    }

    /// Ends the hasher, and returns the hashed frames.
    fn finalize(&self, py: Python<'_>) -> PyResult<Vec<Frame>> {
        let hasher = self.take(py)?;
        run(py, || Ok(hasher.finalize().iter().map(frame).collect()))
    }
}

impl VpdqHasher {
    fn take(&self, py: Python<'_>) -> PyResult<hash::VpdqHasher> {
        let hasher = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        hasher.ok_or_else(|| ended(py, "hasher"))
    }
}

/// The thresholds of a comparison; a field that is `None` keeps the core's default.
#[derive(Debug, Default, FromPyObject)]
pub(crate) struct Thresholds {
    quality: Option<u8>,
    distance: Option<u32>,
    query_percent: Option<f64>,
    compared_percent: Option<f64>,
}

impl Thresholds {
    fn to_core(&self) -> VpdqThresholds {
        let default = VpdqThresholds::default();
        VpdqThresholds {
            quality: self.quality.map_or(default.quality, Quality::new),
            distance: self.distance.unwrap_or(default.distance),
            query_percent: self.query_percent.unwrap_or(default.query_percent),
            compared_percent: self.compared_percent.unwrap_or(default.compared_percent),
        }
    }
}

/// Returns the default thresholds of vPDQ, in the order of the fields of `VpdqThresholds`.
#[pyfunction]
pub(crate) fn vpdq_thresholds() -> (u8, u32, f64, f64) {
    let VpdqThresholds { quality, distance, query_percent, compared_percent } =
        VpdqThresholds::default();
    (quality.value(), distance, query_percent, compared_percent)
}

/// Compares a query with another video. Returns both percentages, and whether the videos match.
#[pyfunction]
#[pyo3(signature = (query, compared, thresholds=None))]
pub(crate) fn compare_videos(
    py: Python<'_>,
    query: Vec<Feature>,
    compared: Vec<Feature>,
    thresholds: Option<Thresholds>,
) -> PyResult<(f64, f64, bool)> {
    run(py, || {
        let thresholds = thresholds.unwrap_or_default().to_core();
        let found = VpdqComparison::new(&features(&query)?, &features(&compared)?, &thresholds);
        Ok((found.query_percent(), found.compared_percent(), found.is_match()))
    })
}

/// Reads the features of a video from python-threatexchange's JSON.
#[pyfunction]
pub(crate) fn read_vpdq_features(py: Python<'_>, text: &str) -> PyResult<Vec<Feature>> {
    run(py, || Ok(vpdq::features_from_json(text)?.iter().map(feature).collect()))
}

/// Returns the features of a video as python-threatexchange writes them.
#[pyfunction]
pub(crate) fn write_vpdq_features(py: Python<'_>, video: Vec<Feature>) -> PyResult<String> {
    run(py, || Ok(vpdq::features_to_json(&features(&video)?)))
}

/// Reads one line `FRAME,QUALITY,HASH,SECONDS`.
#[pyfunction]
pub(crate) fn read_vpdq_frame(py: Python<'_>, line: &str) -> PyResult<Frame> {
    run(py, || Ok(frame(&vpdq::frame_from_line(line)?)))
}

/// Returns the line of a frame.
#[pyfunction]
#[pyo3(signature = (frame, hash, quality, seconds))]
pub(crate) fn write_vpdq_frame(
    py: Python<'_>,
    frame: u64,
    hash: String,
    quality: u8,
    seconds: f64,
) -> PyResult<String> {
    run(py, || {
        let feature = to_core(&(hash, quality, seconds))?;
        Ok(vpdq::frame_to_line(&hash::VpdqFrame { frame, feature }))
    })
}

fn features(video: &[Feature]) -> Result<Vec<hash::VpdqFeature>, Error> {
    video.iter().map(to_core).collect()
}

fn to_core((hex, quality, seconds): &Feature) -> Result<hash::VpdqFeature, Error> {
    let hash = HashAlgorithm::PDQ.parse_hash(hex)?;
    Ok(hash::VpdqFeature::new(hash, Quality::new(*quality), *seconds)?)
}

fn feature(feature: &hash::VpdqFeature) -> Feature {
    (feature.hash().to_hex(), feature.quality.value(), feature.seconds())
}

fn frame(frame: &hash::VpdqFrame) -> Frame {
    let (hex, quality, seconds) = feature(&frame.feature);
    (frame.frame, hex, quality, seconds)
}
