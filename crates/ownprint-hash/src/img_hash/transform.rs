//! The low frequencies of the two-dimensional discrete cosine transform (`dct.rs` of img_hash
//! 3.2.0, MIT or Apache-2.0).

use super::cosine::CosineTransform;
use super::wiped::{Wiped, transposed};

/// Ratio of the width and height of an image to those of the retained part of its transform.
pub(super) const OVERSIZE: usize = 2;

/// Returns the low frequencies of an image with rows of `width`: half as many columns and rows.
///
/// The reference transposes the image twice, both times as one of `width` by `height`, which is
/// wrong the second time: if width and height differ, its rows are those of the transposed image,
/// split at other positions. That is part of the hash.
pub(super) fn low_frequencies(image: &[u8], width: usize) -> Vec<f32> {
    let height = image.len() / width;
    let mut values = Wiped::new(image.iter().map(|&pixel| f32::from(pixel)).collect());
    let along_rows = CosineTransform::new(width);
    values.chunks_exact_mut(width).for_each(|row| along_rows.run(row));
    let mut by_column = transposed(&values, width);
    let along_columns = CosineTransform::new(height);
    by_column.chunks_exact_mut(height).for_each(|column| along_columns.run(column));
    let back = transposed(&by_column, width);
    let corner = back.chunks_exact(width).take(height / OVERSIZE);
    corner.flat_map(|row| &row[..width / OVERSIZE]).copied().collect()
}
