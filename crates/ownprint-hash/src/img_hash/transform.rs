//! The low corner of the two-dimensional cosine transform (`dct.rs` of img_hash 3.2.0, MIT or Apache-2.0).

use super::cosine::CosineTransform;
use super::wiped::{Wiped, transposed};

/// How many times larger, each side, an image is than the corner that is kept of its transform.
pub(super) const OVERSIZE: usize = 2;

/// Of an image with rows of `width`, the low frequencies: half as many columns and rows.
///
/// The reference turns the image about its diagonal twice, both times as one of `width` by `height`, which the second
/// time it is not: where the sides differ, its rows are those of the turned image, cut in other places. That is part of
/// the hash.
pub(super) fn low_frequencies(image: &[u8], width: usize) -> Vec<f32> {
    let height = image.len() / width;
    let mut values = Wiped::new(image.iter().map(|&pixel| f32::from(pixel)).collect());
    let along_rows = CosineTransform::new(width);
    values.chunks_exact_mut(width).for_each(|row| along_rows.run(row));
    let mut turned = transposed(&values, width);
    let along_columns = CosineTransform::new(height);
    turned.chunks_exact_mut(height).for_each(|column| along_columns.run(column));
    let back = transposed(&turned, width);
    let corner = back.chunks_exact(width).take(height / OVERSIZE);
    corner.flat_map(|row| &row[..width / OVERSIZE]).copied().collect()
}
