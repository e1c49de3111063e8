//! Eight lanes of `f32`: the unit in which the Jarosz filter works, on every instruction set.
//!
//! A lane never meets another lane except in [`transpose`], so an element's chain of operations, and with it every
//! rounding, is the one of the scalar reference whatever the width of the machine's registers.

#[cfg(target_arch = "x86_64")]
use core::arch::x86_64::{
    __m256, _mm256_permute2f128_ps, _mm256_shuffle_ps, _mm256_unpackhi_ps, _mm256_unpacklo_ps,
};
use fearless_simd::prelude::*;
use fearless_simd::{f32x4, f32x8};
use zeroize::Zeroize;

/// Rows of a block, and columns of a tile.
pub(super) const LANES: usize = 8;

/// Eight values in memory, aligned so that a register's load never crosses a cache line.
#[derive(Debug, Clone, Copy, Default)]
#[repr(C, align(32))]
pub(super) struct Eight(pub(super) [f32; LANES]);

impl zeroize::DefaultIsZeroes for Eight {}

/// Overwrites values with zeros, in one place for all that is wiped.
#[inline(never)]
pub(super) fn wipe(values: &mut [Eight]) {
    values.zeroize();
}

impl Eight {
    #[inline(always)]
    pub(super) fn load<S: Simd>(self, simd: S) -> f32x8<S> {
        self.0.simd_into(simd)
    }

    #[inline(always)]
    pub(super) fn store<S: Simd>(value: f32x8<S>) -> Self {
        Self(value.into())
    }
}

/// A count that many running sums are divided by, without a division.
#[derive(Clone, Copy)]
pub(super) struct Divisor<S: Simd> {
    count: f32x8<S>,
    /// The correctly rounded `1 / count`.
    reciprocal: f32x8<S>,
}

/// Up to this count the product with the reciprocal, corrected once, is the correctly rounded quotient of every `f32`
/// between 2^-100 and 2^100; a test runs through all of them. Sums of luma lie in that range or are zero.
pub(super) const LARGEST_CORRECTED: usize = 512;

impl<S: Simd> Divisor<S> {
    /// `None` for a larger count, and for a machine without fused multiply-add: they divide.
    #[inline(always)]
    pub(super) fn new(simd: S, count: usize) -> Option<Self> {
        (is_fused(simd) && count <= LARGEST_CORRECTED).then(|| Self {
            count: f32x8::splat(simd, count as f32),
            reciprocal: f32x8::splat(simd, 1.0 / count as f32),
        })
    }

    /// `value / count`, correctly rounded as the reference's division is.
    ///
    /// A fused multiply-add makes the remainder exact (Markstein 1990), and three of these go where one division
    /// keeps the divider busy for five cycles. It is named here, so no compiler decides on it.
    #[inline(always)]
    pub(super) fn divide(self, value: f32x8<S>) -> f32x8<S> {
        let quotient = value * self.reciprocal;
        let remainder = (-quotient).mul_add(self.count, value);
        remainder.mul_add(self.reciprocal, quotient)
    }
}

/// Whether `mul_add` rounds once here, and costs no more than a product.
#[inline(always)]
pub(super) fn is_fused<S: Simd>(simd: S) -> bool {
    #[cfg(target_arch = "x86_64")]
    {
        simd.level().as_avx2().is_some()
    }
    #[cfg(not(target_arch = "x86_64"))]
    {
        let _ = simd;
        false
    }
}

/// Exchanges rows and columns of an 8x8 tile.
#[inline(always)]
pub(super) fn transpose<S: Simd>(simd: S, tile: [f32x8<S>; LANES]) -> [f32x8<S>; LANES] {
    #[cfg(target_arch = "x86_64")]
    if let Some(avx2) = simd.level().as_avx2() {
        // The level is a constant of `S`, and the arrays are only a change of type: neither costs an instruction.
        let rows = tile.map(|row| <[f32; LANES]>::from(row).simd_into(avx2)).map(|row: f32x8<_>| row.into());
        return transpose_avx2(avx2, rows).map(|row| {
            let row: f32x8<_> = row.simd_into(avx2);
            <[f32; LANES]>::from(row).simd_into(simd)
        });
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = simd;
    let quarters = tile.map(|row| row.split());
    let [q0, q1, q2, q3] = transpose_4x4([quarters[0].0, quarters[1].0, quarters[2].0, quarters[3].0]);
    let [q4, q5, q6, q7] = transpose_4x4([quarters[0].1, quarters[1].1, quarters[2].1, quarters[3].1]);
    let [r0, r1, r2, r3] = transpose_4x4([quarters[4].0, quarters[5].0, quarters[6].0, quarters[7].0]);
    let [r4, r5, r6, r7] = transpose_4x4([quarters[4].1, quarters[5].1, quarters[6].1, quarters[7].1]);
    [
        q0.combine(r0),
        q1.combine(r1),
        q2.combine(r2),
        q3.combine(r3),
        q4.combine(r4),
        q5.combine(r5),
        q6.combine(r6),
        q7.combine(r7),
    ]
}

#[inline(always)]
fn transpose_4x4<S: Simd>([a, b, c, d]: [f32x4<S>; 4]) -> [f32x4<S>; 4] {
    let (ac_low, ac_high) = (a.zip_low(c), a.zip_high(c));
    let (bd_low, bd_high) = (b.zip_low(d), b.zip_high(d));
    [ac_low.zip_low(bd_low), ac_low.zip_high(bd_low), ac_high.zip_low(bd_high), ac_high.zip_high(bd_high)]
}

#[cfg(target_arch = "x86_64")]
fearless_simd::kernel!(
    /// The portable form costs twice the shuffles here, because its zips cross the register's halves each time.
    #[inline(always)]
    fn transpose_avx2(_avx2: Avx2, rows: [__m256; 8]) -> [__m256; 8] {
        let [a, b, c, d, e, f, g, h] = rows;
        let (ab_low, ab_high) = (_mm256_unpacklo_ps(a, b), _mm256_unpackhi_ps(a, b));
        let (cd_low, cd_high) = (_mm256_unpacklo_ps(c, d), _mm256_unpackhi_ps(c, d));
        let (ef_low, ef_high) = (_mm256_unpacklo_ps(e, f), _mm256_unpackhi_ps(e, f));
        let (gh_low, gh_high) = (_mm256_unpacklo_ps(g, h), _mm256_unpackhi_ps(g, h));
        let (abcd_0, efgh_0) =
            (_mm256_shuffle_ps::<0x44>(ab_low, cd_low), _mm256_shuffle_ps::<0x44>(ef_low, gh_low));
        let (abcd_1, efgh_1) =
            (_mm256_shuffle_ps::<0xee>(ab_low, cd_low), _mm256_shuffle_ps::<0xee>(ef_low, gh_low));
        let (abcd_2, efgh_2) =
            (_mm256_shuffle_ps::<0x44>(ab_high, cd_high), _mm256_shuffle_ps::<0x44>(ef_high, gh_high));
        let (abcd_3, efgh_3) =
            (_mm256_shuffle_ps::<0xee>(ab_high, cd_high), _mm256_shuffle_ps::<0xee>(ef_high, gh_high));
        [
            _mm256_permute2f128_ps::<0x20>(abcd_0, efgh_0),
            _mm256_permute2f128_ps::<0x20>(abcd_1, efgh_1),
            _mm256_permute2f128_ps::<0x20>(abcd_2, efgh_2),
            _mm256_permute2f128_ps::<0x20>(abcd_3, efgh_3),
            _mm256_permute2f128_ps::<0x31>(abcd_0, efgh_0),
            _mm256_permute2f128_ps::<0x31>(abcd_1, efgh_1),
            _mm256_permute2f128_ps::<0x31>(abcd_2, efgh_2),
            _mm256_permute2f128_ps::<0x31>(abcd_3, efgh_3),
        ]
    }
);

/// Every level that this machine can run, so that tests can hold one against the other.
#[cfg(test)]
pub(super) fn levels() -> Vec<fearless_simd::Level> {
    use fearless_simd::Level;
    let best = Level::new();
    #[cfg(target_arch = "x86_64")]
    let others = [
        best.as_sse2().map(Level::Sse2),
        best.as_sse4_2().map(Level::Sse4_2),
        best.as_avx2().map(Level::Avx2),
        best.as_avx512().map(Level::Avx512),
    ];
    #[cfg(not(target_arch = "x86_64"))]
    let others = [Some(Level::baseline())];
    others.into_iter().flatten().chain([best]).collect()
}

#[cfg(test)]
mod tests {
    use fearless_simd::dispatch;

    use super::*;

    #[inline(always)]
    fn quotients<S: Simd>(simd: S, count: usize, values: [f32; LANES]) -> [f32; LANES] {
        let values = Eight(values).load(simd);
        Divisor::new(simd, count)
            .map_or_else(|| values / count as f32, |divisor| divisor.divide(values))
            .into()
    }

    /// Whether the quotients of `mantissas` by `count` are those of the division, under every level.
    fn check(count: usize, mantissas: impl Iterator<Item = u32>) {
        for mantissa in mantissas.step_by(LANES) {
            let values = std::array::from_fn(|lane| {
                f32::from_bits(0x3f80_0000 | ((mantissa + lane as u32) & 0x7f_ffff))
            });
            let expected = values.map(|value| value / count as f32);
            for level in levels() {
                let actual = dispatch!(level, simd => quotients(simd, count, values));
                assert_eq!(
                    actual.map(f32::to_bits),
                    expected.map(f32::to_bits),
                    "by {count} under {level:?}"
                );
            }
        }
    }

    #[test]
    fn corrected_products_are_quotients() {
        for count in 1..=LARGEST_CORRECTED {
            check(count, (0..1 << 23).step_by(1009));
        }
    }

    /// All mantissas by all counts; the exponent changes nothing within the range that [`LARGEST_CORRECTED`] states.
    #[test]
    #[ignore = "takes minutes; `cargo xtask test slow` runs it"]
    fn corrected_products_are_quotients_for_every_value() {
        for count in 1..=LARGEST_CORRECTED {
            check(count, 0..1 << 23);
        }
    }

    #[test]
    fn tiles_are_transposed() {
        let tile: [[f32; LANES]; LANES] =
            std::array::from_fn(|row| std::array::from_fn(|column| (row * LANES + column) as f32));
        for level in levels() {
            let transposed = dispatch!(level, simd => transpose(simd, tile.map(|row| Eight(row).load(simd))).map(Eight::store));
            for (row, Eight(values)) in transposed.into_iter().enumerate() {
                assert_eq!(
                    values.map(f32::to_bits),
                    tile.map(|original| original[row].to_bits()),
                    "{level:?}"
                );
            }
        }
    }
}
