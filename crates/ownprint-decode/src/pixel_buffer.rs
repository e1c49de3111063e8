//! The buffer that a decoder writes to, converted to RGB8 in place. Limits are checked before it is
//! allocated.

use ownprint_pixels::wipe::WipedBytes;
use ownprint_pixels::{Format, LimitKind, Limits, Raster, Size};

use crate::error::Error;

/// The meaning of the samples of a pixel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ColorModel {
    /// The first sample is grey.
    Grey,
    /// The first three samples are red, green, blue.
    Rgb,
    /// The first four samples are cyan, magenta, yellow, black; 0 means none.
    Cmyk,
}

/// The layout in which a decoder writes a pixel. Samples after those of the color model, such as
/// alpha, are dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Layout {
    pub(super) color_model: ColorModel,
    /// Samples per pixel, including alpha.
    pub(super) channels: usize,
    /// Bytes per sample: 1, or 2 in native byte order.
    pub(super) depth: usize,
}

impl Layout {
    pub(super) const RGB8: Self = Self { color_model: ColorModel::Rgb, channels: 3, depth: 1 };

    fn stride(self) -> usize {
        self.channels * self.depth
    }
}

/// The buffer that an image is decoded into.
///
/// Its length is that of the decoder's samples or of RGB8, whichever is larger. Smaller samples are
/// stored at the end and larger ones at the start, so that the conversion never overwrites samples
/// that it has not read yet.
#[derive(Debug)]
pub(super) struct PixelBuffer {
    buffer: WipedBytes,
    size: Size,
    layout: Layout,
    pixels: usize,
}

impl PixelBuffer {
    /// Checks the limits and allocates the buffer. `extra` is the memory in bytes that the decoder
    /// needs in addition.
    ///
    /// # Errors
    /// [`Error::LimitExceeded`]; [`Error::Damaged`] if the width or height is 0.
    pub(super) fn new(
        format: Format,
        size: Size,
        layout: Layout,
        extra: u64,
        limits: &Limits,
    ) -> Result<Self, Error> {
        check_size(format, size, limits)?;
        let bytes = size.pixels().saturating_mul(layout.stride().max(3) as u64);
        limits.check_image(size, bytes.saturating_add(extra))?;
        // The limits may allow more than a 32-bit machine can address.
        let beyond = |_| Error::LimitExceeded {
            kind: LimitKind::Memory,
            actual: bytes,
            allowed: usize::MAX as u64,
        };
        let length = usize::try_from(bytes).map_err(beyond)?;
        let pixels = usize::try_from(size.pixels()).map_err(beyond)?;
        Ok(Self { buffer: WipedBytes::zeroed(length), size, layout, pixels })
    }

    /// Returns the part of the buffer that the decoder fills: the exact length of its samples.
    pub(super) fn samples(&mut self) -> &mut [u8] {
        let length = self.pixels * self.layout.stride();
        let start = self.start();
        self.buffer.0.get_mut(start..start + length).unwrap_or_default()
    }

    /// Releases a buffer to which nothing was written, without wiping it. The system provides the
    /// memory of such a buffer only when it is touched.
    #[cfg_attr(not(any(feature = "heic", feature = "avif")), allow(dead_code))]
    pub(super) fn release_unwritten(mut self) {
        drop(std::mem::take(&mut self.buffer.0));
    }

    /// Converts the image to RGB8.
    pub(super) fn into_raster(mut self) -> Raster {
        let layout = self.layout;
        match (layout.color_model, layout.depth) {
            (ColorModel::Rgb, 1) if layout.channels == 3 => {}
            (ColorModel::Rgb, 1) => self.convert(|p| [at(p, 0), at(p, 1), at(p, 2)]),
            (ColorModel::Rgb, _) => self.convert(|p| [high(p, 0), high(p, 1), high(p, 2)]),
            (ColorModel::Grey, 1) => self.convert(|p| [at(p, 0); 3]),
            (ColorModel::Grey, _) => self.convert(|p| [high(p, 0); 3]),
            (ColorModel::Cmyk, 1) => {
                self.convert(|p| cmyk_to_rgb([at(p, 0), at(p, 1), at(p, 2), at(p, 3)]));
            }
            (ColorModel::Cmyk, _) => {
                self.convert(|p| cmyk_to_rgb([high(p, 0), high(p, 1), high(p, 2), high(p, 3)]));
            }
        }
        self.finish()
    }

    /// Converts the image to RGB8 with `translate`, which is called with the samples of one pixel.
    pub(super) fn into_raster_by(mut self, translate: impl Fn(&[u8]) -> [u8; 3]) -> Raster {
        self.convert(translate);
        self.finish()
    }

    fn start(&self) -> usize {
        self.buffer.0.len() - self.pixels * self.layout.stride()
    }

    fn finish(mut self) -> Raster {
        self.buffer.truncate(self.pixels * 3);
        Raster::new(self.buffer, self.size)
    }

    fn convert(&mut self, translate: impl Fn(&[u8]) -> [u8; 3]) {
        let stride = self.layout.stride();
        let mut scratch = WipedBytes::zeroed(BLOCK_PIXELS * stride);
        let mut from = self.start();
        let mut to = 0;
        let mut left = self.pixels;
        while left > 0 {
            let count = left.min(BLOCK_PIXELS);
            let (source, target) = (from..from + count * stride, to..to + count * 3);
            let Some((read, scratch)) =
                self.buffer.0.get(source).zip(scratch.0.get_mut(..count * stride))
            else {
                return;
            };
            scratch.copy_from_slice(read);
            let written = self.buffer.0.get_mut(target).unwrap_or_default();
            for (rgb, pixel) in
                written.as_chunks_mut::<3>().0.iter_mut().zip(scratch.chunks_exact(stride))
            {
                *rgb = translate(pixel);
            }
            from += count * stride;
            to += count * 3;
            left -= count;
        }
    }
}

/// Pixels converted at a time: few enough for the first-level cache.
const BLOCK_PIXELS: usize = 1024;
/// The index of the high byte of a 16-bit sample in native byte order.
const HIGH: usize = if cfg!(target_endian = "little") { 1 } else { 0 };

fn at(pixel: &[u8], index: usize) -> u8 {
    pixel.get(index).copied().unwrap_or_default()
}

/// Returns the high byte of a 16-bit sample without rounding, so that 8-bit and 16-bit copies of an
/// image are equal.
fn high(pixel: &[u8], index: usize) -> u8 {
    at(pixel, 2 * index + HIGH)
}

/// Checks the size in a header before a decoder reads the file.
///
/// # Errors
/// [`Error::LimitExceeded`]; [`Error::Damaged`] if the width or height is 0.
pub(super) fn check_size(format: Format, size: Size, limits: &Limits) -> Result<(), Error> {
    if size.pixels() == 0 {
        return Err(Error::Damaged { format, detail: format!("size {size}") });
    }
    Ok(limits.check_image(size, size.pixels().saturating_mul(3))?)
}

/// Converts CMYK to RGB exactly as Pillow does.
fn cmyk_to_rgb([cyan, magenta, yellow, black]: [u8; 4]) -> [u8; 3] {
    let white = 255 - black;
    [cyan, magenta, yellow].map(|sample| white - times_over_255(sample, white))
}

/// Returns `a * b / 255`, rounded to the nearest integer.
fn times_over_255(a: u8, b: u8) -> u8 {
    let product = u32::from(a) * u32::from(b) + 128;
    ((product + (product >> 8)) >> 8) as u8
}
