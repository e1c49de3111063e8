//! vPDQ features as text: the lines of its command line, and the JSON of python-threatexchange.

use ownprint_hash::{VpdqFeature, VpdqFrame};

use crate::members::Members;
#[cfg(feature = "read")]
pub use crate::read::vpdq::{features_from_json, frame_from_line};
use crate::video;

/// Returns features as python-threatexchange writes them, byte for byte.
///
/// The format has no frame numbers, and rounds times to three significant digits: 123.456 s becomes
/// `1.23e+02`. From 100 s fractions are lost, from 1000 s also seconds.
///
/// ```
/// # #[cfg(feature = "read")] {
/// use ownprint_exchange::vpdq;
/// use ownprint_hash::{BitHash, Quality, VpdqFeature};
///
/// let hash = BitHash::from_hex(&"0f".repeat(32))?;
/// let features = [0.0, 12.345, 123.456]
///     .map(|seconds| VpdqFeature::new(hash.clone(), Quality::new(98), seconds))
///     .into_iter()
///     .collect::<Result<Vec<_>, _>>()?;
/// let text = vpdq::features_to_json(&features);
/// assert_eq!(text, format!("[\"{hash},98,0.0\", \"{hash},98,12.3\", \"{hash},98,1.23e+02\"]"));
/// assert_eq!(vpdq::features_from_json(&text).unwrap()[2].seconds(), 123.0);
/// # }
/// # Ok::<(), ownprint_hash::Error>(())
/// ```
#[must_use]
pub fn features_to_json(features: &[VpdqFeature]) -> String {
    let items: Vec<_> = features
        .iter()
        .map(|it| format!("\"{},{},{}\"", it.hash(), it.quality, three_digits(it.seconds())))
        .collect();
    format!("[{}]", items.join(", "))
}

/// Returns the line of a frame, without a line end: `FRAME,QUALITY,HASH,SECONDS`, times rounded to
/// milliseconds.
#[must_use]
pub fn frame_to_line(frame: &VpdqFrame) -> String {
    let feature = &frame.feature;
    format!("{},{},{},{:.3}", frame.frame, feature.quality, feature.hash(), feature.seconds())
}

/// Returns frames as the JSON array of the member `vpdq` of a record, for a video that was decoded
/// elsewhere.
///
/// ```
/// # #[cfg(feature = "read")] {
/// use ownprint_exchange::vpdq;
///
/// let frame = vpdq::frame_from_line(&format!("25,100,{},1.000", "0f".repeat(32)))?;
/// assert!(vpdq::frames_to_json(&[frame]).starts_with(r#"[{"frame":25,"seconds":1,"hex":"0f0f"#));
/// # }
/// # Ok::<(), ownprint_exchange::Error>(())
/// ```
#[must_use]
pub fn frames_to_json(frames: &[VpdqFrame]) -> String {
    let mut text = String::new();
    video::write_frames(Members::open(&mut text, '['), frames);
    text
}

/// Formats a number as Python's format `.3` does: three significant digits, with an exponent from
/// 100 and below 0.0001, otherwise with one decimal or more.
fn three_digits(number: f64) -> String {
    if number == 0.0 {
        return "0.0".to_owned();
    }
    // Round first: 99.96 becomes 100.
    let scientific = format!("{number:.2e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or_default();
    if (-4..2).contains(&exponent) {
        let fixed = format!("{number:.*}", (2 - exponent) as usize);
        let trimmed = fixed.trim_end_matches('0');
        return if trimmed.ends_with('.') { format!("{trimmed}0") } else { trimmed.to_owned() };
    }
    let mantissa = mantissa.trim_end_matches('0').trim_end_matches('.');
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{mantissa}e{sign}{:02}", exponent.abs())
}

#[cfg(test)]
mod tests {
    use super::three_digits;

    /// The output of `f"{number:.3}"` in Python 3.11.
    #[test]
    fn times_are_formatted_like_in_python() {
        for (number, text) in [
            (0.0, "0.0"),
            (1.0, "1.0"),
            (0.033_366_7, "0.0334"),
            (12.0, "12.0"),
            (12.345, "12.3"),
            (99.94, "99.9"),
            (99.96, "1e+02"),
            (100.0, "1e+02"),
            (123.456, "1.23e+02"),
            (4_512.7, "4.51e+03"),
            (0.5, "0.5"),
            (0.000_123_4, "0.000123"),
            (0.000_012, "1.2e-05"),
            (1e16, "1e+16"),
            (1.5e100, "1.5e+100"),
        ] {
            assert_eq!(three_digits(number), text, "{number}");
        }
    }
}
