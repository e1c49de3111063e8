//! The Jarosz filter: two rounds of box filters along rows and columns, and the 64x64 samples taken from the result.
//!
//! The reference (`jaroszFilterFloat` and `decimateFloat`, facebook/ThreatExchange `pdq/cpp/downscaling`) writes four
//! full planes. Here the image is read once, eight rows at a time, and only a box's worth of filtered rows is kept.
//! Every element still meets the same operations in the same order: a running `f32` sum that adds the entering value,
//! subtracts the leaving one and is divided by the count of values under the box. Two rewritings leave each bit alone:
//!
//! * At the borders the reference skips the addition or the subtraction; here a zero is added or subtracted. Sums of
//!   non-negative values are never -0, so `sum + 0.0` and `sum - 0.0` are `sum`.
//! * The second round divides only where a sample is taken.
//!
//! Positions are counted in *arrivals*: the box filter's value for position `i` is known when position `i + lead` has
//! arrived, so each filter's output runs `lead` behind its input and the stages need no look-ahead. Divisors are
//! indexed by arrival; where no position corresponds, the divisor is infinite and the output zero.

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

/// Groups of eight rows that go through the filter together, so that the running sum of one hides the latency of the
/// other's.
const GROUPS: usize = 2;

/// Rows that the filter takes at a time.
pub(crate) const BLOCK_ROWS: usize = GROUPS * LANES;

/// Arrivals that pass through all stages before the next do, so that what lies between them stays in the nearest cache.
const CHUNK: usize = 4 * luma::STEP;

/// Arrivals of a chunk that go down the columns, then along the rows again, before the next do: the one waits for
/// shuffles, the other for its running sums, and the processor does both at once.
const STRETCH: usize = 32;

const SAMPLE_TILES: usize = SIDE / LANES;

/// Rows go in, [`Samples`] come out.
#[derive(Debug)]
pub(crate) struct JaroszFilter {
    level: Level,
    /// Along a row.
    across: Axis,
    /// Along a column.
    down: Axis,
    ring: Ring,
    /// Rows that have arrived.
    arrived: usize,
    /// The chunk in hand: luma, one arrival after another, behind a box's worth of what came before. An arrival is an
    /// element a group of eight rows.
    luma: Vec<Eight>,
    /// The same after the first round.
    smooth: Vec<Eight>,
    /// Second-round averages along the rows where a sample is due, a row of samples a group.
    due: Vec<[Eight; SIDE]>,
    /// The rows' last pixels, padded.
    padded: Box<[[u8; luma::STEP_BYTES]; BLOCK_ROWS]>,
    /// Running sums down the columns, a tile of eight columns an element.
    column_sums: Vec<Eight>,
    /// The rows under the boxes of `column_sums`, a ring of [`Ring::stride`] rows a tile.
    column_history: Vec<Eight>,
    /// The same for the sampled columns in the second round.
    sample_sums: [Eight; SAMPLE_TILES],
    sample_history: Vec<[Eight; SAMPLE_TILES]>,
    samples: Box<Samples>,
    next_sample_row: usize,
}

impl JaroszFilter {
    /// A filter for images of `width` by `height`, both at least 1.
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

    /// Takes the next rows, at most [`BLOCK_ROWS`]; fewer only at the end. Each holds `width` RGB triples.
    pub(crate) fn push(&mut self, rows: &[&[u8]]) {
        let rows = std::array::from_fn(|row| rows.get(row).copied().unwrap_or_default());
        let level = self.level;
        dispatch!(level, simd => self.block(simd, rows));
    }

    /// The samples, once every row was pushed.
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

/// Running sums along the rows in hand.
struct RowSums<S: Simd> {
    first: [f32x8<S>; GROUPS],
    second: [f32x8<S>; GROUPS],
    /// Samples gathered so far.
    due: usize,
}

impl Drop for JaroszFilter {
    /// What is left of the image's luma is wiped, also when the image was abandoned half-way.
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
