//! BMP and PNM: formats with a short header and mostly uncompressed samples.

use std::io::Cursor;

#[cfg(feature = "pnm")]
use image::ImageDecoder;
#[cfg(feature = "bmp")]
use image::codecs::bmp::BmpDecoder;
#[cfg(feature = "pnm")]
use image::codecs::pnm::PnmDecoder;

use ownprint_pixels::{ExifOrientation, Format, Limits, Raster, Size};

use crate::decoded::DecodedImage;
use crate::error::Error;
use crate::pixel_buffer::check_size;
use crate::through_image;

#[cfg(feature = "bmp")]
pub(super) fn decode_bmp(bytes: &[u8], limits: &Limits) -> Result<DecodedImage, Error> {
    // The decoder reports sizes above a limit of its own as damage, so the size is checked first.
    if let Some(header) = BmpHeader::read(bytes) {
        check_size(Format::Bmp, header.size, limits)?;
        if header.stored_bytes() > bytes.len() as u64 {
            return Err(Error::Truncated { format: Format::Bmp });
        }
    }
    let decoder = BmpDecoder::new(Cursor::new(bytes))
        .map_err(|error| through_image::refusal(Format::Bmp, limits, &error))?;
    Ok(decoded(through_image::read(decoder, Format::Bmp, 0, limits)?, Format::Bmp))
}

/// The fields of a BMP header that determine how many bytes of pixels follow.
#[cfg(feature = "bmp")]
struct BmpHeader {
    size: Size,
    bits: u16,
    /// The pixels are not compressed.
    uncompressed: bool,
}

#[cfg(feature = "bmp")]
impl BmpHeader {
    /// Returns `None` if the header is cut off; the decoder then reports the error.
    fn read(bytes: &[u8]) -> Option<Self> {
        let two = |at: usize| Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?));
        let four = |at: usize| Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
        if four(14)? == 12 {
            let size = Size { width: two(18)?.into(), height: two(20)?.into() };
            return Some(Self { size, bits: two(24)?, uncompressed: true });
        }
        // A negative height means that the rows are stored from top to bottom.
        let height = four(22)?.cast_signed().unsigned_abs();
        let uncompressed = matches!(four(30)?, 0 | 3 | 6);
        Some(Self { size: Size { width: four(18)?, height }, bits: two(28)?, uncompressed })
    }

    /// Returns the minimum bytes that the pixels take in the file.
    fn stored_bytes(&self) -> u64 {
        let row = (u64::from(self.size.width) * u64::from(self.bits)).div_ceil(32) * 4;
        if self.uncompressed && self.bits <= 32 {
            row.saturating_mul(self.size.height.into())
        } else {
            0
        }
    }
}

#[cfg(feature = "pnm")]
pub(super) fn decode_pnm(bytes: &[u8], limits: &Limits) -> Result<DecodedImage, Error> {
    let decoder = PnmDecoder::new(Cursor::new(bytes))
        .map_err(|error| through_image::refusal(Format::Pnm, limits, &error))?;
    // PBM stores one bit per sample; the other formats store more.
    if decoder.total_bytes().div_ceil(8) > bytes.len() as u64 {
        let (width, height) = decoder.dimensions();
        check_size(Format::Pnm, Size { width, height }, limits)?;
        return Err(Error::Truncated { format: Format::Pnm });
    }
    Ok(decoded(through_image::read(decoder, Format::Pnm, 0, limits)?, Format::Pnm))
}

fn decoded(raster: Raster, format: Format) -> DecodedImage {
    DecodedImage {
        raster,
        format,
        orientation: ExifOrientation::Normal,
        damaged: false,
        first_frame_only: false,
        deterministic: true,
    }
}
