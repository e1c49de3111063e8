//! The image as all its variants see it: a plane of luma, at most 512 a side, made in the one pass over the rows.

use std::ops::Range;

use zeroize::Zeroize;

use ownprint_pixels::Size;

/// The most pixels a side of a [`Plane`] has.
const LONGEST_SIDE: usize = 512;

/// Luma in pixels that all cover the same width and height of an image, but for the last of each row and column,
/// which end with it. Wiped on drop.
#[derive(Debug)]
pub(super) struct Plane {
    values: Vec<f32>,
    pub(super) across: Grid,
    pub(super) down: Grid,
}

/// How a plane's pixels lie along one direction.
#[derive(Debug, Clone, Copy)]
pub(super) struct Grid {
    /// The image's length, in its own pixels.
    pub(super) length: f64,
    /// What one of the plane's pixels covers of it.
    pub(super) pitch: f64,
    /// The plane's pixels.
    pub(super) count: usize,
}

impl Plane {
    /// A plane of `down.count` rows of `across.count` values.
    pub(super) fn new(values: Vec<f32>, across: Grid, down: Grid) -> Self {
        debug_assert_eq!(values.len(), across.count * down.count);
        Self { values, across, down }
    }

    /// A row, or no values where there is no such row.
    pub(super) fn row(&self, row: usize) -> &[f32] {
        let start = row.saturating_mul(self.across.count);
        self.values.get(start..start.saturating_add(self.across.count)).unwrap_or_default()
    }

    /// Rows one after another.
    pub(super) fn rows(&self, rows: Range<usize>) -> impl Iterator<Item = &[f32]> {
        rows.map(|row| self.row(row))
    }
}

impl Drop for Plane {
    fn drop(&mut self) {
        self.values.zeroize();
    }
}

/// Rows of RGB go in, a [`Plane`] comes out: the means of squares of `factor` pixels, exact but for one rounding to `f32`.
#[derive(Debug)]
pub(super) struct PlaneReducer {
    width: usize,
    height: usize,
    /// Pixels a side that become one.
    factor: usize,
    /// Bytes of the rows since the last flush, added up column by column.
    column_sums: Vec<u16>,
    rows_held: usize,
    /// Red, green and blue of the squares in hand.
    squares: Vec<[u64; 3]>,
    rows_in_squares: usize,
    values: Vec<f32>,
}

/// Rows whose bytes a `u16` holds the sum of.
const MOST_ROWS_HELD: usize = 256;

impl PlaneReducer {
    /// For images of `size`, with sides of 1 and more.
    pub(super) fn new(size: Size) -> Self {
        let (width, height) = (size.width as usize, size.height as usize);
        let factor = width.max(height).div_ceil(LONGEST_SIDE).max(1);
        let (columns, rows) = (width.div_ceil(factor), height.div_ceil(factor));
        Self {
            width,
            height,
            factor,
            column_sums: vec![0; 3 * width],
            rows_held: 0,
            squares: vec![[0; 3]; columns],
            rows_in_squares: 0,
            values: Vec::with_capacity(columns * rows),
        }
    }

    /// Takes the next rows of RGB triples.
    pub(super) fn push(&mut self, rows: &[&[u8]]) {
        for row in rows {
            for (sum, byte) in self.column_sums.iter_mut().zip(*row) {
                *sum += u16::from(*byte);
            }
            self.rows_held += 1;
            self.rows_in_squares += 1;
            if self.rows_in_squares == self.factor {
                self.flush();
                self.finish_squares();
            } else if self.rows_held == MOST_ROWS_HELD {
                self.flush();
            }
        }
    }

    /// Adds the rows held to the squares.
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
        self.rows_held = 0;
    }

    /// A row of squares becomes a row of the plane.
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

    /// The plane, once every row was pushed.
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
        // Rows that never came.
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
