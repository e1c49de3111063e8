//! What is known of a picture, and its pixels.

use crate::raster::Raster;
use crate::warning::Warning;
use crate::{Format, Orientation, Pixels, Size};

/// Which way round a picture's pixels are hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum PixelOrder {
    /// Turned as the file's EXIF orientation says: what a person sees, and what a platform stores after upload.
    #[default]
    Upright,
    /// As the file stores them: what the reference command lines hash.
    Stored,
}

impl PixelOrder {
    /// The stable name, as in every record and every binding.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Upright => "upright",
            Self::Stored => "stored",
        }
    }
}

/// What is known of a decoded picture.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Picture {
    /// The file format; `None` for bare pixels.
    pub format: Option<Format>,
    /// Size as stored.
    pub stored: Size,
    /// Size as hashed.
    pub size: Size,
    /// The orientation that the file or the caller states.
    pub orientation: Orientation,
    /// Which way round the pixels were hashed.
    pub order: PixelOrder,
    /// Whether only part of the file could be decoded; always false unless damaged files were accepted.
    pub damaged: bool,
    /// Whether every machine gets the same pixels of this file. Not so of a lossy JPEG XL picture, which is decoded with
    /// fractions that machines round differently, nor of one that a platform decoded; `docs/formats.md` has the measured effect.
    pub exact: bool,
    /// MD5 of the hashed RGB bytes as 32 hexadecimal digits, where it was asked for: tells a decoder's difference
    /// from a hash's.
    pub rgb_md5: Option<String>,
}

impl Picture {
    /// A picture that was decoded elsewhere, as a record describes it; what is left out here is set as a field.
    #[must_use]
    pub fn known(
        format: Option<Format>,
        stored: Size,
        size: Size,
        orientation: Orientation,
        order: PixelOrder,
    ) -> Self {
        Self { format, stored, size, orientation, order, damaged: false, exact: true, rgb_md5: None }
    }
}

/// A decoded picture, wiped when it is dropped; [`Fingerprinter::decode`](crate::Fingerprinter::decode) makes it.
#[derive(Debug)]
#[non_exhaustive]
pub struct DecodedPicture {
    /// What is known of it. [`Picture::size`] is that which it has when hashed, the pixels are as [`Picture::stored`].
    pub picture: Picture,
    /// What a person should know about it.
    pub warnings: Vec<Warning>,
    pub(crate) raster: Raster,
}

impl DecodedPicture {
    /// The pixels as the file stores them, to be hashed with [`Picture::orientation`].
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
