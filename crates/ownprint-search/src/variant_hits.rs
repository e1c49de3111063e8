//! Search for an image by the hashes of its variants.

use ownprint_hash::{Variant, VariantHashes};

use crate::error::Error;
use crate::index::{Hit, Index};

/// An entry of an [`Index`] that a variant of an image found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct VariantHit<'index, 'query> {
    /// The entry, and its distance from the hash of the variant.
    pub hit: Hit<'index>,
    /// The variant of the image that is looked up which is nearest to the entry.
    pub variant: &'query Variant,
}

impl Index {
    /// Returns every entry within `radius` bits of one of the hashes, nearest first, then in
    /// insertion order. Each entry is returned once, with the variant that is nearest to it; of
    /// equally near ones, the first. Hashes with a quality below 50 find nothing.
    ///
    /// ```
    /// use ownprint_hash::{HashAlgorithm, Quality, VariantHash, VariantHashes};
    /// use ownprint_search::Index;
    ///
    /// let mut index = Index::new(HashAlgorithm::PDQ)?;
    /// let hash = HashAlgorithm::PDQ.parse_hash(&"0f".repeat(32))?;
    /// index.insert(&hash, "hills.jpg")?;
    /// let mirror = VariantHash::from_parts("mirror".parse()?, hash, Quality::new(100))?;
    /// let query = VariantHashes::from_parts(None, vec![mirror], Vec::new());
    /// let hits = index.within_variants(&query, HashAlgorithm::PDQ.threshold())?;
    /// assert_eq!((hits[0].hit.payload, hits[0].hit.distance), ("hills.jpg", 0));
    /// assert_eq!(hits[0].variant.to_string(), "mirror");
    /// # Ok::<(), ownprint_search::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Hash`] if the index has hashes of another length.
    pub fn within_variants<'index, 'query>(
        &'index self,
        query: &'query VariantHashes,
        radius: u32,
    ) -> Result<Vec<VariantHit<'index, 'query>>, Error> {
        let reliable: Vec<_> = query.reliable().collect();
        let hashes: Vec<_> = reliable.iter().map(|hash| hash.value.clone()).collect();
        let hits = self.within_any(&hashes, radius)?.into_iter();
        let named = |(position, hit): (usize, Hit<'index>)| {
            reliable.get(position).map(|hash| VariantHit { hit, variant: &hash.variant })
        };
        Ok(hits.filter_map(named).collect())
    }
}

#[cfg(test)]
mod tests {
    use ownprint_hash::{BitHash, HashAlgorithm, Quality, VariantHash};

    use super::*;

    fn hash(bits: usize) -> BitHash {
        let bytes: Vec<u8> = (0..32).map(|at| if at < bits / 8 { 0xff } else { 0 }).collect();
        BitHash::from_bytes(&bytes)
    }

    fn query(hashes: &[(&str, usize, u8)]) -> VariantHashes {
        let hash = |&(variant, bits, quality): &(&str, usize, u8)| {
            let variant = variant.parse().unwrap();
            VariantHash::from_parts(variant, hash(bits), Quality::new(quality)).unwrap()
        };
        VariantHashes::from_parts(None, hashes.iter().map(hash).collect(), Vec::new())
    }

    #[test]
    fn an_entry_is_found_once_by_its_nearest_variant() {
        let mut index = Index::new(HashAlgorithm::PDQ).unwrap();
        for bits in [0, 16, 64, 0] {
            index.insert(&hash(bits), bits.to_string()).unwrap();
        }
        let query = query(&[("original", 24, 100), ("mirror", 16, 50), ("invert", 8, 100)]);
        let hits = index.within_variants(&query, 16).unwrap();
        let found: Vec<_> =
            hits.iter().map(|it| (it.hit.entry, it.hit.distance, it.variant.to_string())).collect();
        let expected = [(1, 0, "mirror"), (0, 8, "invert"), (3, 8, "invert")];
        assert_eq!(found, expected.map(|(entry, bits, name)| (entry, bits, name.to_owned())));
    }

    #[test]
    fn a_hash_of_low_quality_finds_nothing() {
        let mut index = Index::new(HashAlgorithm::PDQ).unwrap();
        index.insert(&hash(0), "").unwrap();
        assert_eq!(index.within_variants(&query(&[("original", 0, 49)]), 31).unwrap(), []);
        assert_eq!(index.within_variants(&query(&[("original", 0, 50)]), 31).unwrap().len(), 1);
    }
}
