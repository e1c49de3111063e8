//! The interface that every family of perceptual hashes implements.

use crate::perceptual_hash::PerceptualHash;

/// Computes the hashes of one family from an image's rows in display order, top to bottom.
pub(crate) trait Hasher {
    /// Adds the next rows of RGB triples: [`BLOCK_ROWS`](ownprint_pixels::BLOCK_ROWS), fewer only
    /// at the end.
    fn update(&mut self, rows: &[&[u8]]);
    /// Returns the hashes, after every row was added.
    fn finalize(self: Box<Self>) -> Vec<PerceptualHash>;
}
