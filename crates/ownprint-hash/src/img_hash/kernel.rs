//! The input pixels and weights of each output pixel: `vertical_sample` and `horizontal_sample` of
//! image 0.23.14 (`imageops/sample.rs`, MIT), with their Lanczos and Gaussian kernels.

use std::f32::consts::PI;

use super::sine::sine;

/// Number of lobes of the resampling kernel on either side.
const LOBES: f32 = 3.0;

/// The input pixels of one output pixel.
#[derive(Debug)]
pub(super) struct Window {
    /// The first input pixel.
    pub(super) start: usize,
    pub(super) weights: Vec<f32>,
    /// The sum of the weights, added in order.
    pub(super) sum: f32,
}

impl Window {
    pub(super) fn end(&self) -> usize {
        self.start + self.weights.len()
    }

    /// Creates one for each of `output` pixels, from `input` pixels.
    pub(super) fn lanczos(input: usize, output: usize) -> Vec<Self> {
        let ratio = input as f32 / output as f32;
        let scale = ratio.max(1.0);
        let reach = LOBES * scale;
        (0..output)
            .map(|index| {
                let centre = (index as f32 + 0.5) * ratio;
                let start = ((centre - reach).floor() as i64).clamp(0, input as i64 - 1);
                let end = ((centre + reach).ceil() as i64).clamp(start + 1, input as i64);
                let centre = centre - 0.5;
                let weights: Vec<f32> =
                    (start..end).map(|index| lanczos((index as f32 - centre) / scale)).collect();
                let sum = sum(&weights);
                Self { start: start as usize, weights, sum }
            })
            .collect()
    }
}

/// Returns the weights of a blur for the distances `-2 sigma..=2 sigma`; `sigma` is an integer.
pub(super) fn gaussian(sigma: u16) -> Vec<f32> {
    let reach = 2 * i32::from(sigma);
    let sigma = f32::from(sigma);
    let scale = ((2.0 * PI).sqrt() * sigma).recip();
    (-reach..=reach)
        .map(|distance| {
            let exponent = -(distance * distance) as f32 / (2.0 * (sigma * sigma));
            scale * libm::exp(f64::from(exponent)) as f32
        })
        .collect()
}

/// Returns the sum of weights, added in order.
pub(super) fn sum(weights: &[f32]) -> f32 {
    weights.iter().fold(0.0, |sum, weight| sum + weight)
}

/// Converts a weighted sum to a pixel: divided by the sum of the weights, clamped, rounded half up.
#[inline(always)]
pub(super) fn to_pixel(total: f32, sum: f32) -> u8 {
    let value = (total / sum).clamp(0.0, 255.0);
    let whole = value as u8;
    whole.saturating_add(u8::from(value - f32::from(whole) >= 0.5))
}

fn lanczos(x: f32) -> f32 {
    if x.abs() < LOBES { sinc(x) * sinc(x / LOBES) } else { 0.0 }
}

fn sinc(x: f32) -> f32 {
    let angle = x * PI;
    if x == 0.0 { 1.0 } else { sine(angle) / angle }
}
