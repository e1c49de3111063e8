//! The hashes of a set of variants, and the variants that were skipped.

use crate::algorithm::HashAlgorithm;
use crate::bit_hash::{BitHash, Quality};
use crate::comparison::check_length;
use crate::error::Error;
use crate::perceptual_hash::PerceptualHash;
use crate::variants::variant::Variant;

/// The hash of one variant: 256 bits, to be compared as PDQ hashes are.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(
    feature = "serde",
    serde(try_from = "crate::serde_forms::VariantForm", into = "crate::serde_forms::VariantForm")
)]
pub struct VariantHash {
    /// Of which edit.
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
    /// The name of the set, where it was one of those that are ready.
    pub set: Option<String>,
    /// The hashes in the order of the set; the first is the image's own, `pdq`.
    pub hashes: Vec<VariantHash>,
    /// The variants of the set that have no hash here, and why; a `trim` that finds no border is not among them.
    pub skipped: Vec<SkippedVariant>,
}

/// A variant that was computed and not kept.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct SkippedVariant {
    /// The variant.
    pub variant: Variant,
    /// Why.
    pub reason: SkipReason,
}

/// Why a variant is not in a set. Another reason would be another form of records, with a number of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
pub enum SkipReason {
    /// Its quality, or that of the image itself, is below what exchanges accept.
    Quality(Quality),
    /// Its hash is almost that of a variant before it: it would find nothing more.
    Near {
        /// That variant.
        to: Variant,
        /// Bits between the two.
        distance: u32,
    },
}

impl VariantHashes {
    /// A set that was computed elsewhere; what a record of it must be, the record's reader says.
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
    pub fn from_parts(set: Option<String>, hashes: Vec<VariantHash>, skipped: Vec<SkippedVariant>) -> Self {
        Self { set, hashes, skipped }
    }

    /// The hash that is nearest to another one, and its distance in bits; of equally near ones the first.
    ///
    /// # Errors
    /// [`Error::NotComparable`] for a hash that has not 256 bits.
    pub fn nearest(&self, hash: &BitHash) -> Result<Option<(&VariantHash, u32)>, Error> {
        let nearest = hash.nearest(self.hashes.iter().map(|variant| &variant.value))?;
        Ok(nearest.and_then(|(index, distance)| Some((self.hashes.get(index)?, distance))))
    }
}

impl SkippedVariant {
    /// A variant that was skipped elsewhere.
    #[must_use]
    pub fn from_parts(variant: Variant, reason: SkipReason) -> Self {
        Self { variant, reason }
    }
}

impl VariantHash {
    /// A hash that was computed elsewhere.
    ///
    /// # Errors
    /// [`Error::NotComparable`] when it has not 256 bits.
    pub fn from_parts(variant: Variant, value: BitHash, quality: Quality) -> Result<Self, Error> {
        check_length(HashAlgorithm::PDQ, &value)?;
        Ok(Self { variant, value, quality })
    }

    /// This as the hash that it is compared as.
    #[must_use]
    pub fn as_pdq(&self) -> PerceptualHash {
        PerceptualHash::new(HashAlgorithm::PDQ, vec![self.value.clone()], Some(self.quality))
    }
}
