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
        if let Some(detail) = header.unsupported(bytes) {
            return Err(Error::UnsupportedFeature { format: Format::Bmp, detail });
        }
    }
    let decoder = BmpDecoder::new(Cursor::new(bytes))
        .map_err(|error| through_image::refusal(Format::Bmp, limits, &error))?;
    Ok(decoded(through_image::read(decoder, Format::Bmp, 0, limits)?, Format::Bmp))
}

/// Values of the field `biCompression`.
#[cfg(feature = "bmp")]
const RGB: u32 = 0;
#[cfg(feature = "bmp")]
const RLE8: u32 = 1;
#[cfg(feature = "bmp")]
const RLE4: u32 = 2;
#[cfg(feature = "bmp")]
const BIT_FIELDS: u32 = 3;
#[cfg(feature = "bmp")]
const ALPHA_BIT_FIELDS: u32 = 6;

/// The fields of a BMP header that determine how many bytes of pixels follow and how they are
/// coded.
#[cfg(feature = "bmp")]
struct BmpHeader {
    length: u32,
    size: Size,
    bits: u16,
    top_down: bool,
    compression: u32,
    /// The number of palette colours; 0 means all.
    colors: u32,
}

#[cfg(feature = "bmp")]
impl BmpHeader {
    /// Returns `None` if the header is cut off; the decoder then reports the error.
    fn read(bytes: &[u8]) -> Option<Self> {
        let two = |at: usize| Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?));
        let four = |at: usize| Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
        if four(14)? == 12 {
            let size = Size { width: two(18)?.into(), height: two(20)?.into() };
            let bits = two(24)?;
            return Some(Self {
                length: 12,
                size,
                bits,
                top_down: false,
                compression: RGB,
                colors: 0,
            });
        }
        // A negative height means that the rows are stored from top to bottom.
        let height = four(22)?.cast_signed();
        Some(Self {
            length: four(14)?,
            size: Size { width: four(18)?, height: height.unsigned_abs() },
            bits: two(28)?,
            top_down: height < 0,
            compression: four(30)?,
            colors: four(46).unwrap_or_default(),
        })
    }

    /// Returns the name of an option that was not compared with another decoder.
    fn unsupported(&self, bytes: &[u8]) -> Option<String> {
        let is_rle = matches!(self.compression, RLE8 | RLE4);
        if !matches!(self.length, 12 | 40 | 52 | 56 | 108 | 124) {
            Some(format!("header of {} bytes", self.length))
        } else if !matches!(self.compression, RGB | RLE8 | RLE4 | BIT_FIELDS) {
            Some(format!("compression {}", self.compression))
        } else if is_rle && self.top_down {
            Some("run-length coding from top to bottom".to_owned())
        } else if is_rle && self.skips_pixels(bytes) {
            Some("run-length coding that skips pixels".to_owned())
        } else if self.bits <= 8 && self.colors > 1 << self.bits {
            Some(format!("palette of {} colours for {} bits", self.colors, self.bits))
        } else {
            None
        }
    }

    /// Returns `true` if run-length coded rows end early or have gaps. The format does not define
    /// the colour of these pixels.
    fn skips_pixels(&self, bytes: &[u8]) -> bool {
        let start =
            bytes.get(10..14).and_then(|field| field.try_into().ok()).map(u32::from_le_bytes);
        let mut data = bytes.get(start.unwrap_or_default() as usize..).unwrap_or_default();
        let (mut x, mut y) = (0_u64, 0);
        // The decoder reports data that end early.
        while let Some(([count, value], rest)) = data.split_first_chunk::<2>() {
            data = rest;
            match (*count, *value) {
                (0, 0) => {
                    if x < self.size.width.into() {
                        return true;
                    }
                    (x, y) = (0, y + 1);
                    if y == self.size.height {
                        return false;
                    }
                }
                (0, 1) => return y + 1 < self.size.height || x < self.size.width.into(),
                (0, 2) => return true,
                (0, count) => {
                    let length = usize::from(count);
                    let length = if self.compression == RLE4 { length.div_ceil(2) } else { length };
                    // Padded to an even number of bytes.
                    data = data.get(length.next_multiple_of(2)..).unwrap_or_default();
                    x += u64::from(count);
                }
                (count, _) => x += u64::from(count),
            }
        }
        false
    }

    /// Returns the minimum bytes that the pixels take in the file.
    fn stored_bytes(&self) -> u64 {
        let row = (u64::from(self.size.width) * u64::from(self.bits)).div_ceil(32) * 4;
        if matches!(self.compression, RGB | BIT_FIELDS | ALPHA_BIT_FIELDS) && self.bits <= 32 {
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
