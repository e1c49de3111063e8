//! Computes the hashes of an image's variants from its rows.
//!
//! Every variant is computed from one small luma plane, which is built in the same pass over the
//! rows as the image's own hash; see `docs/variants.md`. Each variant is described by a
//! [`shape`](super::shape), sampled by [`samples`](super::samples), and hashed like PDQ.

use zeroize::Zeroize;

#[cfg(feature = "query-variants")]
use super::background::{self, Foreground};
use super::hashes::{SkipReason, SkippedVariant, VariantHash, VariantHashes};
use super::plane::{Plane, PlaneReducer};
use super::samples::{self, Source};
use super::shape::{self, Rect, Scene, Transform};
use super::variant::{Edit, Variant};
use super::{rotate, trim};
use crate::bit_hash::Quality;
use crate::pdq::dct::Coefficients;
use crate::pdq::samples::{MIN_SIDE, Samples, wipe};
use crate::pdq::{dct, dihedral, quality};
use crate::perceptual_hash::PerceptualHash;

/// The request of a set.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Requested<'a> {
    /// The set's name, if it has one.
    pub(crate) name: Option<&'static str>,
    /// The variants, the original first.
    pub(crate) variants: &'a [Variant],
    /// The minimum distance of hashes, in bits.
    pub(crate) min_distance: u32,
}

/// Computes the hashes of variants from an image's rows in display order, top to bottom.
pub(crate) trait VariantHasher {
    /// Adds the next rows of RGB triples.
    fn update(&mut self, rows: &[&[u8]]);
    /// Returns the hashes, after every row was added; `own` is the image's own hash.
    fn finalize(self: Box<Self>, requested: &Requested<'_>, own: &PerceptualHash) -> VariantHashes;
}

impl VariantHasher for PlaneReducer {
    fn update(&mut self, rows: &[&[u8]]) {
        Self::push(self, rows);
    }

    fn finalize(self: Box<Self>, requested: &Requested<'_>, own: &PerceptualHash) -> VariantHashes {
        compute(requested, *self, own)
    }
}

/// Returns the hashes of the requested variants; `own` is the image's own hash.
fn compute(
    requested: &Requested<'_>,
    reducer: PlaneReducer,
    own: &PerceptualHash,
) -> VariantHashes {
    let name = requested.name.map(str::to_owned);
    let mut hashes = VariantHashes { set: name, ..VariantHashes::default() };
    let (Some(value), Some(quality)) = (own.values.first(), own.quality) else { return hashes };
    hashes.hashes.push(VariantHash { variant: Variant::ORIGINAL, value: value.clone(), quality });
    if !quality.is_reliable() {
        // A frame around an image without detail has quality, but matches every such image.
        hashes.skipped.extend(requested.variants.iter().filter(|it| !it.is_image()).map(
            |variant| SkippedVariant {
                variant: variant.clone(),
                reason: SkipReason::Quality(quality),
            },
        ));
        return hashes;
    }
    let plane = reducer.finish();
    if plane.across.length.min(plane.down.length) < MIN_SIDE as f64 {
        return hashes;
    }
    let mut images = Images::new(&plane, requested.variants);
    for variant in requested.variants.iter().filter(|variant| !variant.is_image()) {
        if let Some((coefficients, quality)) = images.hashed(variant) {
            add(&mut hashes, variant, coefficients, quality, requested.min_distance);
        }
    }
    hashes
}

/// Adds the hash of a variant, or the reason why it is skipped.
fn add(
    hashes: &mut VariantHashes,
    variant: &Variant,
    mut coefficients: Coefficients,
    quality: Quality,
    min_distance: u32,
) {
    let value = dct::bits(&coefficients);
    coefficients.as_flattened_mut().zeroize();
    let variant = variant.clone();
    let near =
        hashes.nearest(&value).ok().flatten().filter(|(_, distance)| *distance < min_distance);
    let reason = match near {
        _ if !quality.is_reliable() => SkipReason::Quality(quality),
        Some((near, distance)) => SkipReason::Near { to: near.variant.clone(), distance },
        None => return hashes.hashes.push(VariantHash { variant, value, quality }),
    };
    hashes.skipped.push(SkippedVariant { variant, reason });
}

/// The images from which variants are made: parts of the plane, and what was found in it.
struct Images<'a> {
    plane: &'a Plane,
    trimmed: Option<Rect>,
    #[cfg(feature = "query-variants")]
    foreground: Foreground,
    /// The coefficients of images without a transform, each with its edits. The eight rotations and
    /// mirror images of one have the same coefficients, in another order and with other signs.
    transformed: Vec<(&'a [Edit], Coefficients, Quality)>,
}

impl<'a> Images<'a> {
    fn new(plane: &'a Plane, variants: &[Variant]) -> Self {
        let begins_with = |edits: &[Edit]| {
            variants.iter().any(|it| it.edits.first().is_some_and(|edit| edits.contains(edit)))
        };
        let trimmed = begins_with(&[Edit::Trim]).then(|| trim::trimmed(plane)).flatten();
        #[cfg(feature = "query-variants")]
        let foreground = if begins_with(&[Edit::TrimBackground, Edit::Deskew]) {
            background::detect(plane)
        } else {
            Foreground::default()
        };
        Self {
            plane,
            trimmed,
            #[cfg(feature = "query-variants")]
            foreground,
            transformed: Vec::new(),
        }
    }

    /// Returns the coefficients of a variant; `None` if it begins with an edit that finds nothing.
    fn hashed(&mut self, variant: &'a Variant) -> Option<(Coefficients, Quality)> {
        let is_transform = |edit: &Edit| matches!(edit, Edit::Mirror | Edit::RightAngle(_));
        let count = variant.edits.iter().take_while(|edit| !is_transform(edit)).count();
        let (edits, transforms) = variant.edits.split_at_checked(count)?;
        if transforms.is_empty() || !transforms.iter().all(is_transform) {
            return self.coefficients(&variant.edits);
        }
        let known = self.transformed.iter().position(|(known, ..)| *known == edits);
        let index = known.unwrap_or(self.transformed.len());
        if known.is_none() {
            let (coefficients, quality) = self.coefficients(edits)?;
            self.transformed.push((edits, coefficients, quality));
        }
        let (_, coefficients, quality) = self.transformed.get(index)?;
        let transform =
            transforms.iter().fold(Transform::default(), |transform, edit| match edit {
                Edit::RightAngle(angle) => transform.rotated(*angle),
                _ => transform.mirrored(),
            });
        let Transform { transposed, flipped_x, flipped_y } = transform;
        Some((dihedral::transformed(coefficients, transposed, flipped_x, flipped_y), *quality))
    }

    fn coefficients(&self, edits: &[Edit]) -> Option<(Coefficients, Quality)> {
        let mut samples = self.samples(edits)?;
        let quality = quality::of_samples(&samples);
        let coefficients = dct::transform(&samples);
        wipe(&mut samples);
        Some((coefficients, quality))
    }

    /// Returns the samples of a variant; `None` if it begins with an edit that finds nothing.
    fn samples(&self, edits: &[Edit]) -> Option<Box<Samples>> {
        let mut region = Rect::new(self.plane.across.length, self.plane.down.length);
        let (mut transform, mut inverted) = (Transform::default(), false);
        let mut rotated: Option<Plane> = None;
        let mut frames = edits;
        while let Some((edit, rest)) = frames.split_first() {
            match *edit {
                Edit::Trim => region = self.trimmed?,
                #[cfg(feature = "query-variants")]
                Edit::TrimBackground => region = self.foreground.region?,
                #[cfg(feature = "query-variants")]
                Edit::Deskew => {
                    let plane = rotate::cut_out(self.plane, &self.foreground.rotated?);
                    region = Rect::new(plane.across.length, plane.down.length);
                    rotated = Some(plane);
                }
                Edit::Crop(crop) => region = shape::crop(region, crop),
                Edit::Rotate { angle, corners } => {
                    let plane = rotated.as_ref().unwrap_or(self.plane);
                    let plane = rotate::rotate(plane, region, angle, corners);
                    region = Rect::new(plane.across.length, plane.down.length);
                    rotated = Some(plane);
                }
                Edit::Mirror => transform = transform.mirrored(),
                Edit::RightAngle(angle) => transform = transform.rotated(angle),
                Edit::Invert => inverted = true,
                _ => break,
            }
            frames = rest;
        }
        let (width, height) = (region.x.length(), region.y.length());
        let mut scene = if transform.transposed {
            Scene::bare(height, width)
        } else {
            Scene::bare(width, height)
        };
        for &frame in frames {
            scene.frame(frame);
        }
        let plane = rotated.as_ref().unwrap_or(self.plane);
        Some(samples::sample(&scene, &Source { plane, region, transform, inverted }))
    }
}

impl Drop for Images<'_> {
    fn drop(&mut self) {
        for (_, coefficients, _) in &mut self.transformed {
            coefficients.as_flattened_mut().zeroize();
        }
    }
}
