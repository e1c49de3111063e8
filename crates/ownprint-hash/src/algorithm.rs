//! An algorithm as a value: what it is called, its parameters, and what they make of it.

use std::borrow::Cow;
use std::fmt::{self, Write};

use crate::bit_hash::BitHash;
use crate::error::Error;

/// What is known of an algorithm before it runs; a family has one for each of its base names.
#[derive(Debug)]
pub(crate) struct Descriptor {
    /// What every name of it starts with: lower-case letters, digits and hyphens.
    pub(crate) base_name: &'static str,
    /// The sizes it can be had in; `None` where there is but one.
    pub(crate) sizes: Option<Sizes>,
    /// The words that may follow, at most eight; [`Parameters::has`] knows them by their place here.
    pub(crate) options: &'static [&'static str],
    /// Bits a hash.
    pub(crate) bits: fn(Parameters) -> usize,
    /// Hashes an image; `None` where the image decides.
    pub(crate) hashes: Option<usize>,
    /// The distance up to which two hashes of so many bits match.
    pub(crate) threshold: fn(usize) -> u32,
    /// The implementation and its version.
    pub(crate) reference: fn(Parameters) -> &'static str,
}

/// The sizes in which an algorithm can be had.
#[derive(Debug)]
pub(crate) struct Sizes {
    /// The one that is meant when none is named.
    pub(crate) default: HashSize,
    /// Whether the algorithm has this size.
    pub(crate) allows: fn(HashSize) -> bool,
    /// Those sizes in words, after "N": `"from 2 to 256"`.
    pub(crate) allowed: &'static str,
}

/// How large a hash is: columns and rows of its bits, or whatever else its family counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub(crate) struct HashSize {
    pub(crate) width: u16,
    pub(crate) height: u16,
}

impl HashSize {
    pub(crate) const fn square(side: u16) -> Self {
        Self { width: side, height: side }
    }

    /// Reads `16` or `16x8`, without leading zeros.
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

/// What a name says beyond the base name.
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

    /// Whether the option at `place` in [`Descriptor::options`] was named.
    pub(crate) const fn has(self, place: usize) -> bool {
        self.options >> place & 1 == 1
    }
}

/// A perceptual hash algorithm with its parameters, known by its stable name.
///
/// A name is a base name, then, where it is not the usual one, a size, then options, with colons between: `phash`,
/// `phash:16`, `whash:16:db4`. Reading takes the usual size and any order of options too; what is printed is the
/// shortest form. Algorithms are ordered as results list them.
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

    /// The algorithm with its default parameters.
    pub(crate) const fn with_defaults(descriptor: &'static Descriptor) -> Self {
        Self { descriptor, parameters: Parameters::defaults(descriptor) }
    }

    /// The stable name, as in every record and every binding.
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
        for (place, option) in descriptor.options.iter().enumerate() {
            if parameters.has(place) {
                name.push(':');
                name.push_str(option);
            }
        }
        Cow::Owned(name)
    }

    /// The name without size and options.
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

    /// Whether its name has this option.
    #[cfg_attr(
        not(any(feature = "imagehash", feature = "img-hash")),
        allow(dead_code, reason = "PDQ has none")
    )]
    pub(crate) fn has_option(self, option: &str) -> bool {
        self.descriptor
            .options
            .iter()
            .position(|known| *known == option)
            .is_some_and(|place| self.parameters.has(place))
    }

    /// Bits a hash.
    #[must_use]
    pub fn bits(self) -> usize {
        (self.descriptor.bits)(self.parameters)
    }

    /// Hashes an image: 1, 8 for dihedral sets, `None` where the image decides.
    #[must_use]
    pub fn hashes(self) -> Option<usize> {
        self.descriptor.hashes
    }

    /// The Hamming distance up to which two hashes are taken for the same image.
    #[must_use]
    pub fn threshold(self) -> u32 {
        (self.descriptor.threshold)(self.bits())
    }

    /// The implementation, with its version, that this equals bit for bit.
    #[must_use]
    pub fn reference(self) -> &'static str {
        (self.descriptor.reference)(self.parameters)
    }

    /// Parses a hash of this algorithm as it is printed: lower- or upper-case hexadecimal digits, nothing else.
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
    /// [`Error::InvalidHash`] for any other character, [`Error::NotComparable`] for another number of digits.
    pub fn parse_hash(self, text: &str) -> Result<BitHash, Error> {
        let (bits, digits) = (self.bits(), text.chars().count());
        if digits != bits.div_ceil(4) {
            let detail =
                format!("a {self} hash of {bits} bits has {} digits, this text {digits}", bits.div_ceil(4));
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

/// What follows the base name; `None` for a size or word that the algorithm has not, or has twice.
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
            let place = descriptor.options.iter().position(|option| *option == word)?;
            if parameters.has(place) {
                return None;
            }
            parameters.options |= 1 << place;
        }
    }
    Some(parameters)
}

/// The names of one base name in words: `phash[:N][:pillow13] (N from 2 to 256)`.
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
    fn names_are_read_and_printed_in_their_shortest_form() {
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
            assert_eq!((algorithm.reference(), read(printed)), (reference, Some(algorithm)), "{name}");
        }
    }

    #[test]
    fn other_sizes_and_words_are_refused() {
        for name in
            ["", ":", "65", "0", "08", "+8", "8x", "x8", "8x0", "third", "first:first", "first:8", "8:9"]
        {
            assert_eq!(read(&format!("sized:{name}")), None, "{name}");
        }
        assert_eq!(grammar(&SIZED), "sized[:N][:first][:second] (N or NxM up to 64)");
    }

    #[test]
    fn every_listed_algorithm_is_read_by_its_name_and_stands_in_order() {
        let all: Vec<_> = HashAlgorithm::all().collect();
        assert!(all.is_sorted());
        for algorithm in all {
            assert_eq!(algorithm.name().parse::<HashAlgorithm>().unwrap(), algorithm);
        }
    }

    #[test]
    fn an_unknown_name_says_which_there_are() {
        let error = "pdq:16".parse::<HashAlgorithm>().unwrap_err();
        assert_eq!(error.to_string(), "there is no algorithm named \"pdq:16\"; known algorithms: pdq");
        let error = "pdk".parse::<HashAlgorithm>().unwrap_err();
        assert!(error.to_string().contains("pdq-dihedral"), "{error}");
    }
}
