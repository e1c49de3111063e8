//! `convert('L')` of Pillow: `L24` of `src/libImaging/Convert.c`, ITU-R 601-2 with 16 fractional
//! bits, rounded.

#[cfg(target_arch = "x86_64")]
use core::arch::x86_64::{
    __m256i, _mm_packus_epi16, _mm256_add_epi32, _mm256_castsi256_si128, _mm256_extracti128_si256,
    _mm256_madd_epi16, _mm256_packs_epi32, _mm256_permute4x64_epi64, _mm256_set_m128i,
    _mm256_set1_epi32, _mm256_shuffle_epi8, _mm256_srai_epi32,
};

use fearless_simd::Simd;
#[cfg(target_arch = "x86_64")]
use fearless_simd::{prelude::*, u8x16, u8x32};

const RED: u32 = 19595;
const GREEN: u32 = 38470;
const BLUE: u32 = 7471;
const HALF: u32 = 0x8000;

/// Returns the luma of one pixel.
#[inline(always)]
pub(super) fn of_pixel([red, green, blue]: [u8; 3]) -> u8 {
    let sum = u32::from(red) * RED + u32::from(green) * GREEN + u32::from(blue) * BLUE + HALF;
    (sum >> 16) as u8
}

/// Computes the luma of a row of RGB triples.
#[inline(always)]
pub(super) fn of_row<S: Simd>(simd: S, rgb: &[u8], luma: &mut [u8]) {
    #[cfg(target_arch = "x86_64")]
    if let Some(avx2) = simd.level().as_avx2() {
        of_row_avx2(avx2, rgb, luma);
        let done = luma.len() / STEP * STEP;
        of_rest(&rgb[3 * done..], &mut luma[done..]);
        return;
    }
    let _ = simd;
    of_rest(rgb, luma);
}

#[inline(always)]
fn of_rest(rgb: &[u8], luma: &mut [u8]) {
    for (luma, pixel) in luma.iter_mut().zip(rgb.as_chunks::<3>().0) {
        *luma = of_pixel(*pixel);
    }
}

/// Number of pixels that AVX2 converts at a time.
#[cfg(target_arch = "x86_64")]
const STEP: usize = 16;

/// The weight of green is too large for a signed 16-bit number, so it is split between red and
/// blue.
#[cfg(target_arch = "x86_64")]
const WITH_BLUE: u32 = 1 << 14;

/// The positions of the channels of four pixels in sixteen bytes that begin `skipped` bytes before
/// them; each is followed by a zero.
#[cfg(target_arch = "x86_64")]
const fn pairs(channels: [u8; 2], skipped: u8) -> [u8; 16] {
    const ZERO: u8 = 0x80;
    let mut positions = [ZERO; 16];
    let mut pixel = 0;
    while pixel < 4 {
        positions[4 * pixel] = skipped + 3 * pixel as u8 + channels[0];
        positions[4 * pixel + 2] = skipped + 3 * pixel as u8 + channels[1];
        pixel += 1;
    }
    positions
}

#[cfg(target_arch = "x86_64")]
const fn both([low, high]: [[u8; 16]; 2]) -> [u8; 32] {
    let mut positions = [0; 32];
    let mut at = 0;
    while at < 16 {
        positions[at] = low[at];
        positions[16 + at] = high[at];
        at += 1;
    }
    positions
}

#[cfg(target_arch = "x86_64")]
fearless_simd::kernel!(
    /// Converts all complete groups of sixteen pixels: 48 bytes as four times four pixels, the last
    /// four from the last sixteen bytes.
    #[inline(always)]
    fn of_row_avx2(avx2: Avx2, rgb: &[u8], luma: &mut [u8]) {
        const RED_GREEN: [u8; 2] = [0, 1];
        const BLUE_GREEN: [u8; 2] = [2, 1];
        for (rgb, luma) in rgb.as_chunks::<48>().0.iter().zip(luma.as_chunks_mut::<STEP>().0) {
            let four = |start: usize| {
                let mut bytes = [0; 16];
                bytes.copy_from_slice(&rgb[start..start + 16]);
                let bytes: u8x16<_> = bytes.simd_into(avx2);
                bytes.into()
            };
            let first = weighted(
                avx2,
                _mm256_set_m128i(four(12), four(0)),
                &const { both([pairs(RED_GREEN, 0); 2]) },
                &const { both([pairs(BLUE_GREEN, 0); 2]) },
            );
            let second = weighted(
                avx2,
                _mm256_set_m128i(four(32), four(24)),
                &const { both([pairs(RED_GREEN, 0), pairs(RED_GREEN, 4)]) },
                &const { both([pairs(BLUE_GREEN, 0), pairs(BLUE_GREEN, 4)]) },
            );
            let words =
                _mm256_permute4x64_epi64::<0b11_01_10_00>(_mm256_packs_epi32(first, second));
            let bytes = _mm_packus_epi16(
                _mm256_castsi256_si128(words),
                _mm256_extracti128_si256::<1>(words),
            );
            let bytes: u8x16<_> = bytes.simd_into(avx2);
            *luma = bytes.into();
        }
    }
);

#[cfg(target_arch = "x86_64")]
fearless_simd::kernel!(
    /// Returns the luma of eight pixels whose channels are at these positions.
    #[inline(always)]
    fn weighted(
        avx2: Avx2,
        pixels: __m256i,
        red_green: &[u8; 32],
        blue_green: &[u8; 32],
    ) -> __m256i {
        let red_green: u8x32<_> = (*red_green).simd_into(avx2);
        let blue_green: u8x32<_> = (*blue_green).simd_into(avx2);
        let with_red = _mm256_set1_epi32(const { ((GREEN - WITH_BLUE) << 16 | RED) as i32 });
        let with_blue = _mm256_set1_epi32(const { (WITH_BLUE << 16 | BLUE) as i32 });
        let sum = _mm256_add_epi32(
            _mm256_madd_epi16(_mm256_shuffle_epi8(pixels, red_green.into()), with_red),
            _mm256_madd_epi16(_mm256_shuffle_epi8(pixels, blue_green.into()), with_blue),
        );
        _mm256_srai_epi32::<16>(_mm256_add_epi32(sum, _mm256_set1_epi32(HALF as i32)))
    }
);

#[cfg(test)]
mod tests {
    use fearless_simd::{Level, dispatch};

    use super::*;

    #[test]
    fn the_luma_of_rows_equals_that_of_single_pixels() {
        for width in [1, 15, 16, 17, 47, 48, 333] {
            let rgb: Vec<u8> =
                (0..width * 3).map(|at: usize| (at * at * 7 + at / 3 * 91) as u8).collect();
            let mut luma = vec![0; width];
            dispatch!(Level::new(), simd => of_row(simd, &rgb, &mut luma));
            let expected: Vec<u8> =
                rgb.as_chunks::<3>().0.iter().map(|pixel| of_pixel(*pixel)).collect();
            assert_eq!(luma, expected, "{width}");
        }
        let extremes: Vec<u8> = [[0; 3], [255; 3]].repeat(16).concat();
        let mut luma = vec![0; 32];
        dispatch!(Level::new(), simd => of_row(simd, &extremes, &mut luma));
        assert_eq!(luma, [0, 255].repeat(16));
    }
}
