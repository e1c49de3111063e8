//! Decodes a still image, or the first frame of an animation.

use std::io::Cursor;

use image::codecs::webp::WebPDecoder;

use ownprint_pixels::wipe::WipedBytes;
use ownprint_pixels::{ExifOrientation, Format, Limits, Raster, Size};

use super::chunks::Chunks;
use super::lossless;
use crate::decoded::DecodedImage;
use crate::error::Error;
use crate::pixel_buffer::{Layout, PixelBuffer, check_size};
use crate::{exif, through_image, xmp};

/// The maximum memory in bytes of the prefix codes of a lossless image.
const MAX_CODE_BYTES: u64 = 48 << 20;

pub(crate) fn decode(bytes: &[u8], limits: &Limits) -> Result<DecodedImage, Error> {
    let chunks = ChunkSummary::read(bytes, limits)?;
    let raster = match &chunks.first_frame {
        Some(frame) => decode_frame(frame, chunks.size, limits)?,
        None => chunks.image.decode(chunks.size, limits)?,
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

/// A chunk with an encoded image: `VP8 ` or `VP8L`.
#[derive(Clone, Copy)]
struct Image<'a> {
    name: &'a [u8; 4],
    payload: &'a [u8],
}

impl Image<'_> {
    /// Decodes a file that contains only this chunk. Alpha of lossy images, which has a chunk of
    /// its own, is not decoded.
    fn decode(self, size: Size, limits: &Limits) -> Result<Raster, Error> {
        let mut codes = 0;
        if self.name == b"VP8L" {
            codes = lossless::code_bytes(self.payload, size, MAX_CODE_BYTES)
                .ok_or_else(|| damaged("prefix codes of a lossless image"))?;
            if codes > MAX_CODE_BYTES {
                return Err(Error::UnsupportedFeature {
                    format: Format::WebP,
                    detail: "prefix codes of more than 48 MiB".to_owned(),
                });
            }
        }
        let refusal = |error| through_image::refusal(Format::WebP, limits, &error);
        let file = self.as_file();
        let decoder = WebPDecoder::new(Cursor::new(&file.0)).map_err(refusal)?;
        // The decoder holds 4 bytes per pixel of a lossless image without alpha, 1.5 of a lossy one.
        let extra = size.pixels().saturating_mul(4) + codes + file.0.len() as u64;
        through_image::read(decoder, Format::WebP, extra, limits)
    }

    fn as_file(self) -> WipedBytes {
        let length = |bytes: usize| u32::try_from(bytes).unwrap_or(u32::MAX).to_le_bytes();
        let payload = self.payload.len();
        let padding: &[u8] = if payload.is_multiple_of(2) { &[] } else { &[0] };
        let chunks = 12 + payload + padding.len();
        let mut file = WipedBytes(Vec::with_capacity(8 + chunks));
        for part in [
            b"RIFF",
            &length(chunks)[..],
            b"WEBP",
            self.name,
            &length(payload),
            self.payload,
            padding,
        ] {
            file.0.extend_from_slice(part);
        }
        file
    }
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
    let decoded = frame.image.decode(frame.size, limits)?;
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

/// Flags of the chunk `VP8X`.
const ANIMATION: u8 = 0x02;
const XMP: u8 = 0x04;
const EXIF: u8 = 0x08;

/// What is read from the chunks.
struct ChunkSummary<'a> {
    /// The size of the image.
    size: Size,
    orientation: ExifOrientation,
    frames: usize,
    /// The first image.
    image: Image<'a>,
    /// `None` for a still image.
    first_frame: Option<Frame<'a>>,
}

struct Frame<'a> {
    left: u32,
    top: u32,
    size: Size,
    image: Image<'a>,
}

impl<'a> ChunkSummary<'a> {
    fn read(bytes: &'a [u8], limits: &Limits) -> Result<Self, Error> {
        let mut chunks = Chunks { rest: bytes.get(12..).unwrap_or_default(), truncated: false };
        let first = chunks.next().ok_or(TRUNCATED)?;
        let size = image_size(first)?;
        check_size(Format::WebP, size, limits)?;
        let (b"VP8X", [flags, ..]) = first else {
            let image = Image { name: first.0, payload: first.1 };
            let orientation = ExifOrientation::Normal;
            return Ok(Self { size, orientation, frames: 1, image, first_frame: None });
        };
        let is_animated = flags & ANIMATION != 0;
        let mut exif = None;
        let mut packet = None;
        let mut first_frame = None;
        let mut first_image = None;
        let mut images = 0;
        for (name, payload) in &mut chunks {
            match name {
                // As in libwebp, metadata whose flag is unset are ignored.
                b"EXIF" if flags & EXIF != 0 && exif.is_none() => exif = Some(payload),
                b"XMP " if flags & XMP != 0 && packet.is_none() => packet = Some(payload),
                b"ANMF" if is_animated => {
                    images += 1;
                    if first_frame.is_none() {
                        let frame = Frame::read(payload)?;
                        first_image = Some(frame.image);
                        first_frame = Some(frame);
                    }
                }
                b"VP8 " | b"VP8L" if !is_animated => {
                    images += 1;
                    // The limits were checked for the size in the header, and the decoder uses this
                    // one.
                    if image_size((name, payload))? != size {
                        return Err(damaged("the size of the image differs from the header"));
                    }
                    first_image = first_image.or(Some(Image { name, payload }));
                }
                _ => {}
            }
        }
        let Some(image) = first_image else {
            return Err(if chunks.truncated { TRUNCATED } else { damaged("no image") });
        };
        let orientation =
            exif.and_then(exif::find).or_else(|| xmp::orientation(packet?)).unwrap_or_default();
        // A file that is cut off after the first image is accepted: only metadata and the number of
        // frames are affected.
        Ok(Self { size, orientation, frames: images, image, first_frame })
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
        let (name, payload) = Chunks { rest: data, truncated: false }
            .find(|(name, _)| matches!(*name, b"VP8 " | b"VP8L"))
            .ok_or_else(|| damaged("frame without an image"))?;
        if image_size((name, payload))? != size {
            return Err(damaged("the size of a frame differs from its header"));
        }
        let image = Image { name, payload };
        Ok(Self { left: number(0) * 2, top: number(3) * 2, size, image })
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
