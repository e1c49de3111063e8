//! Computes the hashes of an image's variants from its rows.
//!
//! Every variant is computed from one small luma plane, which is built in the same pass over the
//! rows as the image's own hash; see `docs/coverage.md`. Each variant is described by a
//! [`shape`](super::shape), sampled by [`samples`](super::samples), and hashed like PDQ.

use zeroize::Zeroize;

use super::hashes::{SkipReason, SkippedVariant, VariantHash, VariantHashes};
use super::plane::{Plane, PlaneReducer};
use super::samples::{self, Source};
use super::shape::{self, Rect, Scene, Transform};
use super::variant::{Edit, Variant};
use super::{rotate, trim};
use crate::pdq::samples::{MIN_SIDE, Samples, wipe};
use crate::pdq::{dct, quality};
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
    let trimmed = requested
        .variants
        .iter()
        .any(|variant| variant.edits.first() == Some(&Edit::Trim))
        .then(|| trim::trimmed(&plane))
        .flatten();
    for variant in requested.variants.iter().filter(|variant| !variant.is_image()) {
        if let Some(samples) = samples_of(variant, &plane, trimmed) {
            add(&mut hashes, variant, samples, requested.min_distance);
        }
    }
    hashes
}

/// Adds the hash of a variant, or the reason why it is skipped.
fn add(
    hashes: &mut VariantHashes,
    variant: &Variant,
    mut samples: Box<Samples>,
    min_distance: u32,
) {
    let quality = quality::of_samples(&samples);
    let mut coefficients = dct::transform(&samples);
    let value = dct::bits(&coefficients);
    coefficients.as_flattened_mut().zeroize();
    wipe(&mut samples);
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

/// Returns the samples of a variant; `None` if it begins with a trim and `trimmed` is `None`.
fn samples_of(variant: &Variant, plane: &Plane, trimmed: Option<Rect>) -> Option<Box<Samples>> {
    let mut region = Rect::new(plane.across.length, plane.down.length);
    let (mut transform, mut inverted) = (Transform::default(), false);
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
            Edit::Mirror => transform = transform.mirrored(),
            Edit::RightAngle(angle) => transform = transform.rotated(angle),
            Edit::Invert => inverted = true,
            _ => break,
        }
        frames = rest;
    }
    let (width, height) = (region.x.length(), region.y.length());
    let mut scene =
        if transform.transposed { Scene::bare(height, width) } else { Scene::bare(width, height) };
    for &frame in frames {
        scene.frame(frame);
    }
    let source = Source { plane: rotated.as_ref().unwrap_or(plane), region, transform, inverted };
    Some(samples::sample(&scene, &source))
}
