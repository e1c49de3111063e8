//! The weights of red, green and blue in luma, and the weighted sums of four pixels at once.
//!
//! Three 32-bit words of a row are four pixels: `RGBR GBRG BRGB`. Weights and bytes are integers
//! and their sums are below 2^18, so the order of additions has no effect.

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
use core::arch::wasm32::{
    i16x8_shuffle, i32x4_add, i32x4_dot_i16x8, i32x4_splat, u16x8_shr, v128, v128_and,
};
#[cfg(target_arch = "x86_64")]
use core::arch::x86_64::{
    __m256i, _mm256_add_epi32, _mm256_and_si256, _mm256_blend_epi16, _mm256_madd_epi16,
    _mm256_set1_epi32, _mm256_srli_epi16,
};

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
use fearless_simd::i32x4;
use fearless_simd::prelude::*;
use fearless_simd::{f32x8, i32x8, u32x8};

use super::lanes::each;

/// The weights of the channels, in thousandths.
pub(super) const RED: u32 = 299;
pub(super) const GREEN: u32 = 587;
pub(super) const BLUE: u32 = 114;
/// The sum of the weights.
pub(super) const WHOLE: f32 = 1000.0;

/// Number of pixels per call of [`weigh`].
pub(super) const QUAD: usize = 4;

/// Returns the weighted sums of four pixels in eight rows: one row per lane, one pixel per element.
#[inline(always)]
pub(super) fn weigh<S: Simd>(simd: S, words: [u32x8<S>; 3]) -> [f32x8<S>; QUAD] {
    // The level is a constant of `S`, and the arrays only change the type: neither costs an
    // instruction.
    #[cfg(target_arch = "x86_64")]
    if let Some(avx2) = simd.level().as_avx2() {
        let words = each(words, |word| -> u32x8<_> { <[u32; 8]>::from(word).simd_into(avx2) });
        return each(weigh_avx2(avx2, each(words, Into::into)), |sums| {
            let sums: i32x8<_> = sums.simd_into(avx2);
            let sums: i32x8<S> = <[i32; 8]>::from(sums).simd_into(simd);
            sums.to_float()
        });
    }
    #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
    if let Some(simd128) = simd.level().as_wasm_simd128() {
        let halves = each(words, |word| -> u32x8<_> { <[u32; 8]>::from(word).simd_into(simd128) });
        let halves = each(halves, |word| word.split());
        let low = weigh_simd128(simd128, each(halves, |(low, _)| low.into()));
        let high = weigh_simd128(simd128, each(halves, |(_, high)| high.into()));
        return std::array::from_fn(|pixel| {
            let (low, high): (i32x4<_>, i32x4<_>) =
                (low[pixel].simd_into(simd128), high[pixel].simd_into(simd128));
            let sums: i32x8<S> = <[i32; 8]>::from(low.combine(high)).simd_into(simd);
            sums.to_float()
        });
    }
    let _ = simd;
    let [first, second, third] = words;
    [
        byte::<0, S>(first, RED) + byte::<1, S>(first, GREEN) + byte::<2, S>(first, BLUE),
        byte::<3, S>(first, RED) + byte::<0, S>(second, GREEN) + byte::<1, S>(second, BLUE),
        byte::<2, S>(second, RED) + byte::<3, S>(second, GREEN) + byte::<0, S>(third, BLUE),
        byte::<1, S>(third, RED) + byte::<2, S>(third, GREEN) + byte::<3, S>(third, BLUE),
    ]
}

/// `weight` times byte `INDEX` of each word.
///
/// The byte is masked in place and scaled back by its weight, because
/// `(c / 256) * (256 * v)` is `c * v`.
#[inline(always)]
fn byte<const INDEX: usize, S: Simd>(words: u32x8<S>, weight: u32) -> f32x8<S> {
    let (bytes, scale) = match INDEX {
        0 => (words & 0xff, 1.0),
        1 => (words & 0xff00, 1.0 / 256.0),
        2 => (words & 0x00ff_0000, 1.0 / 65536.0),
        _ => (words >> 24, 1.0),
    };
    let signed: i32x8<S> = bytes.bitcast();
    let value: f32x8<S> = signed.to_float();
    value * (weight as f32 * scale)
}

/// The weights of the two bytes that are in the 16-bit halves of a word.
#[cfg(any(target_arch = "x86_64", all(target_arch = "wasm32", target_feature = "simd128")))]
const fn pair(low: u32, high: u32) -> i32 {
    (low | high << 16) as i32
}

// As 16-bit numbers, the even and odd bytes of the words are `RB GR BG` and `GR BG RB`, the letters
// of a word next to each other. Two of these are multiplied and added at a time. The channels of
// the second pixel in the first word, and of the third pixel at one position in two words, are
// combined first.

#[cfg(target_arch = "x86_64")]
fearless_simd::kernel!(
    #[inline(always)]
    fn weigh_avx2(_avx2: Avx2, words: [__m256i; 3]) -> [__m256i; 4] {
        let even = each(words, |word| _mm256_and_si256(word, _mm256_set1_epi32(0x00ff_00ff)));
        let odd = each(words, |word| _mm256_srli_epi16::<8>(word));
        let weighted = |bytes, weights| _mm256_madd_epi16(bytes, _mm256_set1_epi32(weights));
        let second = _mm256_blend_epi16::<0b1010_1010>(even[1], odd[0]);
        let third = _mm256_blend_epi16::<0b1010_1010>(even[2], even[1]);
        [
            _mm256_add_epi32(weighted(even[0], pair(RED, BLUE)), weighted(odd[0], pair(GREEN, 0))),
            _mm256_add_epi32(weighted(second, pair(GREEN, RED)), weighted(odd[1], pair(BLUE, 0))),
            _mm256_add_epi32(weighted(third, pair(BLUE, RED)), weighted(odd[1], pair(0, GREEN))),
            _mm256_add_epi32(weighted(odd[2], pair(RED, BLUE)), weighted(even[2], pair(0, GREEN))),
        ]
    }
);

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
fearless_simd::kernel!(
    #[inline(always)]
    fn weigh_simd128(_simd128: WasmSimd128, words: [v128; 3]) -> [v128; 4] {
        let even = each(words, |word| v128_and(word, i32x4_splat(0x00ff_00ff)));
        let odd = each(words, |word| u16x8_shr(word, 8));
        let weighted = |bytes, weights| i32x4_dot_i16x8(bytes, i32x4_splat(weights));
        let second = i16x8_shuffle::<0, 9, 2, 11, 4, 13, 6, 15>(even[1], odd[0]);
        let third = i16x8_shuffle::<0, 9, 2, 11, 4, 13, 6, 15>(even[2], even[1]);
        [
            i32x4_add(weighted(even[0], pair(RED, BLUE)), weighted(odd[0], pair(GREEN, 0))),
            i32x4_add(weighted(second, pair(GREEN, RED)), weighted(odd[1], pair(BLUE, 0))),
            i32x4_add(weighted(third, pair(BLUE, RED)), weighted(odd[1], pair(0, GREEN))),
            i32x4_add(weighted(odd[2], pair(RED, BLUE)), weighted(even[2], pair(0, GREEN))),
        ]
    }
);

#[cfg(test)]
mod tests {
    use fearless_simd::dispatch;

    use ownprint_pixels::tile::levels;

    use super::*;

    #[inline(always)]
    fn sums<S: Simd>(simd: S, words: [[u32; 8]; 3]) -> [[f32; 8]; QUAD] {
        weigh(simd, words.map(|word| word.simd_into(simd))).map(Into::into)
    }

    /// Each of the twelve bytes takes all values, while the others are 0, 255 or the values of
    /// other lanes.
    #[test]
    fn every_byte_has_the_weight_of_its_channel() {
        for position in 0..12 {
            for others in [0, 255, 1] {
                for value in 0..=u8::MAX {
                    let rows: [[u8; 12]; 8] = std::array::from_fn(|lane| {
                        let mut row =
                            [if others == 1 { value.wrapping_mul(lane as u8 + 3) } else { others };
                                12];
                        row[position] = value.wrapping_add(lane as u8);
                        row
                    });
                    let words = std::array::from_fn(|word| {
                        rows.map(|row| u32::from_le_bytes(row.as_chunks().0[word]))
                    });
                    let expected: [[f32; 8]; QUAD] = std::array::from_fn(|pixel| {
                        rows.map(|row| {
                            let [red, green, blue] = row.as_chunks::<3>().0[pixel].map(f32::from);
                            299.0 * red + 587.0 * green + 114.0 * blue
                        })
                    });
                    for level in levels() {
                        let actual = dispatch!(level, simd => sums(simd, words));
                        assert_eq!(
                            actual, expected,
                            "byte {position} of {value} among {others} under {level:?}"
                        );
                    }
                }
            }
        }
    }
}
