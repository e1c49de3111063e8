//! RGB bytes to luma, as the C++ and Java references compute it: `0.299f*R + 0.587f*G + 0.114f*B` in `f32`, left to
//! right, unrounded.

use fearless_simd::prelude::*;
use fearless_simd::{f32x8, u32x8};

use super::lanes::{LANES, transpose};

const RED: f32 = 0.299;
const GREEN: f32 = 0.587;
const BLUE: f32 = 0.114;

/// Pixels that [`load`] takes at a time: 96 bytes, three 8x8 tiles of 32-bit words.
pub(super) const STEP: usize = 32;
/// Bytes of [`STEP`] pixels.
pub(super) const STEP_BYTES: usize = 3 * STEP;

/// The luma of one pixel.
pub(super) fn of_pixel([red, green, blue]: [u8; 3]) -> f32 {
    RED * f32::from(red) + GREEN * f32::from(green) + BLUE * f32::from(blue)
}

/// Pixels that [`quad`] converts at a time.
pub(super) const QUAD: usize = 4;

/// 32-bit words of [`STEP`] pixels.
pub(super) const WORDS: usize = STEP_BYTES / 4;

/// Loads [`STEP`] pixels of eight rows as 32-bit words, one row a lane. Where there are no vector registers it does
/// nothing: [`quad`] then takes byte by byte.
#[inline(always)]
pub(super) fn load<S: Simd>(simd: S, rows: &[&[u8; STEP_BYTES]; LANES], words: &mut [f32x8<S>; WORDS]) {
    if simd.level().is_fallback() {
        return;
    }
    for (third, words) in words.as_chunks_mut::<LANES>().0.iter_mut().enumerate() {
        *words = transpose(simd, rows.map(|row| load_words(simd, row, third)));
    }
}

/// Luma of pixels `QUAD * index..` in eight rows, one row a lane, one pixel an element.
///
/// Three words of a row are four pixels: `RGBR GBRG BRGB`. A colour's byte is masked in place and scaled back by its
/// coefficient, because `(c / 256) * (256 * v)` rounds exactly as `c * v`.
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
    let [first, second, third] = words.as_chunks::<3>().0[index].map(|word| -> u32x8<S> { word.bitcast() });
    [
        byte::<0, S>(first, RED) + byte::<1, S>(first, GREEN) + byte::<2, S>(first, BLUE),
        byte::<3, S>(first, RED) + byte::<0, S>(second, GREEN) + byte::<1, S>(second, BLUE),
        byte::<2, S>(second, RED) + byte::<3, S>(second, GREEN) + byte::<0, S>(third, BLUE),
        byte::<1, S>(third, RED) + byte::<2, S>(third, GREEN) + byte::<3, S>(third, BLUE),
    ]
}

#[inline(always)]
fn load_words<S: Simd>(simd: S, row: &[u8; STEP_BYTES], third: usize) -> f32x8<S> {
    let mut bytes = [[0; 4]; LANES];
    bytes.as_flattened_mut().copy_from_slice(&row[third * 32..third * 32 + 32]);
    let words: u32x8<S> = bytes.map(u32::from_le_bytes).simd_into(simd);
    words.bitcast()
}

/// `coefficient` times byte `INDEX` of each word.
#[inline(always)]
fn byte<const INDEX: usize, S: Simd>(words: u32x8<S>, coefficient: f32) -> f32x8<S> {
    let (bytes, scale) = match INDEX {
        0 => (words & 0xff, 1.0),
        1 => (words & 0xff00, 1.0 / 256.0),
        2 => (words & 0x00ff_0000, 1.0 / 65536.0),
        _ => (words >> 24, 1.0),
    };
    let signed: fearless_simd::i32x8<S> = bytes.bitcast();
    let value: f32x8<S> = signed.to_float();
    value * (coefficient * scale)
}
