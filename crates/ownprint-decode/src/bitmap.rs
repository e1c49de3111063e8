//! BMP and PNM: formats with a short header and samples that stand as they are.

use std::io::Cursor;

#[cfg(feature = "pnm")]
use image::ImageDecoder;
#[cfg(feature = "bmp")]
use image::codecs::bmp::BmpDecoder;
#[cfg(feature = "pnm")]
use image::codecs::pnm::PnmDecoder;

use crate::decoded::DecodedImage;
use crate::error::Error;
use crate::pixel_buffer::check_size;
use crate::through_image;
use ownprint_pixels::Format;
use ownprint_pixels::Raster;
use ownprint_pixels::{ExifOrientation, Limits, Size};

#[cfg(feature = "bmp")]
pub(super) fn decode_bmp(bytes: &[u8], limits: &Limits) -> Result<DecodedImage, Error> {
    // Two letters make no bitmap: a text may begin with them.
    let length = bytes.get(14..18).and_then(|four| Some(u32::from_le_bytes(four.try_into().ok()?)));
    if length.is_some_and(|length| !matches!(length, 12 | 16..=124)) {
        return Err(Error::Damaged {
            format: Format::Bmp,
            detail: "its header has no known length".to_owned(),
        });
    }
    // The decoder has a limit of its own on sizes and calls what exceeds it damaged.
    if let Some(header) = BmpHeader::read(bytes) {
        check_size(Format::Bmp, header.size, limits)?;
        if header.stored_bytes() > bytes.len() as u64 {
            return Err(Error::Truncated { format: Format::Bmp });
        }
    }
    let decoder = BmpDecoder::new(Cursor::new(bytes))
        .map_err(|error| through_image::refusal(Format::Bmp, limits, &error))?;
    Ok(upright(through_image::read(decoder, Format::Bmp, 0, limits)?, Format::Bmp))
}

/// The part of a BMP header that says how much follows.
#[cfg(feature = "bmp")]
struct BmpHeader {
    size: Size,
    bits: u16,
    /// Every pixel stands in the file, none is implied.
    plain: bool,
}

#[cfg(feature = "bmp")]
impl BmpHeader {
    /// `None` when there is no such header; what is wrong then the decoder knows.
    fn read(bytes: &[u8]) -> Option<Self> {
        let two = |at: usize| Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?));
        let four = |at: usize| Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
        if four(14)? == 12 {
            let size = Size { width: two(18)?.into(), height: two(20)?.into() };
            return Some(Self { size, bits: two(24)?, plain: true });
        }
        // A negative height says that the rows stand from top to bottom.
        let height = four(22)?.cast_signed().unsigned_abs();
        let plain = matches!(four(30)?, 0 | 3 | 6);
        Some(Self { size: Size { width: four(18)?, height }, bits: two(28)?, plain })
    }

    /// The least that pixels of this size take in the file.
    fn stored_bytes(&self) -> u64 {
        let row = (u64::from(self.size.width) * u64::from(self.bits)).div_ceil(32) * 4;
        if self.plain && self.bits <= 32 { row.saturating_mul(self.size.height.into()) } else { 0 }
    }
}

#[cfg(feature = "pnm")]
pub(super) fn decode_pnm(bytes: &[u8], limits: &Limits) -> Result<DecodedImage, Error> {
    let decoder = PnmDecoder::new(Cursor::new(bytes))
        .map_err(|error| through_image::refusal(Format::Pnm, limits, &error))?;
    // A bit a sample is the least that any of these formats stores.
    if decoder.total_bytes().div_ceil(8) > bytes.len() as u64 {
        let (width, height) = decoder.dimensions();
        check_size(Format::Pnm, Size { width, height }, limits)?;
        return Err(Error::Truncated { format: Format::Pnm });
    }
    Ok(upright(through_image::read(decoder, Format::Pnm, 0, limits)?, Format::Pnm))
}

fn upright(raster: Raster, format: Format) -> DecodedImage {
    DecodedImage {
        raster,
        format,
        orientation: ExifOrientation::Normal,
        damaged: false,
        first_frame_only: false,
        deterministic: true,
    }
}
