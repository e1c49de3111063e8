//! A decoded image, as every decoder returns it.

use ownprint_pixels::{ExifOrientation, Format, Pixels, Raster, Size};

/// A decoded image in stored orientation, wiped on drop.
#[derive(Debug)]
#[non_exhaustive]
pub struct DecodedImage {
    pub(crate) raster: Raster,
    /// The file format.
    pub format: Format,
    /// The rotation and mirroring that display requires.
    pub orientation: ExifOrientation,
    /// Whether only the tolerant decoder succeeded, so that parts may be missing.
    pub damaged: bool,
    /// Whether the file contains more frames, pages or images. Previews and gain maps do not
    /// count.
    pub first_frame_only: bool,
    /// Whether every machine decodes the file to the same pixels. `false` for lossy JPEG XL, which
    /// is decoded with floating point.
    pub deterministic: bool,
}

impl DecodedImage {
    /// Returns the size of the stored image.
    #[must_use]
    pub fn size(&self) -> Size {
        self.raster.size()
    }

    /// Returns the stored pixels, to be hashed with [`orientation`](Self::orientation).
    #[must_use]
    pub fn pixels(&self) -> Pixels<'_> {
        self.raster.pixels()
    }

    /// Returns the bytes: red, green, blue, row by row from the top.
    #[must_use]
    pub fn rgb(&self) -> &[u8] {
        self.raster.rgb()
    }

    /// Returns the owned pixels.
    #[must_use]
    pub fn into_raster(self) -> Raster {
        self.raster
    }
}
