//! Selects and reorders the channels of pixels: RGB of RGBA, BGRA and BGR.

use fearless_simd::prelude::*;
use fearless_simd::{Level, dispatch, u8x16};

/// Bytes of a register.
const BYTES: usize = 16;

/// Writes the RGB of stored pixels of `N` bytes.
///
/// `rgb` selects the channels of one pixel; it may only move bytes. Applied to the numbers of the
/// bytes, it also gives the shuffle of a register.
pub(crate) fn to_rgb<const N: usize>(
    stored: &[u8],
    out: &mut [[u8; 3]],
    rgb: fn([u8; N]) -> [u8; 3],
) {
    to_rgb_at(Level::new(), stored, out, rgb);
}

#[inline(always)]
fn to_rgb_at<const N: usize>(
    level: Level,
    stored: &[u8],
    out: &mut [[u8; 3]],
    rgb: fn([u8; N]) -> [u8; 3],
) {
    // The excess of the last store must be within the pixels.
    let count = out.len().min(stored.len() / N);
    let out = out.get_mut(..count).unwrap_or_default();
    let pixels = BYTES / N;
    let indices: [u8; BYTES] = std::array::from_fn(|at| {
        let pixel = (at / 3).min(pixels - 1);
        let channels = rgb(std::array::from_fn(|channel| (pixel * N + channel) as u8));
        channels[at % 3]
    });
    let done = if can_shuffle(level) {
        dispatch!(level, simd => shuffle::<N, _>(simd, stored, out.as_flattened_mut(), indices))
    } else {
        0
    };
    let rest = stored.as_chunks().0.iter().zip(out).skip(done);
    rest.for_each(|(pixel, out)| *out = rgb(*pixel));
}

/// Returns `true` if a shuffle of bytes is an instruction.
fn can_shuffle(level: Level) -> bool {
    #[cfg(target_arch = "x86_64")]
    {
        level.as_sse4_2().is_some()
    }
    #[cfg(not(target_arch = "x86_64"))]
    {
        !level.is_fallback()
    }
}

/// Shuffles a register of pixels at a time, and returns the number of pixels. Each store exceeds its
/// pixels, and the next one overwrites the excess.
#[inline(always)]
fn shuffle<const N: usize, S: Simd>(
    simd: S,
    stored: &[u8],
    out: &mut [u8],
    indices: [u8; BYTES],
) -> usize {
    let indices: u8x16<S> = indices.simd_into(simd);
    let pixels = BYTES / N;
    let mut done = 0;
    while let (Some(from), Some(to)) = (
        stored.get(done * N..).and_then(|rest| rest.first_chunk::<BYTES>()),
        out.get_mut(done * 3..).and_then(|rest| rest.first_chunk_mut::<BYTES>()),
    ) {
        let bytes: u8x16<S> = (*from).simd_into(simd);
        *to = bytes.swizzle_dyn(indices).into();
        done += pixels;
    }
    done
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tile::levels;

    fn check<const N: usize>(rgb: fn([u8; N]) -> [u8; 3]) {
        let stored: Vec<u8> = (0..=255).map(|at: u8| at.wrapping_mul(37)).collect();
        // Rows of every length, also where the output is shorter than the input, or longer.
        for level in levels() {
            for pixels in 0..40 {
                for rows in pixels.max(2) - 2..pixels + 2 {
                    let stored = &stored[..pixels * N];
                    let mut found = vec![[9; 3]; rows];
                    to_rgb_at(level, stored, &mut found, rgb);
                    let mut expected = vec![[9; 3]; rows];
                    for (out, pixel) in expected.iter_mut().zip(stored.as_chunks().0) {
                        *out = rgb(*pixel);
                    }
                    assert_eq!(found, expected, "{pixels} pixels to {rows} under {level:?}");
                }
            }
        }
    }

    #[test]
    fn every_instruction_set_selects_the_same_channels() {
        check(|[r, g, b, _]: [u8; 4]| [r, g, b]);
        check(|[b, g, r, _]: [u8; 4]| [r, g, b]);
        check(|[b, g, r]: [u8; 3]| [r, g, b]);
    }
}
