//! Nearest-neighbour reduction to 512x512, ignoring the aspect ratio, as the C++ command line
//! resizes large images.

use fearless_simd::Level;

use ownprint_pixels::Size;
use ownprint_pixels::wipe::WipedBytes;

use super::jarosz::BLOCK_ROWS;
use super::sampler::{Sampled, Sampler};

/// Width and height of the reduced image.
pub(super) const SIDE: u32 = 512;
const COUNT: usize = SIDE as usize;
const ROW_BYTES: usize = 3 * COUNT;

/// Selects 512 rows of 512 pixels from the rows of an image.
///
/// `CImg::resize` uses source index `floor(x * length / 512)`; pixels are repeated if the length is
/// below 512.
pub(super) struct NearestRows {
    /// Byte offset of each pixel in a source row.
    offsets: Vec<usize>,
    height: usize,
    /// Number of source rows that have arrived.
    arrived: usize,
    /// Number of rows selected so far.
    picked: usize,
    /// Selected rows that do not fill a block yet.
    block: WipedBytes,
    sampler: Sampler,
}

impl NearestRows {
    /// Creates a reduction for images of `size`.
    pub(super) fn new(size: Size, level: Level) -> Self {
        Self {
            offsets: (0..COUNT).map(|x| x * size.width as usize / COUNT * 3).collect(),
            height: size.height as usize,
            arrived: 0,
            picked: 0,
            block: WipedBytes(Vec::with_capacity(BLOCK_ROWS * ROW_BYTES)),
            sampler: Sampler::new(Size { width: SIDE, height: SIDE }, level),
        }
    }

    pub(super) fn push(&mut self, rows: &[&[u8]]) {
        for row in rows {
            while self.picked < COUNT && self.picked * self.height / COUNT == self.arrived {
                for &offset in &self.offsets {
                    let pixel: &[u8; 3] = row[offset..].first_chunk().unwrap_or(&[0; 3]);
                    self.block.0.extend_from_slice(pixel);
                }
                self.picked += 1;
                if self.picked.is_multiple_of(BLOCK_ROWS) {
                    let picked: [&[u8]; BLOCK_ROWS] = std::array::from_fn(|index| {
                        &self.block.0[index * ROW_BYTES..(index + 1) * ROW_BYTES]
                    });
                    self.sampler.push(&picked);
                    self.block.0.clear();
                }
            }
            self.arrived += 1;
        }
    }

    /// Returns the samples, after every row was added.
    pub(super) fn finish(self) -> Sampled {
        self.sampler.finish()
    }
}
