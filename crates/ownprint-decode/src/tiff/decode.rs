//! Decodes the first image of a TIFF file.

use std::io::ErrorKind;

use tiff::decoder::{ChunkType, Decoder, Limits as TiffLimits};
use tiff::tags::{CompressionMethod, SampleFormat, Tag};
use tiff::{ColorType, TiffError};

use ownprint_pixels::wipe::WipedBytes;
use ownprint_pixels::{ExifOrientation, Format, LimitKind, Limits, Raster, Size};

use super::errors::unsupported;
use super::patched::Patched;
use super::tables;
use crate::decoded::DecodedImage;
use crate::detail::short;
use crate::error::Error;
use crate::exif;
#[cfg(feature = "jpeg")]
use crate::jpeg;
use crate::pixel_buffer::{ColorModel, Layout, PixelBuffer, check_size};

type Reader<'a> = Decoder<Patched<'a>>;

pub(crate) fn decode(bytes: &[u8], limits: &Limits) -> Result<DecodedImage, Error> {
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
        if planes > 1 && reader.get_chunk_type() == ChunkType::Tile {
            // The reader places the tiles of the second plane wrongly, and panics for most sizes.
            return Err(unsupported("tiles with a plane for each sample (PlanarConfiguration 2)"));
        }
        match colour {
            ColorType::Gray(bits @ (1 | 2 | 4)) => self.read_packed(reader, size, bits),
            ColorType::Gray(8) if self.palette.is_some() => self.read_packed(reader, size, 8),
            _ => {
                let (layout, ycc) = self.layout(colour)?;
                let extra = if planes > 1 { stored.complete_len as u64 } else { 0 };
                let mut buffer = PixelBuffer::new(Format::Tiff, size, layout, extra, self.limits)?;
                if planes > 1 {
                    let mut planar = WipedBytes::zeroed(stored.complete_len);
                    reader.read_image_bytes(&mut planar.0).map_err(refusal)?;
                    let plane = stored.plane_stride.map_or(0, |stride| stride.get());
                    interleave(&planar.0, plane, layout, buffer.samples());
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

    /// Decodes grey samples of 1, 2 or 4 bits and palette indices of any depth. Each row starts
    /// with a new byte.
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
            let sample = pixel.first().copied().unwrap_or_default();
            match &self.palette {
                Some(palette) => {
                    palette.colours.get(usize::from(sample)).copied().unwrap_or_default()
                }
                None => [sample.wrapping_mul(scale); 3],
            }
        }))
    }

    /// Returns the layout of the reader's pixels, and whether they are YCbCr.
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
            other => return Err(unsupported(&format!("{other:?} samples"))),
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
        if formats.iter().any(|&format| SampleFormat::from_u16(format) != Some(SampleFormat::Uint))
        {
            return Err(unsupported("signed or floating-point samples"));
        }
        Ok(())
    }

    /// Returns an error if the file is too short for its size, or if a JPEG-compressed strip or
    /// tile is larger than its area or truncated.
    ///
    /// The reader would decode such a JPEG tolerantly and at its own size.
    fn check_chunks(&self, reader: &mut Reader<'_>, bytes: &[u8]) -> Result<(), Error> {
        let refusal = |error| self.refusal(&error);
        let compression = reader.find_tag_unsigned::<u16>(Tag::Compression).map_err(refusal)?;
        let compression =
            compression.map_or(CompressionMethod::None, CompressionMethod::from_u16_exhaustive);
        let raw = reader.image_buffer_layout().map_err(refusal)?.complete_len as u64;
        let min_bytes = match compression {
            CompressionMethod::None => raw,
            // A fax row that equals the previous one takes one bit, whatever its length.
            CompressionMethod::Huffman | CompressionMethod::Fax3 | CompressionMethod::Fax4 => 0,
            // The maximum expansion of the other methods is 4096.
            _ => raw / 4096,
        };
        if min_bytes > bytes.len() as u64 {
            return Err(Error::Truncated { format: Format::Tiff });
        }
        let mut list = |strips, tiles| {
            let found = reader.find_tag_unsigned_vec::<u64>(strips)?;
            if found.is_some() { Ok(found) } else { reader.find_tag_unsigned_vec::<u64>(tiles) }
        };
        let lengths =
            list(Tag::StripByteCounts, Tag::TileByteCounts).map_err(refusal)?.unwrap_or_default();
        // Strips may share their bytes, which would make the work quadratic.
        let coded = lengths.iter().fold(0_u64, |sum, &length| sum.saturating_add(length));
        if coded > (bytes.len() as u64).saturating_mul(2).saturating_add(raw) {
            return Err(unsupported("overlapping strips or tiles"));
        }
        if compression != CompressionMethod::ModernJPEG {
            return Ok(());
        }
        let starts =
            list(Tag::StripOffsets, Tag::TileOffsets).map_err(refusal)?.unwrap_or_default();
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
            TiffError::IoError(io) if io.kind() == ErrorKind::UnexpectedEof => {
                Error::Truncated { format }
            }
            TiffError::UnsupportedError(_) => unsupported(&short(&error.to_string())),
            TiffError::LimitsExceeded => {
                let allowed = self.limits.memory;
                Error::LimitExceeded {
                    kind: LimitKind::Memory,
                    actual: allowed.saturating_add(1),
                    allowed,
                }
            }
            _ => Error::Damaged { format, detail: short(&error.to_string()) },
        }
    }
}

#[cfg(feature = "jpeg")]
fn check_jpeg(chunk: &[u8], area: Size) -> Result<(), Error> {
    let (size, complete) = jpeg::probe(chunk, Format::Tiff)?;
    if size.width > area.width || size.height > area.height {
        return Err(Error::Damaged {
            format: Format::Tiff,
            detail: format!("JPEG of {size} in a strip or tile of {area}"),
        });
    }
    if complete { Ok(()) } else { Err(Error::Truncated { format: Format::Tiff }) }
}

#[cfg(not(feature = "jpeg"))]
fn check_jpeg(_chunk: &[u8], _area: Size) -> Result<(), Error> {
    Err(unsupported("JPEG compression"))
}

/// The colours of a palette image.
///
/// The reader does not decode palette images. The file is patched so that the indices are read as
/// grey samples, and the colours are looked up afterwards.
struct Palette {
    /// The offset of the photometric interpretation, and the bytes that replace "palette" by
    /// "grey".
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
            .map(|index| {
                // All reds, then all greens, then all blues, of 16 bits each. The high byte is
                // used.
                let value = |plane: usize| {
                    let at = (plane * channel + index).checked_mul(2)?.checked_add(start)?;
                    Some((directory.u16_at(at)? >> 8) as u8)
                };
                Some([value(0)?, value(1)?, value(2)?])
            })
            .collect::<Option<Vec<_>>>()?;
        let grey = if directory.big_endian {
            BLACK_IS_ZERO.to_be_bytes()
        } else {
            BLACK_IS_ZERO.to_le_bytes()
        };
        Some(Self { patch: (photometric.value_at, grey), colours })
    }
}

fn reader_limits(limits: &Limits) -> TiffLimits {
    let bytes = usize::try_from(limits.memory).unwrap_or(usize::MAX);
    let mut allowed = TiffLimits::default();
    allowed.decoding_buffer_size = bytes;
    allowed.intermediate_buffer_size = bytes;
    allowed
}

/// Interleaves planes of samples to pixels.
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

/// Returns `true` if the image has premultiplied (associated) alpha.
fn alpha_is_associated(reader: &mut Reader<'_>) -> bool {
    const ASSOCIATED: u16 = 1;
    let extra =
        reader.find_tag_unsigned_vec::<u16>(Tag::ExtraSamples).ok().flatten().unwrap_or_default();
    extra.first() == Some(&ASSOCIATED)
}

/// Removes premultiplied alpha as Pillow does. 16-bit samples are reduced to their high bytes
/// first.
fn divide_by_alpha(pixel: &[u8]) -> [u8; 3] {
    let [r, g, b, alpha] = match *pixel {
        [r, g, b, alpha] => [r, g, b, alpha],
        [r0, r1, g0, g1, b0, b1, a0, a1] => [[r0, r1], [g0, g1], [b0, b1], [a0, a1]]
            .map(|sample| (u16::from_ne_bytes(sample) >> 8) as u8),
        _ => return [0; 3],
    };
    let alpha = u32::from(alpha);
    [r, g, b]
        .map(|value| (u32::from(value) * 255).checked_div(alpha).unwrap_or_default().min(255) as u8)
}

/// Converts YCbCr to RGB by JFIF, in 16-bit fixed point as libjpeg does.
fn ycc_to_rgb(pixel: &[u8]) -> [u8; 3] {
    let [y, cb, cr] = *pixel else { return [0; 3] };
    let (y, cb, cr) = (i32::from(y) << 16, i32::from(cb) - 128, i32::from(cr) - 128);
    let half = 1 << 15;
    [y + 91_881 * cr, y - 22_554 * cb - 46_802 * cr, y + 116_130 * cb]
        .map(|value| ((value + half) >> 16).clamp(0, 255) as u8)
}
