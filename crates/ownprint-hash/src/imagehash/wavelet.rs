//! The wavelet hash.
//!
//! Reference: `whash` of ImageHash 4.3.2 over `PyWavelets` 1.9.0 (MIT). `wavedec2` transforms along
//! columns, then along rows; `waverec2` reverses along rows, then along columns; boundaries are
//! mirrored (`symmetric`). Every product and sum is one of `convolution.template.c`, in the same
//! order.
//!
//! With the Haar wavelet the hash compares sums of blocks of pixels, up to rounding. Unless a sum
//! equals the median, integers give the same bits, because rounding is far smaller than the
//! difference of two sums. Only ties use the arithmetic of `PyWavelets`.

use zeroize::Zeroize;

use super::numpy::median;

/// The parameters of the hash.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wavelet {
    /// Daubechies' wavelet of four vanishing moments instead of Haar's.
    pub(super) is_db4: bool,
    /// Whether the mean of the image is retained (`remove_max_haar_ll=False`).
    pub(super) keeps_mean: bool,
}

/// Returns the length of the square to which an image is scaled: the largest power of two within
/// the image, but not below that of the hash.
pub(super) fn scale(shorter_side: usize, side: usize) -> usize {
    (1 << shorter_side.ilog2()).max(side)
}

/// Returns the width and height of a hash. Daubechies' wavelet adds values at the borders for
/// images that are large enough for several steps.
pub(super) fn bits_a_side(side: usize, wavelet: Wavelet) -> usize {
    const STEPS: u32 = 16;
    if !wavelet.is_db4 {
        return side;
    }
    (0..STEPS).fold(side << STEPS, |length, _| length.midpoint(DB4.len() - 1))
}

/// Returns the bits of a square of pixels for a hash of `side`; both lengths are powers of two.
pub(super) fn bits(pixels: &[u8], side: usize, wavelet: Wavelet) -> Vec<bool> {
    let scale = pixels.len().isqrt();
    if !wavelet.is_db4 {
        if side == 1 {
            return vec![false];
        }
        if let Some(bits) = bits_of_sums(pixels, scale, side) {
            return bits;
        }
    }
    let mut lowest = if wavelet.keeps_mean {
        pixels.iter().map(|&pixel| brightness(pixel)).collect()
    } else {
        without_mean(pixels, scale)
    };
    let mut length = scale;
    for _ in 0..scale.ilog2() - side.ilog2() {
        let filter: &[f64] = if wavelet.is_db4 { &DB4 } else { &HAAR };
        let next = low_pass(&lowest, length, filter);
        lowest.zeroize();
        lowest = next;
        length = length.midpoint(filter.len() - 1);
    }
    let middle = median(&lowest);
    let bits = lowest.iter().map(|&value| value > middle).collect();
    lowest.zeroize();
    bits
}

/// Returns the bits with the Haar wavelet from integer sums; `None` if a sum equals the median.
fn bits_of_sums(pixels: &[u8], scale: usize, side: usize) -> Option<Vec<bool>> {
    let block = scale / side;
    let mut sums = vec![0_u64; side * side];
    for (y, row) in pixels.chunks_exact(scale).enumerate() {
        for (sum, part) in sums[y / block * side..].iter_mut().zip(row.chunks_exact(block)) {
            *sum += part.iter().map(|&pixel| u64::from(pixel)).sum::<u64>();
        }
    }
    let mut sorted = sums.clone();
    sorted.sort_unstable();
    let twice_the_median = sorted[sums.len() / 2 - 1] + sorted[sums.len() / 2];
    let has_tie = sums.iter().any(|sum| 2 * sum == twice_the_median);
    let bits = (!has_tie).then(|| sums.iter().map(|sum| 2 * sum > twice_the_median).collect());
    sums.zeroize();
    sorted.zeroize();
    bits
}

fn brightness(pixel: u8) -> f64 {
    f64::from(pixel) / 255.0
}

const SQRT_HALF: f64 = std::f64::consts::FRAC_1_SQRT_2;
const HAAR: [f64; 2] = [SQRT_HALF; 2];

/// The low-pass filter of `db4` (I. Daubechies, Ten Lectures on Wavelets, table 6.1), as
/// `PyWavelets` rounds it.
const DB4: [f64; 8] = [
    -0.010597401785069032,
    0.0328830116668852,
    0.030841381835560764,
    -0.18703481171909309,
    -0.027983769416859854,
    0.6308807679298589,
    0.7148465705529157,
    0.2303778133088965,
];

/// Filters a square of `length` by `length` along columns, then along rows, and retains every other
/// value.
fn low_pass(square: &[f64], length: usize, filter: &[f64]) -> Vec<f64> {
    let short = length.midpoint(filter.len() - 1);
    let mut column = vec![0.0; length];
    let mut half = vec![0.0; short * length];
    for x in 0..length {
        for (value, row) in column.iter_mut().zip(square.chunks_exact(length)) {
            *value = row[x];
        }
        for (row, at) in half.chunks_exact_mut(length).zip((1..).step_by(2)) {
            row[x] = filtered(&column, at, filter);
        }
    }
    let mut quarter = Vec::with_capacity(short * short);
    for row in half.chunks_exact(length) {
        quarter.extend((0..short).map(|index| filtered(row, 2 * index + 1, filter)));
    }
    column.zeroize();
    half.zeroize();
    quarter
}

/// Returns the sum of `filter[j] * values[at - j]`, mirrored at both ends, in the order of
/// `downsampling_convolution`: values beyond the end from the nearest outwards, then from the end
/// down, then values before the start.
fn filtered(values: &[f64], at: usize, filter: &[f64]) -> f64 {
    let length = values.len();
    let inner = (at + 1).min(filter.len());
    if at < length && inner == filter.len() {
        return filter
            .iter()
            .zip(values[..=at].iter().rev())
            .fold(0.0, |sum, (factor, value)| sum + factor * value);
    }
    let mirrored = |outside: usize| {
        let position = outside % (2 * length);
        position.min(2 * length - 1 - position)
    };
    let beyond = (at + 1).saturating_sub(length);
    let mut sum = 0.0;
    for outside in 0..beyond {
        sum += filter[at - length - outside] * values[length - 1 - mirrored(outside)];
    }
    for j in beyond..inner {
        sum += filter[j] * values[at - j];
    }
    for (outside, factor) in filter[inner..].iter().enumerate() {
        sum += factor * values[mirrored(outside)];
    }
    sum
}

/// Removes the mean of the image: a Haar decomposition to a single value, which is set to zero, and
/// the reconstruction.
fn without_mean(pixels: &[u8], scale: usize) -> Vec<f64> {
    let mut levels: Vec<Vec<f64>> = vec![pixels.iter().map(|&pixel| brightness(pixel)).collect()];
    let mut length = scale;
    while length > 1 {
        let next = levels.last().map(|square| low_pass(square, length, &HAAR)).unwrap_or_default();
        levels.push(next);
        length /= 2;
    }
    let mut sums = levels.pop().unwrap_or_default();
    sums.fill(0.0);
    while let Some(mut square) = levels.pop() {
        let half = length;
        length *= 2;
        for (y, row) in square.chunks_exact_mut(2 * length).enumerate() {
            let (upper, lower) = row.split_at_mut(length);
            let pairs = upper.as_chunks_mut::<2>().0.iter_mut().zip(lower.as_chunks_mut::<2>().0);
            for ((upper, lower), &sum) in pairs.zip(&sums[y * half..]) {
                [*upper, *lower] = with_sum([*upper, *lower], sum);
            }
        }
        sums.zeroize();
        sums = square;
    }
    sums
}

/// Returns two by two values with the same differences, but with the sum `sum`.
fn with_sum(block: [[f64; 2]; 2], sum: f64) -> [[f64; 2]; 2] {
    let [upper, lower] = block;
    let low = [0, 1].map(|x| SQRT_HALF * lower[x] + SQRT_HALF * upper[x]);
    let high = [0, 1].map(|x| -SQRT_HALF * lower[x] + SQRT_HALF * upper[x]);
    let low_high = -SQRT_HALF * low[1] + SQRT_HALF * low[0];
    let high_low = SQRT_HALF * high[1] + SQRT_HALF * high[0];
    let high_high = -SQRT_HALF * high[1] + SQRT_HALF * high[0];
    let back = |low: f64, high: f64| {
        [SQRT_HALF * low + SQRT_HALF * high, SQRT_HALF * low + -SQRT_HALF * high]
    };
    let (low, high) = (back(sum, low_high), back(high_low, high_high));
    let columns = [0, 1].map(|x| back(low[x], high[x]));
    [0, 1].map(|y| [columns[0][y], columns[1][y]])
}
