//! Transposes tiles of eight by eight values on every instruction set.

#[cfg(target_arch = "x86_64")]
use core::arch::x86_64::{
    __m256, _mm256_permute2f128_ps, _mm256_shuffle_ps, _mm256_unpackhi_ps, _mm256_unpacklo_ps,
};

use fearless_simd::prelude::*;
use fearless_simd::{f32x4, f32x8, u8x16, u8x32};

/// Rows and columns of a tile.
pub const SIDE: usize = 8;

/// Eight pixels: red, green, blue.
pub type Run = [[u8; 3]; SIDE];

/// Returns a tile of pixels with rows and columns exchanged.
#[inline(always)]
pub fn transpose_pixels<S: Simd>(simd: S, rows: [&Run; SIDE]) -> [Run; SIDE] {
    // The four pixels of each half (bytes 0 to 11 and 12 to 23) are spread into 32-bit words,
    // transposed, and packed again.
    const FIRST: [u8; 16] = [0, 1, 2, 0, 3, 4, 5, 3, 6, 7, 8, 6, 9, 10, 11, 9];
    const LAST: [u8; 16] = [4, 5, 6, 4, 7, 8, 9, 7, 10, 11, 12, 10, 13, 14, 15, 13];
    const PACKED: [u8; 16] = [0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 3, 7, 11, 15];
    let (first, last): (u8x16<S>, u8x16<S>) = (FIRST.simd_into(simd), LAST.simd_into(simd));
    let spread = first.combine(last);
    let packed: u8x16<S> = PACKED.simd_into(simd);
    let packed = packed.combine(packed);
    // Loops, because a closure for `map` is a separate function that is compiled without the
    // instruction set.
    let mut words = [f32x8::splat(simd, 0.0); SIDE];
    for (words, row) in words.iter_mut().zip(rows) {
        let bytes = row.as_flattened();
        if let (Some(first), Some(last)) = (bytes.first_chunk::<16>(), bytes.last_chunk::<16>()) {
            let (first, last): (u8x16<S>, u8x16<S>) =
                ((*first).simd_into(simd), (*last).simd_into(simd));
            let spread: u8x32<S> = first.combine(last).swizzle_dyn_within_blocks(spread);
            *words = spread.bitcast();
        }
    }
    let mut runs = [[[0; 3]; SIDE]; SIDE];
    for (run, words) in runs.iter_mut().zip(transpose(simd, words)) {
        let bytes: u8x32<S> = words.bitcast();
        let bytes: [u8; 32] = bytes.swizzle_dyn_within_blocks(packed).into();
        let halves = run.as_flattened_mut().as_chunks_mut::<12>().0.iter_mut();
        for (half, bytes) in halves.zip(bytes.as_chunks::<16>().0) {
            half.copy_from_slice(&bytes[..12]);
        }
    }
    runs
}

/// Returns `f` of each value.
///
/// `map` of arrays is a function of its own. Unless the compiler happens to inline it, it is
/// compiled without the instruction set, and passes registers through memory.
#[inline(always)]
pub fn each<T: Copy, U, const N: usize>(values: [T; N], f: impl Fn(T) -> U) -> [U; N] {
    std::array::from_fn(
        #[inline(always)]
        |at| f(values[at]),
    )
}

/// Returns an 8x8 tile with rows and columns exchanged.
#[inline(always)]
pub fn transpose<S: Simd>(simd: S, tile: [f32x8<S>; SIDE]) -> [f32x8<S>; SIDE] {
    #[cfg(target_arch = "x86_64")]
    if let Some(avx2) = simd.level().as_avx2() {
        // `S` determines the level and the arrays only change the type, so neither costs an
        // instruction.
        let rows = each(tile, |row| -> f32x8<_> { <[f32; SIDE]>::from(row).simd_into(avx2) });
        return each(transpose_avx2(avx2, each(rows, Into::into)), |row| {
            let row: f32x8<_> = row.simd_into(avx2);
            <[f32; SIDE]>::from(row).simd_into(simd)
        });
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = simd;
    let quarters = each(tile, |row| row.split());
    let [q0, q1, q2, q3] =
        transpose_4x4([quarters[0].0, quarters[1].0, quarters[2].0, quarters[3].0]);
    let [q4, q5, q6, q7] =
        transpose_4x4([quarters[0].1, quarters[1].1, quarters[2].1, quarters[3].1]);
    let [r0, r1, r2, r3] =
        transpose_4x4([quarters[4].0, quarters[5].0, quarters[6].0, quarters[7].0]);
    let [r4, r5, r6, r7] =
        transpose_4x4([quarters[4].1, quarters[5].1, quarters[6].1, quarters[7].1]);
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
    [
        ac_low.zip_low(bd_low),
        ac_low.zip_high(bd_low),
        ac_high.zip_low(bd_high),
        ac_high.zip_high(bd_high),
    ]
}

#[cfg(target_arch = "x86_64")]
fearless_simd::kernel!(
    /// Uses half the shuffles of the portable form, whose zips cross the halves of the register.
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
        let (abcd_2, efgh_2) = (
            _mm256_shuffle_ps::<0x44>(ab_high, cd_high),
            _mm256_shuffle_ps::<0x44>(ef_high, gh_high),
        );
        let (abcd_3, efgh_3) = (
            _mm256_shuffle_ps::<0xee>(ab_high, cd_high),
            _mm256_shuffle_ps::<0xee>(ef_high, gh_high),
        );
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

/// Returns every instruction set that this machine supports. Tests compare their results.
#[must_use]
pub fn levels() -> Vec<fearless_simd::Level> {
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

    #[test]
    fn tiles_are_transposed() {
        let tile: [[f32; SIDE]; SIDE] =
            std::array::from_fn(|row| std::array::from_fn(|column| (row * SIDE + column) as f32));
        for level in levels() {
            let transposed = dispatch!(level, simd => transpose(simd, tile.map(|row| row.simd_into(simd))).map(<[f32; SIDE]>::from));
            for (row, values) in transposed.into_iter().enumerate() {
                assert_eq!(
                    values.map(f32::to_bits),
                    tile.map(|original| original[row].to_bits()),
                    "{level:?}"
                );
            }
        }
    }

    #[test]
    fn pixels_are_transposed() {
        let tile: [Run; SIDE] = std::array::from_fn(|row| {
            std::array::from_fn(|column| {
                [row as u8, column as u8, (row * SIDE + column) as u8 | 0x80]
            })
        });
        for level in levels() {
            let transposed = dispatch!(level, simd => transpose_pixels(simd, tile.each_ref()));
            for (row, values) in transposed.into_iter().enumerate() {
                assert_eq!(values, tile.map(|original| original[row]), "{level:?}");
            }
        }
    }
}
