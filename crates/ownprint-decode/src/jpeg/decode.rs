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
use ownprint_pixels::{ExifOrientation, Format, Limits};

#[cfg(feature = "tiff")]
use super::header::Components;
use super::header::Header;
use super::{mpf, scans};
use crate::decoded::DecodedImage;
use crate::detail::short;
use crate::error::Error;
use crate::pixel_buffer::{Layout, PixelBuffer};
use crate::{exif, xmp};

pub(crate) fn decode(
    bytes: &[u8],
    limits: &Limits,
    accept_damaged: bool,
) -> Result<DecodedImage, Error> {
    let header = Header::read(bytes)?;
    let mut buffer = PixelBuffer::new(
        Format::Jpeg,
        header.size,
        Layout::RGB8,
        header.coefficient_bytes(),
        limits,
    )?;
    let damaged = read(bytes, &header, buffer.samples(), ColorSpace::RGB, accept_damaged)?;
    Ok(DecodedImage {
        raster: buffer.into_raster(),
        format: Format::Jpeg,
        orientation: orientation(&header),
        damaged,
        first_frame_only: header
            .mpf_index
            .and_then(|at| bytes.get(at..))
            .is_some_and(mpf::has_further_image),
        deterministic: true,
    })
}

/// Returns the orientation of the EXIF block, or that of the XMP packet if the block has none.
fn orientation(header: &Header<'_>) -> ExifOrientation {
    let packet = header.xmp.and_then(xmp::orientation);
    match header.exif {
        Some(block) if !exif::is_readable(block) => ExifOrientation::Normal,
        block => block.and_then(exif::find).or(packet).unwrap_or_default(),
    }
}

/// Decodes a JPEG stream inside a TIFF file to interleaved samples, if `fits` accepts its size.
#[cfg(feature = "tiff")]
pub(crate) fn decode_samples(
    bytes: &[u8],
    components: Components,
    fits: impl Fn(Size) -> bool,
    limits: &Limits,
) -> Result<WipedBytes, Error> {
    let mut header = Header::read(bytes)?;
    header.set_components(components)?;
    if !fits(header.size) {
        let detail = format!("size of a strip or tile is {} in its JPEG stream", header.size);
        return Err(Error::Damaged { format: Format::Jpeg, detail });
    }
    let (count, space) = match components {
        Components::Grey => (1, ColorSpace::Luma),
        Components::YCbCr | Components::Rgb => (3, ColorSpace::RGB),
        Components::Four => (4, ColorSpace::CMYK),
    };
    let length = header.size.pixels().saturating_mul(count);
    limits.check_image(header.size, length.saturating_add(header.coefficient_bytes()))?;
    let mut samples = WipedBytes::zeroed(length as usize);
    read(bytes, &header, &mut samples.0, space, false)?;
    Ok(samples)
}

/// Fills the samples. Returns `true` if only the tolerant decoder succeeded.
fn read(
    bytes: &[u8],
    header: &Header<'_>,
    samples: &mut [u8],
    space: ColorSpace,
    accept_damaged: bool,
) -> Result<bool, Error> {
    let complete = header.is_complete(bytes);
    if complete && header.has_separate_scans() {
        // The tolerant decoder would decode the scans wrongly too.
        header.check_scans(bytes)?;
        let progressive = scans::as_progressive(bytes, header)?;
        let decoded = open(&progressive.0, space, Mode::Strict).decode_into(samples);
        return decoded.map(|()| false).map_err(|error| refusal(&error));
    }
    let strict = if complete {
        header.check_scans(bytes).and_then(|end| {
            let strict = decode_strictly(bytes, header, end, samples, space);
            strict.map_err(|error| refusal(&error))
        })
    } else {
        Err(Error::Truncated { format: Format::Jpeg })
    };
    match strict {
        Ok(()) => Ok(false),
        Err(Error::UnsupportedFeature { format, detail }) => {
            Err(Error::UnsupportedFeature { format, detail })
        }
        // Of components in scans of their own, the tolerant decoder reads the values wrongly.
        Err(error) if accept_damaged && !header.has_separate_scans() => {
            let ended = header.end_of_only_scan(bytes).and_then(|end| ended_at(bytes, end));
            let bytes = ended.as_ref().map_or(bytes, |ended| &ended.0);
            match scan(bytes, header, samples, space, Mode::Tolerant) {
                Ok(()) => Ok(true),
                Err(_) => Err(error),
            }
        }
        Err(error) => Err(error),
    }
}

/// Returns the image without what follows its only scan, or `None` if nothing but the end follows.
fn ended_at(bytes: &[u8], end: usize) -> Option<WipedBytes> {
    const END: &[u8] = &[0xff, 0xd9];
    let (image, rest) = bytes.split_at_checked(end)?;
    (!rest.starts_with(END)).then(|| WipedBytes([image, END].concat()))
}

/// Decodes a complete image only. `end` is the offset of the marker behind a single scan.
///
/// If the data of a scan end early and an end marker follows, the decoder continues with zeros.
/// Repair tools and cameras that lost power write such files. Without the end marker the decoder
/// reports the missing data, so the marker is removed.
fn decode_strictly(
    bytes: &[u8],
    header: &Header<'_>,
    end: Option<usize>,
    samples: &mut [u8],
    space: ColorSpace,
) -> Result<(), DecodeErrors> {
    /// The decoder reads ahead of the last block, so some bytes must follow it.
    const PADDING: [u8; 16] = [0x55; 16];
    let Some(data) = end.and_then(|end| bytes.get(..end)) else {
        return scan(bytes, header, samples, space, Mode::Strict);
    };
    // The decoder always reads ahead for a last restart marker, so those files need the padding.
    if !header.restarts && scan(data, header, samples, space, Mode::Strict).is_ok() {
        return Ok(());
    }
    let mut padded = WipedBytes(Vec::with_capacity(data.len() + PADDING.len()));
    padded.0.extend_from_slice(data);
    padded.0.extend_from_slice(&PADDING);
    scan(&padded.0, header, samples, space, Mode::Strict)
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
    samples: &mut [u8],
    space: ColorSpace,
    mode: Mode,
) -> Result<(), DecodeErrors> {
    if !header.needs_normalizing {
        let mut decoder = open(bytes, space, mode);
        // If metadata make the decoder fail, the normalized file, which has none, is decoded.
        if decoder.decode_headers().is_ok() {
            return decoder.decode_into(samples);
        }
    }
    let normalized = header.normalized(bytes);
    open(&normalized.0, space, mode).decode_into(samples)
}

fn open(bytes: &[u8], space: ColorSpace, mode: Mode) -> JpegDecoder<ZCursor<&[u8]>> {
    // The size was checked before, so the limits of the decoder are lifted.
    let options = DecoderOptions::default()
        .set_strict_mode(mode == Mode::Strict)
        .set_max_width(usize::MAX)
        .set_max_height(usize::MAX)
        .jpeg_set_out_colorspace(space);
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
