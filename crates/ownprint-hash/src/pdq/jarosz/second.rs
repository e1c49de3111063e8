//! The second round, computed only for samples, and the samples themselves.

use std::ops::Range;

use fearless_simd::prelude::*;

use super::{BLOCK_ROWS, GROUPS, JaroszFilter, RowSums, SAMPLE_TILES};
use crate::pdq::lanes::{Eight, LANES, each, transpose};
use crate::pdq::samples::SIDE;

impl JaroszFilter {
    /// Filters the rows in the second round, and stores values at sampled columns only.
    #[inline(always)]
    pub(super) fn gather_due<S: Simd>(
        &mut self,
        simd: S,
        sums: &mut RowSums<S>,
        start: usize,
        stretch: Range<usize>,
    ) {
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
                    sum[group] =
                        sum[group] + entering[group].load(simd) - leaving[group].load(simd);
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

    /// Filters the sampled columns in the second round, and stores the samples.
    #[inline(always)]
    pub(super) fn sample_rows<S: Simd>(&mut self, simd: S) {
        let window = self.down.window;
        for tile in 0..SAMPLE_TILES {
            let mut sum = self.sample_sums[tile].load(simd);
            let mut next = self.next_sample_row;
            for (group, due) in self.due.iter().enumerate() {
                let columns = &due.as_chunks::<LANES>().0[tile];
                let rows = transpose(simd, each(*columns, |column| column.load(simd)));
                for (lane, row) in rows.into_iter().enumerate() {
                    let arrival = self.arrived + group * LANES + lane;
                    let history = &mut self.sample_history[arrival % window][tile];
                    sum = sum + row - history.load(simd);
                    *history = Eight::store(row);
                    while next < SIDE && self.down.samples[next].0 == arrival {
                        let value: [f32; LANES] = (sum / self.down.samples[next].1).into();
                        self.samples[next][tile * LANES..(tile + 1) * LANES]
                            .copy_from_slice(&value);
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
