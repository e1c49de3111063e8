//! Reads the lines of python-threatexchange's local file exchange.

use ownprint_hash::{HashAlgorithm, PerceptualHash};

use super::text::{Origin, Position, Text, shown};
use super::values;
use crate::error::Error;
use crate::threatexchange;

/// Parses a line as [`to_line`](crate::threatexchange::to_line) writes it: `pdq`, one space, 64
/// lower-case digits. Both `pdq` and `pdq-512` are exchanged under that name; the result is `pdq`
/// without quality.
///
/// # Errors
///
/// [`Error::InvalidRecord`] for any other text, including spaces around the line.
pub fn from_line(line: &str) -> Result<PerceptualHash, Error> {
    read(line, Position::START)
}

pub(super) fn read(line: &str, start: Position) -> Result<PerceptualHash, Error> {
    let line = Text::verbatim(line, Origin::new(line, start));
    if line.value.is_empty() {
        return Err(line.error("empty line; each line is a signal name, a space and a hash"));
    }
    let (signal, hash) = line.split_once(' ').ok_or_else(|| {
        line.error(format!(
            "a line must be a signal name, a space and a hash, found {}",
            shown(&line.value)
        ))
    })?;
    let known = HashAlgorithm::all()
        .find(|algorithm| threatexchange::signal(*algorithm) == Some(&signal.value));
    let Some(algorithm) = known else {
        return Err(signal.error(format!("the signal must be pdq, found {}", shown(&signal.value))));
    };
    Ok(PerceptualHash::new(algorithm, vec![values::hash(algorithm, &hash)?], None))
}
