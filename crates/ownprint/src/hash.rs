//! The value types: bit strings and PDQ's quality.

use crate::Error;

/// A perceptual hash as a string of bits: hexadecimal in and out, and Hamming distance.
///
/// Bytes stand in the order in which the hash is printed; the first bit is the most significant of the first byte.
///
/// ```
/// use ownprint::BitHash;
///
/// let a = BitHash::from_hex("f0f0")?;
/// let b = BitHash::from_hex("f0ff")?;
/// assert_eq!(a.distance(&b)?, 4);
/// assert_eq!(b.to_hex(), "f0ff");
/// # Ok::<(), ownprint::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BitHash(Box<[u8]>);

impl BitHash {
    /// A hash from its bytes, in printed order.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Self {
        Self(bytes.into())
    }

    /// Parses lower- or upper-case hexadecimal digits, two a byte, nothing else.
    ///
    /// # Errors
    /// [`Error::InvalidHash`] for an empty text, an odd number of digits, or any other character.
    pub fn from_hex(text: &str) -> Result<Self, Error> {
        if text.is_empty() || !text.len().is_multiple_of(2) {
            let detail =
                format!("{} characters; give an even number of hexadecimal digits", text.chars().count());
            return Err(Error::InvalidHash { detail });
        }
        let digit = |c: u8| match c {
            b'0'..=b'9' => Ok(c - b'0'),
            b'a'..=b'f' => Ok(c - b'a' + 10),
            b'A'..=b'F' => Ok(c - b'A' + 10),
            _ => Err(Error::InvalidHash { detail: "only the digits 0-9 and a-f are allowed".to_owned() }),
        };
        let (pairs, _) = text.as_bytes().as_chunks::<2>();
        pairs
            .iter()
            .map(|&[high, low]| Ok(digit(high)? << 4 | digit(low)?))
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// The lower-case hexadecimal form.
    #[must_use]
    pub fn to_hex(&self) -> String {
        hex(&self.0)
    }

    /// The bytes, in printed order.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Length in bits.
    #[must_use]
    pub fn bits(&self) -> usize {
        self.0.len() * 8
    }

    /// Hamming distance: the number of bits that differ, `0..=bits`.
    ///
    /// # Errors
    /// [`Error::NotComparable`] when the lengths differ.
    pub fn distance(&self, other: &Self) -> Result<u32, Error> {
        if self.0.len() != other.0.len() {
            let detail = format!("one has {} bits, the other {}", self.bits(), other.bits());
            return Err(Error::NotComparable { detail });
        }
        Ok(self.0.iter().zip(&other.0).map(|(a, b)| (a ^ b).count_ones()).sum())
    }
}

impl std::fmt::Display for BitHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.to_hex())
    }
}

impl std::fmt::Debug for BitHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "BitHash({self})")
    }
}

impl std::str::FromStr for BitHash {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::from_hex(text)
    }
}

/// PDQ's measure of how much a picture has to recognise, `0..=100`; flat pictures score low.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Quality(u8);

impl Quality {
    /// Below this, hash exchanges discard a PDQ hash.
    pub const EXCHANGE_THRESHOLD: u8 = 50;

    /// A quality from its number; values above 100 become 100.
    #[must_use]
    pub fn new(value: u8) -> Self {
        Self(value.min(100))
    }

    /// The number, `0..=100`.
    #[must_use]
    pub fn value(self) -> u8 {
        self.0
    }

    /// Whether exchanges accept a hash of this quality.
    #[must_use]
    pub fn is_reliable(self) -> bool {
        self.0 >= Self::EXCHANGE_THRESHOLD
    }
}

impl std::fmt::Display for Quality {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// Lower-case hexadecimal digits, two a byte.
pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .map(|nibble| char::from(DIGITS[usize::from(nibble)]))
        .collect()
}
