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
    /// Length of the encoded file in bytes. Default 512 MiB.
    pub file_bytes: u64,
    /// Width of the stored image in pixels. Default 65,535.
    pub width: u32,
    /// Height of the stored image in pixels. Default 65,535.
    pub height: u32,
    /// Width times height. Default 2^28, about 268 million.
    pub pixels: u64,
    /// Bytes of decoded samples. Default 2 GiB. The decoder's tables are not included.
    pub memory: u64,
    /// Bytes of decoded samples for each byte of the file, if they exceed 64 MiB in total.
    ///
    /// Default 200. Photographs have a ratio of 10 to 30, decompression bombs one of several
    /// thousand.
    pub expansion: u32,
}

/// Bytes of decoded samples that a file of any length may have: 22 megapixels.
const FREE_EXPANSION: u64 = 64 << 20;

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes: 512 << 20,
            width: 65_535,
            height: 65_535,
            pixels: 1 << 28,
            memory: 2 << 30,
            expansion: 200,
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

    /// Returns these limits for a file of `bytes` bytes: `expansion` also bounds `memory`.
    #[must_use]
    pub fn for_file(&self, bytes: u64) -> Self {
        let allowed = bytes.saturating_mul(self.expansion.into()).max(FREE_EXPANSION);
        Self { memory: self.memory.min(allowed), ..*self }
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
