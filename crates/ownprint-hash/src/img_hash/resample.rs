//! Reduction to a few pixels as in image 0.23.14: first along columns to integer bytes, then along
//! rows.
//!
//! The reference creates a grey image, then an image of its columns, then the result. This
//! implementation accumulates the weighted sums of all output rows while the input rows arrive, so
//! nothing of the image is retained. Each sum adds its products in the same order.

use zeroize::Zeroize;

use super::kernel::{Window, to_pixel};
use super::luma::{LumaTile, TILE_COLUMNS};

/// Number of columns whose sums stay in registers while the rows of a block are added.
const COLUMNS: usize = 32;

/// Reduces grey rows; the result can have any width.
#[derive(Debug)]
pub(super) struct Columns {
    width: usize,
    /// Number of sums per row, a multiple of [`COLUMNS`].
    stride: usize,
    /// One per output row.
    windows: Vec<Window>,
    /// The weighted sums, by output row.
    sums: Vec<f32>,
}

impl Columns {
    /// Creates a reduction of images of `width` by `height` to `rows` rows.
    pub(super) fn new(width: usize, height: usize, rows: usize) -> Self {
        let stride = width.next_multiple_of(COLUMNS);
        Self {
            width,
            stride,
            windows: Window::lanczos(height, rows),
            sums: vec![0.0; stride * rows],
        }
    }

    /// Returns the height of the input.
    pub(super) fn rows(&self) -> usize {
        self.windows.len()
    }

    /// Adds the luma of `count` rows from `top`, columns from `left`.
    #[inline(always)]
    pub(super) fn add(&mut self, tile: &LumaTile, top: usize, count: usize, left: usize) {
        let columns = (self.stride - left).min(TILE_COLUMNS);
        for (window, sums) in self.windows.iter().zip(self.sums.chunks_exact_mut(self.stride)) {
            let (first, end) = (window.start.max(top), window.end().min(top + count));
            if first < end {
                let weights = &window.weights[first - window.start..end - window.start];
                weigh(&mut sums[left..left + columns], &tile[first - top..end - top], weights);
            }
        }
    }

    /// Returns the image, `width` wide, row by row.
    pub(super) fn finish(&self, width: usize) -> Vec<u8> {
        let rows = self.rows();
        // Column by column, so that the sums of one column of the result are contiguous.
        let mut pixels = vec![0.0; self.width * rows];
        for (y, (window, sums)) in
            self.windows.iter().zip(self.sums.chunks_exact(self.stride)).enumerate()
        {
            for (pixel, sum) in pixels.iter_mut().skip(y).step_by(rows).zip(sums) {
                *pixel = f32::from(to_pixel(*sum, window.sum));
            }
        }
        let mut image = vec![0; width * rows];
        for (x, window) in Window::lanczos(self.width, width).iter().enumerate() {
            let mut totals = vec![0.0; rows];
            for (column, weight) in
                pixels.chunks_exact(rows).skip(window.start).zip(&window.weights)
            {
                for (total, pixel) in totals.iter_mut().zip(column) {
                    *total += pixel * weight;
                }
            }
            for (pixel, total) in image.iter_mut().skip(x).step_by(width).zip(&totals) {
                *pixel = to_pixel(*total, window.sum);
            }
            totals.zeroize();
        }
        pixels.zeroize();
        image
    }
}

/// Adds the weighted rows to the sums.
#[inline(always)]
fn weigh(sums: &mut [f32], rows: &[[f32; TILE_COLUMNS]], weights: &[f32]) {
    for (index, sums) in sums.as_chunks_mut::<COLUMNS>().0.iter_mut().enumerate() {
        let mut totals = *sums;
        for (row, weight) in rows.iter().zip(weights) {
            let values = &row.as_chunks::<COLUMNS>().0[index];
            for (total, value) in totals.iter_mut().zip(values) {
                *total += value * weight;
            }
        }
        *sums = totals;
    }
}

impl Drop for Columns {
    fn drop(&mut self) {
        self.sums.zeroize();
    }
}
