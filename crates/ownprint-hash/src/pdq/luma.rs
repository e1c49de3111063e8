//! Luma of RGB bytes: `0.299 R + 0.587 G + 0.114 B`, computed in `f64` and rounded once to `f32`,
//! as `PyPI`'s `pdqhash` does.
//!
//! In integers this is `(299 R + 587 G + 114 B) / 1000`, correctly rounded: the sum is exact in
//! `f32`, and no quotient is so close to the midpoint of two `f32` values that the `f64` error of
//! `pdqhash` changes the rounding (a test covers all colors). The C++ and Java references round
//! after every operation, C++ differently where a compiler contracts them; `docs/pdq.md` describes
//! the effect.

use fearless_simd::prelude::*;
use fearless_simd::{f32x8, u32x8};

use super::lanes::{LANES, each, is_fused, transpose};
use super::weights::{BLUE, GREEN, RED, WHOLE, weigh};

pub(super) use super::weights::QUAD;

/// `1 / WHOLE` as `f32`, and its remainder.
const RECIPROCAL: f32 = 0.001;
const RECIPROCAL_REST: f32 = (0.001 - RECIPROCAL as f64) as f32;

/// Number of pixels per [`load`]: 96 bytes, three 8x8 tiles of 32-bit words.
pub(super) const STEP: usize = 32;
/// Number of bytes of [`STEP`] pixels.
pub(super) const STEP_BYTES: usize = 3 * STEP;

/// Returns the luma of one pixel.
pub(super) fn of_pixel([red, green, blue]: [u8; 3]) -> f32 {
    let weighted = RED * u32::from(red) + GREEN * u32::from(green) + BLUE * u32::from(blue);
    weighted as f32 / WHOLE
}

/// Number of 32-bit words of [`STEP`] pixels.
pub(super) const WORDS: usize = STEP_BYTES / 4;

/// Loads [`STEP`] pixels of eight rows as 32-bit words, one row per lane. Without vector registers
/// it does nothing, and [`quad`] reads single bytes.
#[inline(always)]
pub(super) fn load<S: Simd>(
    simd: S,
    rows: &[&[u8; STEP_BYTES]; LANES],
    words: &mut [f32x8<S>; WORDS],
) {
    if simd.level().is_fallback() {
        return;
    }
    for (third, words) in words.as_chunks_mut::<LANES>().0.iter_mut().enumerate() {
        *words = transpose(simd, each(*rows, |row| load_words(simd, row, third)));
    }
}

/// Returns the luma of pixels `QUAD * index..` in eight rows: one row per lane, one pixel per
/// element.
#[inline(always)]
pub(super) fn quad<S: Simd>(
    simd: S,
    rows: &[&[u8; STEP_BYTES]; LANES],
    words: &[f32x8<S>; WORDS],
    index: usize,
) -> [f32x8<S>; QUAD] {
    if simd.level().is_fallback() {
        return std::array::from_fn(|pixel| {
            rows.map(|row| of_pixel(row.as_chunks::<3>().0[QUAD * index + pixel])).simd_into(simd)
        });
    }
    let words = each(words.as_chunks::<3>().0[index], |word| -> u32x8<S> { word.bitcast() });
    each(weigh(simd, words), |weighted| by_whole(simd, weighted))
}

/// Returns `weighted / WHOLE`, correctly rounded.
///
/// The product with both parts of the reciprocal has a relative error of 2^-47 before rounding. No
/// integer up to 255,000 has a quotient that close to the midpoint of two `f32` values.
#[inline(always)]
fn by_whole<S: Simd>(simd: S, weighted: f32x8<S>) -> f32x8<S> {
    if is_fused(simd) {
        weighted.mul_add(f32x8::splat(simd, RECIPROCAL), weighted * RECIPROCAL_REST)
    } else {
        weighted / WHOLE
    }
}

#[inline(always)]
fn load_words<S: Simd>(simd: S, row: &[u8; STEP_BYTES], third: usize) -> f32x8<S> {
    let mut bytes = [[0; 4]; LANES];
    bytes.as_flattened_mut().copy_from_slice(&row[third * 32..third * 32 + 32]);
    let words: u32x8<S> = each(bytes, u32::from_le_bytes).simd_into(simd);
    words.bitcast()
}

#[cfg(test)]
mod tests {
    use fearless_simd::dispatch;

    use ownprint_pixels::tile::levels;

    use super::super::lanes::Eight;
    use super::*;

    #[inline(always)]
    fn quotients<S: Simd>(simd: S, weighted: [f32; LANES]) -> [f32; LANES] {
        by_whole(simd, Eight(weighted).load(simd)).into()
    }

    #[test]
    fn every_quotient_is_correctly_rounded() {
        for first in (0..=255_000).step_by(LANES) {
            let weighted = std::array::from_fn(|lane| (first + lane) as f32);
            let expected =
                weighted.map(|weighted| ((f64::from(weighted) / 1000.0) as f32).to_bits());
            for level in levels() {
                let actual = dispatch!(level, simd => quotients(simd, weighted));
                assert_eq!(actual.map(f32::to_bits), expected, "{first} under {level:?}");
            }
        }
    }

    #[test]
    fn every_color_has_the_luma_of_pdqhash() {
        for red in 0..=u8::MAX {
            for green in 0..=u8::MAX {
                for blue in 0..=u8::MAX {
                    // In `f64`, rounded once at the end.
                    let sum =
                        f64::from(red) * 0.299 + f64::from(green) * 0.587 + f64::from(blue) * 0.114;
                    let pixel = [red, green, blue];
                    assert_eq!(of_pixel(pixel).to_bits(), (sum as f32).to_bits(), "{pixel:?}");
                }
            }
        }
    }

    #[test]
    fn grey_is_its_own_luma() {
        for grey in 0..=u8::MAX {
            assert_eq!(of_pixel([grey; 3]).to_bits(), f32::from(grey).to_bits());
        }
    }
}
