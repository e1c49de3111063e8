//! `docs/schema/fingerprint-1.json` has exactly the members that records are written with.

use std::collections::BTreeSet;

use ownprint::exchange::{Decoder, Diagnostic, FingerprintRecord};
use ownprint::hash::{SkipReason, SkippedVariant, VariantHash, VariantHashes};
use ownprint::pixels::Format;
use ownprint::{BitHash, DigestAlgorithm, Quality};
use serde_json::Value;

use super::{records, video};

/// A record with every member that a record can have.
fn with_every_member() -> FingerprintRecord {
    let mut record = records().swap_remove(0);
    let diagnostic = Diagnostic { code: "damaged".to_owned(), message: "it is".to_owned() };
    record.image.as_mut().unwrap().damaged = true;
    record.image.as_mut().unwrap().deterministic = false;
    record.decoder = Some(Decoder::Platform);
    record.video = video().video;
    record.warnings = vec![diagnostic.clone()];
    record.error = Some(diagnostic);
    let quality = Quality::new(80);
    let original = VariantHash::from_parts("original".parse().unwrap(), pdq(), quality).unwrap();
    let mirror = "mirror".parse().unwrap();
    let near = SkipReason::Near { to: "original".parse().unwrap(), distance: 2 };
    let low = SkippedVariant::from_parts("invert".parse().unwrap(), SkipReason::Quality(quality));
    let skipped = vec![SkippedVariant::from_parts(mirror, near), low];
    record.variants =
        Some(VariantHashes::from_parts(Some("compact".to_owned()), vec![original], skipped));
    record
}

fn pdq() -> BitHash {
    BitHash::from_hex(&"0f".repeat(32)).unwrap()
}

fn schema() -> Value {
    serde_json::from_str(include_str!("../../../../docs/schema/fingerprint-1.json")).unwrap()
}

/// Adds the paths of the members of a value, such as `video.vpdq[].frame`. The members of `hashes`
/// are named by algorithms that the schema does not list: each stands for all.
fn written(value: &Value, path: &str, paths: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                let key = if path == "hashes" { "*" } else { key };
                let path = format!("{path}{}{key}", if path.is_empty() { "" } else { "." });
                written(value, &path, paths);
                paths.insert(path);
            }
        }
        Value::Array(items) => {
            for item in items {
                written(item, &format!("{path}[]"), paths);
            }
        }
        _ => {}
    }
}

/// Adds the paths of the members that a schema describes.
fn described(schema: &Value, node: &Value, path: &str, paths: &mut BTreeSet<String>) {
    if let Some(reference) = node["$ref"].as_str() {
        described(
            schema,
            schema.pointer(reference.strip_prefix('#').unwrap()).unwrap(),
            path,
            paths,
        );
    }
    for (key, value) in node["properties"].as_object().into_iter().flatten() {
        let key = if path == "hashes" { "*" } else { key };
        let path = format!("{path}{}{key}", if path.is_empty() { "" } else { "." });
        described(schema, value, &path, paths);
        paths.insert(path);
    }
    if node["additionalProperties"].is_object() {
        described(schema, &node["additionalProperties"], &format!("{path}.*"), paths);
    }
    let first = node["prefixItems"].as_array().into_iter().flatten();
    for item in node.get("items").into_iter().chain(first) {
        described(schema, item, &format!("{path}[]"), paths);
    }
    for branch in node["oneOf"].as_array().into_iter().flatten() {
        described(schema, branch, path, paths);
    }
}

#[test]
fn the_schema_has_exactly_the_written_members() {
    let mut here = BTreeSet::new();
    for record in records().into_iter().chain([with_every_member()]) {
        written(&serde_json::from_str(&record.to_json()).unwrap(), "", &mut here);
    }
    let mut there = BTreeSet::new();
    described(&schema(), &schema(), "", &mut there);
    let only_here: Vec<_> = here.difference(&there).collect();
    let only_there: Vec<_> = there.difference(&here).collect();
    assert!(
        only_here.is_empty() && only_there.is_empty(),
        "written: {only_here:?}, described: {only_there:?}"
    );
    assert!(here.len() > 40, "{here:?}");
}

/// What the schema requires is in the smallest record, and nothing else is.
#[test]
fn the_smallest_record_has_exactly_the_required_members() {
    let smallest: Value = serde_json::from_str(&FingerprintRecord::default().to_json()).unwrap();
    let members: BTreeSet<_> = smallest.as_object().unwrap().keys().map(String::as_str).collect();
    let schema = schema();
    let required = schema["required"].as_array().unwrap();
    assert_eq!(members, required.iter().map(|it| it.as_str().unwrap()).collect());
    assert_eq!(smallest["schema"], schema["properties"]["schema"]["const"]);
}

/// Names that only the schema repeats: a format or a digest that is added must be added there.
#[test]
fn the_schema_lists_all_formats_and_digests() {
    let schema = schema();
    let formats = schema["properties"]["format"]["enum"].as_array().unwrap();
    let known: BTreeSet<_> = Format::ALL.iter().map(|format| format.name()).collect();
    assert_eq!(formats.iter().filter_map(Value::as_str).collect::<BTreeSet<_>>(), known);
    let digests = schema["properties"]["digests"]["properties"].as_object().unwrap();
    let known: BTreeSet<_> = DigestAlgorithm::ALL.iter().map(|digest| digest.name()).collect();
    assert_eq!(digests.keys().map(String::as_str).collect::<BTreeSet<_>>(), known);
}

#[test]
fn a_record_with_every_member_round_trips() {
    let record = with_every_member();
    assert_eq!(FingerprintRecord::from_json(&record.to_json()).unwrap(), record);
}
