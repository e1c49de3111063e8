//! Records state the revision of the decoder: a decoder that returns other pixels must have another
//! revision.

#![allow(clippy::unwrap_used)]

use std::fs;

use ownprint_conformance::decoders::{changed, current, from_json, path};

#[test]
fn a_decoder_with_other_pixels_has_another_revision() {
    let text = fs::read_to_string(path()).unwrap();
    let listed = from_json(&serde_json::from_str(&text).unwrap()).unwrap();
    let current = current().unwrap();
    let changed = changed(&listed, &current);
    assert!(
        changed.is_empty(),
        "raise the revisions in crates/ownprint-decode/src/revision.rs, then run \
         `cargo xtask decoders`: {changed:#?}"
    );
    // A decoder of this build that is not in the list, or files that are new or were replaced.
    for (name, decoder) in &current {
        assert_eq!(listed.get(name), Some(decoder), "run `cargo xtask decoders` for {name}");
    }
    assert!(current.len() >= 10, "{:?}", current.keys());
}

#[test]
fn changed_pixels_are_found_only_with_the_same_file_and_revision() {
    let list = |revision: u32, file: &str, rgb: &str| {
        from_json(&serde_json::json!({
            "png": { "revision": revision, "files": { "a.png": { "file": file, "rgb": rgb } } }
        }))
        .unwrap()
    };
    let before = list(1, "file", "rgb");
    assert_eq!(changed(&before, &before), Vec::<String>::new());
    assert_eq!(changed(&before, &list(1, "file", "other")), ["a.png (png, revision 1)"]);
    assert!(changed(&before, &list(2, "file", "other")).is_empty());
    assert!(changed(&before, &list(1, "replaced", "other")).is_empty());
}
