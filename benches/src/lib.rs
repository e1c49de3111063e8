//! What the benchmarks measure with: pixels, and no others than these.

mod entry_points;

pub use entry_points::time_entry_points;

use ownprint::pixels::Error;
use ownprint::{PixelFormat, Pixels};

/// RGB noise. The time that PDQ takes does not depend on the pixels.
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

/// Sixteen by sixteen blocks of greys: what has nothing in it to recognise, as [`noise`] from afar,
/// has no variants.
#[must_use]
pub fn blocks(width: u32, height: u32) -> Vec<u8> {
    let grey = |x: u32, y: u32| {
        let block =
            u64::from(x) * 16 / u64::from(width) + 16 * (u64::from(y) * 16 / u64::from(height));
        (block.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56) as u8
    };
    (0..height).flat_map(|y| (0..width).flat_map(move |x| [grey(x, y); 3])).collect()
}

/// The noise as the pixels of an image.
///
/// # Errors
/// None, for [`noise`] or [`blocks`] of the same size.
pub fn pixels(rgb: &[u8], width: u32, height: u32) -> Result<Pixels<'_>, Error> {
    Pixels::new(rgb, width, height, PixelFormat::Rgb8)
}
