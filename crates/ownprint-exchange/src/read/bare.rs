//! Reads lines that begin with a hash, as other programs write them.

use ownprint_hash::{BitHash, DigestAlgorithm, HashAlgorithm, Quality};

use super::entry::{ListEntry, ListedDigest, ListedHash};
use super::text::{Origin, Position, Text};
use super::values;
use crate::error::Error;

/// Reads `HASH,QUALITY,NAME`. The name may contain commas.
pub(super) fn photo_hasher(line: &str, start: Position) -> Result<ListEntry, Error> {
    let line = Text::verbatim(line, Origin::new(line, start));
    let fields: Vec<_> = line.split(',', 3).collect();
    let [hash, quality, name] = fields.as_slice() else {
        return Err(line.error("a line must be a hash, a quality and a name, with commas between"));
    };
    let value = values::hash(HashAlgorithm::PDQ, &hash.to_lower_case())?;
    let quality = values::number("a quality", quality, 0, values::LARGEST_QUALITY)?;
    let quality = Some(values::quality(quality));
    Ok(listed(HashAlgorithm::PDQ, value, quality, named(&name.value), start.line))
}

/// Reads a hash and what follows it.
pub(super) fn hash(
    algorithm: HashAlgorithm,
    line: &str,
    start: Position,
) -> Result<ListEntry, Error> {
    let (digits, name) = split(line, start);
    let value = values::hash(algorithm, &digits.to_lower_case())?;
    Ok(listed(algorithm, value, None, named(name), start.line))
}

/// Reads a digest and what follows it, as `md5sum` writes it.
pub(super) fn digest(
    algorithm: DigestAlgorithm,
    line: &str,
    start: Position,
) -> Result<ListEntry, Error> {
    let (digits, name) = split(line, start);
    let digest = values::digest(algorithm, &digits.to_lower_case())?;
    Ok(ListEntry::Digest(ListedDigest { digest, name: named(name), line: start.line }))
}

/// Splits after the first word. `md5sum` writes a space or an asterisk before the name.
fn split(line: &str, start: Position) -> (Text<'_>, &str) {
    let (digits, rest) = line.split_once([' ', '\t', ',']).unwrap_or((line, ""));
    (
        Text::verbatim(digits, Origin::new(digits, start)),
        rest.strip_prefix([' ', '*']).unwrap_or(rest),
    )
}

fn named(name: &str) -> Option<String> {
    (!name.is_empty()).then(|| name.to_owned())
}

fn listed(
    algorithm: HashAlgorithm,
    value: BitHash,
    quality: Option<Quality>,
    name: Option<String>,
    line: u64,
) -> ListEntry {
    ListEntry::Hash(ListedHash { algorithm, value, quality, name, variant: None, line })
}
