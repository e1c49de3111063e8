//! Algorithms as values: name, parameters, and the properties that follow from them.

use std::borrow::Cow;
use std::fmt::{self, Write};

use crate::bit_hash::BitHash;
use crate::error::Error;

/// The description of an algorithm; a family has one for each base name.
#[derive(Debug)]
pub(crate) struct Descriptor {
    /// The first part of every name: lower-case letters, digits and hyphens.
    pub(crate) base_name: &'static str,
    /// The supported sizes; `None` if there is only one.
    pub(crate) sizes: Option<Sizes>,
    /// The words that may follow, a maximum of eight; [`Parameters::has`] takes their index here.
    pub(crate) options: &'static [&'static str],
    /// Returns the number of bits of a hash.
    pub(crate) bits: fn(Parameters) -> usize,
    /// Number of hashes per image; `None` if it depends on the image.
    pub(crate) hashes: Option<usize>,
    /// Returns the maximum Hamming distance of a match, for hashes of this many bits.
    pub(crate) threshold: fn(usize) -> u32,
    /// Returns the reference implementation and its version.
    pub(crate) reference: fn(Parameters) -> &'static str,
}

/// The sizes that an algorithm supports.
#[derive(Debug)]
pub(crate) struct Sizes {
    /// The size if the name contains none.
    pub(crate) default: HashSize,
    /// Returns `true` if the algorithm supports this size.
    pub(crate) allows: fn(HashSize) -> bool,
    /// The supported sizes in words, following "N": `"from 2 to 256"`.
    pub(crate) allowed: &'static str,
}

/// The size of a hash: columns and rows of bits, or another count that the family defines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub(crate) struct HashSize {
    pub(crate) width: u16,
    pub(crate) height: u16,
}

impl HashSize {
    pub(crate) const fn square(side: u16) -> Self {
        Self { width: side, height: side }
    }

    /// Parses `16` or `16x8`, without leading zeros.
    fn parse(text: &str) -> Option<Self> {
        let number = |text: &str| {
            let is_plain = text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0');
            text.parse().ok().filter(|_| is_plain)
        };
        match text.split_once('x') {
            Some((width, height)) => Some(Self { width: number(width)?, height: number(height)? }),
            None => number(text).map(Self::square),
        }
    }
}

impl fmt::Display for HashSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.width == self.height {
            self.width.fmt(f)
        } else {
            write!(f, "{}x{}", self.width, self.height)
        }
    }
}

/// The parameters of a name, following the base name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub(crate) struct Parameters {
    pub(crate) size: HashSize,
    options: u8,
}

impl Parameters {
    const fn defaults(descriptor: &Descriptor) -> Self {
        let size = match &descriptor.sizes {
            Some(sizes) => sizes.default,
            None => HashSize::square(0),
        };
        Self { size, options: 0 }
    }

    /// Returns `true` if the option at `position` in [`Descriptor::options`] was named.
    pub(crate) const fn has(self, position: usize) -> bool {
        self.options >> position & 1 == 1
    }
}

/// A perceptual hash algorithm with its parameters, identified by its stable name.
///
/// A name consists of a base name, a size if it is not the default, and options, separated by
/// colons: `phash`, `phash:16`, `whash:16:db4`. Parsing also accepts the default size and the
/// options in any order; `Display` writes the shortest form. Algorithms are ordered as results list
/// them.
///
/// ```
/// use ownprint_hash::HashAlgorithm;
///
/// let pdq: HashAlgorithm = "pdq".parse()?;
/// assert_eq!(pdq, HashAlgorithm::PDQ);
/// assert_eq!((pdq.bits(), pdq.threshold()), (256, 31));
/// # Ok::<(), ownprint_hash::Error>(())
/// ```
#[derive(Clone, Copy)]
pub struct HashAlgorithm {
    descriptor: &'static Descriptor,
    parameters: Parameters,
}

impl HashAlgorithm {
    pub(crate) const fn new(descriptor: &'static Descriptor, parameters: Parameters) -> Self {
        Self { descriptor, parameters }
    }

    /// Returns the algorithm with its default parameters.
    pub(crate) const fn with_defaults(descriptor: &'static Descriptor) -> Self {
        Self { descriptor, parameters: Parameters::defaults(descriptor) }
    }

    /// Returns the stable name, as in records and bindings.
    #[must_use]
    pub fn name(self) -> Cow<'static, str> {
        let Self { descriptor, parameters } = self;
        let defaults = Parameters::defaults(descriptor);
        if parameters == defaults {
            return Cow::Borrowed(descriptor.base_name);
        }
        let mut name = descriptor.base_name.to_owned();
        if parameters.size != defaults.size {
            // Writing to a string cannot fail.
            let _ = write!(name, ":{}", parameters.size);
        }
        for (position, option) in descriptor.options.iter().enumerate() {
            if parameters.has(position) {
                name.push(':');
                name.push_str(option);
            }
        }
        Cow::Owned(name)
    }

    /// Returns the name without size and options.
    #[must_use]
    pub fn base_name(self) -> &'static str {
        self.descriptor.base_name
    }

    #[cfg_attr(
        not(any(feature = "imagehash", feature = "img-hash")),
        allow(dead_code, reason = "PDQ has none")
    )]
    pub(crate) fn parameters(self) -> Parameters {
        self.parameters
    }

    /// Returns `true` if its name has this option.
    #[cfg_attr(
        not(any(feature = "imagehash", feature = "img-hash")),
        allow(dead_code, reason = "PDQ has none")
    )]
    pub(crate) fn has_option(self, option: &str) -> bool {
        self.descriptor
            .options
            .iter()
            .position(|known| *known == option)
            .is_some_and(|position| self.parameters.has(position))
    }

    /// Returns the number of bits of a hash.
    #[must_use]
    pub fn bits(self) -> usize {
        (self.descriptor.bits)(self.parameters)
    }

    /// Returns the number of hashes per image: 1, 8 for dihedral sets, `None` if it depends on the
    /// image.
    #[must_use]
    pub fn hashes(self) -> Option<usize> {
        self.descriptor.hashes
    }

    /// Returns the maximum Hamming distance at which two hashes match.
    #[must_use]
    pub fn threshold(self) -> u32 {
        (self.descriptor.threshold)(self.bits())
    }

    /// Returns the reference implementation, with its version, whose bits this algorithm
    /// reproduces.
    #[must_use]
    pub fn reference(self) -> &'static str {
        (self.descriptor.reference)(self.parameters)
    }

    /// Parses a hash of this algorithm from lower- or upper-case hexadecimal digits.
    ///
    /// ```
    /// use ownprint_hash::HashAlgorithm;
    ///
    /// let hash = HashAlgorithm::PDQ.parse_hash(&"0f".repeat(32))?;
    /// assert_eq!(hash.bits(), 256);
    /// assert!(HashAlgorithm::PDQ.parse_hash("0f").is_err());
    /// # Ok::<(), ownprint_hash::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::InvalidHash`] if the text has another character, [`Error::NotComparable`] if it has
    /// another number of digits.
    pub fn parse_hash(self, text: &str) -> Result<BitHash, Error> {
        let (bits, digits) = (self.bits(), text.chars().count());
        if digits != bits.div_ceil(4) {
            let detail = format!(
                "expected {} digits for {self} ({bits} bits), found {digits}",
                bits.div_ceil(4)
            );
            return Err(Error::NotComparable { detail });
        }
        BitHash::from_hex_of(bits, text)
    }
}

impl PartialEq for HashAlgorithm {
    fn eq(&self, other: &Self) -> bool {
        (self.base_name(), self.parameters) == (other.base_name(), other.parameters)
    }
}

impl Eq for HashAlgorithm {}

impl std::hash::Hash for HashAlgorithm {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        (self.base_name(), self.parameters).hash(state);
    }
}

impl fmt::Display for HashAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.name())
    }
}

impl fmt::Debug for HashAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HashAlgorithm({self})")
    }
}

/// Parses the part of a name that follows the base name; `None` for an unsupported size, and for an
/// unknown or repeated option.
pub(crate) fn parse_parameters(descriptor: &Descriptor, name: &str) -> Option<Parameters> {
    let mut parameters = Parameters::defaults(descriptor);
    for (index, word) in name.split(':').skip(1).enumerate() {
        let size = descriptor.sizes.as_ref().zip(HashSize::parse(word));
        if let Some((sizes, size)) = size.filter(|_| index == 0) {
            if !(sizes.allows)(size) {
                return None;
            }
            parameters.size = size;
        } else {
            let position = descriptor.options.iter().position(|option| *option == word)?;
            if parameters.has(position) {
                return None;
            }
            parameters.options |= 1 << position;
        }
    }
    Some(parameters)
}

/// Returns the grammar of the names with this base name: `phash[:N][:pillow13] (N from 2 to 256)`.
pub(crate) fn grammar(descriptor: &Descriptor) -> String {
    let mut text = descriptor.base_name.to_owned();
    if descriptor.sizes.is_some() {
        text += "[:N]";
    }
    for option in descriptor.options {
        // Writing to a string cannot fail.
        let _ = write!(text, "[:{option}]");
    }
    if let Some(sizes) = &descriptor.sizes {
        let _ = write!(text, " (N {})", sizes.allowed);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    static SIZED: Descriptor = Descriptor {
        base_name: "sized",
        sizes: Some(Sizes {
            default: HashSize::square(8),
            allows: |size| size.width <= 64 && size.height <= 64,
            allowed: "or NxM up to 64",
        }),
        options: &["first", "second"],
        bits: |parameters| usize::from(parameters.size.width) * usize::from(parameters.size.height),
        hashes: Some(1),
        threshold: |_| 0,
        reference: |parameters| if parameters.has(1) { "the second" } else { "the first" },
    };

    fn read(name: &str) -> Option<HashAlgorithm> {
        Some(HashAlgorithm { descriptor: &SIZED, parameters: parse_parameters(&SIZED, name)? })
    }

    #[test]
    fn names_are_parsed_and_printed_in_their_shortest_form() {
        for (name, printed, bits, reference) in [
            ("sized", "sized", 64, "the first"),
            ("sized:8", "sized", 64, "the first"),
            ("sized:9", "sized:9", 81, "the first"),
            ("sized:16x8", "sized:16x8", 128, "the first"),
            ("sized:8x8:second:first", "sized:first:second", 64, "the second"),
            ("sized:9:second", "sized:9:second", 81, "the second"),
        ] {
            let algorithm = read(name).unwrap();
            assert_eq!((algorithm.name().as_ref(), algorithm.bits()), (printed, bits), "{name}");
            assert_eq!(
                (algorithm.reference(), read(printed)),
                (reference, Some(algorithm)),
                "{name}"
            );
        }
    }

    #[test]
    fn invalid_sizes_and_options_are_rejected() {
        for name in [
            "",
            ":",
            "65",
            "0",
            "08",
            "+8",
            "8x",
            "x8",
            "8x0",
            "third",
            "first:first",
            "first:8",
            "8:9",
        ] {
            assert_eq!(read(&format!("sized:{name}")), None, "{name}");
        }
        assert_eq!(grammar(&SIZED), "sized[:N][:first][:second] (N or NxM up to 64)");
    }

    #[test]
    fn every_listed_algorithm_parses_and_the_list_is_sorted() {
        let all: Vec<_> = HashAlgorithm::all().collect();
        assert!(all.is_sorted());
        for algorithm in all {
            assert_eq!(algorithm.name().parse::<HashAlgorithm>().unwrap(), algorithm);
        }
    }

    #[test]
    fn the_error_for_an_unknown_name_lists_all_names() {
        let error = "pdq:16".parse::<HashAlgorithm>().unwrap_err();
        assert_eq!(error.to_string(), "unknown algorithm \"pdq:16\"; known algorithms: pdq");
        let error = "pdk".parse::<HashAlgorithm>().unwrap_err();
        assert!(error.to_string().contains("pdq-dihedral"), "{error}");
    }
}
