//! The Jarosz filter: two rounds of box filters along rows and columns, and the 64x64 samples of
//! the result.
//!
//! The reference (`jaroszFilterFloat` and `decimateFloat`, facebook/ThreatExchange
//! `pdq/cpp/downscaling`) computes four full planes. This implementation reads the image once,
//! sixteen rows at a time, and retains only the filtered rows within a box. Each element goes
//! through the same operations in the same order: a running `f32` sum that adds the entering value,
//! subtracts the leaving one, and is divided by the number of values in the box. Two changes do not
//! affect any bit:
//!
//! * At the borders the reference skips the addition or the subtraction; this code adds or
//!   subtracts zero. Sums of non-negative values are never -0, so `sum + 0.0` and `sum - 0.0` equal
//!   `sum`.
//! * The second round divides only where a sample is taken.
//!
//! Positions are counted in *arrivals*: the output of a box filter for position `i` is known when
//! position `i + lead` has arrived. Each filter's output lags its input by `lead`, and no stage
//! needs look-ahead. Divisors are indexed by arrival; if an arrival has no position, the divisor is
//! infinite and the output zero.

mod columns;
mod rows;
mod second;

use fearless_simd::prelude::*;
use fearless_simd::{Level, dispatch, f32x8};
use zeroize::Zeroize;

use super::boxes::{Axis, Ring};
use super::lanes::{Eight, LANES, wipe};
use super::luma;
use super::samples::{self, SIDE, Samples};

/// Groups of eight rows that are filtered together, so that the running sum of one group hides the
/// latency of the other.
const GROUPS: usize = 2;

/// Number of rows per call of the filter.
pub(crate) const BLOCK_ROWS: usize = GROUPS * LANES;

/// Number of arrivals that pass through all stages before the next ones, so that intermediate
/// values stay in the L1 cache.
const CHUNK: usize = 4 * luma::STEP;

/// Number of arrivals of a chunk that are filtered along columns, then along rows, before the next
/// ones. The former waits for shuffles, the latter for running sums; interleaved, they overlap.
const STRETCH: usize = 32;

const SAMPLE_TILES: usize = SIDE / LANES;

/// Computes the [`Samples`] of an image from its rows.
#[derive(Debug)]
pub(crate) struct JaroszFilter {
    level: Level,
    /// Along a row.
    across: Axis,
    /// Along a column.
    down: Axis,
    ring: Ring,
    /// Number of rows that have arrived.
    arrived: usize,
    /// Luma of the current chunk, in order of arrival, preceded by the values of one box. Each
    /// arrival has one element per group of eight rows.
    luma: Vec<Eight>,
    /// The same after the first round.
    smooth: Vec<Eight>,
    /// Second-round averages along the rows at sampled columns, one row of samples per group.
    due: Vec<[Eight; SIDE]>,
    /// The last pixels of the rows, padded.
    padded: Box<[[u8; luma::STEP_BYTES]; BLOCK_ROWS]>,
    /// Running sums down the columns, one element per tile of eight columns.
    column_sums: Vec<Eight>,
    /// The rows within the boxes of `column_sums`: a ring of [`Ring::stride`] rows per tile.
    column_history: Vec<Eight>,
    /// The same for the sampled columns in the second round.
    sample_sums: [Eight; SAMPLE_TILES],
    sample_history: Vec<[Eight; SAMPLE_TILES]>,
    samples: Box<Samples>,
    next_sample_row: usize,
}

impl JaroszFilter {
    /// Creates a filter for images of `width` by `height`, both above 0.
    pub(crate) fn new(width: usize, height: usize, level: Level) -> Self {
        let (across, down) = (Axis::new(width), Axis::new(height));
        let tiles = across.arrivals() / LANES;
        let ring = Ring::new(down.window);
        let chunk = vec![Eight::default(); (across.window + CHUNK) * GROUPS];
        Self {
            level,
            arrived: 0,
            luma: chunk.clone(),
            smooth: chunk,
            due: vec![[Eight::default(); SIDE]; GROUPS],
            padded: Box::new([[0; luma::STEP_BYTES]; BLOCK_ROWS]),
            column_sums: vec![Eight::default(); tiles],
            column_history: vec![Eight::default(); tiles * ring.stride()],
            ring,
            sample_sums: [Eight::default(); SAMPLE_TILES],
            sample_history: vec![[Eight::default(); SAMPLE_TILES]; down.window],
            samples: samples::blank(),
            next_sample_row: 0,
            across,
            down,
        }
    }

    /// Adds the next [`BLOCK_ROWS`] rows; fewer only at the end. Each has `width` RGB triples.
    pub(crate) fn push(&mut self, rows: &[&[u8]]) {
        let rows = std::array::from_fn(|row| rows.get(row).copied().unwrap_or_default());
        let level = self.level;
        dispatch!(level, simd => self.block(simd, rows));
    }

    /// Returns the samples, after every row was added.
    pub(crate) fn finish(mut self) -> Box<Samples> {
        while self.next_sample_row < SIDE {
            self.push(&[]);
        }
        std::mem::replace(&mut self.samples, samples::blank())
    }

    #[inline(always)]
    fn block<S: Simd>(&mut self, simd: S, rows: [&[u8]; BLOCK_ROWS]) {
        let history = self.across.window * GROUPS;
        self.luma[..history].fill(Eight::default());
        self.smooth[..history].fill(Eight::default());
        let zero = f32x8::splat(simd, 0.0);
        let mut sums = RowSums { first: [zero; GROUPS], second: [zero; GROUPS], due: 0 };
        for start in (0..self.across.arrivals()).step_by(CHUNK) {
            let count = CHUNK.min(self.across.arrivals() - start);
            self.smooth_rows(simd, &mut sums, &rows, start, count);
            for at in (0..count).step_by(STRETCH) {
                let stretch = at..count.min(at + STRETCH);
                self.smooth_columns(simd, start, stretch.clone());
                self.gather_due(simd, &mut sums, start, stretch);
            }
            self.luma.copy_within(count * GROUPS..count * GROUPS + history, 0);
            self.smooth.copy_within(count * GROUPS..count * GROUPS + history, 0);
        }
        self.sample_rows(simd);
        self.arrived += BLOCK_ROWS;
    }
}

/// Running sums along the rows of the current block.
struct RowSums<S: Simd> {
    first: [f32x8<S>; GROUPS],
    second: [f32x8<S>; GROUPS],
    /// Number of samples gathered so far.
    due: usize,
}

impl Drop for JaroszFilter {
    /// Overwrites the remaining luma with zeros, also if hashing was cancelled.
    fn drop(&mut self) {
        for values in [
            self.luma.as_mut_slice(),
            &mut self.smooth,
            self.due.as_flattened_mut(),
            &mut self.column_sums,
            &mut self.column_history,
            &mut self.sample_sums,
            self.sample_history.as_flattened_mut(),
        ] {
            wipe(values);
        }
        self.padded.as_flattened_mut().zeroize();
        samples::wipe(&mut self.samples);
    }
}

#[cfg(test)]
mod tests;
