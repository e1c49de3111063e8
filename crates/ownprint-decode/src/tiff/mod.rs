//! TIFF: the first image.

mod errors;
mod patched;
mod tables;

use std::io::ErrorKind;

use tiff::decoder::{Decoder, Limits as TiffLimits};
use tiff::tags::{CompressionMethod, SampleFormat, Tag};
use tiff::{ColorType, TiffError};

use self::errors::unsupported;
use self::patched::Patched;
use crate::decoded::DecodedImage;
use crate::detail::short;
use crate::error::Error;
use crate::exif;
use crate::pixel_buffer::{ColorModel, Layout, PixelBuffer, check_size};
use ownprint_pixels::Format;
use ownprint_pixels::LimitKind;
use ownprint_pixels::Raster;
use ownprint_pixels::wipe::WipedBytes;
use ownprint_pixels::{ExifOrientation, Limits, Size};

type Reader<'a> = Decoder<Patched<'a>>;

pub(super) fn decode(bytes: &[u8], limits: &Limits) -> Result<DecodedImage, Error> {
    tables::check(bytes)?;
    let image = TiffImage { limits, palette: Palette::find(bytes) };
    let refusal = |error| image.refusal(&error);
    let file = Patched::new(bytes, image.palette.as_ref().map(|palette| palette.patch));
    let mut reader = Decoder::new(file).map_err(refusal)?.with_limits(reader_limits(limits));
    let (width, height) = reader.dimensions().map_err(refusal)?;
    let size = Size { width, height };
    check_size(Format::Tiff, size, limits)?;
    let orientation = reader.find_tag_unsigned::<u16>(Tag::Orientation).ok().flatten().unwrap_or(1);
    image.check_samples(&mut reader)?;
    image.check_chunks(&mut reader, bytes)?;
    Ok(DecodedImage {
        raster: image.read(&mut reader, size)?,
        format: Format::Tiff,
        orientation: ExifOrientation::from_exif(orientation),
        damaged: false,
        first_frame_only: tables::has_further_page(bytes),
        deterministic: true,
    })
}

struct TiffImage<'a> {
    limits: &'a Limits,
    palette: Option<Palette>,
}

impl TiffImage<'_> {
    fn read(&self, reader: &mut Reader<'_>, size: Size) -> Result<Raster, Error> {
        let refusal = |error| self.refusal(&error);
        let colour = reader.colortype().map_err(refusal)?;
        let stored = reader.image_buffer_layout().map_err(refusal)?;
        let planes = stored.planes.max(1);
        match colour {
            ColorType::Gray(bits @ (1 | 2 | 4)) => self.read_packed(reader, size, bits),
            ColorType::Gray(8) if self.palette.is_some() => self.read_packed(reader, size, 8),
            _ => {
                let (layout, ycc) = self.layout(colour)?;
                let extra = if planes > 1 { stored.complete_len as u64 } else { 0 };
                let mut buffer = PixelBuffer::new(Format::Tiff, size, layout, extra, self.limits)?;
                if planes > 1 {
                    let mut apart = WipedBytes::zeroed(stored.complete_len);
                    reader.read_image_bytes(&mut apart.0).map_err(refusal)?;
                    let plane = stored.plane_stride.map_or(0, |stride| stride.get());
                    interleave(&apart.0, plane, layout, buffer.samples());
                } else {
                    reader.read_image_bytes(buffer.samples()).map_err(refusal)?;
                }
                Ok(if ycc {
                    buffer.into_raster_by(ycc_to_rgb)
                } else if matches!(colour, ColorType::RGBA(_)) && alpha_is_associated(reader) {
                    buffer.into_raster_by(divide_by_alpha)
                } else {
                    buffer.into_raster()
                })
            }
        }
    }

    /// Several pixels a byte, each row beginning a new one; and palette numbers of any depth.
    fn read_packed(&self, reader: &mut Reader<'_>, size: Size, bits: u8) -> Result<Raster, Error> {
        let row_bytes = (size.width as usize).saturating_mul(bits.into()).div_ceil(8);
        let layout = Layout { color_model: ColorModel::Grey, channels: 1, depth: 1 };
        let packed_bytes = (row_bytes as u64).saturating_mul(size.height.into());
        let mut buffer = PixelBuffer::new(Format::Tiff, size, layout, packed_bytes, self.limits)?;
        let mut packed = WipedBytes::zeroed(row_bytes.saturating_mul(size.height as usize));
        reader.read_image_bytes(&mut packed.0).map_err(|error| self.refusal(&error))?;
        let samples = buffer.samples().chunks_exact_mut((size.width as usize).max(1));
        for (row, packed) in samples.zip(packed.0.chunks_exact(row_bytes.max(1))) {
            let per_byte = usize::from(8 / bits);
            for (x, sample) in row.iter_mut().enumerate() {
                let byte = packed.get(x / per_byte).copied().unwrap_or_default();
                let shift = 8 - usize::from(bits) * (x % per_byte + 1);
                *sample = byte >> shift & (0xff >> (8 - bits));
            }
        }
        let scale = 0xff / (0xff_u8 >> (8 - bits));
        Ok(buffer.into_raster_by(|pixel| {
            let number = pixel.first().copied().unwrap_or_default();
            match &self.palette {
                Some(palette) => palette.colours.get(usize::from(number)).copied().unwrap_or_default(),
                None => [number.wrapping_mul(scale); 3],
            }
        }))
    }

    /// How the reader hands pixels out, and whether they are luma and chroma.
    fn layout(&self, colour: ColorType) -> Result<(Layout, bool), Error> {
        let (color_model, channels, bits) = match colour {
            ColorType::Gray(bits) => (ColorModel::Grey, 1, bits),
            ColorType::Multiband { bit_depth, num_samples } => {
                (ColorModel::Grey, usize::from(num_samples), bit_depth)
            }
            ColorType::RGB(bits) => (ColorModel::Rgb, 3, bits),
            ColorType::RGBA(bits) => (ColorModel::Rgb, 4, bits),
            ColorType::CMYK(bits) => (ColorModel::Cmyk, 4, bits),
            ColorType::CMYKA(bits) => (ColorModel::Cmyk, 5, bits),
            ColorType::YCbCr(8) => return Ok((Layout::RGB8, true)),
            other => return Err(unsupported(&format!("{other:?}"))),
        };
        match bits {
            8 | 16 if self.palette.is_none() => {
                Ok((Layout { color_model, channels, depth: usize::from(bits / 8) }, false))
            }
            _ => Err(unsupported(&format!("{bits}-bit samples"))),
        }
    }

    fn check_samples(&self, reader: &mut Reader<'_>) -> Result<(), Error> {
        let formats = reader.find_tag_unsigned_vec::<u16>(Tag::SampleFormat);
        let formats = formats.map_err(|error| self.refusal(&error))?.unwrap_or_default();
        if formats.iter().any(|&format| SampleFormat::from_u16(format) != Some(SampleFormat::Uint)) {
            return Err(unsupported("samples that are not whole and positive"));
        }
        Ok(())
    }

    /// A file that is too short for its size is not begun.
    ///
    /// A strip or tile that is a JPEG of its own may not be larger than its place, nor cut off: the reader would
    /// decode it tolerantly, whatever its size.
    fn check_chunks(&self, reader: &mut Reader<'_>, bytes: &[u8]) -> Result<(), Error> {
        let refusal = |error| self.refusal(&error);
        let compression = reader.find_tag_unsigned::<u16>(Tag::Compression).map_err(refusal)?;
        let compression = compression.map_or(CompressionMethod::None, CompressionMethod::from_u16_exhaustive);
        let raw = reader.image_buffer_layout().map_err(refusal)?.complete_len as u64;
        let least = match compression {
            CompressionMethod::None => raw,
            // A fax row of the same colour as the one above takes a bit, whatever its length.
            CompressionMethod::Huffman | CompressionMethod::Fax3 | CompressionMethod::Fax4 => 0,
            // No code of the others stands for more than this.
            _ => raw / 4096,
        };
        if least > bytes.len() as u64 {
            return Err(Error::Truncated { format: Format::Tiff });
        }
        if compression != CompressionMethod::ModernJPEG {
            return Ok(());
        }
        let mut list = |strips, tiles| {
            let found = reader.find_tag_unsigned_vec::<u64>(strips)?;
            if found.is_some() { Ok(found) } else { reader.find_tag_unsigned_vec::<u64>(tiles) }
        };
        let starts = list(Tag::StripOffsets, Tag::TileOffsets).map_err(refusal)?.unwrap_or_default();
        let lengths = list(Tag::StripByteCounts, Tag::TileByteCounts).map_err(refusal)?.unwrap_or_default();
        let (width, height) = reader.chunk_dimensions();
        for (start, length) in starts.into_iter().zip(lengths) {
            let chunk = usize::try_from(start)
                .ok()
                .zip(usize::try_from(length).ok())
                .and_then(|(start, length)| bytes.get(start..start.checked_add(length)?))
                .ok_or(Error::Truncated { format: Format::Tiff })?;
            check_jpeg(chunk, Size { width, height })?;
        }
        Ok(())
    }

    fn refusal(&self, error: &TiffError) -> Error {
        let format = Format::Tiff;
        match error {
            TiffError::IoError(io) if io.kind() == ErrorKind::UnexpectedEof => Error::Truncated { format },
            TiffError::UnsupportedError(_) => unsupported(&short(&error.to_string())),
            TiffError::LimitsExceeded => {
                let allowed = self.limits.memory;
                Error::LimitExceeded { kind: LimitKind::Memory, actual: allowed.saturating_add(1), allowed }
            }
            _ => Error::Damaged { format, detail: short(&error.to_string()) },
        }
    }
}

#[cfg(feature = "jpeg")]
fn check_jpeg(chunk: &[u8], place: Size) -> Result<(), Error> {
    let (size, complete) = super::jpeg::glance(chunk, Format::Tiff)?;
    if size.width > place.width || size.height > place.height {
        return Err(Error::Damaged {
            format: Format::Tiff,
            detail: format!("a part of {place} holds a JPEG of {size}"),
        });
    }
    if complete { Ok(()) } else { Err(Error::Truncated { format: Format::Tiff }) }
}

#[cfg(not(feature = "jpeg"))]
fn check_jpeg(_chunk: &[u8], _place: Size) -> Result<(), Error> {
    Err(unsupported("JPEG inside TIFF"))
}

/// The colours of a palette image.
///
/// The reader does not decode those. Told that the numbers are grey values it hands them out unchanged, and the
/// colours are looked up here.
struct Palette {
    /// Where the file says "palette", and the bytes that say "grey" instead.
    patch: (usize, [u8; 2]),
    colours: Vec<[u8; 3]>,
}

const PHOTOMETRIC_TAG: u16 = 262;
const COLOUR_MAP_TAG: u16 = 320;
const PALETTE: u16 = 3;
const BLACK_IS_ZERO: u16 = 1;
const SHORT: u16 = 3;

impl Palette {
    fn find(bytes: &[u8]) -> Option<Self> {
        let directory = exif::Directory::first(bytes)?;
        let photometric = directory.entry(PHOTOMETRIC_TAG)?;
        if photometric.kind != SHORT || directory.u16_at(photometric.value_at)? != PALETTE {
            return None;
        }
        let map = directory.entry(COLOUR_MAP_TAG)?;
        let count = (map.count / 3).min(256) as usize;
        let start = directory.u32_at(map.value_at)? as usize;
        let channel = (map.count / 3) as usize;
        let colours = (0..count)
            .map(|number| {
                // All reds, then all greens, then all blues, 16 bits each: the high byte is the colour.
                let value = |plane: usize| {
                    let at = (plane * channel + number).checked_mul(2)?.checked_add(start)?;
                    Some((directory.u16_at(at)? >> 8) as u8)
                };
                Some([value(0)?, value(1)?, value(2)?])
            })
            .collect::<Option<Vec<_>>>()?;
        let grey =
            if directory.big_endian { BLACK_IS_ZERO.to_be_bytes() } else { BLACK_IS_ZERO.to_le_bytes() };
        Some(Self { patch: (photometric.value_at, grey), colours })
    }
}

fn reader_limits(limits: &Limits) -> TiffLimits {
    let most = usize::try_from(limits.memory).unwrap_or(usize::MAX);
    let mut allowed = TiffLimits::default();
    allowed.decoding_buffer_size = most;
    allowed.intermediate_buffer_size = most;
    allowed
}

/// Puts planes of samples together, pixel by pixel.
fn interleave(planes: &[u8], plane: usize, layout: Layout, pixels: &mut [u8]) {
    let depth = layout.depth;
    for (channel, plane) in planes.chunks_exact(plane.max(1)).take(layout.channels).enumerate() {
        let targets = pixels.chunks_exact_mut(layout.channels * depth);
        for (pixel, sample) in targets.zip(plane.chunks_exact(depth)) {
            if let Some(target) = pixel.get_mut(channel * depth..(channel + 1) * depth) {
                target.copy_from_slice(sample);
            }
        }
    }
}

/// Whether the colours are stored multiplied by their alpha.
fn alpha_is_associated(reader: &mut Reader<'_>) -> bool {
    const ASSOCIATED: u16 = 1;
    let extra = reader.find_tag_unsigned_vec::<u16>(Tag::ExtraSamples).ok().flatten().unwrap_or_default();
    extra.first() == Some(&ASSOCIATED)
}

/// The colour before it was multiplied by its alpha, as Pillow computes it; of 16-bit samples the high bytes.
fn divide_by_alpha(pixel: &[u8]) -> [u8; 3] {
    let [r, g, b, alpha] = match *pixel {
        [r, g, b, alpha] => [r, g, b, alpha],
        [r0, r1, g0, g1, b0, b1, a0, a1] => {
            [[r0, r1], [g0, g1], [b0, b1], [a0, a1]].map(|sample| (u16::from_ne_bytes(sample) >> 8) as u8)
        }
        _ => return [0; 3],
    };
    let alpha = u32::from(alpha);
    [r, g, b].map(|value| (u32::from(value) * 255).checked_div(alpha).unwrap_or_default().min(255) as u8)
}

/// JFIF's conversion in 16-bit fixed point, as libjpeg does it.
fn ycc_to_rgb(pixel: &[u8]) -> [u8; 3] {
    let [y, cb, cr] = *pixel else { return [0; 3] };
    let (y, cb, cr) = (i32::from(y) << 16, i32::from(cb) - 128, i32::from(cr) - 128);
    let half = 1 << 15;
    [y + 91_881 * cr, y - 22_554 * cb - 46_802 * cr, y + 116_130 * cb]
        .map(|value| ((value + half) >> 16).clamp(0, 255) as u8)
}
