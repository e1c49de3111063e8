//! Comparison of images with one hash per region, as ImageHash's `ImageMultiHash` does.

use crate::algorithm::HashAlgorithm;
use crate::bit_hash::BitHash;
use crate::comparison::check_length;
use crate::error::Error;

/// The number of regions of an image that are found in another, as `ImageMultiHash.hash_diff`.
///
/// Every region of the first image is compared with all regions of the second. A region is found if
/// its nearest one is within the algorithm's threshold. The comparison is not symmetric.
///
/// ```
/// use ownprint_hash::{BitHash, HashAlgorithm, RegionComparison};
///
/// let hashes = |texts: &[&str]| texts.iter().map(|text| BitHash::from_hex(text)).collect::<Result<Vec<_>, _>>();
/// let whole = hashes(&["00000000000000ff", "ffffffff00000000"])?;
/// let part = hashes(&["00000000000000fe"])?;
/// let comparison = RegionComparison::new(HashAlgorithm::CROP_RESISTANT, &whole, &part)?;
/// assert_eq!((comparison.found, comparison.distance, comparison.is_match()), (1, 1, true));
/// # Ok::<(), ownprint_hash::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct RegionComparison {
    /// The algorithm of all hashes.
    pub algorithm: HashAlgorithm,
    /// Number of regions of the first image that were found in the second.
    pub found: usize,
    /// The sum of their distances, in bits.
    pub distance: u32,
}

impl RegionComparison {
    /// Searches for the regions `a` among the regions `b`.
    ///
    /// # Errors
    ///
    /// [`Error::NotComparable`] if the length of a hash is not that of the algorithm.
    pub fn new(algorithm: HashAlgorithm, a: &[BitHash], b: &[BitHash]) -> Result<Self, Error> {
        a.iter().chain(b).try_for_each(|hash| check_length(algorithm, hash))?;
        let (mut found, mut distance) = (0, 0);
        for region in a {
            let distances: Vec<_> =
                b.iter().map(|other| region.distance(other)).collect::<Result<_, _>>()?;
            if let Some(nearest) =
                distances.into_iter().min().filter(|it| *it <= algorithm.threshold())
            {
                found += 1;
                distance += nearest;
            }
        }
        Ok(Self { algorithm, found, distance })
    }

    /// Returns `true` if any region was found: `ImageMultiHash.matches` with its defaults.
    #[must_use]
    pub fn is_match(&self) -> bool {
        self.found >= 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hashes(texts: &[&str]) -> Vec<BitHash> {
        texts.iter().map(|text| BitHash::from_hex(text).unwrap()).collect()
    }

    /// Values of `hash_diff` of `ImageHash` 4.3.2 on the same texts.
    #[test]
    fn regions_match_like_in_imagehash() {
        let a = hashes(&["0f0f0f0f0f0f0f0f", "123456789abcdef0", "ffffffffffffffff"]);
        let b = hashes(&["0f0f0f0f0f0f0000", "123456789abc0000", "000000000000ffff"]);
        let of = |a: &[BitHash], b: &[BitHash]| {
            let comparison = RegionComparison::new(HashAlgorithm::CROP_RESISTANT, a, b).unwrap();
            (comparison.found, comparison.distance, comparison.is_match())
        };
        assert_eq!(of(&a, &b), (2, 18, true));
        assert_eq!(of(&b, &a), (2, 18, true));
        assert_eq!(of(&a[2..], &b[2..]), (0, 0, false));
        assert_eq!(of(&a, &[]), (0, 0, false));
    }

    #[test]
    fn another_length_is_refused() {
        let (short, long) = (hashes(&["00"]), hashes(&["00000000000000ff"]));
        assert!(RegionComparison::new(HashAlgorithm::CROP_RESISTANT, &short, &long).is_err());
        assert!(RegionComparison::new(HashAlgorithm::CROP_RESISTANT, &long, &short).is_err());
    }
}
