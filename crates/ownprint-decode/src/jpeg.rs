//! JPEG: our own walk over the header, then a strict decoder, then (on request only) a tolerant one.

mod header;
mod mpf;

use zune_core::bytestream::ZCursor;
use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;
use zune_jpeg::JpegDecoder;
use zune_jpeg::errors::DecodeErrors;

use self::header::Header;
use crate::decoded::DecodedImage;
use crate::detail::short;
use crate::error::Error;
use crate::exif;
use crate::pixel_buffer::{Layout, PixelBuffer};
use ownprint_pixels::Format;
use ownprint_pixels::Limits;
#[cfg(feature = "tiff")]
use ownprint_pixels::Size;
use ownprint_pixels::wipe::WipedBytes;

pub(crate) fn decode(bytes: &[u8], limits: &Limits, accept_damaged: bool) -> Result<DecodedImage, Error> {
    let header = Header::read(bytes)?;
    let buffer =
        PixelBuffer::new(Format::Jpeg, header.size, Layout::RGB8, header.coefficient_bytes(), limits)?;
    let (buffer, damaged) = read(bytes, &header, buffer, accept_damaged)?;
    Ok(DecodedImage {
        raster: buffer.into_raster(),
        format: Format::Jpeg,
        orientation: header.exif.map(exif::orientation).unwrap_or_default(),
        damaged,
        first_frame_only: header
            .multi_picture
            .and_then(|at| bytes.get(at..))
            .is_some_and(mpf::has_further_image),
        deterministic: true,
    })
}

/// The size a JPEG inside another file states, and whether it is all there.
#[cfg(feature = "tiff")]
pub(super) fn glance(bytes: &[u8], inside: Format) -> Result<(Size, bool), Error> {
    let header = Header::read(bytes).map_err(|error| match error {
        Error::Damaged { detail, .. } => Error::Damaged { format: inside, detail },
        Error::UnsupportedFeature { detail, .. } => Error::UnsupportedFeature { format: inside, detail },
        _ => Error::Truncated { format: inside },
    })?;
    Ok((header.size, header.is_complete(bytes)))
}

/// Fills the buffer; the flag says whether only the tolerant decoder could.
fn read(
    bytes: &[u8],
    header: &Header<'_>,
    mut buffer: PixelBuffer,
    accept_damaged: bool,
) -> Result<(PixelBuffer, bool), Error> {
    let complete = header.is_complete(bytes);
    let whole = if complete {
        strictly(bytes, header, &mut buffer).map_err(|error| refusal(&error))
    } else {
        Err(Error::Truncated { format: Format::Jpeg })
    };
    match whole {
        Ok(()) => Ok((buffer, false)),
        Err(Error::UnsupportedFeature { format, detail }) => {
            Err(Error::UnsupportedFeature { format, detail })
        }
        Err(error) if accept_damaged => match scan(bytes, header, &mut buffer, Mode::Tolerant) {
            Ok(()) => Ok((buffer, true)),
            Err(_) => Err(error),
        },
        Err(error) => Err(error),
    }
}

/// Decodes only what is all there.
///
/// Where the data of a scan end too soon the decoder goes on with zeros, and all it takes is an end marker, as a
/// repair tool or a camera that lost power writes it. It does not where nothing follows the data, so the end marker
/// is kept from it.
fn strictly(bytes: &[u8], header: &Header<'_>, buffer: &mut PixelBuffer) -> Result<(), DecodeErrors> {
    /// More than the decoder reads ahead of the last block: without them it would miss those.
    const AHEAD: [u8; 16] = [0x55; 16];
    let Some(data) = header.end_of_only_scan(bytes).and_then(|end| bytes.get(..end)) else {
        return scan(bytes, header, buffer, Mode::Strict);
    };
    // Looking for a last restart marker, the decoder always reads ahead.
    if !header.restarts && scan(data, header, buffer, Mode::Strict).is_ok() {
        return Ok(());
    }
    let mut longer = WipedBytes(Vec::with_capacity(data.len() + AHEAD.len()));
    longer.0.extend_from_slice(data);
    longer.0.extend_from_slice(&AHEAD);
    scan(&longer.0, header, buffer, Mode::Strict)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// Anything that is not JPEG is an error.
    Strict,
    /// What cannot be decoded stays grey.
    Tolerant,
}

fn scan(bytes: &[u8], header: &Header<'_>, buffer: &mut PixelBuffer, mode: Mode) -> Result<(), DecodeErrors> {
    if !header.needs_tidying {
        let mut decoder = open(bytes, mode);
        // Metadata the decoder stumbles over is no harm to the image: such a file is tidied too.
        if decoder.decode_headers().is_ok() {
            return decoder.decode_into(buffer.samples());
        }
    }
    let tidy = header.tidied(bytes);
    open(&tidy.0, mode).decode_into(buffer.samples())
}

fn open(bytes: &[u8], mode: Mode) -> JpegDecoder<ZCursor<&[u8]>> {
    // The size has been checked against our own limits already.
    let options = DecoderOptions::default()
        .set_strict_mode(mode == Mode::Strict)
        .set_max_width(usize::MAX)
        .set_max_height(usize::MAX)
        .jpeg_set_out_colorspace(ColorSpace::RGB);
    JpegDecoder::new_with_options(ZCursor::new(bytes), options)
}

fn refusal(error: &DecodeErrors) -> Error {
    let format = Format::Jpeg;
    let detail = short(&format!("{error:?}"));
    match error {
        DecodeErrors::Unsupported(_) => Error::UnsupportedFeature { format, detail },
        DecodeErrors::ExhaustedData | DecodeErrors::IoErrors(_) => Error::Truncated { format },
        _ => Error::Damaged { format, detail },
    }
}
