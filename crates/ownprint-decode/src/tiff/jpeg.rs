//! Decodes a strip or tile with JPEG compression (TIFF Technical Note 2).

use ownprint_pixels::wipe::WipedBytes;
use ownprint_pixels::{Format, Limits, Size};

use super::errors::unsupported;
use super::image::{Colors, Image};
use crate::error::Error;
use crate::jpeg::{self, Components};

/// Returns the samples of a chunk of `rows` rows.
pub(super) fn decode(
    image: &Image<'_>,
    data: &[u8],
    rows: usize,
    limits: &Limits,
) -> Result<WipedBytes, Error> {
    // The tables are a stream of their own, with a start and an end marker.
    let tables = image.jpeg_tables.strip_suffix(b"\xff\xd9").unwrap_or(image.jpeg_tables);
    let body =
        if tables.is_empty() { data } else { data.strip_prefix(b"\xff\xd8").unwrap_or(data) };
    let mut stream = WipedBytes(Vec::with_capacity(tables.len() + body.len()));
    stream.0.extend_from_slice(tables);
    stream.0.extend_from_slice(body);
    let components = match (image.samples.per_pixel, image.colors) {
        (1, _) => Components::Grey,
        (3, Colors::YCbCrInJpeg) => Components::YCbCr,
        // Stored as RGB, which a JPEG stream does not state by itself.
        (3, Colors::Rgb) => Components::Rgb,
        (4, _) => Components::Four,
        _ => return Err(unsupported("number of samples with JPEG compression")),
    };
    // As in libtiff, a last strip may have more rows than the image.
    let chunk = image.chunks.size;
    let fits = |size: Size| {
        size.width == chunk.width && (rows as u32..=chunk.height).contains(&size.height)
    };
    jpeg::decode_samples(&stream.0, components, fits, limits)
        .map_err(|error| error.in_container(Format::Tiff))
}
