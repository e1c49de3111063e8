//! Reads the lines of python-threatexchange's local file exchange.

use ownprint_hash::{DigestAlgorithm, HashAlgorithm, PerceptualHash};

use super::entry::{ListEntry, ListedDigest, ListedHash};
use super::text::{Origin, Position, Text, shown};
use super::values;
use crate::error::Error;
use crate::threatexchange;

/// The signal of the MD5 of a video's file.
const VIDEO_MD5: &str = "video_md5";

/// Parses a line as [`to_line`](crate::threatexchange::to_line) writes it: `pdq`, one space, 64
/// digits in lower or upper case. Both `pdq` and `pdq-512` are exchanged under that name; the
/// result is `pdq` without quality.
///
/// # Errors
///
/// [`Error::InvalidRecord`] for any other text, including spaces around the line.
pub fn from_line(line: &str) -> Result<PerceptualHash, Error> {
    let line = Text::verbatim(line, Origin::new(line, Position::START));
    let (signal, hash) = signal_and_hash(&line)?;
    pdq(&signal, &hash)
}

/// Reads a line of a list.
pub(super) fn entry(line: &str, start: Position) -> Result<ListEntry, Error> {
    let line = Text::verbatim(line, Origin::new(line, start));
    let (signal, hash) = signal_and_hash(&line)?;
    let line = start.line;
    if signal.value == VIDEO_MD5 {
        let digest = values::digest(DigestAlgorithm::Md5, &hash.to_lower_case())?;
        return Ok(ListEntry::Digest(ListedDigest { digest, name: None, line }));
    }
    let PerceptualHash { algorithm, values, .. } = pdq(&signal, &hash)?;
    let value = values.into_iter().next().ok_or(ownprint_hash::Error::Internal)?;
    let listed = ListedHash { algorithm, value, quality: None, name: None, variant: None, line };
    Ok(ListEntry::Hash(listed))
}

fn signal_and_hash<'a>(line: &'a Text<'_>) -> Result<(Text<'a>, Text<'a>), Error> {
    if line.value.is_empty() {
        return Err(line.error("empty line; each line is a signal name, a space and a hash"));
    }
    line.split_once(' ').ok_or_else(|| {
        line.error(format!(
            "a line must be a signal name, a space and a hash, found {}",
            shown(&line.value)
        ))
    })
}

fn pdq(signal: &Text<'_>, hash: &Text<'_>) -> Result<PerceptualHash, Error> {
    let known = HashAlgorithm::all()
        .find(|algorithm| threatexchange::signal(*algorithm) == Some(&signal.value));
    let Some(algorithm) = known else {
        return Err(signal.error(format!("the signal must be pdq, found {}", shown(&signal.value))));
    };
    let value = values::hash(algorithm, &hash.to_lower_case())?;
    Ok(PerceptualHash::new(algorithm, vec![value], None))
}
