//! Decodes a JPEG strictly and, if damaged files are accepted and strict decoding fails,
//! tolerantly.

use zune_core::bytestream::ZCursor;
use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;
use zune_jpeg::JpegDecoder;
use zune_jpeg::errors::DecodeErrors;

#[cfg(feature = "tiff")]
use ownprint_pixels::Size;
use ownprint_pixels::wipe::WipedBytes;
use ownprint_pixels::{Format, Limits};

use super::header::Header;
use super::mpf;
use crate::decoded::DecodedImage;
use crate::detail::short;
use crate::error::Error;
use crate::exif;
use crate::pixel_buffer::{Layout, PixelBuffer};

pub(crate) fn decode(
    bytes: &[u8],
    limits: &Limits,
    accept_damaged: bool,
) -> Result<DecodedImage, Error> {
    let header = Header::read(bytes)?;
    let buffer = PixelBuffer::new(
        Format::Jpeg,
        header.size,
        Layout::RGB8,
        header.coefficient_bytes(),
        limits,
    )?;
    let (buffer, damaged) = read(bytes, &header, buffer, accept_damaged)?;
    Ok(DecodedImage {
        raster: buffer.into_raster(),
        format: Format::Jpeg,
        orientation: header.exif.map(exif::orientation).unwrap_or_default(),
        damaged,
        first_frame_only: header
            .mpf_index
            .and_then(|at| bytes.get(at..))
            .is_some_and(mpf::has_further_image),
        deterministic: true,
    })
}

/// Returns the size of a JPEG inside a file of the format `container`, and whether it is complete.
#[cfg(feature = "tiff")]
pub(crate) fn probe(bytes: &[u8], container: Format) -> Result<(Size, bool), Error> {
    let header = Header::read(bytes).map_err(|error| match error {
        Error::Damaged { detail, .. } => Error::Damaged { format: container, detail },
        Error::UnsupportedFeature { detail, .. } => {
            Error::UnsupportedFeature { format: container, detail }
        }
        _ => Error::Truncated { format: container },
    })?;
    Ok((header.size, header.is_complete(bytes)))
}

/// Fills the buffer. The flag is `true` if only the tolerant decoder succeeded.
fn read(
    bytes: &[u8],
    header: &Header<'_>,
    mut buffer: PixelBuffer,
    accept_damaged: bool,
) -> Result<(PixelBuffer, bool), Error> {
    let complete = header.is_complete(bytes);
    let strict = if complete {
        decode_strictly(bytes, header, &mut buffer).map_err(|error| refusal(&error))
    } else {
        Err(Error::Truncated { format: Format::Jpeg })
    };
    match strict {
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

/// Decodes a complete image only.
///
/// If the data of a scan end early and an end marker follows, the decoder continues with zeros.
/// Repair tools and cameras that lost power write such files. Without the end marker the decoder
/// reports the missing data, so the marker is removed.
fn decode_strictly(
    bytes: &[u8],
    header: &Header<'_>,
    buffer: &mut PixelBuffer,
) -> Result<(), DecodeErrors> {
    /// The decoder reads ahead of the last block, so some bytes must follow it.
    const PADDING: [u8; 16] = [0x55; 16];
    let Some(data) = header.end_of_only_scan(bytes).and_then(|end| bytes.get(..end)) else {
        return scan(bytes, header, buffer, Mode::Strict);
    };
    // The decoder always reads ahead for a last restart marker, so those files need the padding.
    if !header.restarts && scan(data, header, buffer, Mode::Strict).is_ok() {
        return Ok(());
    }
    let mut padded = WipedBytes(Vec::with_capacity(data.len() + PADDING.len()));
    padded.0.extend_from_slice(data);
    padded.0.extend_from_slice(&PADDING);
    scan(&padded.0, header, buffer, Mode::Strict)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// Data that violate the format are errors.
    Strict,
    /// Blocks that cannot be decoded stay grey.
    Tolerant,
}

fn scan(
    bytes: &[u8],
    header: &Header<'_>,
    buffer: &mut PixelBuffer,
    mode: Mode,
) -> Result<(), DecodeErrors> {
    if !header.needs_normalizing {
        let mut decoder = open(bytes, mode);
        // If metadata make the decoder fail, the normalized file, which has none, is decoded.
        if decoder.decode_headers().is_ok() {
            return decoder.decode_into(buffer.samples());
        }
    }
    let normalized = header.normalized(bytes);
    open(&normalized.0, mode).decode_into(buffer.samples())
}

fn open(bytes: &[u8], mode: Mode) -> JpegDecoder<ZCursor<&[u8]>> {
    // The size was checked before, so the limits of the decoder are lifted.
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
