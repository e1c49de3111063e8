//! The capabilities of this build as JSON, for the command line and every binding.

use ownprint_decode::can_decode;
use ownprint_exchange::members::Members;
use ownprint_hash::{DigestAlgorithm, HashAlgorithm};
use ownprint_pixels::Format;

use crate::fingerprinter::Fingerprinter;

/// Returns the hashes, digests and formats of this build as a JSON object on one line.
///
/// * `hashes`: an array of objects with `name`, `bits`, `hashes` (the number of hashes, `null` if
///   it depends on the image), `threshold` and `reference`, each with the default parameters of the
///   algorithm.
/// * `digests`: an array of objects with `name` and `bits`.
/// * `formats`: an array of objects with `name`, `decoded` and `deterministic`: `always`, or
///   `lossless` if only lossless images are decoded to the same pixels on every machine.
/// * `defaults`: the names of the algorithms that a [`Fingerprinter`] computes by default.
///
/// ```
/// assert!(ownprint::capabilities().starts_with(r#"{"hashes":[{"name":"pdq","bits":256,"#));
/// ```
#[must_use]
pub fn capabilities() -> String {
    let mut text = String::new();
    let mut object = Members::open(&mut text, '{');
    let mut hashes = object.inner("hashes", '[');
    for hash in HashAlgorithm::all() {
        let mut entry = hashes.inner_item('{');
        entry.text("name", &hash.name());
        entry.bare("bits", hash.bits());
        match hash.hashes() {
            Some(hashes) => entry.bare("hashes", hashes),
            None => entry.bare("hashes", "null"),
        }
        entry.bare("threshold", hash.threshold());
        entry.text("reference", hash.reference());
        entry.close('}');
    }
    hashes.close(']');
    let mut digests = object.inner("digests", '[');
    for digest in DigestAlgorithm::ALL {
        let mut entry = digests.inner_item('{');
        entry.text("name", digest.name());
        entry.bare("bits", digest.bits());
        entry.close('}');
    }
    digests.close(']');
    let mut formats = object.inner("formats", '[');
    for format in Format::ALL {
        let mut entry = formats.inner_item('{');
        entry.text("name", format.name());
        entry.bare("decoded", can_decode(format));
        entry.text(
            "deterministic",
            if format.is_always_deterministic() { "always" } else { "lossless" },
        );
        entry.close('}');
    }
    formats.close(']');
    let mut defaults = object.inner("defaults", '[');
    for name in Fingerprinter::default().selection().names() {
        defaults.item(&name);
    }
    defaults.close(']');
    object.close('}');
    text
}
