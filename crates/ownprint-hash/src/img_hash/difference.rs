//! The difference of Gaussians of two blurred images (`gauss_preproc` of img_hash 3.2.0; `blur` of
//! image 0.23.14).
//!
//! Every channel is blurred separately, first along columns to integer bytes, then along rows. The
//! kernel extends over two sigmas; at the borders it is truncated and divided by the rest of its
//! sum. Rows are blurred after the rows below them have arrived.

use std::collections::VecDeque;

use fearless_simd::{Level, Simd, dispatch};
use zeroize::Zeroize;

use ownprint_pixels::wipe::WipedBytes;

use super::kernel::{self, to_pixel};

/// The default sigmas of img_hash, the wider one last.
const SIGMAS: [u16; 2] = [5, 10];

/// Bytes per pixel.
const CHANNELS: usize = 3;

/// Computes RGB rows of differences from RGB rows, twenty rows later.
pub(super) struct Difference {
    level: Level,
    width: usize,
    height: usize,
    blurs: [Blur; 2],
    /// The last rows that arrived, as many as the wider kernel needs.
    rows: VecDeque<WipedBytes>,
    arrived: usize,
    /// Number of finished rows.
    finished: usize,
}

impl Difference {
    pub(super) fn new(width: usize, height: usize, level: Level) -> Self {
        let blurs = SIGMAS.map(|sigma| Blur::new(sigma, width));
        Self { level, width, height, blurs, rows: VecDeque::new(), arrived: 0, finished: 0 }
    }

    /// Adds the next rows and calls `each` with every row that is finished.
    pub(super) fn push(&mut self, rows: &[&[u8]], each: &mut dyn FnMut(&[u8])) {
        for row in rows {
            self.take(row);
            self.arrived += 1;
            let reach = self.blurs[1].reach();
            let known = if self.arrived == self.height {
                self.height
            } else {
                self.arrived.saturating_sub(reach)
            };
            while self.finished < known {
                each(&self.row().0);
                self.finished += 1;
            }
        }
    }

    fn take(&mut self, row: &[u8]) {
        let capacity = 2 * self.blurs[1].reach() + 1;
        let mut buffer = if self.rows.len() == capacity { self.rows.pop_front() } else { None }
            .unwrap_or_else(|| WipedBytes::zeroed(self.width * CHANNELS));
        buffer.0.copy_from_slice(row);
        self.rows.push_back(buffer);
    }

    /// Computes the difference in row `finished`. Values below zero wrap around, as in release
    /// builds of the reference.
    fn row(&mut self) -> WipedBytes {
        let (level, y) = (self.level, self.finished);
        let oldest = self.arrived - self.rows.len();
        let rows = &self.rows;
        let [mut narrow, wide] = self.blurs.each_mut().map(|blur| {
            let (start, end) =
                (y.saturating_sub(blur.reach()), (y + blur.reach() + 1).min(self.height));
            let lines = rows.range(start - oldest..end - oldest).map(|row| row.0.as_slice());
            dispatch!(level, simd => blur.row(simd, lines, start + blur.reach() - y))
        });
        narrow.0.iter_mut().zip(&wide.0).for_each(|(a, b)| *a = a.wrapping_sub(*b));
        narrow
    }
}

struct Blur {
    weights: Vec<f32>,
    /// For each column, the sum of the weights within the image.
    column_sums: Vec<f32>,
    totals: Vec<f32>,
}

impl Blur {
    fn new(sigma: u16, width: usize) -> Self {
        let weights = kernel::gaussian(sigma);
        let reach = weights.len() / 2;
        let column_sums = (0..width)
            .map(|x| {
                kernel::sum(
                    &weights[reach.saturating_sub(x)..(reach + width - x).min(2 * reach + 1)],
                )
            })
            .collect();
        Self { weights, column_sums, totals: vec![0.0; width * CHANNELS] }
    }

    /// Number of rows or columns that are needed on either side.
    fn reach(&self) -> usize {
        self.weights.len() / 2
    }

    /// Blurs one row; the first of `lines` has the weight at `first`.
    #[inline(always)]
    fn row<'a, S: Simd>(
        &mut self,
        _simd: S,
        lines: impl ExactSizeIterator<Item = &'a [u8]>,
        first: usize,
    ) -> WipedBytes {
        let mut pixels = WipedBytes::zeroed(self.totals.len());
        let weights = &self.weights[first..first + lines.len()];
        let sum = kernel::sum(weights);
        self.totals.fill(0.0);
        for (line, weight) in lines.zip(weights) {
            add(&mut self.totals, line, *weight);
        }
        for (pixel, total) in pixels.0.iter_mut().zip(&self.totals) {
            *pixel = to_pixel(*total, sum);
        }
        self.totals.fill(0.0);
        let reach = self.reach();
        for (index, weight) in self.weights.iter().enumerate() {
            // The pixel `index - reach` columns to the right.
            let (ahead, behind) = (index.saturating_sub(reach), reach.saturating_sub(index));
            let line = pixels.0.get(ahead * CHANNELS..).unwrap_or_default();
            let totals = self.totals.get_mut(behind * CHANNELS..).unwrap_or_default();
            add(totals, line, *weight);
        }
        let sums = self.column_sums.iter().flat_map(|sum| [*sum; CHANNELS]);
        for ((pixel, total), sum) in pixels.0.iter_mut().zip(&self.totals).zip(sums) {
            *pixel = to_pixel(*total, sum);
        }
        pixels
    }
}

#[inline(always)]
fn add(totals: &mut [f32], line: &[u8], weight: f32) {
    for (total, value) in totals.iter_mut().zip(line) {
        *total += f32::from(*value) * weight;
    }
}

impl Drop for Blur {
    fn drop(&mut self) {
        self.totals.zeroize();
    }
}
