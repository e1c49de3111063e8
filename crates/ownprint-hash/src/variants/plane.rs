//! A small luma plane from which all variants are computed: up to 512x512 pixels, built in the pass
//! over the rows.

use std::ops::Range;

use zeroize::Zeroize;

use ownprint_pixels::Size;

/// Maximum width and height of a [`Plane`].
const MAX_SIDE: usize = 512;

/// A plane of luma. All its pixels cover the same area of the image, except the last ones of each
/// row and column, which end with the image. Overwritten with zeros on drop.
#[derive(Debug)]
pub(super) struct Plane {
    values: Vec<f32>,
    pub(super) across: Grid,
    pub(super) down: Grid,
}

/// The pixels of a plane in one direction.
#[derive(Debug, Clone, Copy)]
pub(super) struct Grid {
    /// Length of the image, in pixels of the image.
    pub(super) length: f64,
    /// Length of a pixel of the plane, in pixels of the image.
    pub(super) pitch: f64,
    /// Number of pixels of the plane.
    pub(super) count: usize,
}

impl Plane {
    /// Creates a plane of `down.count` rows of `across.count` values.
    pub(super) fn new(values: Vec<f32>, across: Grid, down: Grid) -> Self {
        debug_assert_eq!(values.len(), across.count * down.count);
        Self { values, across, down }
    }

    /// Returns a row; empty if there is no such row.
    pub(super) fn row(&self, row: usize) -> &[f32] {
        let start = row.saturating_mul(self.across.count);
        self.values.get(start..start.saturating_add(self.across.count)).unwrap_or_default()
    }

    /// Returns consecutive rows.
    pub(super) fn rows(&self, rows: Range<usize>) -> impl Iterator<Item = &[f32]> {
        rows.map(|row| self.row(row))
    }
}

impl Drop for Plane {
    fn drop(&mut self) {
        self.values.zeroize();
    }
}

/// Reduces rows of RGB to a [`Plane`]: the means of squares of `factor` pixels, exact except for
/// one rounding to `f32`.
#[derive(Debug)]
pub(super) struct PlaneReducer {
    width: usize,
    height: usize,
    /// Width and height of a square that becomes one pixel.
    factor: usize,
    /// Sums of the rows since the last flush, per byte column.
    column_sums: Vec<u16>,
    pending_rows: usize,
    /// Sums of red, green and blue of the current squares.
    squares: Vec<[u64; 3]>,
    rows_in_squares: usize,
    values: Vec<f32>,
}

/// Maximum number of rows whose sum fits in a `u16`.
const MAX_PENDING_ROWS: usize = 256;

impl PlaneReducer {
    /// Creates a reducer for images of `size`; width and height must not be 0.
    pub(super) fn new(size: Size) -> Self {
        let (width, height) = (size.width as usize, size.height as usize);
        let factor = width.max(height).div_ceil(MAX_SIDE).max(1);
        let (columns, rows) = (width.div_ceil(factor), height.div_ceil(factor));
        Self {
            width,
            height,
            factor,
            column_sums: vec![0; 3 * width],
            pending_rows: 0,
            squares: vec![[0; 3]; columns],
            rows_in_squares: 0,
            values: Vec::with_capacity(columns * rows),
        }
    }

    /// Adds the next rows of RGB triples.
    pub(super) fn push(&mut self, rows: &[&[u8]]) {
        for row in rows {
            for (sum, byte) in self.column_sums.iter_mut().zip(*row) {
                *sum += u16::from(*byte);
            }
            self.pending_rows += 1;
            self.rows_in_squares += 1;
            if self.rows_in_squares == self.factor {
                self.flush();
                self.finish_squares();
            } else if self.pending_rows == MAX_PENDING_ROWS {
                self.flush();
            }
        }
    }

    /// Adds the pending rows to the squares.
    fn flush(&mut self) {
        let pieces = self.column_sums.chunks_mut(3 * self.factor);
        for (square, piece) in self.squares.iter_mut().zip(pieces) {
            let [mut red, mut green, mut blue] = *square;
            for [r, g, b] in piece.as_chunks::<3>().0 {
                red += u64::from(*r);
                green += u64::from(*g);
                blue += u64::from(*b);
            }
            *square = [red, green, blue];
        }
        self.column_sums.fill(0);
        self.pending_rows = 0;
    }

    /// Writes a row of squares as a row of the plane.
    fn finish_squares(&mut self) {
        for (index, square) in self.squares.iter_mut().enumerate() {
            let columns = self.factor.min(self.width - index * self.factor);
            let pixels = (columns * self.rows_in_squares) as u64;
            let [red, green, blue] = *square;
            let luma = 299 * red + 587 * green + 114 * blue;
            self.values.push((luma as f64 / (1000 * pixels) as f64) as f32);
            *square = [0; 3];
        }
        self.rows_in_squares = 0;
    }

    /// Returns the plane, after every row was added.
    pub(super) fn finish(mut self) -> Plane {
        if self.rows_in_squares > 0 {
            self.flush();
            self.finish_squares();
        }
        let grid = |length: usize| Grid {
            length: length as f64,
            pitch: self.factor as f64,
            count: length.div_ceil(self.factor),
        };
        let (across, down) = (grid(self.width), grid(self.height));
        let mut values = std::mem::take(&mut self.values);
        // Missing rows.
        values.resize(across.count * down.count, 0.0);
        Plane::new(values, across, down)
    }
}

impl Drop for PlaneReducer {
    fn drop(&mut self) {
        self.column_sums.zeroize();
        self.squares.as_flattened_mut().zeroize();
        self.values.zeroize();
    }
}
