//! Decodes the first image of a TIFF file.
//!
//! Strips and tiles are read row by row. A row is converted to samples of 8 bits and written to its
//! position in the image.

use ownprint_pixels::wipe::WipedBytes;
use ownprint_pixels::{Format, Limits, Raster, unpremultiplied};

use super::directory::Directory;
use super::errors::{TRUNCATED, damaged, unsupported};
use super::image::{Colors, Compression, Image};
use super::rows::Rows;
use super::{palette, samples};
use crate::decoded::DecodedImage;
use crate::error::Error;
use crate::observer::Observer;
use crate::pixel_buffer::{ColorModel, Layout, PixelBuffer, check_size};

pub(crate) fn decode(
    bytes: &[u8],
    limits: &Limits,
    observer: &mut Observer<'_>,
) -> Result<DecodedImage, Error> {
    let directory = Directory::first(bytes).ok_or(TRUNCATED)?;
    let image = Image::read(&directory, bytes)?;
    check_size(Format::Tiff, image.size, limits)?;
    check_work(&image, bytes.len() as u64)?;
    Ok(DecodedImage {
        raster: Reader { image: &image, bytes, limits }.raster(&directory, observer)?,
        format: Format::Tiff,
        orientation: image.orientation,
        damaged: false,
        first_frame_only: directory.has_further_page(),
        deterministic: true,
    })
}

/// Returns an error if the file is too short for its size, or would cost more work than its length
/// and size justify.
fn check_work(image: &Image<'_>, file_bytes: u64) -> Result<(), Error> {
    let (size, chunk) = (image.size, image.chunks.size);
    let raw =
        image.row_bytes(size.width).saturating_mul(u64::from(size.height) * image.chunks.planes);
    let min_bytes = match image.compression {
        Compression::None => raw,
        // A row that equals the previous one takes one bit, whatever its length.
        Compression::ModifiedHuffman | Compression::Group3 | Compression::Group4 => 0,
        // The maximum expansion of the other methods is 4096.
        _ => raw / 4096,
    };
    if min_bytes > file_bytes {
        return Err(TRUNCATED);
    }
    // Tiles extend beyond the image, and all of their pixels are decompressed.
    let (across, down) = (image.chunks.across(size), image.chunks.down(size));
    let padded = (across * u64::from(chunk.width)).saturating_mul(down * u64::from(chunk.height));
    if image.chunks.are_tiles && padded > size.pixels().saturating_mul(4).saturating_add(1 << 24) {
        return Err(unsupported("tiles much larger than the image"));
    }
    let max_row_bytes = image.row_bytes(size.width).saturating_mul(4).saturating_add(1 << 20);
    if image.row_bytes(chunk.width) > max_row_bytes {
        return Err(unsupported("tiles much larger than the image"));
    }
    // Each chunk has a decoder of its own.
    let chunks = image.chunks.count(size);
    if chunks > size.pixels() / 64 + (1 << 16) {
        return Err(unsupported("strips or tiles of few pixels"));
    }
    if image.compression == Compression::None {
        return Ok(());
    }
    // Chunks may share their bytes, which would make the work quadratic.
    let lengths = image.chunks.lengths;
    let coded = match lengths {
        Some(lengths) => {
            (0..chunks).map_while(|index| lengths.get(index)).fold(0, u64::saturating_add)
        }
        None if chunks == 1 => file_bytes,
        None => return Err(damaged("no lengths of strips or tiles")),
    };
    let coded = coded.saturating_add(chunks.saturating_mul(image.jpeg_tables.len() as u64));
    if coded > file_bytes.saturating_mul(2).saturating_add(raw) {
        return Err(unsupported("overlapping strips or tiles"));
    }
    Ok(())
}

struct Reader<'a> {
    image: &'a Image<'a>,
    bytes: &'a [u8],
    limits: &'a Limits,
}

impl Reader<'_> {
    fn raster(
        &self,
        directory: &Directory<'_>,
        observer: &mut Observer<'_>,
    ) -> Result<Raster, Error> {
        let colors = self.image.colors;
        let color_model = match colors {
            Colors::WhiteIsZero | Colors::BlackIsZero | Colors::Palette => ColorModel::Grey,
            Colors::Cmyk => ColorModel::Cmyk,
            _ => ColorModel::Rgb,
        };
        let palette = match colors {
            Colors::Palette => palette::read(directory)?,
            _ => Vec::new(),
        };
        let layout = Layout { color_model, channels: colors.count(), depth: 1 };
        let extra = self.row_bytes() as u64 * 2;
        let (size, limits) = (self.image.size, self.limits);
        let mut buffer = PixelBuffer::new(Format::Tiff, size, layout, extra, limits)?;
        self.read(buffer.samples(), observer)?;
        let scale = samples::grey_scale(self.image.samples.bits);
        let first = |pixel: &[u8]| pixel.first().copied().unwrap_or_default();
        Ok(match colors {
            Colors::BlackIsZero if scale == 1 => buffer.into_raster(),
            Colors::BlackIsZero => buffer.into_raster_by(|p| [first(p).wrapping_mul(scale); 3]),
            Colors::WhiteIsZero => {
                buffer.into_raster_by(|pixel| [255 - first(pixel).wrapping_mul(scale); 3])
            }
            Colors::Palette => buffer.into_raster_by(|pixel| {
                palette.get(usize::from(first(pixel))).copied().unwrap_or_default()
            }),
            Colors::RgbTimesAlpha => buffer.into_raster_by(divide_by_alpha),
            Colors::YCbCr => buffer.into_raster_by(ycc_to_rgb),
            Colors::Rgb | Colors::YCbCrInJpeg | Colors::Cmyk => buffer.into_raster(),
        })
    }

    /// Fills the samples of the image that determine its colours.
    fn read(&self, target: &mut [u8], observer: &mut Observer<'_>) -> Result<(), Error> {
        let (size, chunks) = (self.image.size, &self.image.chunks);
        let (across, down) = (chunks.across(size), chunks.down(size));
        // Further planes are those of alpha and other extra samples.
        for plane in 0..chunks.planes.min(self.image.colors.count() as u64) {
            for row in 0..down {
                for column in 0..across {
                    let index = (plane * down + row) * across + column;
                    // Both are inside the image.
                    let left = column as usize * chunks.size.width as usize;
                    let top = row as usize * chunks.size.height as usize;
                    self.read_chunk(index, (left, top), plane as usize, target, observer)?;
                }
            }
        }
        Ok(())
    }

    fn read_chunk(
        &self,
        index: u64,
        (left, top): (usize, usize),
        plane: usize,
        target: &mut [u8],
        observer: &mut Observer<'_>,
    ) -> Result<(), Error> {
        let image = self.image;
        let (channels, per_pixel) = (image.colors.count(), image.samples.per_pixel);
        let (width, height) = (image.size.width as usize, image.size.height as usize);
        let columns = (image.chunks.size.width as usize).min(width - left);
        let count = (image.chunks.size.height as usize).min(height - top);
        let mut row = WipedBytes::zeroed(self.row_bytes());
        let mut bytes = WipedBytes::zeroed(columns.saturating_mul(per_pixel));
        let data = self.chunk(index, count * row.0.len())?;
        let reversed;
        let data = if image.reversed_bits {
            reversed = WipedBytes(data.iter().map(|byte| byte.reverse_bits()).collect());
            &reversed.0
        } else {
            data
        };
        let mut rows = Rows::open(image, data, (count, row.0.len()), self.limits)?;
        let stride = width * channels;
        for target in target.chunks_exact_mut(stride).skip(top).take(count) {
            observer.check()?;
            rows.read(&mut row.0)?;
            if image.predictor {
                samples::undo_predictor(&mut row.0, image.samples);
            }
            samples::to_bytes(&row.0, image.samples, &mut bytes.0);
            let pixels = target.chunks_exact_mut(channels).skip(left);
            if image.chunks.planes > 1 {
                for (pixel, sample) in pixels.zip(&bytes.0) {
                    if let Some(channel) = pixel.get_mut(plane) {
                        *channel = *sample;
                    }
                }
            } else {
                for (pixel, samples) in pixels.zip(bytes.0.chunks_exact(per_pixel)) {
                    for (channel, sample) in pixel.iter_mut().zip(samples) {
                        *channel = *sample;
                    }
                }
            }
        }
        Ok(())
    }

    /// Returns the stored bytes of a row of a chunk, which [`check_work`] bounds.
    fn row_bytes(&self) -> usize {
        self.image.row_bytes(self.image.chunks.size.width) as usize
    }

    /// Returns the stored bytes of a chunk. `needed` is their number without compression.
    fn chunk(&self, index: u64, needed: usize) -> Result<&[u8], Error> {
        let chunks = &self.image.chunks;
        let start = chunks.offsets.get(index).and_then(|start| usize::try_from(start).ok());
        let rest = start.and_then(|start| self.bytes.get(start..)).ok_or(TRUNCATED)?;
        let length = match &chunks.lengths {
            _ if self.image.compression == Compression::None => Some(needed),
            Some(lengths) => lengths.get(index).and_then(|length| usize::try_from(length).ok()),
            None => Some(rest.len()),
        };
        length.and_then(|length| rest.get(..length)).ok_or(TRUNCATED)
    }
}

/// Removes premultiplied alpha.
fn divide_by_alpha(pixel: &[u8]) -> [u8; 3] {
    pixel.try_into().map(unpremultiplied).unwrap_or_default()
}

/// Converts YCbCr to RGB by JFIF, in 16-bit fixed point as libjpeg does.
fn ycc_to_rgb(pixel: &[u8]) -> [u8; 3] {
    let [y, cb, cr] = *pixel else { return [0; 3] };
    let (y, cb, cr) = (i32::from(y) << 16, i32::from(cb) - 128, i32::from(cr) - 128);
    let half = 1 << 15;
    [y + 91_881 * cr, y - 22_554 * cb - 46_802 * cr, y + 116_130 * cb]
        .map(|value| ((value + half) >> 16).clamp(0, 255) as u8)
}
