//! Reads the chunks of a PNG file, and decodes its image.

use image::codecs::png::PngDecoder;

use ownprint_pixels::{ExifOrientation, Format, Limits, Raster, Size};

use super::chunks::{Chunks, ImageChunks};
use super::metadata::Metadata;
use crate::decoded::DecodedImage;
use crate::error::Error;
use crate::observer::Observer;
use crate::pixel_buffer::check_size;
use crate::through_image;

pub(crate) fn decode(
    bytes: &[u8],
    limits: &Limits,
    observer: &mut Observer<'_>,
) -> Result<DecodedImage, Error> {
    let chunks = ChunkSummary::read(bytes)?;
    check_size(Format::Png, chunks.size, limits)?;
    if chunks.truncated {
        return Err(Error::Truncated { format: Format::Png });
    }
    let raster = read(bytes, limits, observer);
    if observer.is_cancelled() {
        return Err(Error::Cancelled);
    }
    Ok(DecodedImage {
        raster: raster?,
        format: Format::Png,
        orientation: chunks.orientation,
        damaged: false,
        first_frame_only: chunks.frames > 1,
        deterministic: true,
    })
}

fn read(bytes: &[u8], limits: &Limits, observer: &mut Observer<'_>) -> Result<Raster, Error> {
    let allocation_limits = through_image::allocation_limits(bytes, limits);
    let decoder = PngDecoder::with_limits(ImageChunks::of(bytes, observer), allocation_limits)
        .map_err(|error| through_image::refusal(Format::Png, limits, &error))?;
    through_image::read(decoder, Format::Png, 0, limits)
}

/// What is read from the chunks. Metadata may follow the pixels, where the decoder does not read
/// it.
struct ChunkSummary {
    size: Size,
    orientation: ExifOrientation,
    frames: u32,
    /// The file ends before the end of the pixels, or is too short for the size of the image.
    truncated: bool,
}

/// The maximum ratio of bytes to compressed bytes of Deflate.
const MAX_EXPANSION: u64 = 1032;

impl ChunkSummary {
    fn read(bytes: &[u8]) -> Result<Self, Error> {
        let damaged =
            |detail: &str| Error::Damaged { format: Format::Png, detail: detail.to_owned() };
        let mut chunks = Chunks::of(bytes);
        let (size, bits, indexed) = match chunks.next() {
            Some((b"IHDR", [w1, w2, w3, w4, h1, h2, h3, h4, depth, colours, ..])) => {
                let size = Size {
                    width: u32::from_be_bytes([*w1, *w2, *w3, *w4]),
                    height: u32::from_be_bytes([*h1, *h2, *h3, *h4]),
                };
                let channels = match colours {
                    2 => 3,
                    4 => 2,
                    6 => 4,
                    _ => 1,
                };
                (size, u64::from(*depth) * channels, *colours == 3)
            }
            None => return Err(Error::Truncated { format: Format::Png }),
            Some(_) => return Err(damaged("the first chunk is not IHDR")),
        };
        let mut frames = 1;
        let mut metadata = Metadata::default();
        let mut pixels = false;
        let mut past_pixels = false;
        for (name, payload) in &mut chunks {
            past_pixels |= pixels && name != b"IDAT";
            match name {
                b"IDAT" => pixels = true,
                b"IEND" => break,
                // The decoder would panic.
                b"PLTE" if indexed && !payload.len().is_multiple_of(3) => {
                    return Err(damaged("a palette of incomplete colours"));
                }
                b"acTL" if !pixels => {
                    if let Some(count) = payload.first_chunk() {
                        frames = u32::from_be_bytes(*count);
                    }
                }
                // Pillow reads the metadata up to the second frame.
                b"fcTL" if pixels && frames > 1 => break,
                _ => metadata.add(*name, payload),
            }
        }
        let raw = (u64::from(size.width) * bits).div_ceil(8).saturating_mul(size.height.into());
        let is_too_short = raw / MAX_EXPANSION > bytes.len() as u64;
        let truncated =
            is_too_short || chunks.truncated && !past_pixels || !pixels && chunks.rest.is_empty();
        Ok(Self { size, orientation: metadata.orientation(), frames, truncated })
    }
}
