//! Image file formats and their stable names. `ownprint_decode::can_decode` returns whether a build
//! decodes a format.

use std::str::FromStr;

use crate::error::Error;

/// An image file format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// JPEG: baseline and progressive; grey, YCbCr, RGB, CMYK and YCCK.
    Jpeg,
    /// PNG of every colour type and bit depth; the first frame of an APNG.
    Png,
    /// GIF, first frame.
    Gif,
    /// WebP, lossy and lossless; first frame.
    WebP,
    /// Windows bitmap.
    Bmp,
    /// TIFF, first image.
    Tiff,
    /// PBM, PGM, PPM and PAM.
    Pnm,
    /// HEIC and HEIF, the primary image. Decoded with the feature `heic`.
    Heic,
    /// AVIF, the primary image. Decoded with the feature `avif`.
    Avif,
    /// JPEG XL, first frame. Decoded with the feature `jxl`.
    Jxl,
}

impl Format {
    /// All formats that are recognized.
    pub const ALL: [Self; 10] = [
        Self::Jpeg,
        Self::Png,
        Self::Gif,
        Self::WebP,
        Self::Bmp,
        Self::Tiff,
        Self::Pnm,
        Self::Heic,
        Self::Avif,
        Self::Jxl,
    ];

    /// Returns the stable name, which records and every binding use.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Jpeg => "jpeg",
            Self::Png => "png",
            Self::Gif => "gif",
            Self::WebP => "webp",
            Self::Bmp => "bmp",
            Self::Tiff => "tiff",
            Self::Pnm => "pnm",
            Self::Heic => "heic",
            Self::Avif => "avif",
            Self::Jxl => "jxl",
        }
    }

    /// Returns `true` if every machine decodes every file of this format to the same pixels.
    ///
    /// For other formats, [`ImageInfo::deterministic`](crate::ImageInfo::deterministic) is set for
    /// each image.
    #[must_use]
    pub fn is_always_deterministic(self) -> bool {
        self != Self::Jxl
    }
}

impl std::fmt::Display for Format {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Format {
    type Err = Error;

    /// Parses the stable name of a format, whether or not the build decodes it.
    ///
    /// # Errors
    /// [`Error::UnknownName`].
    fn from_str(name: &str) -> Result<Self, Error> {
        Self::ALL
            .into_iter()
            .find(|format| format.name() == name)
            .ok_or_else(|| Error::unknown_name("image format", name, &Self::ALL.map(Self::name)))
    }
}
