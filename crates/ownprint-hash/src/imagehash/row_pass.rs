//! The pass along rows: `ImagingResampleHorizontal_8bpc` of Pillow's `src/libImaging/Resample.c`.
//!
//! Sums of integers do not depend on their order, so sixteen products are computed at a time.

#[cfg(target_arch = "x86_64")]
use core::arch::x86_64::{
    __m128i, __m256i, _mm_packus_epi16, _mm256_add_epi32, _mm256_castsi256_si128,
    _mm256_hadd_epi32, _mm256_madd_epi16, _mm256_packs_epi32, _mm256_permute2x128_si256,
    _mm256_permute4x64_epi64, _mm256_set1_epi32, _mm256_setzero_si256, _mm256_slli_epi32,
    _mm256_srai_epi32,
};

use fearless_simd::Simd;
#[cfg(target_arch = "x86_64")]
use fearless_simd::{i16x16, prelude::*, u8x16};

use super::kernel::{HALF, Kernel, clip};

/// Number of sources that are multiplied at a time; the coefficients of each sample are padded with
/// zeros to a multiple.
const STEP: usize = 16;

/// Number of zeros that must follow the last source of a row.
pub(super) const PADDING: usize = STEP;

/// The coefficients of a row's samples, in the layout of the processor's 16-bit multiplication.
#[derive(Debug)]
pub(super) struct RowPass {
    samples: Vec<Samples>,
    /// Coefficients, or their low eight bits if they need more than 16.
    low: Vec<[i16; STEP]>,
    /// The bits above the low eight, if there are any.
    high: Vec<[i16; STEP]>,
}

/// The sources of one sample.
#[derive(Debug, Clone, Copy)]
struct Samples {
    first: usize,
    /// Its steps.
    start: usize,
    end: usize,
}

impl RowPass {
    pub(super) fn new(kernel: &Kernel) -> Self {
        let is_short = kernel.all().iter().all(|&it| i16::try_from(it).is_ok());
        let mut pass = Self { samples: Vec::new(), low: Vec::new(), high: Vec::new() };
        for window in kernel.windows() {
            let start = pass.low.len();
            for part in kernel.coefficients(window).chunks(STEP) {
                let (mut low, mut high) = ([0; STEP], [0; STEP]);
                for ((low, high), &coefficient) in low.iter_mut().zip(&mut high).zip(part) {
                    *low = if is_short { coefficient } else { coefficient & 0xff } as i16;
                    *high = (coefficient >> 8) as i16;
                }
                pass.low.push(low);
                if !is_short {
                    pass.high.push(high);
                }
            }
            pass.samples.push(Samples { first: window.first, start, end: pass.low.len() });
        }
        pass
    }

    /// Computes the samples of a row; `row` is followed by [`PADDING`] zeros.
    #[inline(always)]
    pub(super) fn run<S: Simd>(&self, simd: S, row: &[i16], out: &mut [u8]) {
        #[cfg(target_arch = "x86_64")]
        if let Some(avx2) = simd.level().as_avx2() {
            let eights = self.samples.len() / EIGHT * EIGHT;
            if self.high.len() == self.samples.len() {
                run_single_steps_avx2(avx2, self, row, out);
            } else {
                run_avx2(avx2, self, row, out);
            }
            self.run_portable(eights, row, out);
            return;
        }
        let _ = simd;
        self.run_portable(0, row, out);
    }

    #[inline(always)]
    fn run_portable(&self, first: usize, row: &[i16], out: &mut [u8]) {
        for (out, samples) in out.iter_mut().zip(&self.samples).skip(first) {
            let sources = &row[samples.first..];
            let mut sum = dot(sources, &self.low[samples.start..samples.end]);
            if !self.high.is_empty() {
                sum = sum.wrapping_add(dot(sources, &self.high[samples.start..samples.end]) << 8);
            }
            *out = clip(sum.wrapping_add(HALF));
        }
    }
}

#[inline(always)]
fn dot(sources: &[i16], coefficients: &[[i16; STEP]]) -> i32 {
    let mut sums = [0_i32; STEP];
    for (sources, coefficients) in sources.as_chunks::<STEP>().0.iter().zip(coefficients) {
        for ((sum, &source), &coefficient) in sums.iter_mut().zip(sources).zip(coefficients) {
            *sum = sum.wrapping_add(i32::from(source) * i32::from(coefficient));
        }
    }
    sums.iter().fold(0, |sum, part| sum.wrapping_add(*part))
}

/// Number of samples that AVX2 finishes at a time.
#[cfg(target_arch = "x86_64")]
const EIGHT: usize = 8;

#[cfg(target_arch = "x86_64")]
fearless_simd::kernel!(
    /// Computes all complete groups of eight samples.
    #[inline(always)]
    fn run_avx2(avx2: Avx2, pass: &RowPass, row: &[i16], out: &mut [u8]) {
        for (samples, out) in
            pass.samples.as_chunks::<EIGHT>().0.iter().zip(out.as_chunks_mut::<EIGHT>().0)
        {
            let mut sums = [_mm256_setzero_si256(); EIGHT];
            for (sum, samples) in sums.iter_mut().zip(samples) {
                let sources = row[samples.first..].as_chunks::<STEP>().0;
                for (sources, low) in sources.iter().zip(&pass.low[samples.start..samples.end]) {
                    *sum = _mm256_add_epi32(*sum, products(avx2, sources, low));
                }
                if !pass.high.is_empty() {
                    let mut highs = _mm256_setzero_si256();
                    for (sources, high) in
                        sources.iter().zip(&pass.high[samples.start..samples.end])
                    {
                        highs = _mm256_add_epi32(highs, products(avx2, sources, high));
                    }
                    *sum = _mm256_add_epi32(*sum, _mm256_slli_epi32::<8>(highs));
                }
            }
            *out = rounded(avx2, sums);
        }
    }
);

#[cfg(target_arch = "x86_64")]
fearless_simd::kernel!(
    /// The same if every sample has one step of coefficients of more than 16 bits: without an inner
    /// loop.
    #[inline(always)]
    fn run_single_steps_avx2(avx2: Avx2, pass: &RowPass, row: &[i16], out: &mut [u8]) {
        let steps = pass.low.as_chunks::<EIGHT>().0.iter().zip(pass.high.as_chunks::<EIGHT>().0);
        let eights = pass.samples.as_chunks::<EIGHT>().0.iter().zip(steps);
        for ((samples, (lows, highs)), out) in eights.zip(out.as_chunks_mut::<EIGHT>().0) {
            let mut sums = [_mm256_setzero_si256(); EIGHT];
            for at in 0..EIGHT {
                if let Some(sources) =
                    row.get(samples[at].first..).and_then(|row| row.first_chunk())
                {
                    let high = _mm256_slli_epi32::<8>(products(avx2, sources, &highs[at]));
                    sums[at] = _mm256_add_epi32(products(avx2, sources, &lows[at]), high);
                }
            }
            *out = rounded(avx2, sums);
        }
    }
);

#[cfg(target_arch = "x86_64")]
fearless_simd::kernel!(
    /// Returns sixteen products, in sums of two.
    #[inline(always)]
    fn products(avx2: Avx2, sources: &[i16; 16], coefficients: &[i16; 16]) -> __m256i {
        let sources: i16x16<_> = (*sources).simd_into(avx2);
        let coefficients: i16x16<_> = (*coefficients).simd_into(avx2);
        _mm256_madd_epi16(sources.into(), coefficients.into())
    }
);

#[cfg(target_arch = "x86_64")]
fearless_simd::kernel!(
    /// Returns the sum of each of eight registers as a pixel.
    #[inline(always)]
    fn rounded(avx2: Avx2, sums: [__m256i; 8]) -> [u8; 8] {
        let [a, b, c, d, e, f, g, h] = sums;
        let first = _mm256_hadd_epi32(_mm256_hadd_epi32(a, b), _mm256_hadd_epi32(c, d));
        let second = _mm256_hadd_epi32(_mm256_hadd_epi32(e, f), _mm256_hadd_epi32(g, h));
        let total = _mm256_add_epi32(
            _mm256_permute2x128_si256::<0x20>(first, second),
            _mm256_permute2x128_si256::<0x31>(first, second),
        );
        let pixels = _mm256_srai_epi32::<22>(_mm256_add_epi32(total, _mm256_set1_epi32(HALF)));
        let words = _mm256_permute4x64_epi64::<0b1000>(_mm256_packs_epi32(pixels, pixels));
        let words: __m128i = _mm256_castsi256_si128(words);
        let bytes: u8x16<_> = _mm_packus_epi16(words, words).simd_into(avx2);
        first_half(bytes.into())
    }
);

#[cfg(target_arch = "x86_64")]
#[inline(always)]
fn first_half(bytes: [u8; 16]) -> [u8; 8] {
    let [half, _] = bytemuck::cast::<_, [[u8; 8]; 2]>(bytes);
    half
}
