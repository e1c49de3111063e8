//! The pixels that the frames of a video may have together.

use ownprint_pixels::{LimitKind, Limits};

use crate::error::Error;

/// Pixels that the frames of any file may have together: eight minutes of 1080p at 60 frames per
/// second, or a minute and a half of processor time with H.264.
pub(super) const FREE_PIXELS: u64 = 1 << 36;
/// Pixels for each byte of the file, for a unit of [`Limits::expansion`].
///
/// A still video of 1080p that x264 codes without key frames has 50,000 pixels for each byte;
/// 100,000 units allow 200,000. A frame of any size can take less than 20 bytes.
const PIXELS_PER_UNIT: u64 = 2;

/// Counts the pixels of all decoded frames, and compares them with the length of the file.
#[derive(Debug)]
pub(super) struct Work {
    expansion: u32,
    file_bytes: u64,
    pub(super) pixels: u64,
}

impl Work {
    pub(super) fn new(limits: &Limits, file_bytes: u64) -> Self {
        Self { expansion: limits.expansion, file_bytes, pixels: 0 }
    }

    /// Counts the pixels of a frame or slice that is about to be decoded.
    ///
    /// # Errors
    /// [`Error::LimitExceeded`] with [`LimitKind::Expansion`].
    pub(super) fn add(&mut self, pixels: u64) -> Result<(), Error> {
        self.pixels = self.pixels.saturating_add(pixels);
        let unit = self.file_bytes.saturating_mul(PIXELS_PER_UNIT).max(1);
        let allowed = self.expansion.into();
        if self.pixels <= unit.saturating_mul(allowed).max(FREE_PIXELS) {
            return Ok(());
        }
        let actual = self.pixels.div_ceil(unit);
        Err(Error::LimitExceeded { kind: LimitKind::Expansion, actual, allowed })
    }
}
