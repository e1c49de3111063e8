//! Luma, and the first round along the rows.

use fearless_simd::f32x8;
use fearless_simd::prelude::*;

use super::{BLOCK_ROWS, CHUNK, GROUPS, JaroszFilter, RowSums};
use crate::pdq::lanes::{Divisor, Eight, LANES, each};
use crate::pdq::luma;

impl JaroszFilter {
    /// Computes luma, and filters the rows in the first round.
    #[inline(always)]
    pub(super) fn smooth_rows<S: Simd>(
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
            let whole = each(*rows, |row| row.get(byte..).and_then(|rest| rest.first_chunk()));
            let bytes: [&[u8; luma::STEP_BYTES]; BLOCK_ROWS] = if whole.iter().all(Option::is_some)
            {
                each(whole, |bytes| bytes.unwrap_or(&ZEROS))
            } else {
                pad(rows, byte, &mut self.padded);
                self.padded.each_ref()
            };
            let bytes = bytes.as_chunks::<LANES>().0;
            for (words, rows) in words.iter_mut().zip(bytes) {
                luma::load(simd, rows, words);
            }
            let at = step * luma::STEP;
            for (quad, smooth) in smooth.as_chunks_mut::<{ luma::QUAD }>().0.iter_mut().enumerate()
            {
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
                        sum[group] =
                            sum[group] + entering[index] - leaving[index][group].load(simd);
                        smooth[index][group] = Eight::store(divide(at + index, sum[group]));
                    }
                }
            }
        }
        sums.first = sum;
    }
}

const ZEROS: [u8; luma::STEP_BYTES] = [0; luma::STEP_BYTES];

/// Pads the last pixels of the rows with zeros; rows below the last are all zeros.
#[cold]
fn pad(
    rows: &[&[u8]; BLOCK_ROWS],
    start: usize,
    padded: &mut [[u8; luma::STEP_BYTES]; BLOCK_ROWS],
) {
    for (row, padded) in rows.iter().zip(padded) {
        let rest = row.get(start..).unwrap_or_default();
        let length = rest.len().min(luma::STEP_BYTES);
        padded[..length].copy_from_slice(&rest[..length]);
        padded[length..].fill(0);
    }
}
