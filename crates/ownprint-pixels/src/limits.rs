//! What an image may ask for before anything is allocated for it.

use crate::error::{Error, LimitKind};
use crate::pixels::Size;

/// Bounds on an image, checked against its header before anything is allocated.
///
/// The defaults allow a phone's 200-megapixel photograph and refuse what only an attacker would make.
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
    /// Width in pixels, as stored. Default 65,535.
    pub width: u32,
    /// Height in pixels, as stored. Default 65,535.
    pub height: u32,
    /// Width times height. Default 2^28, about 268 million.
    pub pixels: u64,
    /// Bytes of decoded samples. Default 2 GiB; a decoder's own tables come on top.
    pub memory: u64,
    /// Bytes of decoded samples for each byte of the file, where they are more than 64 MiB. Default 200: photographs have some 30,
    /// a file that unpacks into a plain surface thousands.
    pub expansion: u32,
}

/// What any file may unpack into, whatever its length: 22 megapixels.
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
    /// Compares the length of an image's file in bytes, also one that somebody else is about to decode.
    ///
    /// # Errors
    /// [`Error::LimitExceeded`] with [`LimitKind::FileBytes`].
    pub fn check_file_bytes(&self, bytes: u64) -> Result<(), Error> {
        check(LimitKind::FileBytes, bytes, self.file_bytes)
    }

    /// These limits for a file of so many bytes: its memory is bounded by what the file may unpack into, too.
    pub fn for_file(&self, bytes: u64) -> Self {
        let allowed = bytes.saturating_mul(self.expansion.into()).max(FREE_EXPANSION);
        Self { memory: self.memory.min(allowed), ..*self }
    }

    /// Compares a stored size and the bytes its decoded samples take, also of an image that somebody else is about to decode. `expansion`
    /// is not looked at, for that takes the file's length.
    ///
    /// # Errors
    /// [`Error::LimitExceeded`] with the first of width, height, pixels and memory that is exceeded.
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

/// Compares one figure with what is allowed.
///
/// # Errors
/// [`Error::LimitExceeded`].
pub fn check(kind: LimitKind, actual: u64, allowed: u64) -> Result<(), Error> {
    if actual > allowed { Err(Error::LimitExceeded { kind, actual, allowed }) } else { Ok(()) }
}
