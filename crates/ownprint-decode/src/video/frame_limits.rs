//! The limits of the frames of a video: of each one, and of all together.

use ownprint_pixels::{LimitKind, Limits, Size};

use crate::error::Error;

/// Pixels that the frames of any file may have together: eight minutes of 1080p at 60 frames per
/// second, or a minute and a half of processor time with H.264.
pub(super) const FREE_PIXELS: u64 = 1 << 36;
/// Pixels for each byte of the file, for a unit of [`Limits::expansion`].
///
/// A still video of 1080p that x264 codes without key frames has 50,000 pixels for each byte;
/// 100,000 units allow 200,000. A frame of any size can take less than 20 bytes.
const PIXELS_PER_UNIT: u64 = 2;

/// Compares each frame with the limits for the length of the file, and the pixels of all decoded
/// frames with that length.
#[derive(Debug)]
pub(super) struct FrameLimits {
    /// The limits of one frame.
    pub(super) for_file: Limits,
    expansion: u32,
    file_bytes: u64,
    /// The pixels of all decoded frames.
    pub(super) pixels: u64,
}

impl FrameLimits {
    pub(super) fn new(limits: &Limits, file_bytes: u64) -> Self {
        let for_file = limits.for_file(file_bytes);
        Self { for_file, expansion: limits.expansion, file_bytes, pixels: 0 }
    }

    /// Checks the size of a frame and its pixels for hashing, and then the memory of the decoder in
    /// bytes.
    ///
    /// # Errors
    /// [`Error::LimitExceeded`].
    pub(super) fn check(&self, size: Size, decoder_bytes: u64) -> Result<(), Error> {
        self.for_file.check_image(size, size.pixels().saturating_mul(3))?;
        Ok(self.for_file.check_image(size, decoder_bytes)?)
    }

    /// Counts the pixels of a frame or slice that is about to be decoded.
    ///
    /// # Errors
    /// [`Error::LimitExceeded`] with [`LimitKind::Expansion`].
    pub(super) fn count(&mut self, pixels: u64) -> Result<(), Error> {
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
