//! JPEG.

use zune_core::bytestream::ZCursor;
use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;
use zune_jpeg::JpegDecoder;

use super::{Decoded, Format};
use crate::raster::{Raster, WipedBytes};
use crate::{Error, Limits, Orientation, Size};

pub(super) fn decode(bytes: &[u8], limits: &Limits, _accept_damaged: bool) -> Result<Decoded, Error> {
    let options = DecoderOptions::default()
        .set_strict_mode(true)
        .set_max_width(usize::MAX)
        .set_max_height(usize::MAX)
        .jpeg_set_out_colorspace(ColorSpace::RGB);
    let damaged = |error: zune_jpeg::errors::DecodeErrors| Error::Damaged {
        format: Format::Jpeg,
        detail: format!("{error:?}"),
    };
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    decoder.decode_headers().map_err(damaged)?;
    let (width, height) = decoder.dimensions().unwrap_or_default();
    let size = Size { width: width as u32, height: height as u32 };
    limits.check_picture(size, size.pixels() * 3)?;
    let mut data = WipedBytes::zeroed(width * height * 3);
    decoder.decode_into(&mut data.0).map_err(damaged)?;
    Ok(Decoded {
        raster: Raster::new(data, size),
        format: Format::Jpeg,
        orientation: Orientation::Upright,
        damaged: false,
        animated: false,
    })
}
