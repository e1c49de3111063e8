//! What several benchmarks use: generated pixels, and the memory of the process.

mod entry_points;

pub use entry_points::time_entry_points;

use ownprint::pixels::Error;
use ownprint::{PixelFormat, Pixels};

/// Returns RGB noise. The time of PDQ does not depend on the pixel values.
#[must_use]
pub fn noise(width: u32, height: u32) -> Vec<u8> {
    let mut state = 1u64;
    (0..u64::from(width) * u64::from(height) * 3)
        .map(|_| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 56) as u8
        })
        .collect()
}

/// Returns RGB pixels with a grid of 16 by 16 grey blocks. Variants need them: they are not
/// computed for an image without structure, and [`noise`] has none after downscaling.
#[must_use]
pub fn blocks(width: u32, height: u32) -> Vec<u8> {
    let grey = |x: u32, y: u32| {
        let block =
            u64::from(x) * 16 / u64::from(width) + 16 * (u64::from(y) * 16 / u64::from(height));
        (block.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56) as u8
    };
    (0..height).flat_map(|y| (0..width).flat_map(move |x| [grey(x, y); 3])).collect()
}

/// Wraps a buffer of [`noise`] or [`blocks`] as [`Pixels`].
///
/// # Errors
/// Returns an error if the length of the buffer does not match the dimensions.
pub fn pixels(rgb: &[u8], width: u32, height: u32) -> Result<Pixels<'_>, Error> {
    Pixels::new(rgb, width, height, PixelFormat::Rgb8)
}

/// Returns the peak memory of this process so far, on Linux.
#[must_use]
pub fn peak_kibibytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?
        .split_whitespace()
        .next()?
        .parse()
        .ok()
}
