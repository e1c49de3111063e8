//! Runs the decoders of the `image` crate and translates their errors.

use std::io::ErrorKind;

use image::error::LimitErrorKind;
use image::{ColorType, ImageDecoder, ImageError};

use ownprint_pixels::{Format, LimitKind, Limits, Raster, Size};

use crate::detail::short;
use crate::error::Error;
use crate::pixel_buffer::{ColorModel, Layout, PixelBuffer};

/// Decodes an image. `extra` is the memory in bytes that the decoder needs in addition to the pixel
/// buffer.
pub(super) fn read(
    decoder: impl ImageDecoder,
    format: Format,
    extra: u64,
    limits: &Limits,
) -> Result<Raster, Error> {
    let (width, height) = decoder.dimensions();
    let layout = layout(decoder.color_type()).ok_or_else(|| Error::UnsupportedFeature {
        format,
        detail: format!("{:?} samples", decoder.color_type()),
    })?;
    let mut buffer = PixelBuffer::new(format, Size { width, height }, layout, extra, limits)?;
    let samples = buffer.samples();
    // The decoder would panic on a buffer of another length.
    if decoder.total_bytes() != samples.len() as u64 {
        return Err(Error::Damaged { format, detail: "contradictory sizes".to_owned() });
    }
    decoder.read_image(samples).map_err(|error| refusal(format, limits, &error))?;
    Ok(buffer.into_raster())
}

/// Returns the limits of the PNG decoder on memory in addition to the pixel buffer and its rows.
///
/// Texts are bounded by the length of the file, and an ICC profile, which may expand a
/// thousandfold, by a constant.
#[cfg_attr(not(feature = "png"), allow(dead_code))]
pub(super) fn allocation_limits(bytes: &[u8], limits: &Limits) -> image::Limits {
    const PROFILE: u64 = 16 << 20;
    let mut allowed = image::Limits::no_limits();
    allowed.max_image_width = Some(limits.width);
    allowed.max_image_height = Some(limits.height);
    allowed.max_alloc = Some(limits.memory.min(PROFILE + bytes.len() as u64));
    allowed
}

pub(super) fn refusal(format: Format, limits: &Limits, error: &ImageError) -> Error {
    let detail = || short(&error.to_string());
    match error {
        ImageError::IoError(io) if io.kind() == ErrorKind::UnexpectedEof => {
            Error::Truncated { format }
        }
        ImageError::Unsupported(_) => Error::UnsupportedFeature { format, detail: detail() },
        ImageError::Limits(limit) if matches!(limit.kind(), LimitErrorKind::InsufficientMemory) => {
            // The decoder does not report how much memory it needed.
            let allowed = limits.memory;
            Error::LimitExceeded {
                kind: LimitKind::Memory,
                actual: allowed.saturating_add(1),
                allowed,
            }
        }
        _ if ends_early(error) => Error::Truncated { format },
        _ => Error::Damaged { format, detail: detail() },
    }
}

/// Returns `true` if the cause of an error is an unexpected end of file.
fn ends_early(error: &ImageError) -> bool {
    let mut source = std::error::Error::source(error);
    while let Some(error) = source {
        if error
            .downcast_ref::<std::io::Error>()
            .is_some_and(|io| io.kind() == ErrorKind::UnexpectedEof)
        {
            return true;
        }
        source = error.source();
    }
    false
}

fn layout(color: ColorType) -> Option<Layout> {
    let (color_model, depth) = match color {
        ColorType::L8 | ColorType::La8 => (ColorModel::Grey, 1),
        ColorType::L16 | ColorType::La16 => (ColorModel::Grey, 2),
        ColorType::Rgb8 | ColorType::Rgba8 => (ColorModel::Rgb, 1),
        ColorType::Rgb16 | ColorType::Rgba16 => (ColorModel::Rgb, 2),
        _ => return None,
    };
    Some(Layout { color_model, channels: usize::from(color.channel_count()), depth })
}
