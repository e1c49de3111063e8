//! Reads vPDQ features: the lines of its command line and the JSON of python-threatexchange.

use ownprint_hash::{BitHash, HashAlgorithm, Quality, VpdqFeature, VpdqFrame};

use super::json::Node;
use super::text::{Origin, Position, Text, shown};
use super::values;
use crate::error::Error;

/// Parses features from python-threatexchange's JSON: an array of strings `HASH,QUALITY,SECONDS`.
///
/// # Errors
///
/// [`Error::InvalidRecord`] if the text is not JSON or starts with a byte order mark, is not an
/// array of strings, or a hash is not 64 lower-case digits, a quality exceeds 100, or a time is not
/// a number from 0.
pub fn features_from_json(text: &str) -> Result<Vec<VpdqFeature>, Error> {
    let read = |item: Node<'_>| feature(&item.text("a feature")?, parsed);
    Node::parse(text, Position::START)?.list("a video's list of features", read)
}

/// Parses a line of vPDQ's text format: `FRAME,QUALITY,HASH,SECONDS`, the seconds with three
/// decimals.
///
/// ```
/// use ownprint_exchange::vpdq;
///
/// let line = format!("42,98,{},1.402", "0f".repeat(32));
/// let frame = vpdq::frame_from_line(&line)?;
/// assert_eq!((frame.frame, frame.feature.seconds()), (42, 1.402));
/// assert_eq!(vpdq::frame_to_line(&frame), line);
/// # Ok::<(), ownprint_exchange::Error>(())
/// ```
///
/// # Errors
///
/// [`Error::InvalidRecord`] if the number of fields differs, a number is invalid, a quality exceeds
/// 100, a hash is not 64 lower-case digits, or there are blanks.
pub fn frame_from_line(line: &str) -> Result<VpdqFrame, Error> {
    let line = Text::verbatim(line, Origin::new(line, Position::START));
    let [frame, quality, hash, seconds] = fields(&line)?;
    let is_time = seconds.value.split_once('.').is_some_and(|(whole, decimals)| {
        is_digits(whole) && is_digits(decimals) && decimals.len() == 3
    });
    let parsed = seconds.value.parse().ok().filter(|_| is_time).ok_or_else(|| {
        seconds.error(format!(
            "a time must be seconds with three decimals, found {}",
            shown(&seconds.value)
        ))
    })?;
    Ok(VpdqFrame {
        frame: values::number("a frame's number", &frame, 0, u64::MAX)?,
        feature: VpdqFeature::new(pdq(&hash)?, quality_of(&quality)?, parsed)?,
    })
}

/// Reads `HASH,QUALITY,SECONDS`; `number` is the argument of [`time`].
pub(super) fn feature(
    text: &Text<'_>,
    number: impl Fn([&str; 3], bool) -> Option<f64>,
) -> Result<VpdqFeature, Error> {
    let [hash, quality, seconds] = fields(text)?;
    Ok(VpdqFeature::new(pdq(&hash)?, quality_of(&quality)?, time(&seconds, number)?)?)
}

pub(super) fn fields<'a, const COUNT: usize>(
    text: &'a Text<'_>,
) -> Result<[Text<'a>; COUNT], Error> {
    let fields: Vec<_> = text.split(',', COUNT + 1).collect();
    let given = fields.len();
    fields.try_into().map_err(|_| {
        let given = if given > COUNT { "more".to_owned() } else { given.to_string() };
        text.error(format!("a feature has {COUNT} fields separated by commas, found {given}"))
    })
}

pub(super) fn pdq(text: &Text<'_>) -> Result<BitHash, Error> {
    values::hash(HashAlgorithm::PDQ, text)
}

pub(super) fn quality_of(text: &Text<'_>) -> Result<Quality, Error> {
    values::number("a quality", text, 0, values::LARGEST_QUALITY).map(values::quality)
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Parses a time as Python prints numbers: digits, optionally decimals, optionally an exponent.
/// `number` returns the number of those digits and whether the exponent is negative.
fn time(text: &Text<'_>, number: impl Fn([&str; 3], bool) -> Option<f64>) -> Result<f64, Error> {
    let (digits, exponent) = text.value.split_once('e').unwrap_or((&text.value, "0"));
    let (whole, decimals) = digits.split_once('.').unwrap_or((digits, "0"));
    let is_negative = exponent.starts_with('-');
    let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    let parts = [whole, decimals, exponent];
    let seconds = Some(parts).filter(|parts| parts.iter().all(|digits| is_digits(digits)));
    seconds.and_then(|parts| number(parts, is_negative)).ok_or_else(|| {
        text.error(format!(
            "a time must be a number of seconds from 0, found {}",
            shown(&text.value)
        ))
    })
}

/// Returns the number of a time with these digits.
fn parsed([whole, decimals, exponent]: [&str; 3], is_negative: bool) -> Option<f64> {
    let sign = if is_negative { "-" } else { "" };
    let seconds = format!("{whole}.{decimals}e{sign}{exponent}").parse();
    seconds.ok().filter(|seconds: &f64| seconds.is_finite())
}
