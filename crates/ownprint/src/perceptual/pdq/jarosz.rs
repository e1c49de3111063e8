//! The Jarosz filter: two rounds of box filters along rows and columns, and the 64x64 samples taken from the result.
//!
//! The reference (`jaroszFilterFloat` and `decimateFloat`, facebook/ThreatExchange `pdq/cpp/downscaling`) writes four
//! full planes. Here the picture is read once, eight rows at a time, and only a box's worth of filtered rows is kept.
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

use fearless_simd::prelude::*;
use fearless_simd::{Level, dispatch, f32x8};
use zeroize::Zeroize;

use super::SIDE;
use super::lanes::{Eight, LANES, transpose};
use super::luma;

/// The samples: row-major, [`SIDE`] rows of [`SIDE`] columns.
pub(super) type Samples = [[f32; SIDE]; SIDE];

/// Samples of nothing yet.
pub(super) fn blank() -> Box<Samples> {
    Box::new([[0.0; SIDE]; SIDE])
}

const SAMPLE_TILES: usize = SIDE / LANES;

/// One direction of the filter: how its box moves over `length` positions.
#[derive(Debug)]
struct Axis {
    /// Positions under the box away from the borders.
    window: usize,
    /// Count of positions under the box for the output of each arrival of the first round.
    divisors: Vec<f32>,
    /// For each sample, the arrival of the second round that yields it, and its divisor.
    samples: [(usize, f32); SIDE],
}

impl Axis {
    fn new(length: usize) -> Self {
        let window = length.div_ceil(2 * SIDE);
        let lead = usize::midpoint(window, 2) - 1;
        let count = |position: usize| {
            let first = (position + lead + 1).saturating_sub(window);
            let last = (position + lead).min(length - 1);
            (last + 1 - first) as f32
        };
        let arrivals = (length + 2 * lead).next_multiple_of(luma::STEP);
        let divisors = (0..arrivals)
            .map(|arrival| match arrival.checked_sub(lead) {
                Some(position) if position < length => count(position),
                _ => f32::INFINITY,
            })
            .collect();
        let samples = std::array::from_fn(|sample| {
            let position = (2 * sample + 1) * length / (2 * SIDE);
            (position + 2 * lead, count(position))
        });
        Self { window, divisors, samples }
    }

    fn arrivals(&self) -> usize {
        self.divisors.len()
    }
}

/// Rows go in, [`Samples`] come out.
#[derive(Debug)]
pub(super) struct JaroszFilter {
    level: Level,
    width: usize,
    /// Along a row.
    across: Axis,
    /// Along a column.
    down: Axis,
    /// Rows that have arrived, a multiple of [`LANES`] but at the end.
    arrived: usize,
    /// Luma of the rows in hand, behind a box's worth of zeros: one arrival an element, one row a lane.
    luma: Vec<Eight>,
    /// The same after the first round, again behind a box's worth of zeros.
    smooth: Vec<Eight>,
    /// Second-round sums along the row where a sample is due.
    due: Box<[Eight; SIDE]>,
    /// Running sums down the columns, a tile of eight columns an element.
    column_sums: Vec<Eight>,
    /// The rows under the boxes of `column_sums`: `down.window` elements a tile.
    column_history: Vec<Eight>,
    /// The same for the sampled columns in the second round.
    sample_sums: [Eight; SAMPLE_TILES],
    sample_history: Vec<[Eight; SAMPLE_TILES]>,
    samples: Box<Samples>,
    next_sample_row: usize,
}

impl JaroszFilter {
    /// A filter for pictures of `width` by `height`, both at least 1.
    pub(super) fn new(width: usize, height: usize, level: Level) -> Self {
        let (across, down) = (Axis::new(width), Axis::new(height));
        let tiles = across.arrivals() / LANES;
        let row = vec![Eight::default(); across.window + across.arrivals()];
        Self {
            level,
            width,
            arrived: 0,
            luma: row.clone(),
            smooth: row,
            due: Box::new([Eight::default(); SIDE]),
            column_sums: vec![Eight::default(); tiles],
            column_history: vec![Eight::default(); tiles * down.window],
            sample_sums: [Eight::default(); SAMPLE_TILES],
            sample_history: vec![[Eight::default(); SAMPLE_TILES]; down.window],
            samples: blank(),
            next_sample_row: 0,
            across,
            down,
        }
    }

    /// Takes the next rows, at most [`LANES`]; fewer only at the end. Each holds `width` RGB triples.
    pub(super) fn push(&mut self, rows: &[&[u8]]) {
        let level = self.level;
        dispatch!(level, simd => self.block(simd, rows));
    }

    /// The samples, once every row was pushed.
    pub(super) fn finish(mut self) -> Box<Samples> {
        while self.next_sample_row < SIDE {
            self.push(&[]);
        }
        std::mem::replace(&mut self.samples, blank())
    }

    #[inline(always)]
    fn block<S: Simd>(&mut self, simd: S, rows: &[&[u8]]) {
        self.luma_of(simd, rows);
        self.smooth_rows(simd);
        self.smooth_columns(simd);
        self.gather_due(simd);
        self.sample_rows(simd);
        self.arrived += LANES;
    }

    #[inline(always)]
    fn luma_of<S: Simd>(&mut self, simd: S, rows: &[&[u8]]) {
        let rows: [&[u8]; LANES] = std::array::from_fn(|lane| rows.get(lane).copied().unwrap_or_default());
        let steps = self.luma[self.across.window..].as_chunks_mut::<{ luma::STEP }>().0;
        for (step, out) in steps.iter_mut().enumerate() {
            let start = step * luma::STEP_BYTES;
            let mut padded = [[0; luma::STEP_BYTES]; LANES];
            let whole = start + luma::STEP_BYTES <= 3 * self.width && rows[LANES - 1].len() > start;
            if whole {
                luma::block(simd, rows.map(|row| row[start..].first_chunk().unwrap_or(&padded[0])), out);
            } else {
                for (row, padded) in rows.iter().zip(&mut padded) {
                    let rest = row.get(start..).unwrap_or_default();
                    let rest = &rest[..rest.len().min(luma::STEP_BYTES)];
                    padded[..rest.len()].copy_from_slice(rest);
                }
                luma::block(simd, padded.each_ref(), out);
                padded.zeroize();
            }
        }
    }

    /// First round along the rows, in place.
    #[inline(always)]
    fn smooth_rows<S: Simd>(&mut self, simd: S) {
        let window = self.across.window;
        let mut sum = f32x8::splat(simd, 0.0);
        let entering = &self.luma[window..];
        let leaving = &self.luma[..entering.len()];
        let out = &mut self.smooth[window..];
        for (((entering, leaving), divisor), out) in
            entering.iter().zip(leaving).zip(&self.across.divisors).zip(out)
        {
            sum = sum + entering.load(simd) - leaving.load(simd);
            *out = Eight::store(sum / *divisor);
        }
    }

    /// First round down the columns, in place, tile by tile.
    #[inline(always)]
    fn smooth_columns<S: Simd>(&mut self, simd: S) {
        let window = self.down.window;
        let tiles = self.smooth[self.across.window..].as_chunks_mut::<LANES>().0;
        let histories = self.column_history.chunks_exact_mut(window);
        let mut slots = [0; LANES];
        let mut divisors = [f32::INFINITY; LANES];
        for lane in 0..LANES {
            slots[lane] = (self.arrived + lane) % window;
            divisors[lane] = self.down.divisors.get(self.arrived + lane).copied().unwrap_or(f32::INFINITY);
        }
        for ((tile, history), column_sum) in tiles.iter_mut().zip(histories).zip(&mut self.column_sums) {
            let mut rows = transpose(simd, tile.map(|column| column.load(simd)));
            let mut sum = column_sum.load(simd);
            for ((row, slot), divisor) in rows.iter_mut().zip(slots).zip(divisors) {
                let history = &mut history[slot];
                sum = sum + *row - history.load(simd);
                *history = Eight::store(*row);
                *row = sum / divisor;
            }
            *column_sum = Eight::store(sum);
            *tile = transpose(simd, rows).map(Eight::store);
        }
    }

    /// Second round along the rows, kept only where a sample is due.
    #[inline(always)]
    fn gather_due<S: Simd>(&mut self, simd: S) {
        let window = self.across.window;
        let mut sum = f32x8::splat(simd, 0.0);
        let mut arrival = 0;
        for (due, (at, divisor)) in self.due.iter_mut().zip(self.across.samples) {
            let entering = &self.smooth[window + arrival..=window + at];
            let leaving = &self.smooth[arrival..=at];
            for (entering, leaving) in entering.iter().zip(leaving) {
                sum = sum + entering.load(simd) - leaving.load(simd);
            }
            arrival = at + 1;
            *due = Eight::store(sum / divisor);
        }
    }

    /// Second round down the sampled columns, and the samples themselves.
    #[inline(always)]
    fn sample_rows<S: Simd>(&mut self, simd: S) {
        let window = self.down.window;
        for (tile, columns) in self.due.as_chunks::<LANES>().0.iter().enumerate() {
            let rows = transpose(simd, columns.map(|column| column.load(simd)));
            let mut sum = self.sample_sums[tile].load(simd);
            let mut next = self.next_sample_row;
            for (lane, row) in rows.into_iter().enumerate() {
                let arrival = self.arrived + lane;
                let history = &mut self.sample_history[arrival % window][tile];
                sum = sum + row - history.load(simd);
                *history = Eight::store(row);
                while next < SIDE && self.down.samples[next].0 == arrival {
                    let value: [f32; LANES] = (sum / self.down.samples[next].1).into();
                    self.samples[next][tile * LANES..(tile + 1) * LANES].copy_from_slice(&value);
                    next += 1;
                }
            }
            self.sample_sums[tile] = Eight::store(sum);
        }
        let end = self.arrived + LANES;
        while self.next_sample_row < SIDE && self.down.samples[self.next_sample_row].0 < end {
            self.next_sample_row += 1;
        }
    }
}

impl Drop for JaroszFilter {
    /// What is left of the picture's luma is wiped, also when the picture was abandoned half-way.
    fn drop(&mut self) {
        self.luma.zeroize();
        self.smooth.zeroize();
        self.due.zeroize();
        self.column_sums.zeroize();
        self.column_history.zeroize();
        self.sample_sums.zeroize();
        self.sample_history.as_mut_slice().as_flattened_mut().zeroize();
        self.samples.as_flattened_mut().zeroize();
    }
}
