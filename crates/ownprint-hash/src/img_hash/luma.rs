//! Luma of RGB bytes as in image 0.23.14 (`rgb_to_luma` in `color.rs`, MIT): the weights of Rec.
//! 709 in `f32`, added from the left, truncated to an integer.

/// Number of columns of a [`LumaTile`]; a block of rows then fits the L1 cache.
pub(super) const TILE_COLUMNS: usize = 256;

/// The luma of a block of rows, this many columns of it.
pub(super) type LumaTile = [[f32; TILE_COLUMNS]; ownprint_pixels::BLOCK_ROWS];

/// Writes the luma of the rows' pixels from column `left` into the tile.
#[inline(always)]
pub(super) fn fill(tile: &mut LumaTile, rows: &[&[u8]], left: usize) {
    for (row, luma) in rows.iter().zip(tile) {
        let pixels = row.as_chunks::<3>().0;
        for (luma, [red, green, blue]) in luma.iter_mut().zip(&pixels[left..]) {
            let value =
                0.2126 * f32::from(*red) + 0.7152 * f32::from(*green) + 0.0722 * f32::from(*blue);
            // A conversion to `i32` and back gives the same number five times slower, because Rust
            // checks for NaN and the limits.
            *luma = value.floor();
        }
    }
}
