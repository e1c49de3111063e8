//! BMP and PNM: formats with a short header and samples that stand as they are.

use std::io::Cursor;

#[cfg(feature = "bmp")]
use image::codecs::bmp::BmpDecoder;
#[cfg(feature = "pnm")]
use image::codecs::pnm::PnmDecoder;

use super::{Decoded, Format, Raster, through_image};
use crate::{Error, Limits, Orientation};

#[cfg(feature = "bmp")]
pub(super) fn decode_bmp(bytes: &[u8], limits: &Limits) -> Result<Decoded, Error> {
    let decoder = BmpDecoder::new(Cursor::new(bytes))
        .map_err(|error| through_image::refusal(Format::Bmp, limits, &error))?;
    Ok(upright(through_image::read(decoder, Format::Bmp, 0, limits)?, Format::Bmp))
}

#[cfg(feature = "pnm")]
pub(super) fn decode_pnm(bytes: &[u8], limits: &Limits) -> Result<Decoded, Error> {
    let decoder = PnmDecoder::new(Cursor::new(bytes))
        .map_err(|error| through_image::refusal(Format::Pnm, limits, &error))?;
    Ok(upright(through_image::read(decoder, Format::Pnm, 0, limits)?, Format::Pnm))
}

fn upright(raster: Raster, format: Format) -> Decoded {
    Decoded { raster, format, orientation: Orientation::Upright, damaged: false, animated: false }
}
