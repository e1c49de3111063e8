//! Eight lanes of `f32`, the unit of the Jarosz filter on every instruction set.
//!
//! Lanes are independent except in [`transpose`]. An element's chain of operations, and so every
//! rounding, is that of the scalar reference for any register width.

use fearless_simd::f32x8;
use fearless_simd::prelude::*;
use zeroize::Zeroize;

/// Number of rows of a block, and of columns of a tile.
pub(super) use ownprint_pixels::tile::SIDE as LANES;
pub(super) use ownprint_pixels::tile::{each, transpose};

/// Eight values in memory, aligned so that loading a register does not cross a cache line.
#[derive(Debug, Clone, Copy, Default)]
#[repr(C, align(32))]
pub(super) struct Eight(pub(super) [f32; LANES]);

impl zeroize::DefaultIsZeroes for Eight {}

/// Overwrites values with zeros, in one function for all callers.
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

/// A divisor of many running sums, without division instructions.
#[derive(Clone, Copy)]
pub(super) struct Divisor<S: Simd> {
    count: f32x8<S>,
    /// The correctly rounded `1 / count`.
    reciprocal: f32x8<S>,
}

/// Up to this count the product with the reciprocal, corrected once, is the correctly rounded
/// quotient of every `f32` between 2^-100 and 2^100; a test covers all of them. Sums of luma are in
/// that range or zero.
pub(super) const LARGEST_CORRECTED: usize = 512;

impl<S: Simd> Divisor<S> {
    /// Returns `None` for a larger count, and on machines without fused multiply-add; callers then
    /// divide.
    #[inline(always)]
    pub(super) fn new(simd: S, count: usize) -> Option<Self> {
        (is_fused(simd) && count <= LARGEST_CORRECTED).then(|| Self {
            count: f32x8::splat(simd, count as f32),
            reciprocal: f32x8::splat(simd, 1.0 / count as f32),
        })
    }

    /// Returns `value / count`, correctly rounded like the reference's division.
    ///
    /// A fused multiply-add computes the exact remainder (Markstein 1990). Three of these
    /// instructions fit in the five cycles of one division. `mul_add` is explicit, so it does not
    /// depend on compiler settings.
    #[inline(always)]
    pub(super) fn divide(self, value: f32x8<S>) -> f32x8<S> {
        let quotient = value * self.reciprocal;
        let remainder = (-quotient).mul_add(self.count, value);
        remainder.mul_add(self.reciprocal, quotient)
    }
}

/// Returns `true` if `mul_add` is a single instruction that rounds once.
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

#[cfg(test)]
mod tests {
    use fearless_simd::dispatch;

    use ownprint_pixels::tile::levels;

    use super::*;

    #[inline(always)]
    fn quotients<S: Simd>(simd: S, count: usize, values: [f32; LANES]) -> [f32; LANES] {
        let values = Eight(values).load(simd);
        Divisor::new(simd, count)
            .map_or_else(|| values / count as f32, |divisor| divisor.divide(values))
            .into()
    }

    /// Checks that the quotients of `mantissas` by `count` equal division, at every level.
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
    fn corrected_products_equal_quotients() {
        for count in 1..=LARGEST_CORRECTED {
            check(count, (0..1 << 23).step_by(1009));
        }
    }

    /// All mantissas and all counts; the exponent has no effect within the range of
    /// [`LARGEST_CORRECTED`].
    #[test]
    #[ignore = "takes minutes; `cargo xtask test slow` runs it"]
    fn corrected_products_equal_quotients_for_every_value() {
        for count in 1..=LARGEST_CORRECTED {
            check(count, 0..1 << 23);
        }
    }
}
