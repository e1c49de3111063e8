//! WebP: a still image, or the first frame of a moving one.

use std::io::Cursor;

use image::codecs::webp::WebPDecoder;

use crate::decoded::DecodedImage;
use crate::error::Error;
use crate::exif;
use crate::pixel_buffer::{Layout, PixelBuffer, check_size};
use crate::through_image;
use ownprint_pixels::Format;
use ownprint_pixels::Raster;
use ownprint_pixels::wipe::WipedBytes;
use ownprint_pixels::{ExifOrientation, Limits, Size};

pub(crate) fn decode(bytes: &[u8], limits: &Limits) -> Result<DecodedImage, Error> {
    let facts = Facts::read(bytes, limits)?;
    let raster = match &facts.first_frame {
        Some(frame) => decode_frame(frame, facts.buffer, limits)?,
        None => still(bytes, facts.buffer, limits)?,
    };
    Ok(DecodedImage {
        raster,
        format: Format::WebP,
        orientation: facts.orientation,
        damaged: false,
        first_frame_only: facts.frames > 1,
        deterministic: true,
    })
}

fn still(bytes: &[u8], size: Size, limits: &Limits) -> Result<Raster, Error> {
    let refusal = |error| through_image::refusal(Format::WebP, limits, &error);
    let decoder = WebPDecoder::new(Cursor::new(bytes)).map_err(refusal)?;
    // Lossless images without alpha pass through four bytes a pixel, lossy ones through one and a half.
    let extra = size.pixels().saturating_mul(4);
    through_image::read(decoder, Format::WebP, extra, limits)
}

/// Decodes a frame as the still image that it is, and puts it where it belongs.
///
/// The decoder's own way would blend it over an empty background and lose the colours under transparency.
fn decode_frame(frame: &Frame<'_>, buffer: Size, limits: &Limits) -> Result<Raster, Error> {
    check_size(Format::WebP, frame.size, limits)?;
    let fits = frame.left.checked_add(frame.size.width).is_some_and(|right| right <= buffer.width)
        && frame.top.checked_add(frame.size.height).is_some_and(|bottom| bottom <= buffer.height);
    if !fits {
        return Err(damaged("a frame outside the image"));
    }
    let file = frame.as_file();
    let part = still(&file.0, frame.size, limits)?;
    if frame.size == buffer {
        return Ok(part);
    }
    let mut whole = PixelBuffer::new(Format::WebP, buffer, Layout::RGB8, frame.size.pixels() * 3, limits)?;
    let part = part.pixels();
    let stride = buffer.width as usize * 3;
    let rows = whole.samples().chunks_exact_mut(stride).skip(frame.top as usize);
    for (y, row) in rows.take(frame.size.height as usize).enumerate() {
        let source = part.row(y);
        let left = frame.left as usize * 3;
        if let Some(target) = row.get_mut(left..left + source.len()) {
            target.copy_from_slice(source);
        }
    }
    Ok(whole.into_raster())
}

struct Facts<'a> {
    buffer: Size,
    orientation: ExifOrientation,
    frames: usize,
    /// Only of a moving image.
    first_frame: Option<Frame<'a>>,
}

struct Frame<'a> {
    left: u32,
    top: u32,
    size: Size,
    /// Its chunks.
    data: &'a [u8],
}

impl<'a> Facts<'a> {
    fn read(bytes: &'a [u8], limits: &Limits) -> Result<Self, Error> {
        let mut chunks = Chunks { rest: bytes.get(12..).unwrap_or_default(), cut_off: false };
        let first = chunks.next().ok_or(TRUNCATED)?;
        let buffer = stated_size(first)?;
        check_size(Format::WebP, buffer, limits)?;
        let mut facts = Self { buffer, orientation: ExifOrientation::Normal, frames: 1, first_frame: None };
        let (b"VP8X", [flags, ..]) = first else {
            return if chunks.cut_off { Err(TRUNCATED) } else { Ok(facts) };
        };
        let moves = flags & 2 != 0;
        let mut images = 0;
        for (name, payload) in &mut chunks {
            match name {
                b"EXIF" => facts.orientation = exif::orientation(payload),
                b"ANMF" if moves => {
                    images += 1;
                    if facts.first_frame.is_none() {
                        facts.first_frame = Some(Frame::read(payload)?);
                    }
                }
                b"VP8 " | b"VP8L" if !moves => {
                    images += 1;
                    // Pixels of another size than the file states would be decoded before anyone noticed.
                    if stated_size((name, payload))? != facts.buffer {
                        return Err(damaged("its image has another size than the file states"));
                    }
                }
                _ => {}
            }
        }
        if images == 0 {
            return Err(if chunks.cut_off { TRUNCATED } else { damaged("there is no image in it") });
        }
        // Metadata that is cut off behind the image is no harm to it; a frame that is makes the count unsure only.
        facts.frames = images;
        Ok(facts)
    }
}

impl<'a> Frame<'a> {
    fn read(payload: &'a [u8]) -> Result<Self, Error> {
        let (head, data) = payload.split_at_checked(16).ok_or_else(|| damaged("a frame without a header"))?;
        let number = |at: usize| match head.get(at..) {
            Some([a, b, c, ..]) => u32::from_le_bytes([*a, *b, *c, 0]),
            _ => 0,
        };
        let size = Size { width: number(6) + 1, height: number(9) + 1 };
        let inner = Chunks { rest: data, cut_off: false }
            .find(|(name, _)| matches!(*name, b"VP8 " | b"VP8L"))
            .ok_or_else(|| damaged("a frame without an image"))?;
        if stated_size(inner)? != size {
            return Err(damaged("its frame has another size than the file states"));
        }
        Ok(Self { left: number(0) * 2, top: number(3) * 2, size, data })
    }

    /// A file that holds this frame alone.
    fn as_file(&self) -> WipedBytes {
        let mut head = Vec::new();
        if self.data.starts_with(b"ALPH") {
            let sides = [self.size.width - 1, self.size.height - 1].map(u32::to_le_bytes);
            head.extend_from_slice(b"VP8X\x0a\0\0\0\x10\0\0\0");
            for side in &sides {
                head.extend_from_slice(side.get(..3).unwrap_or_default());
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

/// The size that a file's or a frame's leading chunk states.
fn stated_size((name, payload): (&[u8; 4], &[u8])) -> Result<Size, Error> {
    let size = match (name, payload) {
        (b"VP8X", [_, _, _, _, w1, w2, w3, h1, h2, h3, ..]) => {
            Some((u32::from_le_bytes([*w1, *w2, *w3, 0]) + 1, u32::from_le_bytes([*h1, *h2, *h3, 0]) + 1))
        }
        (b"VP8L", [_, a, b, c, d, ..]) => {
            let bits = u32::from_le_bytes([*a, *b, *c, *d]);
            Some(((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1))
        }
        (b"VP8 ", [_, _, _, _, _, _, w1, w2, h1, h2, ..]) => {
            let side = |low, high| u32::from(u16::from_le_bytes([low, high]) & 0x3fff);
            Some((side(*w1, *w2), side(*h1, *h2)))
        }
        _ => None,
    };
    let (width, height) = size.ok_or_else(|| damaged("its first chunk states no size"))?;
    Ok(Size { width, height })
}

const TRUNCATED: Error = Error::Truncated { format: Format::WebP };

fn damaged(detail: &str) -> Error {
    Error::Damaged { format: Format::WebP, detail: detail.to_owned() }
}

/// Names and payloads of RIFF chunks; one that reaches past the end is skipped.
struct Chunks<'a> {
    rest: &'a [u8],
    cut_off: bool,
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
            self.cut_off = !self.rest.is_empty();
            self.rest = &[];
            return None;
        };
        // Chunks of an odd length are followed by a byte of padding.
        self.rest = rest.get(payload.len() % 2..).unwrap_or_default();
        Some((name, payload))
    }
}
