//! The one pass over a picture's pixels: upright RGB rows, block by block, for everything that wants them.

use crate::raster::WipedBytes;
use crate::{Error, Orientation, PixelFormat, Pixels};

/// Rows handed out at a time.
pub(crate) const BLOCK_ROWS: usize = 16;

/// Calls `each` with the rows of the upright picture as RGB triples, top to bottom, [`BLOCK_ROWS`] at a time.
///
/// RGB pixels that are upright already are lent as they are; others pass through one block's worth of memory.
///
/// # Errors
/// The first error of `each` ends the walk.
pub(crate) fn upright_rows(
    pixels: &Pixels<'_>,
    orientation: Orientation,
    mut each: impl FnMut(&[&[u8]]) -> Result<(), Error>,
) -> Result<(), Error> {
    let size = orientation.upright(pixels.size());
    let (width, height) = (size.width as usize, size.height as usize);
    let lent = pixels.format() == PixelFormat::Rgb8 && orientation == Orientation::Upright;
    let mut block = WipedBytes::zeroed(if lent { 0 } else { BLOCK_ROWS * width * 3 });
    for top in (0..height).step_by(BLOCK_ROWS) {
        let count = BLOCK_ROWS.min(height - top);
        let mut rows: [&[u8]; BLOCK_ROWS] = [&[]; BLOCK_ROWS];
        if lent {
            for (offset, row) in rows[..count].iter_mut().enumerate() {
                *row = pixels.row(top + offset);
            }
        } else {
            fill(pixels, orientation, top, count, &mut block.0);
            for (row, filled) in rows[..count].iter_mut().zip(block.0.chunks_exact(width * 3)) {
                *row = filled;
            }
        }
        each(&rows[..count])?;
    }
    Ok(())
}

/// Writes the upright rows `top..top + count` into `block`.
fn fill(pixels: &Pixels<'_>, orientation: Orientation, top: usize, count: usize, block: &mut [u8]) {
    let stored = pixels.size();
    let (width, height) = (stored.width as usize, stored.height as usize);
    let row_bytes = orientation.upright(stored).width as usize * 3;
    let (flip_x, flip_y) = match orientation {
        Orientation::Upright | Orientation::Transposed => (false, false),
        Orientation::Mirrored | Orientation::Rotated270 => (true, false),
        Orientation::Rotated180 | Orientation::Transversed => (true, true),
        Orientation::MirroredRotated180 | Orientation::Rotated90 => (false, true),
    };
    if orientation.transposes() {
        // Upright row `y` is stored column `y` (from the right where x is flipped), upright column `x` stored row `x`.
        for x in 0..height {
            let row = pixels.row(if flip_y { height - 1 - x } else { x });
            for (offset, out) in block.chunks_exact_mut(row_bytes).take(count).enumerate() {
                let column = if flip_x { width - 1 - top - offset } else { top + offset };
                out[x * 3..x * 3 + 3].copy_from_slice(&rgb_at(row, column, pixels.format()));
            }
        }
    } else {
        for (offset, out) in block.chunks_exact_mut(row_bytes).take(count).enumerate() {
            let y = top + offset;
            let row = pixels.row(if flip_y { height - 1 - y } else { y });
            for (x, out) in out.as_chunks_mut::<3>().0.iter_mut().enumerate() {
                *out = rgb_at(row, if flip_x { width - 1 - x } else { x }, pixels.format());
            }
        }
    }
}

#[inline]
fn rgb_at(row: &[u8], column: usize, format: PixelFormat) -> [u8; 3] {
    let pixel = &row[column * format.bytes_per_pixel()..];
    match format {
        PixelFormat::Rgb8 | PixelFormat::Rgba8 => [pixel[0], pixel[1], pixel[2]],
        PixelFormat::Bgra8 => [pixel[2], pixel[1], pixel[0]],
        PixelFormat::L8 => [pixel[0]; 3],
    }
}
