//! A decoded frame, whatever its codec.

use ownprint_pixels::wipe::WipedBytes;
use ownprint_pixels::{ColourMatrix, ColourRange, Plane, Size, YuvPlanes};

use crate::error::Error;

/// A decoded frame of 8-bit YCbCr 4:2:0 without padding, overwritten on drop.
pub(super) struct Frame {
    pub(super) size: Size,
    /// Luma, blue-difference and red-difference chroma.
    pub(super) planes: [WipedBytes; 3],
    pub(super) range: ColourRange,
}

impl Frame {
    /// Returns the planes with the matrix BT.601, independent of the video, as in the reference
    /// implementation of vPDQ.
    pub(super) fn yuv(&self) -> Result<YuvPlanes<'_>, Error> {
        let Size { width, height } = self.size;
        let half = width.div_ceil(2) as usize;
        let [luma, blue, red] = &self.planes;
        let luma = Plane { data: &luma.0, stride: width as usize };
        let blue = Plane { data: &blue.0, stride: half };
        let red = Plane { data: &red.0, stride: half };
        let planes = YuvPlanes::i420(width, height, luma, blue, red)?;
        Ok(planes.colours(ColourMatrix::Bt601, self.range))
    }
}

/// Returns the upper 8 bits of samples of `depth` bits.
#[cfg(any(feature = "hevc", feature = "av1"))]
pub(super) fn high_bits(
    count: usize,
    samples: impl Iterator<Item = u16>,
    depth: u32,
) -> WipedBytes {
    let shift = depth.saturating_sub(8);
    // Allocated once, because growing would leave an unwiped copy.
    let mut plane = WipedBytes(Vec::with_capacity(count));
    plane.0.extend(samples.map(|sample| u8::try_from(sample >> shift).unwrap_or(u8::MAX)));
    plane
}
