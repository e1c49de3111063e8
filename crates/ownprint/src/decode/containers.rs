//! PNG, GIF, WebP, BMP, TIFF and PNM through the `image` crate.

use std::io::Cursor;

use image::{DynamicImage, ImageReader};

use super::{Decoded, Format};
use crate::raster::{Raster, WipedBytes};
use crate::{Error, Limits, Orientation, Size};

pub(super) fn decode(bytes: &[u8], format: Format, limits: &Limits) -> Result<Decoded, Error> {
    let damaged = |error: image::ImageError| Error::Damaged { format, detail: error.to_string() };
    let reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format()?;
    let decoder = reader.into_decoder().map_err(damaged)?;
    let picture = DynamicImage::from_decoder(decoder).map_err(damaged)?;
    let size = Size { width: picture.width(), height: picture.height() };
    limits.check_picture(size, size.pixels() * 3)?;
    Ok(Decoded {
        raster: Raster::new(WipedBytes(picture.into_rgb8().into_raw()), size),
        format,
        orientation: Orientation::Upright,
        damaged: false,
        animated: false,
    })
}
