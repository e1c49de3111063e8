//! The coefficients that PDQ compares with their median.

use std::ops::ControlFlow;

use fearless_simd::Level;
use ownprint_pixels::Size;

use super::dct::{self, Coefficients};
use super::quality;
use super::sampler::Sampler;
use crate::bit_hash::Quality;

/// Computes the coefficients of PDQ's cosine transform, for callers that weigh them themselves.
///
/// They equal those of `compute_float` of PyPI `pdqhash`, which lists them in reverse order. The
/// bits of [`HashAlgorithm::PDQ`](crate::HashAlgorithm::PDQ) say which of them exceed the median.
///
/// ```
/// use ownprint_hash::PdqTransform;
/// use ownprint_pixels::Size;
///
/// let row: Vec<u8> = (0..96 * 3).map(|i| (i * i / 7) as u8).collect();
/// let mut transform = PdqTransform::new(Size { width: 96, height: 96 });
/// for _ in 0..96 {
///     let _ = transform.update(&[&row]);
/// }
/// let (coefficients, quality) = transform.finalize();
/// assert!(coefficients[0][0] != 0.0 && quality.value() > 0);
/// ```
pub struct PdqTransform(Sampler);

impl std::fmt::Debug for PdqTransform {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PdqTransform").finish_non_exhaustive()
    }
}

impl PdqTransform {
    /// Returns a transform of an image of this size.
    #[must_use]
    pub fn new(size: Size) -> Self {
        Self(Sampler::new(size, Level::new()))
    }

    /// Adds the next rows of RGB triples, from top to bottom. Never breaks.
    pub fn update(&mut self, rows: &[&[u8]]) -> ControlFlow<()> {
        self.0.push(rows);
        ControlFlow::Continue(())
    }

    /// Returns the coefficients and the quality: row `i`, column `j` has the vertical frequency
    /// `i + 1` and the horizontal frequency `j + 1`. An image with a dimension below 5 has zeros.
    #[must_use]
    pub fn finalize(self) -> (Coefficients, Quality) {
        let sampled = self.0.finish();
        let samples = sampled.unfiltered.as_deref().or(sampled.filtered.as_deref());
        samples.map_or(([[0.0; 16]; 16], Quality::new(0)), |samples| {
            (dct::transform(samples), quality::of_samples(samples))
        })
    }
}
