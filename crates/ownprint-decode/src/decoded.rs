//! What a decoder returns.

use ownprint_pixels::{ExifOrientation, Format, Pixels, Raster, Size};

/// A decoded image in the orientation in which it is stored, wiped when it is dropped.
#[derive(Debug)]
#[non_exhaustive]
pub struct DecodedImage {
    pub(crate) raster: Raster,
    /// The file format.
    pub format: Format,
    /// How the pixels must be rotated or mirrored for display.
    pub orientation: ExifOrientation,
    /// Whether only a tolerant decoder succeeded, so that parts may be missing.
    pub damaged: bool,
    /// Whether the file holds further frames, pages or images. Previews and gain maps are none.
    pub first_frame_only: bool,
    /// Whether every machine gets the same pixels. Not so for lossy JPEG XL, which is decoded with floating point.
    pub deterministic: bool,
}

impl DecodedImage {
    /// Returns the size as stored.
    #[must_use]
    pub fn size(&self) -> Size {
        self.raster.size()
    }

    /// Returns the pixels as stored, to be hashed with [`orientation`](Self::orientation).
    #[must_use]
    pub fn pixels(&self) -> Pixels<'_> {
        self.raster.pixels()
    }

    /// Returns the bytes: red, green, blue, row after row from the top.
    #[must_use]
    pub fn rgb(&self) -> &[u8] {
        self.raster.rgb()
    }

    /// Returns the pixels alone.
    #[must_use]
    pub fn into_raster(self) -> Raster {
        self.raster
    }
}
