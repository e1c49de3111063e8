//! What is known of an image, and its pixels.

use crate::raster::Raster;
use crate::warning::Warning;
use crate::{ExifOrientation, Format, Pixels, Size};

/// Whether the EXIF orientation is applied to the pixels before they are hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Orientation {
    /// Apply it: what a viewer shows, and what most platforms store after an upload.
    #[default]
    Apply,
    /// Ignore it and hash the pixels as the file stores them, as the reference command lines do.
    Ignore,
}

impl Orientation {
    /// Returns the stable name: `apply` or `ignore`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Apply => "apply",
            Self::Ignore => "ignore",
        }
    }
}

/// What is known of a decoded image.
#[derive(Debug, Clone, PartialEq, Eq)]
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

/// A decoded image, wiped when it is dropped; [`Fingerprinter::decode`](crate::Fingerprinter::decode) makes it.
#[derive(Debug)]
#[non_exhaustive]
pub struct DecodedImage {
    /// What is known of it. [`ImageInfo::size`] is that which it has when hashed, the pixels are as [`ImageInfo::stored`].
    pub image: ImageInfo,
    /// What a person should know about it.
    pub warnings: Vec<Warning>,
    pub(crate) raster: Raster,
}

impl DecodedImage {
    /// The pixels as the file stores them, to be hashed with [`ImageInfo::orientation`].
    #[must_use]
    pub fn pixels(&self) -> Pixels<'_> {
        self.raster.pixels()
    }

    /// Their bytes: red, green, blue, row after row from the top.
    #[must_use]
    pub fn rgb(&self) -> &[u8] {
        self.raster.rgb()
    }
}
