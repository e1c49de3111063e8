//! The hashes of a set of variants, and the variants that were skipped.

use crate::algorithm::HashAlgorithm;
use crate::bit_hash::{BitHash, Quality};
use crate::comparison::check_length;
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
