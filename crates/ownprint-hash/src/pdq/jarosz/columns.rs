//! The first round along the columns, in place.

use std::ops::Range;

use fearless_simd::f32x8;
use fearless_simd::prelude::*;

use super::{BLOCK_ROWS, GROUPS, JaroszFilter};
use crate::pdq::lanes::{Divisor, Eight, LANES, each, transpose};

impl JaroszFilter {
    /// Filters the columns in the first round, in place, tile by tile; `stretch` is a part of the
    /// chunk that begins with arrival `start`.
    #[inline(always)]
    pub(super) fn smooth_columns<S: Simd>(&mut self, simd: S, start: usize, stretch: Range<usize>) {
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
        // Without vector registers, elements are written directly, without a transposed tile.
        let is_scalar = simd.level().is_fallback();
        let histories =
            self.column_history[start / LANES * stride..].chunks_exact_mut(PAIR * stride);
        let column_sums = self.column_sums[start / LANES..].as_chunks_mut::<PAIR>().0;
        let positions: [_; GROUPS] =
            std::array::from_fn(|group| self.ring.positions(self.arrived + group * LANES));
        let tiles = smooth.as_chunks_mut::<LANES>().0.as_chunks_mut::<PAIR>().0;
        for ((tiles, histories), column_sums) in tiles.iter_mut().zip(histories).zip(column_sums) {
            let mut histories = histories.chunks_exact_mut(stride);
            let mut histories: [_; PAIR] =
                std::array::from_fn(|_| histories.next().unwrap_or_default());
            let mut sums = each(*column_sums, |sum| sum.load(simd));
            for group in 0..GROUPS {
                let (new, old) = positions[group];
                for (tile, history) in tiles.iter().zip(&mut histories) {
                    if is_scalar {
                        for lane in 0..LANES {
                            let row =
                                Eight(std::array::from_fn(|column| tile[column][group].0[lane]));
                            history[new + lane] = row;
                            if new == 0 {
                                history[stride - LANES + lane] = row;
                            }
                        }
                        continue;
                    }
                    let rows =
                        transpose(simd, each(tile.each_ref(), |column| column[group].load(simd)));
                    store(&mut history[new..new + LANES], rows);
                    if new == 0 {
                        // A copy of the ring's first rows follows its last, so that any eight rows
                        // are contiguous.
                        store(&mut history[stride - LANES..], rows);
                    }
                }
                let histories = histories.each_ref();
                let entering = each(histories, |history| &history[new..new + LANES]);
                let leaving = each(histories, |history| &history[old..old + LANES]);
                let mut out = [[sums[0]; LANES]; PAIR];
                for lane in 0..LANES {
                    for tile in 0..PAIR {
                        sums[tile] = sums[tile] + entering[tile][lane].load(simd)
                            - leaving[tile][lane].load(simd);
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
            *column_sums = each(sums, Eight::store);
        }
    }
}

/// Number of tiles that are filtered together to hide latency. In WebAssembly an [`Eight`] needs
/// two registers or more, and two tiles would be spilled to memory.
const PAIR: usize = if cfg!(target_family = "wasm") { 1 } else { 2 };

/// Stores rows one by one: as an array they would be copied by a call in WebAssembly.
#[inline(always)]
fn store<S: Simd>(slots: &mut [Eight], rows: [f32x8<S>; LANES]) {
    for (slot, row) in slots.iter_mut().zip(rows) {
        *slot = Eight::store(row);
    }
}
