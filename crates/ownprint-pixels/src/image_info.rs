//! What is known of a decoded image.

use crate::format::Format;
use crate::orientation::{ExifOrientation, Orientation};
use crate::pixels::Size;

/// What is known of a decoded image.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct ImageInfo {
    /// The file format; `None` for bare pixels.
    pub format: Option<Format>,
    /// Size as stored.
    pub stored: Size,
    /// Size as hashed.
    pub size: Size,
    /// The orientation that the file or the caller states.
    pub orientation: ExifOrientation,
    /// Which way round the pixels were hashed.
    pub order: Orientation,
    /// Whether only part of the file could be decoded; always false unless damaged files were accepted.
    pub damaged: bool,
    /// Whether every machine gets the same pixels of this file. Not so of a lossy JPEG XL image, which is decoded with
    /// fractions that machines round differently, nor of one that a platform decoded; `docs/formats.md` has the measured effect.
    pub deterministic: bool,
    /// MD5 of the hashed RGB bytes as 32 hexadecimal digits, where it was asked for: tells a decoder's difference
    /// from a hash's.
    pub rgb_md5: Option<String>,
}

impl ImageInfo {
    /// An image that was decoded elsewhere, as a record describes it; what is skipped here is set as a field.
    #[must_use]
    pub fn from_parts(
        format: Option<Format>,
        stored: Size,
        size: Size,
        orientation: ExifOrientation,
        order: Orientation,
    ) -> Self {
        Self { format, stored, size, orientation, order, damaged: false, deterministic: true, rgb_md5: None }
    }
}
