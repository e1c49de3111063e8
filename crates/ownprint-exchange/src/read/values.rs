//! Parses values that all formats share: hashes, digests, qualities, names.

use ownprint_hash::{BitHash, Digest, DigestAlgorithm, HashAlgorithm, Quality};
use ownprint_pixels::{ExifOrientation, Format};

use super::text::{Text, shown};
use crate::error::Error;

/// Parses the name of an algorithm in its shortest form, so that each algorithm has one name.
pub(crate) fn hash_algorithm(name: &Text<'_>) -> Result<HashAlgorithm, Error> {
    let algorithm: HashAlgorithm = name.value.parse().map_err(|error| unknown(name, error))?;
    if algorithm.name() != name.value {
        return Err(
            name.error(format!("{} must be written {algorithm} in records", shown(&name.value)))
        );
    }
    Ok(algorithm)
}

pub(crate) fn digest_algorithm(name: &Text<'_>) -> Result<DigestAlgorithm, Error> {
    name.value.parse().map_err(|error| unknown(name, error))
}

/// Returns the error for a name, shortened so that it stays readable.
fn unknown(name: &Text<'_>, error: ownprint_hash::Error) -> Error {
    match error {
        ownprint_hash::Error::UnknownAlgorithm { known, .. } => name
            .error(format!("unknown algorithm {}; known algorithms: {known}", shown(&name.value))),
        other => name.error(other.to_string()),
    }
}

pub(crate) fn hash(algorithm: HashAlgorithm, text: &Text<'_>) -> Result<BitHash, Error> {
    digits(|| format!("a {algorithm} hash"), algorithm.bits(), text)
}

pub(crate) fn digest(algorithm: DigestAlgorithm, text: &Text<'_>) -> Result<Digest, Error> {
    let bits = digits(|| format!("an {algorithm} digest"), algorithm.bits(), text)?;
    Ok(Digest::from_parts(algorithm, &bits.to_hex())?)
}

/// Parses exactly the lower-case hexadecimal digits that `bits` need; `what` names them in an
/// error.
fn digits(what: impl Fn() -> String, bits: usize, text: &Text<'_>) -> Result<BitHash, Error> {
    let is_digit = |c: char| matches!(c, '0'..='9' | 'a'..='f');
    // A branch-free check of all digits first: lists contain millions.
    let is_plain =
        text.value.bytes().fold(true, |is_plain, byte| is_plain & is_digit(char::from(byte)));
    let wrong = || text.value.char_indices().find(|&(_, c)| !is_digit(c));
    if let Some((at, c)) = (!is_plain).then(wrong).flatten() {
        let what = what();
        let detail = if c.is_ascii_hexdigit() {
            format!("{what} must be in lower case, found {}", shown(c.encode_utf8(&mut [0; 4])))
        } else {
            format!(
                "{what} must be in digits 0-9 and a-f, found {}",
                shown(c.encode_utf8(&mut [0; 4]))
            )
        };
        return Err(text.error_at(at, detail));
    }
    let (wanted, given) = (bits.div_ceil(4), text.value.len());
    if given != wanted {
        let what = what();
        return Err(text.error(format!("{what} of {bits} bits has {wanted} digits, found {given}")));
    }
    BitHash::from_hex_of(bits, &text.value).map_err(|error| text.error(error.to_string()))
}

pub(crate) const LARGEST_QUALITY: u64 = 100;

/// Returns a quality that was checked to be within `0..=100`.
pub(crate) fn quality(number: u64) -> Quality {
    Quality::new(number.min(LARGEST_QUALITY) as u8)
}

/// Parses decimal digits without leading zeros, `lowest..=highest`.
pub(crate) fn number(what: &str, text: &Text<'_>, lowest: u64, highest: u64) -> Result<u64, Error> {
    let value = text.value.as_ref();
    let is_plain = value.bytes().all(|byte| byte.is_ascii_digit())
        && (value == "0" || !value.starts_with('0'));
    let number =
        value.parse().ok().filter(|number| is_plain && (lowest..=highest).contains(number));
    number.ok_or_else(|| {
        text.error(format!(
            "{what} must be an integer from {lowest} to {highest}, found {}",
            shown(value)
        ))
    })
}

pub(crate) fn format(text: &Text<'_>) -> Result<Format, Error> {
    Format::ALL.into_iter().find(|format| format.name() == text.value).ok_or_else(|| {
        let known = Format::ALL.map(Format::name).join(", ");
        text.error(format!("unknown image format {}; known formats: {known}", shown(&text.value)))
    })
}

/// Returns an orientation that was checked to be within `1..=8`.
pub(crate) fn orientation(number: u64) -> ExifOrientation {
    ExifOrientation::from_exif(number as u16)
}

/// Parses a code in kebab case.
pub(crate) fn code(text: &Text<'_>) -> Result<String, Error> {
    let is_word = |word: &str| {
        !word.is_empty()
            && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    if text.value.split('-').all(is_word) {
        return Ok(text.value.clone().into_owned());
    }
    Err(text.error(format!(
        "a code must be lower-case words separated by hyphens, found {}",
        shown(&text.value)
    )))
}
