//! The two-dimensional cosine transform, of which PDQ keeps the 16 lowest frequencies but the constant one.

use super::SIDE;
use super::cosines::COSINES;
use super::jarosz::Samples;
use super::median::lower_median;
use crate::BitHash;

const FREQUENCIES: usize = 16;

/// Coefficient `[i][j]`: vertical frequency `i + 1`, horizontal frequency `j + 1`.
pub(super) type Coefficients = [[f32; FREQUENCIES]; FREQUENCIES];

/// `D A Dᵗ` in `f32`; every element sums its 64 products in order of rising index, as `dct64To16` of the reference.
pub(super) fn transform(samples: &Samples) -> Coefficients {
    // Rows and columns of the table exchanged, so that the second product runs along contiguous columns. Done anew each
    // time: it is a thousand copies, and a second table would be 1.5 kB more of the WebAssembly module.
    let by_sample: [[f32; FREQUENCIES]; SIDE] =
        std::array::from_fn(|sample| std::array::from_fn(|frequency| COSINES[frequency][sample]));
    COSINES.map(|cosines| {
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

/// One bit a coefficient, set where it exceeds the lower median.
///
/// The reference numbers the bits `16 i + j` and prints its 16-bit words from the last to the first, so the first
/// byte holds the highest vertical frequency and its most significant bit the highest horizontal one.
pub(super) fn bits(coefficients: &Coefficients) -> BitHash {
    let mut values = [0.0; FREQUENCIES * FREQUENCIES];
    values.copy_from_slice(coefficients.as_flattened());
    let median = lower_median(&values);
    let mut bytes = [0; 32];
    for (index, value) in values.iter().enumerate() {
        bytes[31 - index / 8] |= u8::from(*value > median) << (index % 8);
    }
    BitHash::from_bytes(&bytes)
}
