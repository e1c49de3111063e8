//! The pass along columns, row by row: `ImagingResampleVertical_8bpc` of Pillow without the image
//! in memory.

use zeroize::Zeroize;

use super::kernel::{HALF, Kernel, clip};

/// The sums of the unfinished output rows.
#[derive(Debug)]
pub(super) struct ColumnPass {
    kernel: Kernel,
    width: usize,
    /// A ring of rows of sums.
    sums: Vec<i32>,
    /// The first unfinished output row, and the first that has not started.
    first: usize,
    end: usize,
    /// Number of input rows.
    rows: usize,
    finished: Vec<u8>,
}

impl ColumnPass {
    pub(super) fn new(kernel: Kernel, width: usize) -> Self {
        let windows = kernel.windows();
        let mut most = 0;
        let mut first = 0;
        for (index, window) in windows.iter().enumerate() {
            while windows[first].first + windows[first].count <= window.first {
                first += 1;
            }
            most = most.max(index + 1 - first);
        }
        let sums = vec![0; most * width];
        Self { kernel, width, sums, first: 0, end: 0, rows: 0, finished: vec![0; width] }
    }

    /// Adds the next row and passes on each output row that it completes.
    #[inline(always)]
    pub(super) fn push(&mut self, row: &[u8], mut emit: impl FnMut(&[u8])) {
        let windows = self.kernel.windows();
        let ring = self.sums.len() / self.width;
        while windows.get(self.end).is_some_and(|window| window.first <= self.rows) {
            let at = self.end % ring * self.width;
            self.sums[at..at + self.width].fill(HALF);
            self.end += 1;
        }
        for (index, window) in windows.iter().enumerate().take(self.end).skip(self.first) {
            let Some(&coefficient) = self.kernel.coefficients(window).get(self.rows - window.first)
            else {
                continue;
            };
            let at = index % ring * self.width;
            for (sum, &pixel) in self.sums[at..at + self.width].iter_mut().zip(row) {
                *sum = sum.wrapping_add(coefficient.wrapping_mul(i32::from(pixel)));
            }
        }
        self.rows += 1;
        while self.first < self.end
            && windows[self.first].first + windows[self.first].count <= self.rows
        {
            let at = self.first % ring * self.width;
            for (pixel, sum) in self.finished.iter_mut().zip(&self.sums[at..at + self.width]) {
                *pixel = clip(*sum);
            }
            emit(&self.finished);
            self.first += 1;
        }
    }
}

impl Drop for ColumnPass {
    fn drop(&mut self) {
        self.sums.zeroize();
        self.finished.zeroize();
    }
}
