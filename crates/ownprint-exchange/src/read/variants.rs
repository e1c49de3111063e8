//! Reads sets of variants.

use ownprint_hash::{
    BitHash, HashAlgorithm, Quality, SkipReason, SkippedVariant, Variant, VariantHash,
    VariantHashes,
};

use super::json::{Node, Object};
use super::text::{Text, check_items, shown};
use super::values;
use crate::error::Error;

pub(super) fn variants(node: Node<'_>) -> Result<VariantHashes, Error> {
    let mut object = Object::of(node, "a set of variants")?;
    let set =
        object.take("set").map(|name| values::code(&name.text("a set's name")?)).transpose()?;
    let list = object.need("hashes")?;
    let hashes = list.few("the hashes of a set", hash)?;
    check_order(&hashes).map_err(|detail| list.error(detail))?;
    let skipped = object.need("skipped")?.few("what a set skipped", skipped_variant)?;
    object.finish()?;
    Ok(VariantHashes::from_parts(set, hashes, skipped))
}

/// Returns the set of three fields of a table: names, hashes and qualities.
pub(super) fn of_fields(
    names: &Text<'_>,
    hashes: &Text<'_>,
    qualities: &Text<'_>,
) -> Result<VariantHashes, Error> {
    let [variants, values, given] =
        [names, hashes, qualities].map(|field| 1 + field.value.matches(' ').count());
    if variants != values || variants != given {
        return Err(names.error(format!(
            "each variant has a hash and a quality, found {variants}, {values} and {given}"
        )));
    }
    check_items(variants, "variants").map_err(|detail| names.error(detail))?;
    let mut set = VariantHashes::default();
    let [names_of, hashes_of, qualities_of] =
        [names, hashes, qualities].map(|field| field.split(' ', usize::MAX));
    for ((name, hash), quality) in names_of.zip(hashes_of).zip(qualities_of) {
        let quality = values::number("a quality", &quality, 0, values::LARGEST_QUALITY)?;
        set.hashes.push(VariantHash::from_parts(
            variant(&name)?,
            values::hash(HashAlgorithm::PDQ, &hash)?,
            values::quality(quality),
        )?);
    }
    check_order(&set.hashes).map_err(|detail| names.error(detail))?;
    Ok(set)
}

/// Checks that the image's own hash comes first and no variant is repeated.
fn check_order(hashes: &[VariantHash]) -> Result<(), String> {
    if !hashes.first().is_some_and(|first| first.variant.is_image()) {
        return Err("a set must begin with the image's own hash, \"original\"".to_owned());
    }
    match Variant::repeated(hashes.iter().map(|hash| &hash.variant)) {
        Some(twice) => Err(format!("{} is repeated", shown(&twice.to_string()))),
        None => Ok(()),
    }
}

fn hash(node: Node<'_>) -> Result<VariantHash, Error> {
    let mut object = Object::of(node, "a variant's hash")?;
    let variant = named(object.need("variant")?)?;
    let value: BitHash =
        values::hash(HashAlgorithm::PDQ, &object.need("hex")?.text("a hash's value")?)?;
    let quality = quality(object.need("quality")?)?;
    object.finish()?;
    Ok(VariantHash::from_parts(variant, value, quality)?)
}

fn skipped_variant(node: Node<'_>) -> Result<SkippedVariant, Error> {
    let mut object = Object::of(node, "a variant that was skipped")?;
    let variant = named(object.need("variant")?)?;
    let reason = object.need("reason")?.text("a reason")?;
    let reason = match reason.value.as_ref() {
        "quality" => SkipReason::Quality(quality(object.need("quality")?)?),
        "near" => SkipReason::Near {
            to: named(object.need("to")?)?,
            distance: object.need("distance")?.number("a distance", 0, 256)? as u32,
        },
        other => {
            return Err(reason.error(format!(
                "the reason must be \"quality\" or \"near\", found {}",
                shown(other)
            )));
        }
    };
    object.finish()?;
    Ok(SkippedVariant::from_parts(variant, reason))
}

fn named(node: Node<'_>) -> Result<Variant, Error> {
    variant(&node.text("a variant's name")?)
}

fn variant(name: &Text<'_>) -> Result<Variant, Error> {
    name.value.parse().map_err(|_| {
        name.error(format!(
            "unknown variant {}; names are like crop:4 and mirror",
            shown(&name.value)
        ))
    })
}

fn quality(node: Node<'_>) -> Result<Quality, Error> {
    node.number("a quality", 0, values::LARGEST_QUALITY).map(values::quality)
}
