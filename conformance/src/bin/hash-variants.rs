//! Prints the hashes of all named variants of images, for `cargo xtask coverage`. Variants with
//! similar hashes are not skipped.
//!
//! `hash-variants NAMES` reads variants from the file NAMES, one per line, and paths from standard
//! input. For each path it prints a JSON object that maps a variant to its hash, `hex`, and its
//! `quality`. Variants with a quality below 50 are omitted.
//!
//! `hash-variants --sets` prints the variants in the predefined sets of the library.

use std::error::Error;
use std::io::BufRead;

use ownprint::hash::Variant;
use ownprint::{Fingerprinter, VariantSet};
use serde_json::{Map, Value, json};

fn main() -> Result<(), Box<dyn Error>> {
    let file = std::env::args().nth(1).ok_or("hash-variants (NAMES | --sets)")?;
    if file == "--sets" {
        println!("{}", sets()?);
        return Ok(());
    }
    let names = std::fs::read_to_string(file)?;
    let variants = names.lines().map(str::parse).collect::<Result<Vec<Variant>, _>>()?;
    let set = VariantSet::new(variants)?.with_min_distance(0);
    let fingerprinter = Fingerprinter::builder().hashes([]).digests([]).variants(Some(set)).build();
    for path in std::io::stdin().lock().lines() {
        let path = path?;
        let fingerprint = fingerprinter.fingerprint_file(&path)?.into_complete()?;
        let hashes: Map<String, Value> = fingerprint
            .image()
            .into_iter()
            .flat_map(|image| &image.variants)
            .flat_map(|set| &set.hashes)
            .map(|hash| {
                let value = json!({ "hex": hash.value.to_hex(), "quality": hash.quality.value() });
                (hash.variant.to_string(), value)
            })
            .collect();
        println!("{}", json!({ "path": path, "hashes": hashes }));
    }
    Ok(())
}

fn sets() -> Result<Value, ownprint::hash::Error> {
    let names =
        |set: VariantSet| set.variants().iter().map(ToString::to_string).collect::<Vec<_>>();
    let listed = VariantSet::names().map(|name| Ok((name.to_owned(), json!(names(name.parse()?)))));
    Ok(Value::Object(listed.collect::<Result<_, ownprint::hash::Error>>()?))
}
