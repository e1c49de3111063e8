//! Pillow's Lanczos coefficients.
//!
//! Reference: `src/libImaging/Resample.c` of Pillow 12.3.0 and 13.0.0 (MIT-CMU):
//! `precompute_coeffs`, `normalize_coeffs_8bpc`. Coefficients are computed in `f64` and rounded to
//! 22 fractional bits; a pixel is the sum of its products in `i32`, rounded to eight bits.

use super::sine::sine;

/// Number of fractional bits of a coefficient.
pub(super) const PRECISION: u32 = 32 - 8 - 2;

/// The initial value of a sum, so that truncation rounds it.
pub(super) const HALF: i32 = 1 << (PRECISION - 1);

/// The support of the filter, in samples of the smaller image.
const SUPPORT: f64 = 3.0;

/// The coefficients that compute the samples of one direction from the source.
#[derive(Debug)]
pub(super) struct Kernel {
    windows: Vec<Window>,
    coefficients: Vec<i32>,
}

/// The sources of one sample.
#[derive(Debug, Clone, Copy)]
pub(super) struct Window {
    pub(super) first: usize,
    pub(super) count: usize,
    /// The index of its first coefficient.
    start: usize,
}

impl Kernel {
    /// Creates the coefficients from `source` samples to `target`, both above 0.
    pub(super) fn new(source: usize, target: usize) -> Self {
        // Pillow passes the length of the source in single precision.
        let scale = f64::from(source as f32) / target as f64;
        let filter_scale = scale.max(1.0);
        let support = SUPPORT * filter_scale;
        let inverse = 1.0 / filter_scale;
        let mut windows = Vec::with_capacity(target);
        let mut coefficients = Vec::new();
        let mut weights = Vec::new();
        for sample in 0..target {
            let center = (sample as f64 + 0.5) * scale;
            let first = (center - support + 0.5).max(0.0) as usize;
            let end = ((center + support + 0.5) as usize).min(source);
            weights.clear();
            weights.extend((first..end).map(|at| lanczos((at as f64 - center + 0.5) * inverse)));
            let sum = weights.iter().fold(0.0, |sum, weight| sum + weight);
            windows.push(Window { first, count: weights.len(), start: coefficients.len() });
            coefficients.extend(
                weights.iter().map(|weight| fixed(if sum == 0.0 { *weight } else { weight / sum })),
            );
        }
        Self { windows, coefficients }
    }

    /// Returns the coefficients of all samples.
    pub(super) fn all(&self) -> &[i32] {
        &self.coefficients
    }

    pub(super) fn windows(&self) -> &[Window] {
        &self.windows
    }

    pub(super) fn coefficients(&self, window: &Window) -> &[i32] {
        &self.coefficients[window.start..window.start + window.count]
    }
}

/// `normalize_coeffs_8bpc`: rounds halves away from zero.
fn fixed(weight: f64) -> i32 {
    let scaled = weight * f64::from(1 << PRECISION);
    (if weight < 0.0 { -0.5 + scaled } else { 0.5 + scaled }) as i32
}

#[inline(always)]
fn lanczos(x: f64) -> f64 {
    if (-SUPPORT..SUPPORT).contains(&x) { sinc(x) * sinc(x / SUPPORT) } else { 0.0 }
}

#[inline(always)]
fn sinc(x: f64) -> f64 {
    if x == 0.0 {
        return 1.0;
    }
    let x = x * std::f64::consts::PI;
    sine(x) / x
}

/// Converts a sum to a pixel.
#[inline(always)]
pub(super) fn clip(sum: i32) -> u8 {
    (sum >> PRECISION).clamp(0, 255) as u8
}
