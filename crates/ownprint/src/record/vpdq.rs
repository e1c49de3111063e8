//! vPDQ's features of a film, a PDQ hash a frame: the lines of its command line and the JSON of python-threatexchange.

use super::read::json::Node;
use super::read::text::{Origin, Place, Text, shown};
use super::read::values;
use crate::{BitHash, Error, HashAlgorithm, Quality};

/// A frame's hash, when it is shown, and how much it has to recognise.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct VpdqFeature {
    hash: BitHash,
    /// How much the frame has to recognise; below 50 it is left out when films are compared.
    pub quality: Quality,
    seconds: f64,
}

/// A feature with the number of its frame, as vPDQ's text has it.
#[derive(Debug, Clone, PartialEq)]
pub struct VpdqFrame {
    /// The frame's number in the film, from 0.
    pub frame: u64,
    /// What is known of the frame.
    pub feature: VpdqFeature,
}

impl VpdqFeature {
    /// A feature of a PDQ hash (256 bits) and of a time in seconds from the film's start.
    ///
    /// # Errors
    /// [`Error::InvalidHash`] for a hash of another length, [`Error::InvalidRecord`] for a time that is negative or not
    /// finite.
    pub fn new(hash: BitHash, quality: Quality, seconds: f64) -> Result<Self, Error> {
        if hash.bits() != HashAlgorithm::PDQ.bits() {
            let detail = format!("a PDQ hash has {} bits, this {}", HashAlgorithm::PDQ.bits(), hash.bits());
            return Err(Error::InvalidHash { detail });
        }
        if !seconds.is_finite() || seconds.is_sign_negative() {
            return Err(Place::START.error(format!("a time is a number of seconds from 0, not {seconds}")));
        }
        Ok(Self { hash, quality, seconds })
    }

    /// The PDQ hash, 256 bits.
    #[must_use]
    pub fn hash(&self) -> &BitHash {
        &self.hash
    }

    /// Seconds from the film's start.
    #[must_use]
    pub fn seconds(&self) -> f64 {
        self.seconds
    }

    /// Reads the features of a film from python-threatexchange's JSON: a list of texts `HASH,QUALITY,SECONDS`.
    ///
    /// # Errors
    /// [`Error::InvalidRecord`] for text that is not JSON or begins with a byte order mark, anything but a list of texts,
    /// a hash that is not 64 lower-case digits, a quality above 100, and a time that is not a number from 0.
    pub fn from_json(text: &str) -> Result<Vec<Self>, Error> {
        let items = Node::parse(text, Place::START)?.items("a film's list of features")?;
        items.into_iter().map(|item| feature(&item.text("a feature")?)).collect()
    }

    /// The features of a film as python-threatexchange writes them, byte for byte.
    ///
    /// That form has no frame numbers, and it rounds times to three significant digits, not to milliseconds: 123.456 s
    /// becomes `1.23e+02`. From 100 s on the seconds, and from 1000 s on the tens of seconds, are lost.
    ///
    /// ```
    /// use ownprint::{BitHash, Quality, VpdqFeature};
    ///
    /// let hash = BitHash::from_hex(&"0f".repeat(32))?;
    /// let features = [0.0, 12.345, 123.456]
    ///     .map(|seconds| VpdqFeature::new(hash.clone(), Quality::new(98), seconds))
    ///     .into_iter()
    ///     .collect::<Result<Vec<_>, _>>()?;
    /// let text = VpdqFeature::to_json(&features);
    /// assert_eq!(text, format!("[\"{hash},98,0.0\", \"{hash},98,12.3\", \"{hash},98,1.23e+02\"]"));
    /// assert_eq!(VpdqFeature::from_json(&text)?[2].seconds(), 123.0);
    /// # Ok::<(), ownprint::Error>(())
    /// ```
    #[must_use]
    pub fn to_json(features: &[Self]) -> String {
        let items: Vec<_> = features
            .iter()
            .map(|it| format!("\"{},{},{}\"", it.hash, it.quality, three_digits(it.seconds)))
            .collect();
        format!("[{}]", items.join(", "))
    }
}

impl VpdqFrame {
    /// Reads a line of vPDQ's text: `FRAME,QUALITY,HASH,SECONDS`, the seconds with three decimals.
    ///
    /// ```
    /// use ownprint::VpdqFrame;
    ///
    /// let line = format!("42,98,{},1.402", "0f".repeat(32));
    /// let frame = VpdqFrame::from_line(&line)?;
    /// assert_eq!((frame.frame, frame.feature.seconds()), (42, 1.402));
    /// assert_eq!(frame.to_line(), line);
    /// # Ok::<(), ownprint::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::InvalidRecord`] for another number of fields, numbers that are none, a quality above 100, a hash that is
    /// not 64 lower-case digits, and blanks anywhere.
    pub fn from_line(line: &str) -> Result<Self, Error> {
        let line = Text::verbatim(line, Origin::new(line, Place::START));
        let [frame, quality, hash, seconds] = fields(&line)?;
        let is_time = seconds
            .value
            .split_once('.')
            .is_some_and(|(whole, decimals)| is_digits(whole) && is_digits(decimals) && decimals.len() == 3);
        let parsed = seconds.value.parse().ok().filter(|_| is_time).ok_or_else(|| {
            seconds.error(format!("a time is seconds with three decimals, not {}", shown(&seconds.value)))
        })?;
        Ok(Self {
            frame: values::number("a frame's number", &frame, 0, u64::MAX)?,
            feature: VpdqFeature { hash: pdq(&hash)?, quality: quality_of(&quality)?, seconds: parsed },
        })
    }

    /// The line, without its end; times are rounded to milliseconds.
    #[must_use]
    pub fn to_line(&self) -> String {
        let VpdqFeature { hash, quality, seconds } = &self.feature;
        format!("{},{quality},{hash},{seconds:.3}", self.frame)
    }
}

fn feature(text: &Text<'_>) -> Result<VpdqFeature, Error> {
    let [hash, quality, seconds] = fields(text)?;
    Ok(VpdqFeature { hash: pdq(&hash)?, quality: quality_of(&quality)?, seconds: time(&seconds)? })
}

fn fields<'a, const COUNT: usize>(text: &'a Text<'_>) -> Result<[Text<'a>; COUNT], Error> {
    let fields = text.split(',', COUNT + 1);
    let given = fields.len();
    fields.try_into().map_err(|_| {
        let given = if given > COUNT { "more".to_owned() } else { given.to_string() };
        text.error(format!("a feature has {COUNT} fields with commas between, this has {given}"))
    })
}

fn pdq(text: &Text<'_>) -> Result<BitHash, Error> {
    values::hash(HashAlgorithm::PDQ, text)
}

fn quality_of(text: &Text<'_>) -> Result<Quality, Error> {
    values::number("a quality", text, 0, values::LARGEST_QUALITY).map(values::quality)
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A time as Python prints numbers: digits, perhaps a point and digits, perhaps an exponent.
fn time(text: &Text<'_>) -> Result<f64, Error> {
    let (number, exponent) = text.value.split_once('e').unwrap_or((&text.value, "0"));
    let (whole, decimals) = number.split_once('.').unwrap_or((number, "0"));
    let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    let is_number = [whole, decimals, exponent].into_iter().all(is_digits);
    let seconds = text.value.parse().ok().filter(|seconds: &f64| is_number && seconds.is_finite());
    seconds.ok_or_else(|| {
        text.error(format!("a time is a number of seconds from 0, not {}", shown(&text.value)))
    })
}

/// A number as Python's format `.3` writes it: three significant digits, with an exponent from a hundred on and below
/// a ten-thousandth, else with a decimal at least.
fn three_digits(number: f64) -> String {
    if number == 0.0 {
        return "0.0".to_owned();
    }
    // Rounding comes first: 99.96 is a hundred.
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

    /// What Python 3.11 prints by `f"{number:.3}"`.
    #[test]
    fn times_are_those_of_python() {
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
