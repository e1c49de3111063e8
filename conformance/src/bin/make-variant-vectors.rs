//! Writes `conformance/vectors/variants.json`: the hashes of variants that ownprint computes. No
//! other implementation exists, so `conformance/tests/variants.rs` compares the edits with the
//! readable oracle.

use std::error::Error;
use std::fs;

use ownprint::{ExifOrientation, Fingerprinter, HashAlgorithm, PixelFormat, Pixels};
use ownprint_conformance::{Recipe, vectors};
use serde_json::{Map, Value, json};

fn main() -> Result<(), Box<dyn Error>> {
    let images = vectors::variant_images();
    let entries = images.iter().map(entry).collect::<Result<Vec<_>, _>>()?;
    let about = "See conformance/README.md. Written by `cargo xtask vectors`; do not edit.";
    let text = serde_json::to_string_pretty(&json!({ "about": about, "images": entries }))?;
    fs::write(vectors::folder().join("variants.json"), text + "\n")?;
    Ok(())
}

/// Returns the hashes of the variants of an image, by the name of the set.
fn entry(recipe: &Recipe) -> Result<Value, Box<dyn Error>> {
    let raw = recipe.paint();
    let pixels = Pixels::new(&raw.rgb, raw.width, raw.height, PixelFormat::Rgb8)?;
    let mut sets = Map::new();
    for set in ["wide", "query", vectors::EVERY_EDIT] {
        let variants = Some(set.parse()?);
        let fingerprinter =
            Fingerprinter::builder().hashes([HashAlgorithm::PDQ]).variants(variants).build();
        let record = fingerprinter.fingerprint_pixels(&pixels, ExifOrientation::Normal)?.to_json();
        let record: Value = serde_json::from_str(&record)?;
        sets.insert(set.to_owned(), record["variants"].clone());
    }
    Ok(json!({ "name": vectors::name(recipe), "recipe": recipe.to_string(), "variants": sets }))
}
