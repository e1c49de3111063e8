//! Passes over an image once and returns its RGB rows with the orientation applied, in blocks.

use std::ops::ControlFlow;

use fearless_simd::prelude::*;
use fearless_simd::{Level, dispatch};
use zeroize::Zeroize;

use crate::alpha::unpremultiplied;
use crate::channels::to_rgb;
use crate::orientation::ExifOrientation;
use crate::pixels::{PixelFormat, Pixels, Raster, Size};
use crate::tile::{self, transpose_pixels};
use crate::wipe::{WipedBytes, wipe_stack};

/// The maximum number of rows passed at a time.
pub const BLOCK_ROWS: usize = 16;

/// Stored columns that are transposed at a time.
///
/// Rows of a large image are memory pages apart, so a long run is read from each row before the
/// next.
const COLUMNS_READ: usize = 64;

/// Takes the next rows of RGB triples. A trait object, so that hashers are compiled once instead of
/// once for each closure.
pub type TakeRows<'a> = dyn FnMut(&[&[u8]]) -> ControlFlow<()> + 'a;

/// The pixels that rows are read from.
#[derive(Debug)]
pub enum Source<'a> {
    /// A caller's buffer.
    Borrowed(&'a Pixels<'a>),
    /// A decoded image. Its rows are overwritten after they are passed.
    Owned(Raster),
}

impl Source<'_> {
    /// Returns the size of the stored image.
    #[must_use]
    pub fn size(&self) -> Size {
        match self {
            Self::Borrowed(pixels) => pixels.size(),
            Self::Owned(raster) => raster.size(),
        }
    }

    /// Calls `each` with the rows of these pixels, as [`oriented_rows`] does, until `each` breaks.
    pub fn oriented_rows(
        self,
        orientation: ExifOrientation,
        each: &mut TakeRows<'_>,
    ) -> ControlFlow<()> {
        match self {
            Self::Borrowed(pixels) => oriented_rows(pixels, orientation, each),
            Self::Owned(raster) if orientation == ExifOrientation::Normal => {
                let (bytes, row) = raster.into_rows();
                bytes.consume(BLOCK_ROWS * row, |block| emit_rows(block.chunks_exact(row), each))
            }
            Self::Owned(raster) => oriented_rows(&raster.pixels(), orientation, each),
        }
    }
}

/// Calls `each` with the rows of the image with `orientation` applied, until `each` breaks.
///
/// The rows are RGB triples, from top to bottom, up to [`BLOCK_ROWS`] at a time. RGB pixels that
/// need no transform are borrowed; other pixels are converted in a buffer of a few rows.
pub fn oriented_rows(
    pixels: &Pixels<'_>,
    orientation: ExifOrientation,
    each: &mut TakeRows<'_>,
) -> ControlFlow<()> {
    let size = orientation.oriented_size(pixels.size());
    let (width, height) = (size.width as usize, size.height as usize);
    if pixels.format() == PixelFormat::Rgb8 && orientation == ExifOrientation::Normal {
        return emit_rows((0..height).map(|y| pixels.row(y)), each);
    }
    let buffer_rows = if orientation.transposes() { COLUMNS_READ } else { BLOCK_ROWS };
    let mut oriented = WipedBytes::zeroed(buffer_rows.min(height) * width * 3);
    for top in (0..height).step_by(buffer_rows) {
        let count = buffer_rows.min(height - top);
        fill(pixels, orientation, top, count, &mut oriented.0);
        emit_rows(oriented.0.chunks_exact(width * 3).take(count), each)?;
    }
    ControlFlow::Continue(())
}

/// Calls `each` with the rows, up to [`BLOCK_ROWS`] at a time.
fn emit_rows<'a>(
    mut rows: impl Iterator<Item = &'a [u8]>,
    each: &mut TakeRows<'_>,
) -> ControlFlow<()> {
    loop {
        let mut count = 0;
        let block: [&[u8]; BLOCK_ROWS] =
            std::array::from_fn(|_| rows.next().inspect(|_| count += 1).unwrap_or_default());
        if count == 0 {
            return ControlFlow::Continue(());
        }
        each(&block[..count])?;
    }
}

/// Writes the oriented rows `top..top + count` into `block`.
fn fill(
    pixels: &Pixels<'_>,
    orientation: ExifOrientation,
    top: usize,
    count: usize,
    block: &mut [u8],
) {
    let width = orientation.oriented_size(pixels.size()).width as usize;
    let rows = block.as_chunks_mut::<3>().0.chunks_exact_mut(width).take(count);
    let convert: Convert = match pixels.format() {
        PixelFormat::Rgb8 => |rgb, out| {
            let out = out.as_flattened_mut();
            let length = out.len().min(rgb.len());
            out[..length].copy_from_slice(&rgb[..length]);
        },
        PixelFormat::Rgba8 => |rgba, out| to_rgb::<4>(rgba, out, |[r, g, b, _]| [r, g, b]),
        PixelFormat::Bgra8 => |bgra, out| to_rgb::<4>(bgra, out, |[b, g, r, _]| [r, g, b]),
        PixelFormat::Bgr8 => |bgr, out| to_rgb::<3>(bgr, out, |[b, g, r]| [r, g, b]),
        PixelFormat::L8 => {
            |grey, out| grey.iter().zip(out).for_each(|(grey, out)| *out = [*grey; 3])
        }
        PixelFormat::Rgba8Premultiplied => |rgba, out| {
            let pixels = rgba.as_chunks().0.iter().zip(out);
            pixels.for_each(|(pixel, out)| *out = unpremultiplied(*pixel));
        },
        PixelFormat::Bgra8Premultiplied => |bgra, out| {
            let pixels = bgra.as_chunks().0.iter().zip(out);
            pixels.for_each(|([b, g, r, a], out)| *out = unpremultiplied([*r, *g, *b, *a]));
        },
    };
    transform(pixels, orientation, top, rows, convert);
}

/// Converts stored pixels to RGB.
type Convert = fn(&[u8], &mut [[u8; 3]]);

/// Writes the oriented rows from `top` on into `rows`.
///
/// `convert` is a function pointer, so that this code is compiled once for all pixel formats. It is
/// called for many pixels at a time, so the call costs little.
fn transform<'a>(
    pixels: &Pixels<'_>,
    orientation: ExifOrientation,
    top: usize,
    rows: impl Iterator<Item = &'a mut [[u8; 3]]>,
    convert: Convert,
) {
    let stored = pixels.size();
    let (width, height) = (stored.width as usize, stored.height as usize);
    let (flip_x, flip_y) = match orientation {
        ExifOrientation::Normal | ExifOrientation::Transposed => (false, false),
        ExifOrientation::Mirrored | ExifOrientation::Rotated270 => (true, false),
        ExifOrientation::Rotated180 | ExifOrientation::Transversed => (true, true),
        ExifOrientation::MirroredRotated180 | ExifOrientation::Rotated90 => (false, true),
    };
    let row = |y: usize| pixels.row(if flip_y { height - 1 - y } else { y });
    if !orientation.transposes() {
        for (y, out) in (top..).zip(rows) {
            convert(row(y), out);
            if flip_x {
                out.reverse();
            }
        }
        return;
    }
    // Oriented row `y` is stored column `y`, and oriented column `x` is stored row `x`. A block of
    // stored pixels is copied first in memory order, so that the processor loads many rows in
    // parallel.
    let mut rows: Vec<_> = rows.collect();
    let columns =
        if flip_x { width - top - rows.len()..width - top } else { top..top + rows.len() };
    if flip_x {
        rows.reverse();
    }
    let bytes_per_pixel = pixels.format().bytes_per_pixel();
    let bytes = columns.start * bytes_per_pixel..columns.end * bytes_per_pixel;
    let mut block: Block = [[[0; 3]; COLUMNS_READ]; ROWS_READ];
    for left in (0..height).step_by(ROWS_READ) {
        for (y, copy) in (left..height).zip(&mut block) {
            if let (Some(stored), Some(copy)) =
                (row(y).get(bytes.clone()), copy.get_mut(..columns.len()))
            {
                convert(stored, copy);
            }
        }
        columns_to_rows(&block, &mut rows, left);
    }
    block.as_flattened_mut().as_flattened_mut().zeroize();
    wipe_stack::<STACK_WORDS>();
}

/// Writes the columns of `block` into `rows` from pixel `left` on, up to the end of each row.
// Compiled once instead of once for each caller.
#[inline(never)]
fn columns_to_rows(block: &Block, rows: &mut [&mut [[u8; 3]]], left: usize) {
    dispatch!(Level::new(), simd => tiles_to_rows(simd, block, rows, left));
}

#[inline(always)]
fn tiles_to_rows<S: Simd>(simd: S, block: &Block, rows: &mut [&mut [[u8; 3]]], left: usize) {
    if simd.level().is_fallback() || cfg!(target_family = "wasm") {
        // Without vector registers, tiles are no faster than single pixels. In WebAssembly with
        // SIMD, they would add half a kilobyte to the module.
        for (column, row) in rows.iter_mut().enumerate() {
            let rest = row.get_mut(left..).unwrap_or_default();
            rest.iter_mut().zip(block).for_each(|(out, stored)| *out = stored[column]);
        }
        return;
    }
    for (tiles, rows) in rows.chunks_mut(tile::SIDE).enumerate() {
        for (tile, left) in block.as_chunks().0.iter().zip((left..).step_by(tile::SIDE)) {
            let transposed =
                transpose_pixels(simd, tile.each_ref().map(|row| &row.as_chunks().0[tiles]));
            for (row, run) in rows.iter_mut().zip(&transposed) {
                let rest = row.get_mut(left..).unwrap_or_default();
                if let Some(out) = rest.first_chunk_mut() {
                    *out = *run;
                } else {
                    rest.iter_mut().zip(run).for_each(|(out, pixel)| *out = *pixel);
                }
            }
        }
    }
}

/// Words of the stack that are overwritten after a transform, which leaves pixels there.
const STACK_WORDS: usize = 8 * 1024 / 8;

/// Stored pixels that are transposed together.
type Block = [[[u8; 3]; COLUMNS_READ]; ROWS_READ];

/// Stored rows that are transposed together.
const ROWS_READ: usize = 32;
