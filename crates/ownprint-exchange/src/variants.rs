//! The set of variants of a record.

use ownprint_hash::{SkipReason, SkippedVariant, VariantHash, VariantHashes};

use super::members::Members;

/// Writes the members of a set and closes the object.
pub(super) fn write(variants: &VariantHashes, mut object: Members<'_>) {
    if let Some(set) = &variants.set {
        object.text("set", set);
    }
    let mut hashes = object.inner("hashes", '[');
    for hash in &variants.hashes {
        write_hash(hash, hashes.inner_item('{'));
    }
    hashes.close(']');
    let mut skipped = object.inner("skipped", '[');
    for variant in &variants.skipped {
        write_skipped(variant, skipped.inner_item('{'));
    }
    skipped.close(']');
    object.close('}');
}

fn write_hash(hash: &VariantHash, mut object: Members<'_>) {
    object.text("variant", &hash.variant.to_string());
    object.text("hex", &hash.value.to_hex());
    object.bare("quality", hash.quality.value());
    object.close('}');
}

fn write_skipped(skipped: &SkippedVariant, mut object: Members<'_>) {
    object.text("variant", &skipped.variant.to_string());
    match &skipped.reason {
        SkipReason::Quality(quality) => {
            object.text("reason", "quality");
            object.bare("quality", quality.value());
        }
        SkipReason::Near { to, distance } => {
            object.text("reason", "near");
            object.text("to", &to.to_string());
            object.bare("distance", distance);
        }
    }
    object.close('}');
}
