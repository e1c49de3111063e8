//! The one pass over an image's pixels: upright RGB rows, block by block, for everything that wants them.

use std::ops::ControlFlow;

use fearless_simd::prelude::*;
use fearless_simd::{Level, dispatch};
use zeroize::Zeroize;

use crate::orientation::ExifOrientation;
use crate::pixels::{PixelFormat, Pixels, Raster, Size};
use crate::tile::{self, transpose_pixels};
use crate::wipe::{WipedBytes, wipe_stack};

/// Rows handed out at a time.
pub const BLOCK_ROWS: usize = 16;

/// Stored columns that become rows at a time: an image's rows are pages apart, so as much as can be is read of each
/// before the next.
const COLUMNS_READ: usize = 64;

/// Takes the next rows of RGB triples. Not a type parameter: one copy of everything that hashes is enough.
pub type TakeRows<'a> = dyn FnMut(&[&[u8]]) -> ControlFlow<()> + 'a;

/// The pixels that rows are taken from.
#[derive(Debug)]
pub enum Source<'a> {
    /// A caller's buffer.
    Borrowed(&'a Pixels<'a>),
    /// A decoded image; its rows are overwritten once they were handed out.
    Owned(Raster),
}

impl Source<'_> {
    /// Returns the size as stored.
    #[must_use]
    pub fn size(&self) -> Size {
        match self {
            Self::Borrowed(pixels) => pixels.size(),
            Self::Owned(raster) => raster.size(),
        }
    }

    /// [`oriented_rows`] of these pixels.
    ///
    /// Ends when `each` breaks.
    pub fn oriented_rows(self, orientation: ExifOrientation, each: &mut TakeRows<'_>) -> ControlFlow<()> {
        match self {
            Self::Borrowed(pixels) => oriented_rows(pixels, orientation, each),
            Self::Owned(raster) if orientation == ExifOrientation::Normal => {
                let (bytes, row) = raster.into_rows();
                bytes.consume(BLOCK_ROWS * row, |block| hand_out(block.chunks_exact(row), each))
            }
            Self::Owned(raster) => oriented_rows(&raster.pixels(), orientation, each),
        }
    }
}

/// Calls `each` with the rows of the upright image as RGB triples, top to bottom, [`BLOCK_ROWS`] at a time.
///
/// RGB pixels that are upright already are borrowed as they are; others pass through the memory of a few rows.
///
/// Ends when `each` breaks.
pub fn oriented_rows(
    pixels: &Pixels<'_>,
    orientation: ExifOrientation,
    each: &mut TakeRows<'_>,
) -> ControlFlow<()> {
    let size = orientation.oriented_size(pixels.size());
    let (width, height) = (size.width as usize, size.height as usize);
    if pixels.format() == PixelFormat::Rgb8 && orientation == ExifOrientation::Normal {
        return hand_out((0..height).map(|y| pixels.row(y)), each);
    }
    let turned_rows = if orientation.transposes() { COLUMNS_READ } else { BLOCK_ROWS };
    let mut turned = WipedBytes::zeroed(turned_rows.min(height) * width * 3);
    for top in (0..height).step_by(turned_rows) {
        let count = turned_rows.min(height - top);
        fill(pixels, orientation, top, count, &mut turned.0);
        hand_out(turned.0.chunks_exact(width * 3).take(count), each)?;
    }
    ControlFlow::Continue(())
}

/// Calls `each` with the rows, [`BLOCK_ROWS`] at a time.
fn hand_out<'a>(mut rows: impl Iterator<Item = &'a [u8]>, each: &mut TakeRows<'_>) -> ControlFlow<()> {
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

/// Writes the upright rows `top..top + count` into `block`.
fn fill(pixels: &Pixels<'_>, orientation: ExifOrientation, top: usize, count: usize, block: &mut [u8]) {
    let width = orientation.oriented_size(pixels.size()).width as usize;
    let rows = block.as_chunks_mut::<3>().0.chunks_exact_mut(width).take(count);
    let convert: Convert = match pixels.format() {
        PixelFormat::Rgb8 => |rgb, out| {
            let out = out.as_flattened_mut();
            let length = out.len().min(rgb.len());
            out[..length].copy_from_slice(&rgb[..length]);
        },
        PixelFormat::Rgba8 => |rgba, out| {
            rgba.as_chunks().0.iter().zip(out).for_each(|([r, g, b, _], out)| *out = [*r, *g, *b]);
        },
        PixelFormat::Bgra8 => |bgra, out| {
            bgra.as_chunks().0.iter().zip(out).for_each(|([b, g, r, _], out)| *out = [*r, *g, *b]);
        },
        PixelFormat::L8 => |grey, out| grey.iter().zip(out).for_each(|(grey, out)| *out = [*grey; 3]),
    };
    turn(pixels, orientation, top, rows, convert);
}

/// Makes stored pixels RGB.
type Convert = fn(&[u8], &mut [[u8; 3]]);

/// Writes the upright rows from `top` on into `rows`. Not a copy for every format: what converts is called once for many pixels.
fn turn<'a>(
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
    // Upright row `y` is stored column `y`, upright column `x` is stored row `x`. A block of stored pixels is copied first, in
    // the order of memory, so that the processor waits for many of its rows at once.
    let mut rows: Vec<_> = rows.collect();
    let columns = if flip_x { width - top - rows.len()..width - top } else { top..top + rows.len() };
    if flip_x {
        rows.reverse();
    }
    let bytes_per_pixel = pixels.format().bytes_per_pixel();
    let bytes = columns.start * bytes_per_pixel..columns.end * bytes_per_pixel;
    let mut block: Block = [[[0; 3]; COLUMNS_READ]; ROWS_READ];
    for left in (0..height).step_by(ROWS_READ) {
        for (y, copy) in (left..height).zip(&mut block) {
            if let (Some(stored), Some(copy)) = (row(y).get(bytes.clone()), copy.get_mut(..columns.len())) {
                convert(stored, copy);
            }
        }
        columns_to_rows(&block, &mut rows, left);
    }
    block.as_flattened_mut().as_flattened_mut().zeroize();
    wipe_stack::<STACK_WORDS>();
}

/// Writes the columns of `block` into `rows` from pixel `left` on, as far as the rows go.
// Not once more for every format of pixels.
#[inline(never)]
fn columns_to_rows(block: &Block, rows: &mut [&mut [[u8; 3]]], left: usize) {
    dispatch!(Level::new(), simd => tiles_to_rows(simd, block, rows, left));
}

#[inline(always)]
fn tiles_to_rows<S: Simd>(simd: S, block: &Block, rows: &mut [&mut [[u8; 3]]], left: usize) {
    if simd.level().is_fallback() || cfg!(target_family = "wasm") {
        // Pixel by pixel. Without vector registers a tile would be nothing but that, written out; in a WebAssembly module with them
        // tiles would be half a kilobyte that everybody loads.
        for (column, row) in rows.iter_mut().enumerate() {
            let rest = row.get_mut(left..).unwrap_or_default();
            rest.iter_mut().zip(block).for_each(|(out, stored)| *out = stored[column]);
        }
        return;
    }
    for (tiles, rows) in rows.chunks_mut(tile::SIDE).enumerate() {
        for (tile, left) in block.as_chunks().0.iter().zip((left..).step_by(tile::SIDE)) {
            let turned = transpose_pixels(simd, tile.each_ref().map(|row| &row.as_chunks().0[tiles]));
            for (row, run) in rows.iter_mut().zip(&turned) {
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

/// What is overwritten of the stack below the turning.
const STACK_WORDS: usize = 8 * 1024 / 8;

/// Stored pixels that become rows together.
type Block = [[[u8; 3]; COLUMNS_READ]; ROWS_READ];

/// Stored rows that are read together where columns become rows.
const ROWS_READ: usize = 32;
