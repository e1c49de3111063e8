//! What this build can do, for programs: the listings of the command line and of every binding.

use ownprint_decode::can_decode;
use ownprint_exchange::members::Members;
use ownprint_hash::{DigestAlgorithm, HashAlgorithm};
use ownprint_pixels::Format;

use crate::fingerprinter::Fingerprinter;

/// What this build computes and decodes, as the text of a JSON object on one line.
///
/// `hashes` has an object with `name`, `bits`, `hashes` (null where the image decides how many), `threshold` and
/// `reference` for each, with its usual parameters, `digests` one with `name` and `bits`, `formats` one with `name`, `decoded` and
/// `deterministic` (`always`, or `lossless` where only lossless images have the same pixels everywhere); `defaults` names what a
/// [`Fingerprinter`] computes unless told otherwise.
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
        entry.text("deterministic", if format.is_always_deterministic() { "always" } else { "lossless" });
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
