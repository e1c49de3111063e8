//! The hashes of a set of variants, and the variants that were skipped.

use crate::algorithm::HashAlgorithm;
use crate::bit_hash::{BitHash, Quality};
use crate::comparison::{Comparison, check_length};
use crate::error::Error;
use crate::perceptual_hash::PerceptualHash;
use crate::variants::variant::Variant;

/// The hash of one variant: 256 bits, compared as PDQ hashes.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(
    feature = "serde",
    serde(try_from = "crate::serde_repr::VariantRepr", into = "crate::serde_repr::VariantRepr")
)]
pub struct VariantHash {
    /// The variant.
    pub variant: Variant,
    /// The hash.
    pub value: BitHash,
    /// PDQ's quality of the edited image.
    pub quality: Quality,
}

/// The hashes of a set of variants of one image.
///
/// ```
/// use ownprint_hash::{HashAlgorithm, ImageHasher, VariantSet};
/// use ownprint_pixels::{ExifOrientation, PixelFormat, Pixels, Source};
///
/// let rgb: Vec<u8> = (0..96 * 96 * 3).map(|i| (i * i / 7) as u8).collect();
/// let pixels = Pixels::new(&rgb, 96, 96, PixelFormat::Rgb8)?;
/// let mut hasher = ImageHasher::new(&[HashAlgorithm::PDQ], Some(&VariantSet::compact()), false, pixels.size());
/// let _ = Source::Borrowed(&pixels).oriented_rows(ExifOrientation::Normal, &mut |rows| hasher.update(rows));
/// let hashes = hasher.finalize();
/// let set = hashes.variants.unwrap();
/// assert_eq!(set.hashes[0].value, hashes.hashes[0].values[0]);
/// let (nearest, distance) = set.nearest(&set.hashes[1].value)?.unwrap();
/// assert_eq!((nearest.variant.to_string().as_str(), distance), ("mirror", 0));
/// # Ok::<(), ownprint_hash::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct VariantHashes {
    /// The name of the set, if it is predefined.
    pub set: Option<String>,
    /// The hashes in the order of the set; the first is the image's own, `pdq`.
    pub hashes: Vec<VariantHash>,
    /// The variants without a hash, with the reason. A `trim` without a border is not listed.
    pub skipped: Vec<SkippedVariant>,
}

/// The nearest hashes of two sets of variants: the pair that decides whether two images match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct NearestVariants<'set, 'query> {
    /// The hash of the set that was searched.
    pub hash: &'set VariantHash,
    /// The hash of the image that is looked up.
    pub query: &'query VariantHash,
    /// The distance in bits.
    pub distance: u32,
}

/// A variant whose hash was computed and discarded.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct SkippedVariant {
    /// The variant.
    pub variant: Variant,
    /// The reason.
    pub reason: SkipReason,
}

/// The reason why a variant was skipped. A further reason requires a new version of the record
/// format.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
pub enum SkipReason {
    /// The quality of the variant, or of the image itself, is below what exchanges accept.
    Quality(Quality),
    /// The hash is near that of an earlier variant and would find nothing more.
    Near {
        /// The earlier variant.
        to: Variant,
        /// The distance in bits.
        distance: u32,
    },
}

impl VariantHashes {
    /// Creates a set that was computed elsewhere. Readers of records check the rules of sets.
    ///
    /// ```
    /// use ownprint_hash::{HashAlgorithm, Quality, VariantHash, VariantHashes};
    ///
    /// let hash = HashAlgorithm::PDQ.parse_hash(&"0f".repeat(32))?;
    /// let hash = VariantHash::from_parts("original".parse()?, hash, Quality::new(80))?;
    /// let set = VariantHashes::from_parts(None, vec![hash], Vec::new());
    /// assert_eq!(set.hashes.len(), 1);
    /// # Ok::<(), ownprint_hash::Error>(())
    /// ```
    #[must_use]
    pub fn from_parts(
        set: Option<String>,
        hashes: Vec<VariantHash>,
        skipped: Vec<SkippedVariant>,
    ) -> Self {
        Self { set, hashes, skipped }
    }

    /// Returns the hash nearest to `hash`, and its distance in bits; the first of equally near
    /// ones.
    ///
    /// # Errors
    ///
    /// [`Error::NotComparable`] if the hash does not have 256 bits.
    pub fn nearest(&self, hash: &BitHash) -> Result<Option<(&VariantHash, u32)>, Error> {
        let nearest = hash.nearest(self.hashes.iter().map(|variant| &variant.value))?;
        Ok(nearest.and_then(|(index, distance)| Some((self.hashes.get(index)?, distance))))
    }

    /// Returns the hashes with a quality of 50 or more. Others identify no image, and must not be
    /// compared.
    pub fn reliable(&self) -> impl Iterator<Item = &VariantHash> {
        self.hashes.iter().filter(|hash| hash.quality.is_reliable())
    }

    /// Returns the hash of this set and the hash of an image's variants that are nearest to each
    /// other, the first of equally near pairs. Hashes with a quality below 50 take part only if a
    /// set has no others, and then nothing [matches](NearestVariants::comparison). The result is
    /// `None` if either set is empty.
    ///
    /// ```
    /// use ownprint_hash::{HashAlgorithm, Quality, VariantHash, VariantHashes};
    ///
    /// let set = |names: [&str; 2], digits: [&str; 2]| {
    ///     let hash = |(name, digit): (&str, &str)| {
    ///         let value = HashAlgorithm::PDQ.parse_hash(&digit.repeat(64))?;
    ///         VariantHash::from_parts(name.parse()?, value, Quality::new(100))
    ///     };
    ///     let hashes = names.into_iter().zip(digits).map(hash).collect::<Result<_, _>>()?;
    ///     Ok::<_, ownprint_hash::Error>(VariantHashes::from_parts(None, hashes, Vec::new()))
    /// };
    /// let listed = set(["original", "crop:4"], ["0", "5"])?;
    /// let query = set(["original", "mirror"], ["f", "5"])?;
    /// let nearest = listed.nearest_pair(&query)?.unwrap();
    /// assert_eq!(nearest.distance, 0);
    /// assert_eq!(nearest.hash.variant.to_string(), "crop:4");
    /// assert_eq!(nearest.query.variant.to_string(), "mirror");
    /// # Ok::<(), ownprint_hash::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::NotComparable`] if a hash does not have 256 bits.
    pub fn nearest_pair<'set, 'query>(
        &'set self,
        query: &'query Self,
    ) -> Result<Option<NearestVariants<'set, 'query>>, Error> {
        let mut nearest: Option<NearestVariants<'_, '_>> = None;
        for query in query.compared() {
            for hash in self.compared() {
                let distance = hash.value.distance(&query.value)?;
                if nearest.is_none_or(|nearest| distance < nearest.distance) {
                    nearest = Some(NearestVariants { hash, query, distance });
                }
            }
        }
        Ok(nearest)
    }

    /// Returns the reliable hashes, or all if none is.
    fn compared(&self) -> impl Iterator<Item = &VariantHash> {
        let all = self.reliable().next().is_none();
        self.hashes.iter().filter(move |hash| all || hash.quality.is_reliable())
    }
}

impl NearestVariants<'_, '_> {
    /// Returns the comparison of the two hashes. It is no match if a quality is below 50.
    ///
    /// # Errors
    ///
    /// [`Error::NotComparable`] if a hash does not have 256 bits.
    pub fn comparison(&self) -> Result<Comparison, Error> {
        let comparison = Comparison::new(HashAlgorithm::PDQ, &self.hash.value, &self.query.value)?;
        Ok([self.hash, self.query]
            .into_iter()
            .fold(comparison, |comparison, hash| comparison.with_quality(hash.quality)))
    }
}

impl SkippedVariant {
    /// Creates a variant that was skipped elsewhere.
    #[must_use]
    pub fn from_parts(variant: Variant, reason: SkipReason) -> Self {
        Self { variant, reason }
    }
}

impl VariantHash {
    /// Creates a hash that was computed elsewhere.
    ///
    /// # Errors
    ///
    /// [`Error::NotComparable`] if the hash does not have 256 bits.
    pub fn from_parts(variant: Variant, value: BitHash, quality: Quality) -> Result<Self, Error> {
        check_length(HashAlgorithm::PDQ, &value)?;
        Ok(Self { variant, value, quality })
    }

    /// Returns the hash as a PDQ hash.
    #[must_use]
    pub fn as_pdq(&self) -> PerceptualHash {
        PerceptualHash::new(HashAlgorithm::PDQ, vec![self.value.clone()], Some(self.quality))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(hashes: &[(&str, &str, u8)]) -> VariantHashes {
        let hash = |&(variant, digit, quality): &(&str, &str, u8)| {
            let value = HashAlgorithm::PDQ.parse_hash(&digit.repeat(64)).unwrap();
            let quality = Quality::new(quality);
            VariantHash::from_parts(variant.parse().unwrap(), value, quality).unwrap()
        };
        VariantHashes::from_parts(None, hashes.iter().map(hash).collect(), Vec::new())
    }

    #[test]
    fn hashes_of_low_quality_never_match() {
        let detailed = set(&[("original", "5", 100), ("mirror", "6", 50)]);
        let flat = set(&[("original", "5", 49)]);
        for (a, b) in [(&detailed, &flat), (&flat, &detailed), (&flat, &flat)] {
            let nearest = a.nearest_pair(b).unwrap().unwrap();
            assert_eq!((nearest.distance, nearest.comparison().unwrap().is_match()), (0, false));
        }
        // The reliable hash is compared, although the other one is nearer.
        let mixed = set(&[("original", "5", 49), ("crop:4", "7", 50)]);
        let nearest = mixed.nearest_pair(&detailed).unwrap().unwrap();
        assert_eq!(nearest.hash.variant.to_string(), "crop:4");
        assert!(nearest.comparison().unwrap().is_reliable);
        assert_eq!(set(&[]).nearest_pair(&detailed).unwrap(), None);
    }
}
