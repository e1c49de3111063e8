//! The properties of a decoded image.

use crate::format::Format;
use crate::orientation::ExifOrientation;
use crate::pixels::Size;

/// Format, size, orientation and other properties of a decoded image.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct ImageInfo {
    /// The file format; `None` for bare pixels.
    pub format: Option<Format>,
    /// The size of the stored image.
    pub stored: Size,
    /// The size of the hashed image.
    pub size: Size,
    /// The orientation that the file or the caller specifies.
    pub orientation: ExifOrientation,
    /// Whether the orientation was applied before hashing.
    pub orientation_applied: bool,
    /// Whether only part of the file could be decoded. Always `false` unless damaged files are
    /// accepted.
    pub damaged: bool,
    /// Whether every machine decodes this file to the same pixels.
    ///
    /// `false` for lossy JPEG XL, which is decoded with floating point, and for images that the
    /// platform decoded. `docs/formats.md` lists the measured effect.
    pub deterministic: bool,
    /// MD5 of the hashed RGB bytes as 32 hexadecimal digits, if it was requested.
    ///
    /// If two programs compute different hashes of a file, it shows whether their decoders or
    /// their hashers differ.
    pub rgb_md5: Option<String>,
}

impl ImageInfo {
    /// Returns the properties of an image that another program decoded. Set the remaining
    /// properties as fields.
    #[must_use]
    pub fn from_parts(
        format: Option<Format>,
        stored: Size,
        size: Size,
        orientation: ExifOrientation,
        orientation_applied: bool,
    ) -> Self {
        Self {
            format,
            stored,
            size,
            orientation,
            orientation_applied,
            damaged: false,
            deterministic: true,
            rgb_md5: None,
        }
    }
}
