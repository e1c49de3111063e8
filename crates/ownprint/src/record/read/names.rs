//! Names and values that stand alone: for callers who put records together of texts.

use std::str::FromStr;

use super::text::{Origin, Place, Text, shown};
use super::values;
use crate::{Digest, DigestAlgorithm, Error, Format, Orientation};

impl FromStr for Format {
    type Err = Error;

    /// Reads the stable name of a format, decodable or not.
    ///
    /// # Errors
    /// [`Error::InvalidRecord`], at line 1.
    fn from_str(name: &str) -> Result<Self, Error> {
        values::format(&alone(name))
    }
}

impl FromStr for Orientation {
    type Err = Error;

    /// Reads `apply` or `ignore`.
    ///
    /// # Errors
    /// [`Error::InvalidRecord`], at line 1.
    fn from_str(name: &str) -> Result<Self, Error> {
        let known = [Orientation::Apply, Orientation::Ignore];
        known.into_iter().find(|it| it.name() == name).ok_or_else(|| {
            alone(name).error(format!("the orientation is \"apply\" or \"ignore\", not {}", shown(name)))
        })
    }
}

impl Digest {
    /// A digest that was computed elsewhere.
    ///
    /// ```
    /// use ownprint::{Digest, DigestAlgorithm};
    ///
    /// let digest = Digest::from_parts(DigestAlgorithm::Md5, "900150983cd24fb0d6963f7d28e17f72")?;
    /// assert_eq!(digest.as_bytes()[..2], [0x90, 0x01]);
    /// assert!(Digest::from_parts(DigestAlgorithm::Md5, "900150983CD24FB0D6963F7D28E17F72").is_err());
    /// # Ok::<(), ownprint::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::InvalidRecord`], at line 1, for anything but the algorithm's number of lower-case hexadecimal digits.
    pub fn from_parts(algorithm: DigestAlgorithm, hex: &str) -> Result<Self, Error> {
        values::digest(algorithm, &alone(hex))
    }
}

pub(in crate::record) fn alone(text: &str) -> Text<'_> {
    Text::verbatim(text, Origin::new(text, Place::START))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_there_and_back() {
        for format in Format::ALL {
            assert_eq!(format.name().parse::<Format>().unwrap(), format);
        }
        for order in [Orientation::Apply, Orientation::Ignore] {
            assert_eq!(order.name().parse::<Orientation>().unwrap(), order);
        }
        assert!("JPEG".parse::<Format>().unwrap_err().to_string().starts_with("line 1, column 1: "));
        assert!("up".parse::<Orientation>().is_err());
    }
}
