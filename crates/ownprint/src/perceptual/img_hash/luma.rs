//! RGB bytes to luma as image 0.23.14 computes it (`rgb_to_luma` in `color.rs`, MIT): weights of Rec. 709 in `f32`, added
//! from the left, cut off to a whole number.

/// Columns of a [`LumaTile`]; a block of rows then fits the nearest cache.
pub(super) const TILE_COLUMNS: usize = 256;

/// The luma of a block of rows, so many columns of it.
pub(super) type LumaTile = [[f32; TILE_COLUMNS]; crate::walk::BLOCK_ROWS];

/// Pixels whose bytes become 32-bit words side by side.
const GROUP: usize = 8;

/// Writes the luma of the rows' pixels from column `left` on into the tile.
#[inline(always)]
pub(super) fn fill(tile: &mut LumaTile, rows: &[&[u8]], left: usize) {
    for (row, luma) in rows.iter().zip(tile) {
        let pixels = row.get(3 * left..).unwrap_or_default();
        let (groups, _) = pixels.as_chunks::<{ 3 * GROUP }>();
        let (places, _) = luma.as_chunks_mut::<GROUP>();
        let done = GROUP * groups.len().min(places.len());
        for (place, group) in places.iter_mut().zip(groups) {
            *place = of_group(group);
        }
        let rest = pixels.as_chunks::<3>().0.iter().skip(done);
        for (luma, [red, green, blue]) in luma.iter_mut().skip(done).zip(rest) {
            *luma = weighted([red, green, blue].map(|value| u32::from(*value)));
        }
    }
}

/// Each pixel as the low bytes of a word, so that its colours are taken apart where many are at once: byte by byte it takes
/// three times as long.
#[inline(always)]
fn of_group(group: &[u8; 3 * GROUP]) -> [f32; GROUP] {
    let words: [u32; GROUP] = std::array::from_fn(|pixel| {
        // The last pixel has no byte behind it.
        let start = (3 * pixel).min(3 * GROUP - 4);
        let word = u32::from_le_bytes(std::array::from_fn(|byte| group[start + byte]));
        word >> (8 * (3 * pixel - start))
    });
    words.map(|word| weighted([word & 255, word >> 8 & 255, word >> 16 & 255]))
}

#[inline(always)]
fn weighted([red, green, blue]: [u32; 3]) -> f32 {
    let value = 0.2126 * red as f32 + 0.7152 * green as f32 + 0.0722 * blue as f32;
    (value as i32) as f32
}
