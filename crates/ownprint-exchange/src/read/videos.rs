//! Reads the features of videos from lists: vPDQ's lines, and the JSON of python-threatexchange.

use ownprint_hash::VpdqFeature;

use super::entry::{ListEntry, ListedVideo};
use super::json::{Node, Object};
use super::text::{Origin, Position, Text};
use super::{video, vpdq};
use crate::error::Error;

/// Reads a line `FRAME,QUALITY,HASH,SECONDS`.
pub(super) fn frame(line: &str, start: Position) -> Result<VpdqFeature, Error> {
    Ok(video::frame_in_line(&Text::verbatim(line, Origin::new(line, start)))?.feature)
}

/// Reads a video on a line of its own: an array of features, or an object with `path` and `vpdq`,
/// as the command line writes it for several files. An object with `error` has no video.
pub(super) fn video(line: &str, start: Position) -> Result<Option<ListEntry>, Error> {
    let node = Node::parse(line, start)?;
    if !line.trim_ascii_start().starts_with('{') {
        return Ok(Some(listed(node.list("a video's list of features", feature)?, None, start)));
    }
    let mut object = Object::of(node, "a video")?;
    let name = object.need("path")?.text("a path")?.value.into_owned();
    if object.take("error").is_some() {
        object.finish()?;
        return Ok(None);
    }
    let features = object.need("vpdq")?.list("a video's list of features", feature)?;
    object.finish()?;
    Ok(Some(listed(features, Some(name), start)))
}

pub(super) fn listed(
    features: Vec<VpdqFeature>,
    name: Option<String>,
    start: Position,
) -> ListEntry {
    ListEntry::Video(ListedVideo { features, name, line: start.line })
}

/// Reads `HASH,QUALITY,SECONDS`, or `FRAME,QUALITY,HASH,SECONDS`.
fn feature(item: Node<'_>) -> Result<VpdqFeature, Error> {
    let text = item.text("a feature")?;
    if text.value.matches(',').count() == 3 {
        return Ok(video::frame_in_line(&text)?.feature);
    }
    vpdq::feature(&text, seconds)
}

/// The digits of a time that count. So many are exact in a floating-point number.
const DIGITS: usize = 15;
/// An exponent beyond which a number is 0 or infinite.
const LARGEST_EXPONENT: i64 = 400;

/// Returns the number of a text with these parts. The parser of the standard library would add 27
/// kB (gzip) to the WebAssembly module; no comparison uses the times of a list.
fn seconds([whole, decimals, exponent]: [&str; 3], is_negative: bool) -> Option<f64> {
    let all = [whole, decimals].concat();
    let digits = all.trim_start_matches('0');
    let taken = digits.get(..digits.len().min(DIGITS))?;
    let exponent = exponent.parse::<i64>().ok()?;
    let exponent = if is_negative { -exponent } else { exponent };
    let rest = digits.len() as i64 - taken.len() as i64;
    let exponent = exponent.checked_add(rest)?.checked_sub(decimals.len() as i64)?;
    let mut number = if taken.is_empty() { 0 } else { taken.parse::<u64>().ok()? } as f64;
    for _ in 0..exponent.abs().min(LARGEST_EXPONENT) {
        number = if exponent < 0 { number / 10.0 } else { number * 10.0 };
    }
    number.is_finite().then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_those_of_the_standard_library() {
        for text in ["0.0", "0.0334", "12.3", "1e+02", "1.23e+02", "4.51e+03", "1.2e-05", "99"] {
            let (number, exponent) = text.split_once('e').unwrap_or((text, "0"));
            let (whole, decimals) = number.split_once('.').unwrap_or((number, "0"));
            let digits = exponent.trim_start_matches(['+', '-']);
            let read = seconds([whole, decimals, digits], exponent.starts_with('-')).unwrap();
            let exact: f64 = text.parse().unwrap();
            assert!((read - exact).abs() <= exact * f64::EPSILON, "{text}: {read}");
        }
        assert_eq!(seconds(["1", "0", "999"], false), None);
        assert_eq!(seconds(["1", "0", "999"], true), Some(0.0));
        assert_eq!(seconds(["1", "0", "99999999999999999999"], true), None);
    }
}
