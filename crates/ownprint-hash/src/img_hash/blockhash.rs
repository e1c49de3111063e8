//! Blockhash as in img_hash 3.2.0 (`alg/blockhash.rs`, MIT or Apache-2.0), after blockhash.io's
//! Python reference.
//!
//! For each of `width` by `height` blocks it sums red, green and blue; a bit is set if the sum
//! exceeds the median of its four rows of blocks. If the dimensions of the image are not multiples
//! of those of the hash, the reference sums in `f32` with incorrect weights: pixels are not divided
//! among blocks, each is added to the block that contains its corner. Fractions of pixels occur
//! only if an image is smaller than its hash.

use zeroize::Zeroize;

use super::bits::packed;
use crate::bit_hash::BitHash;

/// Number of rows of blocks that share a median.
const BAND: usize = 4;

/// Maximum sum of a pixel.
const WHITE: u32 = 3 * 255;

/// The tolerance for equal sums, in `f32`.
const MARGIN: f32 = 0.001;

/// Maximum up to which `f32` represents every integer.
const EXACT: f32 = 16_777_216.0;

/// Computes a hash from RGB rows.
#[derive(Debug)]
pub(super) struct Blockhash {
    columns: usize,
    rows: usize,
    width: usize,
    height: usize,
    sums: Sums,
    arrived: usize,
}

#[derive(Debug)]
enum Sums {
    /// Every block has the same integer number of pixels.
    Whole(Vec<u32>),
    Parts(Vec<f32>),
}

impl Blockhash {
    /// Creates a hasher of `columns` by `rows` blocks, both multiples of 4, for an image of `width`
    /// by `height`.
    pub(super) fn new(columns: usize, rows: usize, width: usize, height: usize) -> Self {
        let blocks = columns * rows;
        let is_whole = width.is_multiple_of(columns) && height.is_multiple_of(rows);
        let sums =
            if is_whole { Sums::Whole(vec![0; blocks]) } else { Sums::Parts(vec![0.0; blocks]) };
        Self { columns, rows, width, height, sums, arrived: 0 }
    }

    /// Adds the next row.
    pub(super) fn push(&mut self, row: &[u8]) {
        let pixels = row.as_chunks::<3>().0;
        let y = self.arrived;
        self.arrived += 1;
        let (across, down) =
            (Axis::new(self.width, self.columns), Axis::new(self.height, self.rows));
        match &mut self.sums {
            Sums::Whole(sums) => {
                let top = y / (self.height / self.rows) * self.columns;
                for (sum, pixels) in
                    sums[top..].iter_mut().zip(pixels.chunks_exact(self.width / self.columns))
                {
                    *sum = sum.wrapping_add(total(pixels));
                }
            }
            Sums::Parts(sums) if across.is_whole() && down.is_whole() => {
                let top = down.share(y).first * self.columns;
                add_to_blocks(&mut sums[top..][..self.columns], pixels, &across);
            }
            Sums::Parts(sums) => add_parts(sums, pixels, &across, &down.share(y), self.columns),
        }
    }

    /// Returns the hash, after every row was added.
    pub(super) fn finish(&self) -> BitHash {
        let mut bits = Vec::new();
        match &self.sums {
            Sums::Whole(sums) => {
                let area = (self.width / self.columns) as u32 * (self.height / self.rows) as u32;
                let half = WHITE.wrapping_mul(area) / 2;
                for band in sums.chunks(BAND * self.columns) {
                    let median = median(band, |a, b| a.cmp(b));
                    bits.extend(
                        band.iter().map(|&sum| sum > median || sum == median && median > half),
                    );
                }
            }
            Sums::Parts(sums) => {
                let (across, down) =
                    (Axis::new(self.width, self.columns), Axis::new(self.height, self.rows));
                let half = WHITE as f32 * (across.block * down.block) / 2.0;
                for band in sums.chunks(BAND * self.columns) {
                    let median = median(band, f32::total_cmp);
                    let is_equal = |sum: f32| (sum - median).abs() < MARGIN;
                    bits.extend(
                        band.iter().map(|&sum| sum > median || is_equal(sum) && median > half),
                    );
                }
            }
        }
        packed(&bits)
    }
}

/// One direction of an image whose length is not a multiple of the hash's.
struct Axis {
    blocks: usize,
    /// Pixels per block.
    block: f32,
}

/// The distribution of a line of pixels among blocks.
struct Share {
    /// The block that receives `weight`, and the one that receives the rest.
    first: usize,
    second: usize,
    weight: f32,
}

impl Axis {
    fn new(length: usize, blocks: usize) -> Self {
        Self { blocks, block: length as f32 / blocks as f32 }
    }

    /// Returns `true` if every pixel is added to one block. The reference computes the remainder of
    /// 1 instead of that of the position.
    fn is_whole(&self) -> bool {
        self.block >= 1.0
    }

    fn share(&self, position: usize) -> Share {
        let moved = position as f32 + 1.0 % self.block;
        let exact = position as f32 / self.block;
        let last = self.blocks - 1;
        let first = (exact.floor() as usize).min(last);
        let second = if moved < 1.0 { (exact.ceil() as usize).min(last) } else { first };
        Share { first, second, weight: moved.fract() }
    }
}

/// Returns the sum of all channels.
fn total(pixels: &[[u8; 3]]) -> u32 {
    pixels.as_flattened().iter().map(|&byte| u32::from(byte)).sum()
}

/// Adds each pixel to its block, in `f32` and in order. While sums are exact, several pixels are
/// added at once.
fn add_to_blocks(sums: &mut [f32], pixels: &[[u8; 3]], across: &Axis) {
    let mut start = 0;
    for (block, sum) in sums.iter_mut().enumerate() {
        let is_inside = |x: &usize| across.share(*x).first == block;
        // From the quotient to the border after its rounding.
        let mut end = (((block + 1) as f32 * across.block) as usize)
            .saturating_sub(1)
            .clamp(start, pixels.len());
        while end < pixels.len() && is_inside(&end) {
            end += 1;
        }
        let inside = &pixels[start..end];
        let whole = total(inside) as f32;
        if *sum + whole <= EXACT {
            *sum += whole;
        } else {
            *sum = inside.iter().fold(*sum, |sum, pixel| sum + total(&[*pixel]) as f32);
        }
        start = end;
    }
}

/// Divides each pixel among up to four blocks.
fn add_parts(sums: &mut [f32], pixels: &[[u8; 3]], across: &Axis, down: &Share, columns: usize) {
    for (x, pixel) in pixels.iter().enumerate() {
        let value = total(&[*pixel]) as f32;
        let across = across.share(x);
        for (row, row_weight, column, column_weight) in [
            (down.first, down.weight, across.first, across.weight),
            (down.second, 1.0 - down.weight, across.first, across.weight),
            (down.first, down.weight, across.second, 1.0 - across.weight),
            (down.second, 1.0 - down.weight, across.second, 1.0 - across.weight),
        ] {
            sums[row * columns + column] += value * column_weight * row_weight;
        }
    }
}

/// Returns the upper median.
fn median<T: Copy + Zeroize>(values: &[T], order: fn(&T, &T) -> std::cmp::Ordering) -> T {
    let mut sorted = zeroize::Zeroizing::new(values.to_vec());
    let middle = sorted.len() / 2;
    *sorted.select_nth_unstable_by(middle, order).1
}

impl Drop for Blockhash {
    fn drop(&mut self) {
        match &mut self.sums {
            Sums::Whole(sums) => sums.zeroize(),
            Sums::Parts(sums) => sums.zeroize(),
        }
    }
}
