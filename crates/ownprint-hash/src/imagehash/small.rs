//! The hashes of few samples: average, difference, and those of the cosine transform.
//!
//! Reference: `imagehash/__init__.py` of ImageHash 4.3.2 (BSD), with numpy's `mean` and `median`.

use zeroize::Zeroize;

use super::cosine::CosineTransform;
use super::numpy::{median, pairwise_sum};

/// Samples per bit in each direction, before the cosine transform (`highfreq_factor`).
pub(super) const OVERSAMPLING: usize = 4;

/// `average_hash`: a bit is set if the sample is brighter than the mean. Integers decide like
/// numpy's rounded mean, because a mean that is not a pixel value is far enough from the next one.
pub(super) fn average(pixels: &[u8]) -> Vec<bool> {
    let sum: u64 = pixels.iter().map(|&pixel| u64::from(pixel)).sum();
    pixels.iter().map(|&pixel| u64::from(pixel) * pixels.len() as u64 > sum).collect()
}

/// `dhash`: a bit is set if the sample is brighter than the one to the left; rows have `side + 1`
/// samples.
pub(super) fn difference(pixels: &[u8], side: usize) -> Vec<bool> {
    pixels
        .chunks_exact(side + 1)
        .flat_map(|row| row.windows(2).map(|pair| pair[1] > pair[0]))
        .collect()
}

/// `dhash_vertical`: a bit is set if the sample is brighter than the one above; rows have `side`
/// samples.
pub(super) fn vertical_difference(pixels: &[u8], side: usize) -> Vec<bool> {
    pixels.iter().skip(side).zip(pixels).map(|(below, above)| below > above).collect()
}

/// `phash`: compares the lowest frequencies of both directions, including the mean, with their
/// median.
pub(super) fn cosine(pixels: &[u8], side: usize) -> Vec<bool> {
    let width = OVERSAMPLING * side;
    let transform = CosineTransform::new(width);
    let mut work = vec![0.0; width];
    let mut column = vec![0.0; width];
    let mut rows = vec![0.0; width * side];
    for x in 0..width {
        for (value, row) in column.iter_mut().zip(pixels.chunks_exact(width)) {
            *value = f64::from(row[x]);
        }
        transform.transform(&mut column, &mut work);
        for (row, value) in rows.chunks_exact_mut(width).zip(&column) {
            row[x] = *value;
        }
    }
    let mut lowest = Vec::with_capacity(side * side);
    for row in rows.chunks_exact_mut(width) {
        transform.transform(row, &mut work);
        lowest.extend_from_slice(&row[..side]);
    }
    let middle = median(&lowest);
    let bits = lowest.iter().map(|&value| value > middle).collect();
    for values in [&mut work, &mut column, &mut rows, &mut lowest] {
        values.zeroize();
    }
    bits
}

/// `phash_simple`: compares the lowest frequencies of the first rows, except the mean, with their
/// mean.
pub(super) fn cosine_of_rows(pixels: &[u8], side: usize) -> Vec<bool> {
    let width = OVERSAMPLING * side;
    let transform = CosineTransform::new(width);
    let mut work = vec![0.0; width];
    let mut values = vec![0.0; width];
    let mut lowest = Vec::with_capacity(side * side);
    for row in pixels.chunks_exact(width).take(side) {
        for (value, &pixel) in values.iter_mut().zip(row) {
            *value = f64::from(pixel);
        }
        transform.transform(&mut values, &mut work);
        lowest.extend_from_slice(&values[1..=side]);
    }
    let mean = pairwise_sum(&lowest) / lowest.len() as f64;
    let bits = lowest.iter().map(|&value| value > mean).collect();
    for values in [&mut work, &mut values, &mut lowest] {
        values.zeroize();
    }
    bits
}
