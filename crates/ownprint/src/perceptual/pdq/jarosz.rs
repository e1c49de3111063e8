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

use std::ops::Range;

use fearless_simd::prelude::*;
use fearless_simd::{Level, dispatch, f32x8};
use zeroize::Zeroize;

use super::SIDE;
use super::boxes::{Axis, Ring};
use super::lanes::{Divisor, Eight, LANES, transpose, wipe};
use super::luma;

/// The samples: row-major, [`SIDE`] rows of [`SIDE`] columns.
pub(super) type Samples = [[f32; SIDE]; SIDE];

/// Samples of nothing yet.
pub(super) fn blank() -> Box<Samples> {
    Box::new([[0.0; SIDE]; SIDE])
}

/// Overwrites samples with zeros.
#[inline(never)]
pub(super) fn wipe_samples(samples: &mut Samples) {
    samples.as_flattened_mut().zeroize();
}

/// Groups of eight rows that go through the filter together, so that the running sum of one hides the latency of the
/// other's.
const GROUPS: usize = 2;

/// Rows that the filter takes at a time.
pub(super) const BLOCK_ROWS: usize = GROUPS * LANES;

/// Arrivals that pass through all stages before the next do, so that what lies between them stays in the nearest cache.
const CHUNK: usize = 4 * luma::STEP;

/// Arrivals of a chunk that go down the columns, then along the rows again, before the next do: the one waits for
/// shuffles, the other for its running sums, and the processor does both at once.
const STRETCH: usize = 32;

const SAMPLE_TILES: usize = SIDE / LANES;

/// Rows go in, [`Samples`] come out.
#[derive(Debug)]
pub(super) struct JaroszFilter {
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
    /// A filter for pictures of `width` by `height`, both at least 1.
    pub(super) fn new(width: usize, height: usize, level: Level) -> Self {
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
            samples: blank(),
            next_sample_row: 0,
            across,
            down,
        }
    }

    /// Takes the next rows, at most [`BLOCK_ROWS`]; fewer only at the end. Each holds `width` RGB triples.
    pub(super) fn push(&mut self, rows: &[&[u8]]) {
        let rows = std::array::from_fn(|row| rows.get(row).copied().unwrap_or_default());
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

    /// Luma, and the first round along the rows.
    #[inline(always)]
    fn smooth_rows<S: Simd>(
        &mut self,
        simd: S,
        sums: &mut RowSums<S>,
        rows: &[&[u8]; BLOCK_ROWS],
        start: usize,
        count: usize,
    ) {
        let is_inner = self.across.is_inner(start, count);
        if is_inner && let Some(divisor) = Divisor::new(simd, self.across.window) {
            self.smooth_rows_by(
                simd,
                sums,
                rows,
                start,
                count,
                #[inline(always)]
                |_, sum| divisor.divide(sum),
            );
        } else {
            let divisors: [f32; CHUNK] = self.across.divisors_from(start);
            self.smooth_rows_by(
                simd,
                sums,
                rows,
                start,
                count,
                #[inline(always)]
                |index, sum| sum / divisors[index % CHUNK],
            );
        }
    }

    #[inline(always)]
    fn smooth_rows_by<S: Simd>(
        &mut self,
        simd: S,
        sums: &mut RowSums<S>,
        rows: &[&[u8]; BLOCK_ROWS],
        start: usize,
        count: usize,
        divide: impl Fn(usize, f32x8<S>) -> f32x8<S>,
    ) {
        let window = self.across.window;
        let luma = self.luma.as_chunks_mut::<GROUPS>().0;
        let smooth = &mut self.smooth.as_chunks_mut::<GROUPS>().0[window..window + count];
        let mut sum = sums.first;
        let mut words = [[f32x8::splat(simd, 0.0); luma::WORDS]; GROUPS];
        for (step, smooth) in smooth.as_chunks_mut::<{ luma::STEP }>().0.iter_mut().enumerate() {
            let byte = 3 * (start + step * luma::STEP);
            let whole = rows.map(|row| row.get(byte..).and_then(|rest| rest.first_chunk()));
            let bytes: [&[u8; luma::STEP_BYTES]; BLOCK_ROWS] = if whole.iter().all(Option::is_some) {
                whole.map(|bytes| bytes.unwrap_or(&ZEROS))
            } else {
                pad(rows, byte, &mut self.padded);
                self.padded.each_ref()
            };
            let bytes = bytes.as_chunks::<LANES>().0;
            for (words, rows) in words.iter_mut().zip(bytes) {
                luma::load(simd, rows, words);
            }
            let at = step * luma::STEP;
            for (quad, smooth) in smooth.as_chunks_mut::<{ luma::QUAD }>().0.iter_mut().enumerate() {
                let at = at + quad * luma::QUAD;
                for (group, (words, rows)) in words.iter().zip(bytes).enumerate() {
                    let entering = luma::quad(simd, rows, words, quad);
                    for (luma, entering) in
                        luma[window + at..window + at + luma::QUAD].iter_mut().zip(entering)
                    {
                        luma[group] = Eight::store(entering);
                    }
                    let leaving = &luma[at..at + luma::QUAD];
                    for index in 0..luma::QUAD {
                        sum[group] = sum[group] + entering[index] - leaving[index][group].load(simd);
                        smooth[index][group] = Eight::store(divide(at + index, sum[group]));
                    }
                }
            }
        }
        sums.first = sum;
    }

    /// First round down the columns, in place, tile by tile; `stretch` is a part of the chunk that begins with arrival `start`.
    #[inline(always)]
    fn smooth_columns<S: Simd>(&mut self, simd: S, start: usize, stretch: Range<usize>) {
        let is_inner = self.down.is_inner(self.arrived, BLOCK_ROWS);
        if is_inner && let Some(divisor) = Divisor::new(simd, self.down.window) {
            self.smooth_columns_by(
                simd,
                start,
                stretch,
                #[inline(always)]
                |_, sum| divisor.divide(sum),
            );
        } else {
            let divisors: [f32; BLOCK_ROWS] = self.down.divisors_from(self.arrived);
            self.smooth_columns_by(
                simd,
                start,
                stretch,
                #[inline(always)]
                |row, sum| sum / divisors[row],
            );
        }
    }

    #[inline(always)]
    fn smooth_columns_by<S: Simd>(
        &mut self,
        simd: S,
        start: usize,
        stretch: Range<usize>,
        divide: impl Fn(usize, f32x8<S>) -> f32x8<S>,
    ) {
        let start = start + stretch.start;
        let smooth = &mut self.smooth.as_chunks_mut::<GROUPS>().0[self.across.window..][stretch];
        let stride = self.ring.stride();
        // Without vector registers each element goes where it belongs, with no transposed tile in between.
        let is_scalar = simd.level().is_fallback();
        let histories = self.column_history[start / LANES * stride..].chunks_exact_mut(PAIR * stride);
        let column_sums = self.column_sums[start / LANES..].as_chunks_mut::<PAIR>().0;
        let positions: [_; GROUPS] =
            std::array::from_fn(|group| self.ring.positions(self.arrived + group * LANES));
        let tiles = smooth.as_chunks_mut::<LANES>().0.as_chunks_mut::<PAIR>().0;
        for ((tiles, histories), column_sums) in tiles.iter_mut().zip(histories).zip(column_sums) {
            let mut histories = histories.chunks_exact_mut(stride);
            let mut histories: [_; PAIR] = std::array::from_fn(|_| histories.next().unwrap_or_default());
            let mut sums = column_sums.map(|sum| sum.load(simd));
            for group in 0..GROUPS {
                let (new, old) = positions[group];
                for (tile, history) in tiles.iter().zip(&mut histories) {
                    if is_scalar {
                        for lane in 0..LANES {
                            let row = Eight(std::array::from_fn(|column| tile[column][group].0[lane]));
                            history[new + lane] = row;
                            if new == 0 {
                                history[stride - LANES + lane] = row;
                            }
                        }
                        continue;
                    }
                    let rows = transpose(simd, tile.each_ref().map(|column| column[group].load(simd)));
                    keep(&mut history[new..new + LANES], rows);
                    if new == 0 {
                        // The ring's first rows again behind its last, so that any eight rows are contiguous.
                        keep(&mut history[stride - LANES..], rows);
                    }
                }
                let entering = histories.each_ref().map(|history| &history[new..new + LANES]);
                let leaving = histories.each_ref().map(|history| &history[old..old + LANES]);
                let mut out = [[sums[0]; LANES]; PAIR];
                for lane in 0..LANES {
                    for tile in 0..PAIR {
                        sums[tile] =
                            sums[tile] + entering[tile][lane].load(simd) - leaving[tile][lane].load(simd);
                        let quotient = divide(group * LANES + lane, sums[tile]);
                        if is_scalar {
                            for (column, value) in tiles[tile].iter_mut().zip(&*quotient) {
                                column[group].0[lane] = *value;
                            }
                        } else {
                            out[tile][lane] = quotient;
                        }
                    }
                }
                if is_scalar {
                    continue;
                }
                for (tile, rows) in tiles.iter_mut().zip(&out) {
                    for (column, value) in tile.iter_mut().zip(transpose(simd, *rows)) {
                        column[group] = Eight::store(value);
                    }
                }
            }
            *column_sums = sums.map(Eight::store);
        }
    }

    /// Second round along the rows, kept only where a sample is due.
    #[inline(always)]
    fn gather_due<S: Simd>(&mut self, simd: S, sums: &mut RowSums<S>, start: usize, stretch: Range<usize>) {
        let window = self.across.window;
        let smooth = self.smooth.as_chunks::<GROUPS>().0;
        let mut sum = sums.second;
        let mut done = stretch.start;
        while done < stretch.end {
            let until = match self.across.samples.get(sums.due) {
                Some((at, _)) => (at + 1 - start).min(stretch.end),
                None => stretch.end,
            };
            let entering = &smooth[window + done..window + until];
            let leaving = &smooth[done..until];
            for (entering, leaving) in entering.iter().zip(leaving) {
                for group in 0..GROUPS {
                    sum[group] = sum[group] + entering[group].load(simd) - leaving[group].load(simd);
                }
            }
            done = until;
            while let Some((_, divisor)) =
                self.across.samples.get(sums.due).filter(|(at, _)| at + 1 == start + done)
            {
                for (due, sum) in self.due.iter_mut().zip(sum) {
                    due[sums.due] = Eight::store(sum / *divisor);
                }
                sums.due += 1;
            }
        }
        sums.second = sum;
    }

    /// Second round down the sampled columns, and the samples themselves.
    #[inline(always)]
    fn sample_rows<S: Simd>(&mut self, simd: S) {
        let window = self.down.window;
        for tile in 0..SAMPLE_TILES {
            let mut sum = self.sample_sums[tile].load(simd);
            let mut next = self.next_sample_row;
            for (group, due) in self.due.iter().enumerate() {
                let columns = &due.as_chunks::<LANES>().0[tile];
                let rows = transpose(simd, columns.map(|column| column.load(simd)));
                for (lane, row) in rows.into_iter().enumerate() {
                    let arrival = self.arrived + group * LANES + lane;
                    let history = &mut self.sample_history[arrival % window][tile];
                    sum = sum + row - history.load(simd);
                    *history = Eight::store(row);
                    while next < SIDE && self.down.samples[next].0 == arrival {
                        let value: [f32; LANES] = (sum / self.down.samples[next].1).into();
                        self.samples[next][tile * LANES..(tile + 1) * LANES].copy_from_slice(&value);
                        next += 1;
                    }
                }
            }
            self.sample_sums[tile] = Eight::store(sum);
        }
        let end = self.arrived + BLOCK_ROWS;
        while self.next_sample_row < SIDE && self.down.samples[self.next_sample_row].0 < end {
            self.next_sample_row += 1;
        }
    }
}

/// Running sums along the rows in hand.
struct RowSums<S: Simd> {
    first: [f32x8<S>; GROUPS],
    second: [f32x8<S>; GROUPS],
    /// Samples gathered so far.
    due: usize,
}

/// Tiles that go down their columns together, again to hide latency. In WebAssembly an [`Eight`] is two registers or
/// more already, and what two tiles have in hand would be kept in memory.
const PAIR: usize = if cfg!(target_family = "wasm") { 1 } else { 2 };

/// Stores rows one by one: as an array they would be copied by a call in WebAssembly.
#[inline(always)]
fn keep<S: Simd>(slots: &mut [Eight], rows: [f32x8<S>; LANES]) {
    for (slot, row) in slots.iter_mut().zip(rows) {
        *slot = Eight::store(row);
    }
}

const ZEROS: [u8; luma::STEP_BYTES] = [0; luma::STEP_BYTES];

/// The rows' last pixels with zeros behind them, and zeros for the rows below the last.
#[cold]
fn pad(rows: &[&[u8]; BLOCK_ROWS], start: usize, padded: &mut [[u8; luma::STEP_BYTES]; BLOCK_ROWS]) {
    for (row, padded) in rows.iter().zip(padded) {
        let rest = row.get(start..).unwrap_or_default();
        let length = rest.len().min(luma::STEP_BYTES);
        padded[..length].copy_from_slice(&rest[..length]);
        padded[length..].fill(0);
    }
}

impl Drop for JaroszFilter {
    /// What is left of the picture's luma is wiped, also when the picture was abandoned half-way.
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
        wipe_samples(&mut self.samples);
    }
}

#[cfg(test)]
mod tests {
    use ownprint_oracle::pdq as oracle;

    use super::*;
    use crate::tile::levels;

    /// Noise, and behind it two levels only, for ties.
    fn pixels(width: usize, height: usize) -> Vec<u8> {
        let mut state = (width * 31 + height) as u64;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 56) as u8
        };
        (0..width * height * 3).map(|at| if at % 3 == 0 { next() } else { next() & 0x80 }).collect()
    }

    #[test]
    fn every_instruction_set_gives_the_reference_samples() {
        for (width, height) in [
            (5, 5),
            (63, 64),
            (64, 64),
            (65, 129),
            (127, 300),
            (128, 16),
            (129, 17),
            (257, 40),
            (640, 480),
            (2049, 70),
            (70, 2049),
            (4100, 33),
        ] {
            let rgb = pixels(width, height);
            let expected = oracle::decimate(&oracle::jarosz(oracle::luma(&rgb, width, height)));
            for level in levels() {
                let mut filter = JaroszFilter::new(width, height, level);
                let rows: Vec<&[u8]> = rgb.chunks_exact(width * 3).collect();
                rows.chunks(BLOCK_ROWS).for_each(|rows| filter.push(rows));
                let samples = filter.finish();
                let bits = |samples: &Samples| samples.map(|row| row.map(f32::to_bits));
                assert!(bits(&samples) == bits(&expected), "{width}x{height} differs under {level:?}");
            }
        }
    }

    #[test]
    fn a_twelve_megapixel_picture_needs_less_than_a_mebibyte_and_a_half() {
        let filter = JaroszFilter::new(4000, 3000, Level::new());
        let eights =
            filter.luma.len() + filter.smooth.len() + filter.column_sums.len() + filter.column_history.len();
        let bytes = eights * size_of::<Eight>()
            + filter.due.len() * size_of::<[Eight; SIDE]>()
            + filter.sample_history.len() * size_of::<[Eight; SAMPLE_TILES]>()
            + (filter.across.divisors.len() + filter.down.divisors.len()) * size_of::<f32>()
            + size_of::<Samples>()
            + size_of::<JaroszFilter>();
        assert!(bytes < 3 << 19, "{bytes} bytes");
    }
}
