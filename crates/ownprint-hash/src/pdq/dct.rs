//! The two-dimensional discrete cosine transform, of which PDQ uses the 16 lowest frequencies
//! except the constant one.

use super::cosines::HALF_WAVE;
use super::median::lower_median;
use super::samples::{SIDE, Samples};
use crate::bit_hash::BitHash;

const FREQUENCIES: usize = 16;

/// Coefficient `[i][j]` has vertical frequency `i + 1` and horizontal frequency `j + 1`.
pub(crate) type Coefficients = [[f32; FREQUENCIES]; FREQUENCIES];

/// Returns `D A Dᵗ` in `f32`. Every element sums its 64 products by ascending index, as `dct64To16`
/// of the reference.
pub(crate) fn transform(samples: &Samples) -> Coefficients {
    // In both orientations, so that both products read contiguous columns. Computed each time: it
    // takes microseconds, and tables would be a tenth of the WebAssembly module without decoders.
    let by_frequency: [[f32; SIDE]; FREQUENCIES] =
        std::array::from_fn(|frequency| std::array::from_fn(|sample| cosine(frequency, sample)));
    let by_sample: [[f32; FREQUENCIES]; SIDE] =
        std::array::from_fn(|sample| std::array::from_fn(|frequency| cosine(frequency, sample)));
    by_frequency.map(|cosines| {
        let mut row = [0.0; SIDE];
        for (cosine, samples) in cosines.iter().zip(samples) {
            for (sum, sample) in row.iter_mut().zip(samples) {
                *sum += cosine * sample;
            }
        }
        let mut coefficients = [0.0; FREQUENCIES];
        for (value, cosines) in row.iter().zip(&by_sample) {
            for (sum, cosine) in coefficients.iter_mut().zip(cosines) {
                *sum += value * cosine;
            }
        }
        coefficients
    })
}

/// Returns `sqrt(2/64) * cos(pi/128 * (frequency + 1) * (2 sample + 1))`; frequency 0 is the lowest
/// except the constant one.
fn cosine(frequency: usize, sample: usize) -> f32 {
    let steps = (frequency + 1) * (2 * sample + 1) % 256;
    HALF_WAVE[steps.min(256 - steps)]
}

/// Returns one bit per coefficient, set if it exceeds the lower median.
///
/// The reference numbers the bits `16 i + j` and prints its 16-bit words from the last to the
/// first. The first byte has the highest vertical frequency, and its most significant bit the
/// highest horizontal one.
pub(crate) fn bits(coefficients: &Coefficients) -> BitHash {
    let mut values = [0.0; FREQUENCIES * FREQUENCIES];
    values.copy_from_slice(coefficients.as_flattened());
    let median = lower_median(&values);
    let mut bytes = [0; 32];
    for (index, value) in values.iter().enumerate() {
        bytes[31 - index / 8] |= u8::from(*value > median) << (index % 8);
    }
    BitHash::from_bytes(&bytes)
}
