//! The one pass over a picture's pixels: upright RGB rows, block by block, for everything that wants them.

use zeroize::Zeroize;

use crate::wipe::WipedBytes;
use crate::{Error, Orientation, PixelFormat, Pixels};

/// Rows handed out at a time.
pub(crate) const BLOCK_ROWS: usize = 16;

/// Stored columns that become rows at a time: a picture's rows are pages apart, so as much as can be is read of each
/// before the next.
const COLUMNS_READ: usize = 64;

/// Takes the next rows of RGB triples. Not a type parameter: one copy of everything that hashes is enough.
pub(crate) type TakeRows<'a> = dyn FnMut(&[&[u8]]) -> Result<(), Error> + 'a;

/// Calls `each` with the rows of the upright picture as RGB triples, top to bottom, [`BLOCK_ROWS`] at a time.
///
/// RGB pixels that are upright already are lent as they are; others pass through the memory of a few rows.
///
/// # Errors
/// The first error of `each` ends the walk.
pub(crate) fn upright_rows(
    pixels: &Pixels<'_>,
    orientation: Orientation,
    each: &mut TakeRows<'_>,
) -> Result<(), Error> {
    let size = orientation.upright(pixels.size());
    let (width, height) = (size.width as usize, size.height as usize);
    if pixels.format() == PixelFormat::Rgb8 && orientation == Orientation::Upright {
        return hand_out((0..height).map(|y| pixels.row(y)), each);
    }
    let turned_rows = if orientation.transposes() { COLUMNS_READ } else { BLOCK_ROWS };
    let mut turned = WipedBytes::zeroed(turned_rows.min(height) * width * 3);
    for top in (0..height).step_by(turned_rows) {
        let count = turned_rows.min(height - top);
        fill(pixels, orientation, top, count, &mut turned.0);
        hand_out(turned.0.chunks_exact(width * 3).take(count), each)?;
    }
    Ok(())
}

/// Calls `each` with the rows, [`BLOCK_ROWS`] at a time.
fn hand_out<'a>(mut rows: impl Iterator<Item = &'a [u8]>, each: &mut TakeRows<'_>) -> Result<(), Error> {
    loop {
        let mut count = 0;
        let block: [&[u8]; BLOCK_ROWS] =
            std::array::from_fn(|_| rows.next().inspect(|_| count += 1).unwrap_or_default());
        if count == 0 {
            return Ok(());
        }
        each(&block[..count])?;
    }
}

/// Writes the upright rows `top..top + count` into `block`.
fn fill(pixels: &Pixels<'_>, orientation: Orientation, top: usize, count: usize, block: &mut [u8]) {
    let width = orientation.upright(pixels.size()).width as usize;
    let rows = block.as_chunks_mut::<3>().0.chunks_exact_mut(width).take(count);
    match pixels.format() {
        PixelFormat::Rgb8 => turn(pixels, orientation, top, rows, |rgb: [u8; 3]| rgb),
        format @ (PixelFormat::Rgba8 | PixelFormat::Bgra8) => {
            let is_reversed = format == PixelFormat::Bgra8;
            turn(pixels, orientation, top, rows, |[first, g, third, _]: [u8; 4]| {
                if is_reversed { [third, g, first] } else { [first, g, third] }
            });
        }
        PixelFormat::L8 => turn(pixels, orientation, top, rows, |[grey]: [u8; 1]| [grey; 3]),
    }
}

/// Writes the upright rows from `top` on into `rows`, reading pixels of `BYTES` bytes.
fn turn<'a, const BYTES: usize>(
    pixels: &Pixels<'_>,
    orientation: Orientation,
    top: usize,
    rows: impl Iterator<Item = &'a mut [[u8; 3]]>,
    rgb: impl Fn([u8; BYTES]) -> [u8; 3] + Copy,
) {
    let stored = pixels.size();
    let (width, height) = (stored.width as usize, stored.height as usize);
    let (flip_x, flip_y) = match orientation {
        Orientation::Upright | Orientation::Transposed => (false, false),
        Orientation::Mirrored | Orientation::Rotated270 => (true, false),
        Orientation::Rotated180 | Orientation::Transversed => (true, true),
        Orientation::MirroredRotated180 | Orientation::Rotated90 => (false, true),
    };
    let row = |y: usize| pixels.row(if flip_y { height - 1 - y } else { y }).as_chunks::<BYTES>().0;
    if !orientation.transposes() {
        for (y, out) in (top..).zip(rows) {
            let out = out.iter_mut();
            if flip_x {
                out.zip(row(y).iter().rev()).for_each(|(out, pixel)| *out = rgb(*pixel));
            } else {
                out.zip(row(y)).for_each(|(out, pixel)| *out = rgb(*pixel));
            }
        }
        return;
    }
    // Upright row `y` is stored column `y`, upright column `x` is stored row `x`. A tile of stored pixels is copied
    // first, in the order of memory, so that the processor waits for many of its rows at once.
    let mut rows: Vec<_> = rows.collect();
    let columns = if flip_x { width - top - rows.len()..width - top } else { top..top + rows.len() };
    let mut tile = [[[0; BYTES]; COLUMNS_READ]; TILE];
    for left in (0..height).step_by(TILE) {
        let count = TILE.min(height - left);
        for (y, copy) in (left..left + count).zip(&mut tile) {
            copy[..columns.len()].copy_from_slice(&row(y)[columns.clone()]);
        }
        for (index, out) in rows.iter_mut().enumerate() {
            let column = if flip_x { columns.len() - 1 - index } else { index };
            let (quads, rest) = out[left..left + count].as_chunks_mut();
            let (stored_quads, stored_rest) = tile[..count].as_chunks();
            for (out, stored) in quads.iter_mut().zip(stored_quads) {
                *out = in_words(stored.each_ref().map(|row| rgb(row[column])));
            }
            for (out, stored) in rest.iter_mut().zip(stored_rest) {
                *out = rgb(stored[column]);
            }
        }
    }
    tile.as_flattened_mut().as_flattened_mut().zeroize();
}

/// The same four pixels, so that they are stored as three words: one by one they take eight stores, and a quarter longer.
fn in_words(pixels: [[u8; 3]; 4]) -> [[u8; 3]; 4] {
    let [a, b, c, d] = pixels.map(|[r, g, b]| u32::from_le_bytes([r, g, b, 0]));
    let words = [a | b << 24, b >> 8 | c << 16, c >> 16 | d << 8];
    let mut bytes = [[0; 3]; 4];
    for (bytes, word) in bytes.as_flattened_mut().as_chunks_mut().0.iter_mut().zip(words) {
        *bytes = word.to_le_bytes();
    }
    bytes
}

/// Stored rows that are read together where columns become rows.
const TILE: usize = 32;
