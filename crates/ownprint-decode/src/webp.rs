//! WebP: a still image, or the first frame of an animation.

use std::io::Cursor;

use image::codecs::webp::WebPDecoder;

use ownprint_pixels::wipe::WipedBytes;
use ownprint_pixels::{ExifOrientation, Format, Limits, Raster, Size};

use crate::decoded::DecodedImage;
use crate::error::Error;
use crate::exif;
use crate::pixel_buffer::{Layout, PixelBuffer, check_size};
use crate::through_image;

pub(crate) fn decode(bytes: &[u8], limits: &Limits) -> Result<DecodedImage, Error> {
    let chunks = ChunkSummary::read(bytes, limits)?;
    let raster = match &chunks.first_frame {
        Some(frame) => decode_frame(frame, chunks.size, limits)?,
        None => decode_still(bytes, chunks.size, limits)?,
    };
    Ok(DecodedImage {
        raster,
        format: Format::WebP,
        orientation: chunks.orientation,
        damaged: false,
        first_frame_only: chunks.frames > 1,
        deterministic: true,
    })
}

fn decode_still(bytes: &[u8], size: Size, limits: &Limits) -> Result<Raster, Error> {
    let refusal = |error| through_image::refusal(Format::WebP, limits, &error);
    let decoder = WebPDecoder::new(Cursor::new(bytes)).map_err(refusal)?;
    // The decoder holds 4 bytes per pixel of a lossless image without alpha, 1.5 of a lossy one.
    let extra = size.pixels().saturating_mul(4);
    through_image::read(decoder, Format::WebP, extra, limits)
}

/// Decodes a frame as a still image and copies it to its position.
///
/// The decoder would blend the frame over an empty background, which loses the colours of
/// transparent pixels.
fn decode_frame(frame: &Frame<'_>, size: Size, limits: &Limits) -> Result<Raster, Error> {
    check_size(Format::WebP, frame.size, limits)?;
    let fits = frame.left.checked_add(frame.size.width).is_some_and(|right| right <= size.width)
        && frame.top.checked_add(frame.size.height).is_some_and(|bottom| bottom <= size.height);
    if !fits {
        return Err(damaged("frame outside the image"));
    }
    let file = frame.as_file();
    let decoded = decode_still(&file.0, frame.size, limits)?;
    if frame.size == size {
        return Ok(decoded);
    }
    let mut whole =
        PixelBuffer::new(Format::WebP, size, Layout::RGB8, frame.size.pixels() * 3, limits)?;
    let decoded = decoded.pixels();
    let stride = size.width as usize * 3;
    let rows = whole.samples().chunks_exact_mut(stride).skip(frame.top as usize);
    for (y, row) in rows.take(frame.size.height as usize).enumerate() {
        let source = decoded.row(y);
        let left = frame.left as usize * 3;
        if let Some(target) = row.get_mut(left..left + source.len()) {
            target.copy_from_slice(source);
        }
    }
    Ok(whole.into_raster())
}

/// What is read from the chunks.
struct ChunkSummary<'a> {
    /// The size of the image.
    size: Size,
    orientation: ExifOrientation,
    frames: usize,
    /// `None` for a still image.
    first_frame: Option<Frame<'a>>,
}

struct Frame<'a> {
    left: u32,
    top: u32,
    size: Size,
    /// The chunks of the frame.
    data: &'a [u8],
}

impl<'a> ChunkSummary<'a> {
    fn read(bytes: &'a [u8], limits: &Limits) -> Result<Self, Error> {
        let mut chunks = Chunks { rest: bytes.get(12..).unwrap_or_default(), truncated: false };
        let first = chunks.next().ok_or(TRUNCATED)?;
        let size = image_size(first)?;
        check_size(Format::WebP, size, limits)?;
        let mut summary =
            Self { size, orientation: ExifOrientation::Normal, frames: 1, first_frame: None };
        let (b"VP8X", [flags, ..]) = first else {
            return if chunks.truncated { Err(TRUNCATED) } else { Ok(summary) };
        };
        let is_animated = flags & 2 != 0;
        let mut images = 0;
        for (name, payload) in &mut chunks {
            match name {
                b"EXIF" => summary.orientation = exif::orientation(payload),
                b"ANMF" if is_animated => {
                    images += 1;
                    if summary.first_frame.is_none() {
                        summary.first_frame = Some(Frame::read(payload)?);
                    }
                }
                b"VP8 " | b"VP8L" if !is_animated => {
                    images += 1;
                    // The limits were checked for the size in the header, and the decoder uses this
                    // one.
                    if image_size((name, payload))? != summary.size {
                        return Err(damaged("the size of the image differs from the header"));
                    }
                }
                _ => {}
            }
        }
        if images == 0 {
            return Err(if chunks.truncated { TRUNCATED } else { damaged("no image") });
        }
        // A file that is cut off after the first image is accepted: only metadata and the number of
        // frames are affected.
        summary.frames = images;
        Ok(summary)
    }
}

impl<'a> Frame<'a> {
    fn read(payload: &'a [u8]) -> Result<Self, Error> {
        let (head, data) =
            payload.split_at_checked(16).ok_or_else(|| damaged("frame without a header"))?;
        let number = |at: usize| match head.get(at..) {
            Some([a, b, c, ..]) => u32::from_le_bytes([*a, *b, *c, 0]),
            _ => 0,
        };
        let size = Size { width: number(6) + 1, height: number(9) + 1 };
        let inner = Chunks { rest: data, truncated: false }
            .find(|(name, _)| matches!(*name, b"VP8 " | b"VP8L"))
            .ok_or_else(|| damaged("frame without an image"))?;
        if image_size(inner)? != size {
            return Err(damaged("the size of a frame differs from its header"));
        }
        Ok(Self { left: number(0) * 2, top: number(3) * 2, size, data })
    }

    /// Returns a WebP file that contains this frame only.
    fn as_file(&self) -> WipedBytes {
        let mut head = Vec::new();
        if self.data.starts_with(b"ALPH") {
            let dimensions = [self.size.width - 1, self.size.height - 1].map(u32::to_le_bytes);
            head.extend_from_slice(b"VP8X\x0a\0\0\0\x10\0\0\0");
            for dimension in &dimensions {
                head.extend_from_slice(dimension.get(..3).unwrap_or_default());
            }
        }
        let length = 4 + head.len() + self.data.len();
        let mut file = WipedBytes(Vec::with_capacity(8 + length));
        let length = u32::try_from(length).unwrap_or(u32::MAX).to_le_bytes();
        for part in [b"RIFF", &length[..], b"WEBP", &head, self.data] {
            file.0.extend_from_slice(part);
        }
        file
    }
}

/// Returns the size in the first chunk of a file or frame.
fn image_size((name, payload): (&[u8; 4], &[u8])) -> Result<Size, Error> {
    let size = match (name, payload) {
        (b"VP8X", [_, _, _, _, w1, w2, w3, h1, h2, h3, ..]) => Some((
            u32::from_le_bytes([*w1, *w2, *w3, 0]) + 1,
            u32::from_le_bytes([*h1, *h2, *h3, 0]) + 1,
        )),
        (b"VP8L", [_, a, b, c, d, ..]) => {
            let bits = u32::from_le_bytes([*a, *b, *c, *d]);
            Some(((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1))
        }
        (b"VP8 ", [_, _, _, _, _, _, w1, w2, h1, h2, ..]) => {
            let dimension = |low, high| u32::from(u16::from_le_bytes([low, high]) & 0x3fff);
            Some((dimension(*w1, *w2), dimension(*h1, *h2)))
        }
        _ => None,
    };
    let (width, height) = size.ok_or_else(|| damaged("the first chunk contains no size"))?;
    Ok(Size { width, height })
}

const TRUNCATED: Error = Error::Truncated { format: Format::WebP };

fn damaged(detail: &str) -> Error {
    Error::Damaged { format: Format::WebP, detail: detail.to_owned() }
}

/// Iterates over RIFF chunks: their types and payloads.
struct Chunks<'a> {
    rest: &'a [u8],
    /// The last chunk extends beyond the end of the bytes.
    truncated: bool,
}

impl<'a> Iterator for Chunks<'a> {
    type Item = (&'a [u8; 4], &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let chunk = self.rest.split_first_chunk::<4>().and_then(|(name, rest)| {
            let (length, rest) = rest.split_first_chunk::<4>()?;
            let (payload, rest) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
            Some((name, payload, rest))
        });
        let Some((name, payload, rest)) = chunk else {
            self.truncated = !self.rest.is_empty();
            self.rest = &[];
            return None;
        };
        // A chunk of odd length is followed by one byte of padding.
        self.rest = rest.get(payload.len() % 2..).unwrap_or_default();
        Some((name, payload))
    }
}
