//! Limits on files and images, checked before memory is allocated.

use crate::error::{Error, LimitKind};
use crate::pixels::Size;

/// Limits on a file and its image, checked against the header before memory is allocated.
///
/// The defaults accept a 200-megapixel photo and reject decompression bombs.
///
/// ```
/// use ownprint_pixels::{Limits, Size};
///
/// let small = Limits { pixels: 1_000_000, ..Limits::default() };
/// assert!(small.check_image(Size { width: 4000, height: 3000 }, 36_000_000).is_err());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Length in bytes of a file that is held in memory: of an image, or of a video that cannot be
    /// read in pieces. Default 512 MiB.
    pub file_bytes: u64,
    /// Width of the stored image in pixels. Default 65,535.
    pub width: u32,
    /// Height of the stored image in pixels. Default 65,535.
    pub height: u32,
    /// Width times height. Default 2^28, about 268 million.
    pub pixels: u64,
    /// Bytes of decoded samples and of the decoder's planes. Default 2 GiB. The decoder's tables
    /// are not included.
    pub memory: u64,
    /// Bytes of RGB for each byte of the file, three per pixel, in images of more than 60
    /// megapixels. For a video, it also bounds the pixels of all frames (docs/limits.md).
    ///
    /// Default 100,000. A photograph of a plain sky reaches 43,000 at the lowest qualities of AVIF;
    /// a header without data has millions.
    pub expansion: u32,
}

/// The pixels that an image file of any length may have.
const FREE_PIXELS: u64 = 60_000_000;

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes: 512 << 20,
            width: 65_535,
            height: 65_535,
            pixels: 1 << 28,
            memory: 2 << 30,
            expansion: 100_000,
        }
    }
}

impl Limits {
    /// Checks the length in bytes of an image file, including one that another decoder is about to
    /// decode.
    ///
    /// # Errors
    /// [`Error::LimitExceeded`] with [`LimitKind::FileBytes`].
    pub fn check_file_bytes(&self, bytes: u64) -> Result<(), Error> {
        check(LimitKind::FileBytes, bytes, self.file_bytes)
    }

    /// Returns these limits for the images of a file of `bytes` bytes: `expansion` also bounds
    /// `pixels`.
    #[must_use]
    pub fn for_file(&self, bytes: u64) -> Self {
        let allowed = (bytes.saturating_mul(self.expansion.into()) / 3).max(FREE_PIXELS);
        Self { pixels: self.pixels.min(allowed), ..*self }
    }

    /// Checks a stored size and the bytes of the decoded samples, including those of an image that
    /// another decoder is about to decode.
    ///
    /// `expansion` is not checked, because it needs the length of the file.
    ///
    /// # Errors
    /// [`Error::LimitExceeded`] with the first of width, height, pixels and memory that is
    /// exceeded.
    ///
    /// ```
    /// use ownprint_pixels::{Limits, Size};
    ///
    /// let size = Size { width: 4000, height: 3000 };
    /// assert!(Limits::default().check_image(size, size.pixels() * 4).is_ok());
    /// let narrow = Limits { width: 3999, ..Limits::default() };
    /// assert!(narrow.check_image(size, size.pixels() * 4).is_err());
    /// ```
    pub fn check_image(&self, size: Size, decoded_bytes: u64) -> Result<(), Error> {
        check(LimitKind::Width, size.width.into(), self.width.into())?;
        check(LimitKind::Height, size.height.into(), self.height.into())?;
        check(LimitKind::Pixels, size.pixels(), self.pixels)?;
        check(LimitKind::Memory, decoded_bytes, self.memory)
    }
}

/// Returns an error if `actual` exceeds `allowed`.
///
/// # Errors
/// [`Error::LimitExceeded`].
pub fn check(kind: LimitKind, actual: u64, allowed: u64) -> Result<(), Error> {
    if actual > allowed { Err(Error::LimitExceeded { kind, actual, allowed }) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::Limits;

    /// Smooth images compress to almost nothing, so no image of an ordinary size is refused for the
    /// length of its file.
    #[test]
    fn expansion_refuses_only_large_images_in_tiny_files() {
        let pixels = |bytes| Limits::default().for_file(bytes).pixels;
        assert_eq!(pixels(0), 60_000_000);
        assert_eq!(pixels(1_800), 60_000_000);
        // Measured at quality 20: a gradient of 200 megapixels as AVIF and as JPEG XL.
        assert!(pixels(13_994) >= 200_000_000 && pixels(18_091) >= 200_000_000);
        assert_eq!(pixels(6_000), 200_000_000);
        assert_eq!(pixels(1 << 20), 1 << 28);
        assert_eq!(pixels(u64::MAX), 1 << 28);
        let few = Limits { pixels: 1000, expansion: 1, ..Limits::default() };
        assert_eq!(few.for_file(1 << 20).pixels, 1000);
        assert_eq!(few.for_file(1 << 20).memory, few.memory);
    }
}
