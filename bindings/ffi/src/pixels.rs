//! Pixels in memory: the format of one pixel, the layout of a buffer, and orientations.

use ownprint::{Error, Pixels};

/// The bytes of one pixel, in memory order. Alpha is not composited: it is ignored, or divided out
/// where the colors are multiplied by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum PixelFormat {
    /// Red, green, blue.
    Rgb8,
    /// Red, green, blue, alpha.
    Rgba8,
    /// Blue, green, red, alpha.
    Bgra8,
    /// One byte of luminance.
    L8,
    /// Red, green, blue, alpha, with colors multiplied by alpha.
    Rgba8Premultiplied,
    /// Blue, green, red, alpha, with colors multiplied by alpha.
    Bgra8Premultiplied,
}

/// The layout of an image in a buffer: rows from top to bottom.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct PixelLayout {
    /// Pixels in a row.
    pub width: u32,
    /// Number of rows.
    pub height: u32,
    /// The bytes of one pixel.
    pub format: PixelFormat,
    /// Bytes from the start of one row to the start of the next; `None` if the rows have no
    /// padding.
    #[uniffi(default = None)]
    pub stride: Option<u32>,
    /// The orientation of the pixels; `None` if they need neither rotation nor mirroring.
    #[uniffi(default = None)]
    pub orientation: Option<ExifOrientation>,
}

/// How stored pixels must be rotated or mirrored for display: EXIF tag 0x0112, values 1 to 8 in
/// this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum ExifOrientation {
    /// 1: neither rotated nor mirrored.
    Normal,
    /// 2: mirrored left to right.
    Mirrored,
    /// 3: rotated by 180 degrees.
    Rotated180,
    /// 4: mirrored top to bottom.
    MirroredRotated180,
    /// 5: mirrored across the diagonal from the top left.
    Transposed,
    /// 6: to be rotated clockwise by 90 degrees.
    Rotated90,
    /// 7: mirrored across the diagonal from the top right.
    Transversed,
    /// 8: to be rotated clockwise by 270 degrees.
    Rotated270,
}

/// Whether the EXIF orientation is applied to the pixels before they are hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum Orientation {
    /// Apply it: hash what a viewer shows.
    Apply,
    /// Ignore it: hash the pixels as the file stores them.
    Ignore,
}

impl PixelLayout {
    pub(crate) fn view<'a>(&self, pixels: &'a [u8]) -> Result<Pixels<'a>, Error> {
        let format = self.format.into();
        Ok(match self.stride {
            None => Pixels::new(pixels, self.width, self.height, format)?,
            Some(stride) => {
                Pixels::with_stride(pixels, self.width, self.height, format, stride as usize)?
            }
        })
    }

    pub(crate) fn orientation(&self) -> ownprint::ExifOrientation {
        self.orientation.map(ownprint::ExifOrientation::from).unwrap_or_default()
    }
}

impl From<PixelFormat> for ownprint::PixelFormat {
    fn from(format: PixelFormat) -> Self {
        match format {
            PixelFormat::Rgb8 => Self::Rgb8,
            PixelFormat::Rgba8 => Self::Rgba8,
            PixelFormat::Bgra8 => Self::Bgra8,
            PixelFormat::L8 => Self::L8,
            PixelFormat::Rgba8Premultiplied => Self::Rgba8Premultiplied,
            PixelFormat::Bgra8Premultiplied => Self::Bgra8Premultiplied,
        }
    }
}

impl From<ExifOrientation> for ownprint::ExifOrientation {
    fn from(orientation: ExifOrientation) -> Self {
        match orientation {
            ExifOrientation::Normal => Self::Normal,
            ExifOrientation::Mirrored => Self::Mirrored,
            ExifOrientation::Rotated180 => Self::Rotated180,
            ExifOrientation::MirroredRotated180 => Self::MirroredRotated180,
            ExifOrientation::Transposed => Self::Transposed,
            ExifOrientation::Rotated90 => Self::Rotated90,
            ExifOrientation::Transversed => Self::Transversed,
            ExifOrientation::Rotated270 => Self::Rotated270,
        }
    }
}

impl From<ownprint::ExifOrientation> for ExifOrientation {
    fn from(orientation: ownprint::ExifOrientation) -> Self {
        match orientation {
            ownprint::ExifOrientation::Normal => Self::Normal,
            ownprint::ExifOrientation::Mirrored => Self::Mirrored,
            ownprint::ExifOrientation::Rotated180 => Self::Rotated180,
            ownprint::ExifOrientation::MirroredRotated180 => Self::MirroredRotated180,
            ownprint::ExifOrientation::Transposed => Self::Transposed,
            ownprint::ExifOrientation::Rotated90 => Self::Rotated90,
            ownprint::ExifOrientation::Transversed => Self::Transversed,
            ownprint::ExifOrientation::Rotated270 => Self::Rotated270,
        }
    }
}

impl From<Orientation> for ownprint::Orientation {
    fn from(orientation: Orientation) -> Self {
        match orientation {
            Orientation::Apply => Self::Apply,
            Orientation::Ignore => Self::Ignore,
        }
    }
}

impl From<ownprint::Orientation> for Orientation {
    fn from(orientation: ownprint::Orientation) -> Self {
        match orientation {
            ownprint::Orientation::Apply => Self::Apply,
            ownprint::Orientation::Ignore => Self::Ignore,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orientations_have_the_order_of_exif() {
        for value in 1..=8 {
            let core = ownprint::ExifOrientation::from_exif(value);
            let ours = ExifOrientation::from(core);
            assert_eq!(ours as u16 + 1, value);
            assert_eq!(ownprint::ExifOrientation::from(ours), core);
        }
    }
}
