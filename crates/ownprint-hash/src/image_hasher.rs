//! All hashes of one image, computed in one pass over its rows.

use std::ops::ControlFlow;

use ownprint_pixels::Size;

use crate::algorithm::HashAlgorithm;
use crate::digest::{DigestAlgorithm, Digester};
use crate::families;
use crate::hasher::Hasher;
use crate::perceptual_hash::PerceptualHash;
use crate::variants::hasher::VariantHasher;
use crate::variants::hashes::VariantHashes;
use crate::variants::set::VariantSet;

/// The hashes of one image.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct ImageHashes {
    /// The perceptual hashes, in the order of [`HashAlgorithm`].
    pub hashes: Vec<PerceptualHash>,
    /// The hashes of the image's variants, if a set was requested.
    pub variants: Option<VariantHashes>,
    /// The MD5 of the RGB bytes as 32 hexadecimal digits, if it was requested.
    pub rgb_md5: Option<String>,
}

/// Computes the hashes of an image from its rows in display order.
///
/// ```
/// use ownprint_hash::{HashAlgorithm, ImageHasher};
/// use ownprint_pixels::{ExifOrientation, PixelFormat, Pixels, Source};
///
/// let grey: Vec<u8> = (0..96 * 96).map(|at| (at * at / 7) as u8).collect();
/// let pixels = Pixels::new(&grey, 96, 96, PixelFormat::L8)?;
/// let mut hasher = ImageHasher::new(&[HashAlgorithm::PDQ], None, false, pixels.size());
/// let _ = Source::Borrowed(&pixels).oriented_rows(ExifOrientation::Normal, &mut |rows| hasher.update(rows));
/// assert_eq!(hasher.finalize().hashes[0].values[0].bits(), 256);
/// # Ok::<(), ownprint_pixels::Error>(())
/// ```
pub struct ImageHasher {
    requested: Vec<HashAlgorithm>,
    hashers: Vec<Box<dyn Hasher>>,
    variants: Option<(VariantSet, Box<dyn VariantHasher>)>,
    rgb_md5: Option<Digester>,
}

impl ImageHasher {
    /// Creates a hasher for an image whose size in display order is `size`.
    #[must_use]
    pub fn new(
        algorithms: &[HashAlgorithm],
        variants: Option<&VariantSet>,
        rgb_md5: bool,
        size: Size,
    ) -> Self {
        let mut computed = algorithms.to_vec();
        if variants.is_some() {
            // The first hash of every set is the PDQ hash of the image.
            computed.push(HashAlgorithm::PDQ);
        }
        Self {
            requested: algorithms.to_vec(),
            hashers: families::start(&computed, size),
            variants: variants.map(|set| (set.clone(), set.start(size))),
            rgb_md5: rgb_md5.then(|| Digester::new(&[DigestAlgorithm::Md5])),
        }
    }

    /// Adds the next rows of RGB triples: [`BLOCK_ROWS`](ownprint_pixels::BLOCK_ROWS), fewer only
    /// at the end. Always returns `Continue`.
    pub fn update(&mut self, rows: &[&[u8]]) -> ControlFlow<()> {
        for hasher in &mut self.hashers {
            hasher.update(rows);
        }
        if let Some((_, hasher)) = &mut self.variants {
            hasher.update(rows);
        }
        if let Some(digester) = &mut self.rgb_md5 {
            for row in rows {
                digester.update(row);
            }
        }
        ControlFlow::Continue(())
    }

    /// Returns the hashes, after every row was added.
    #[must_use]
    pub fn finalize(self) -> ImageHashes {
        let mut hashes: Vec<PerceptualHash> = Vec::new();
        for hash in self.hashers.into_iter().flat_map(|hasher| hasher.finalize()) {
            // Insertion, because `sort` would add two kilobytes to every WebAssembly module.
            let position = hashes.partition_point(|before| before.algorithm <= hash.algorithm);
            hashes.insert(position, hash);
        }
        let own = hashes.iter().position(|hash| hash.algorithm == HashAlgorithm::PDQ);
        let variants = self.variants.zip(own).and_then(|((set, hasher), own)| {
            Some(hasher.finalize(&set.requested(), hashes.get(own)?))
        });
        hashes.retain(|hash| self.requested.contains(&hash.algorithm));
        let rgb_md5 = self
            .rgb_md5
            .map(|digester| digester.finalize().iter().map(|digest| digest.to_hex()).collect());
        ImageHashes { hashes, variants, rgb_md5 }
    }
}

impl std::fmt::Debug for ImageHasher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ImageHasher").field("requested", &self.requested).finish_non_exhaustive()
    }
}
