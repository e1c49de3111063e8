//! Hashes of an image's likely edits: a list that has them finds the copy that was cropped, framed, turned.
//!
//! Every variant is computed of one small plane of luma, which is made in the pass over the rows that the image's own
//! hash takes; `docs/coverage.md` is its definition. The way of a variant: a [`shape`] is laid out, [`samples`] are taken of
//! it, and from there on it is PDQ.

mod measures;
mod plane;
mod rotate;
mod samples;
mod set;
mod shape;
mod trim;
mod variant;

use zeroize::Zeroize;

use self::plane::{Plane, PlaneReducer};
use self::samples::Source;
pub use self::set::VariantSet;
use self::shape::{Rect, Scene, Stand};
use self::variant::Edit;
pub use self::variant::Variant;
use super::jarosz::{self, Samples};
use super::{MIN_SIDE, dct, quality};
use crate::matching::check_length;
use crate::{BitHash, Error, HashAlgorithm, PerceptualHash, Quality};

/// Takes an upright image's rows from top to bottom and gives the hashes of its variants.
pub(crate) trait VariantHasher {
    /// Takes the next rows of RGB triples.
    fn push(&mut self, rows: &[&[u8]]);
    /// The hashes of `set`, once every row was pushed; `own` is the image's own.
    fn finish(self: Box<Self>, set: &VariantSet, own: &PerceptualHash) -> VariantHashes;
}

impl VariantHasher for PlaneReducer {
    fn push(&mut self, rows: &[&[u8]]) {
        Self::push(self, rows);
    }

    fn finish(self: Box<Self>, set: &VariantSet, own: &PerceptualHash) -> VariantHashes {
        VariantHashes::compute(set, *self, own)
    }
}

/// The hash of one variant: 256 bits, to be compared as PDQ hashes are.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
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
/// use ownprint::{Fingerprinter, ExifOrientation, PixelFormat, Pixels, VariantSet};
///
/// let rgb: Vec<u8> = (0..96 * 96 * 3).map(|i| (i * i / 7) as u8).collect();
/// let pixels = Pixels::new(&rgb, 96, 96, PixelFormat::Rgb8)?;
/// let fingerprinter = Fingerprinter::new().variants(Some(VariantSet::compact()));
/// let fingerprint = fingerprinter.pixels(&pixels, ExifOrientation::Normal)?;
/// let set = fingerprint.variants.as_ref().unwrap();
/// assert_eq!(set.hashes[0].value, fingerprint.hashes[0].values[0]);
/// let (nearest, distance) = set.nearest(&set.hashes[1].value)?.unwrap();
/// assert_eq!((nearest.variant.to_string().as_str(), distance), ("mirror", 0));
/// # Ok::<(), ownprint::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
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
pub struct SkippedVariant {
    /// The variant.
    pub variant: Variant,
    /// Why.
    pub reason: SkipReason,
}

/// Why a variant is not in a set. Another reason would be another form of records, with a number of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
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
    /// use ownprint::{HashAlgorithm, Quality, VariantHash, VariantHashes};
    ///
    /// let hash = HashAlgorithm::PDQ.parse_hash(&"0f".repeat(32))?;
    /// let hash = VariantHash::from_parts("original".parse()?, hash, Quality::new(80))?;
    /// let set = VariantHashes::from_parts(None, vec![hash], Vec::new());
    /// assert_eq!(set.threatexchange_lines().count(), 1);
    /// # Ok::<(), ownprint::Error>(())
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

    /// The hashes of `set`, of which `own` is the image's.
    fn compute(set: &VariantSet, reducer: PlaneReducer, own: &PerceptualHash) -> Self {
        let mut hashes = Self { set: set.name().map(str::to_owned), ..Self::default() };
        let (Some(value), Some(quality)) = (own.values.first(), own.quality) else { return hashes };
        hashes.hashes.push(VariantHash { variant: Variant::ORIGINAL, value: value.clone(), quality });
        if !quality.is_reliable() {
            // A frame around nothing has quality, and is everybody's.
            hashes.skipped.extend(set.variants().iter().filter(|it| !it.is_image()).map(|variant| {
                SkippedVariant { variant: variant.clone(), reason: SkipReason::Quality(quality) }
            }));
            return hashes;
        }
        let plane = reducer.finish();
        if plane.across.length.min(plane.down.length) < MIN_SIDE as f64 {
            return hashes;
        }
        let trimmed = set
            .variants()
            .iter()
            .any(|variant| variant.edits.first() == Some(&Edit::Trim))
            .then(|| trim::trimmed(&plane))
            .flatten();
        for variant in set.variants().iter().filter(|variant| !variant.is_image()) {
            if let Some(samples) = samples_of(variant, &plane, trimmed) {
                hashes.take(variant, samples, set.bits_apart());
            }
        }
        hashes
    }

    /// Keeps the hash of a variant, or the reason why not.
    fn take(&mut self, variant: &Variant, mut samples: Box<Samples>, apart: u32) {
        let quality = quality::of_samples(&samples);
        let mut coefficients = dct::transform(&samples);
        let value = dct::bits(&coefficients);
        coefficients.as_flattened_mut().zeroize();
        jarosz::wipe_samples(&mut samples);
        let variant = variant.clone();
        let near = self.nearest(&value).ok().flatten().filter(|(_, distance)| *distance < apart);
        let reason = match near {
            _ if !quality.is_reliable() => SkipReason::Quality(quality),
            Some((near, distance)) => SkipReason::Near { to: near.variant.clone(), distance },
            None => return self.hashes.push(VariantHash { variant, value, quality }),
        };
        self.skipped.push(SkippedVariant { variant, reason });
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

/// The samples of a variant; `None` where it begins with a trim and nothing was `trimmed`.
fn samples_of(variant: &Variant, plane: &Plane, trimmed: Option<Rect>) -> Option<Box<Samples>> {
    let mut region = Rect::new(plane.across.length, plane.down.length);
    let (mut stand, mut inverted) = (Stand::default(), false);
    let mut rotated = None;
    let mut frames = variant.edits.as_slice();
    while let Some((edit, rest)) = frames.split_first() {
        match *edit {
            Edit::Trim => region = trimmed?,
            Edit::Crop(crop) => region = shape::crop(region, crop),
            Edit::Rotate { angle, corners } => {
                let plane = rotated.insert(rotate::rotate(plane, region, angle, corners));
                region = Rect::new(plane.across.length, plane.down.length);
            }
            Edit::Mirror => stand = stand.mirrored(),
            Edit::Turn(turn) => stand = stand.turned(turn),
            Edit::Invert => inverted = true,
            _ => break,
        }
        frames = rest;
    }
    let (width, height) = (region.x.length(), region.y.length());
    let mut scene = if stand.transposed { Scene::bare(height, width) } else { Scene::bare(width, height) };
    for &frame in frames {
        scene.frame(frame);
    }
    let source = Source { plane: rotated.as_ref().unwrap_or(plane), region, stand, inverted };
    Some(samples::sample(&scene, &source))
}
