//! The interface that every family of perceptual hashes implements.

use crate::perceptual_hash::PerceptualHash;

/// Takes an image's rows in display order, top to bottom, and returns the hashes of one family.
pub(crate) trait Hasher {
    /// Takes the next rows of RGB triples: [`BLOCK_ROWS`](ownprint_pixels::BLOCK_ROWS), fewer only at the end.
    fn update(&mut self, rows: &[&[u8]]);
    /// Returns the hashes, once every row was passed.
    fn finalize(self: Box<Self>) -> Vec<PerceptualHash>;
}
