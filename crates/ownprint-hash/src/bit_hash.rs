//! The value types: bit strings and PDQ's quality.

use crate::base64;
use crate::error::Error;

/// A perceptual hash as a string of bits: hexadecimal in and out, and Hamming distance.
///
/// Bytes stand in the order in which the hash is printed; the last bit is the least significant of the last byte. Where
/// the length is no multiple of 8, zero bits fill the first byte, which are neither counted nor, where whole digits are
/// made of them, printed: 42 bits are six bytes and eleven digits, as ImageHash prints them.
///
/// ```
/// use ownprint_hash::BitHash;
///
/// let a = BitHash::from_hex("f0f0")?;
/// let b = BitHash::from_hex("f0ff")?;
/// assert_eq!(a.distance(&b)?, 4);
/// assert_eq!(b.to_hex(), "f0ff");
/// # Ok::<(), ownprint_hash::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BitHash {
    bytes: Box<[u8]>,
    bits: usize,
}

impl BitHash {
    /// A hash from its bytes, in printed order.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Self {
        Self { bytes: bytes.into(), bits: bytes.len() * 8 }
    }

    /// A hash from its bits, in printed order.
    ///
    /// ```
    /// use ownprint_hash::BitHash;
    ///
    /// let hash = BitHash::from_bits(&[true, false, false, true, true]);
    /// assert_eq!((hash.bits(), hash.to_hex().as_str()), (5, "13"));
    /// ```
    #[must_use]
    pub fn from_bits(bits: &[bool]) -> Self {
        let byte = |bits: &[bool]| bits.iter().fold(0, |byte, &bit| byte << 1 | u8::from(bit));
        let (first, whole) = bits.split_at(bits.len() % 8);
        let first = Some(first).filter(|bits| !bits.is_empty());
        Self { bytes: first.into_iter().chain(whole.chunks(8)).map(byte).collect(), bits: bits.len() }
    }

    /// Builds a hash of `bits` bits from its [`as_bytes`](Self::as_bytes).
    #[must_use]
    #[doc(hidden)]
    pub fn of_length(bits: usize, bytes: &[u8]) -> Self {
        Self { bytes: bytes.into(), bits }
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
        Self::from_hex_of(text.len() * 4, text)
    }

    /// Parses a hash of `bits` bits: as many lower- or upper-case hexadecimal digits as they fill, nothing else.
    ///
    /// ```
    /// use ownprint_hash::BitHash;
    ///
    /// let hash = BitHash::from_hex_of(42, "07000000000")?;
    /// assert_eq!((hash.bits(), hash.to_hex().as_str()), (42, "07000000000"));
    /// assert!(BitHash::from_hex_of(42, "47000000000").is_err());
    /// # Ok::<(), ownprint_hash::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::InvalidHash`] for `bits` of 0, another number of digits, any other character, or a first digit that says
    /// more than its bits can.
    pub fn from_hex_of(bits: usize, text: &str) -> Result<Self, Error> {
        let digits = bits.div_ceil(4);
        let invalid = |detail: String| Error::InvalidHash { detail };
        if bits == 0 || text.len() != digits {
            let characters = text.chars().count();
            return Err(invalid(format!(
                "{bits} bits are {digits} hexadecimal digits, not {characters} characters"
            )));
        }
        // An odd number of digits has its first one alone.
        let (first, rest) = text.as_bytes().split_at(digits % 2);
        let (pairs, _) = rest.as_chunks::<2>();
        let mut bytes = Vec::with_capacity(bits.div_ceil(8));
        bytes.extend(first.iter().map(|&digit| digit_value(digit)));
        // Looked at once for all: millions of hashes come in lists.
        let mut seen = bytes.first().copied().unwrap_or_default();
        for &[high, low] in pairs {
            let (high, low) = (digit_value(high), digit_value(low));
            seen |= high | low;
            bytes.push(high << 4 | low & 15);
        }
        if seen > 15 {
            return Err(invalid("only the digits 0-9 and a-f are allowed".to_owned()));
        }
        if !bits.is_multiple_of(8) && bytes[0] >> (bits % 8) != 0 {
            return Err(invalid(format!("the first digit says more than {bits} bits can")));
        }
        Ok(Self { bytes: bytes.into(), bits })
    }

    /// The lower-case hexadecimal form.
    #[must_use]
    pub fn to_hex(&self) -> String {
        let mut digits = hex(&self.bytes);
        digits.drain(..digits.len() - self.bits.div_ceil(4));
        digits
    }

    /// The bytes in base64, with padding: what `img_hash` and `image_hasher` print of their hashes.
    ///
    /// ```
    /// use ownprint_hash::BitHash;
    ///
    /// let hash = BitHash::from_base64("DMiscKrQ1dY=")?;
    /// assert_eq!((hash.to_hex().as_str(), hash.to_base64().as_str()), ("0cc8ac70aad0d5d6", "DMiscKrQ1dY="));
    /// # Ok::<(), ownprint_hash::Error>(())
    /// ```
    #[must_use]
    pub fn to_base64(&self) -> String {
        base64::encode(&self.bytes)
    }

    /// Parses whole bytes in base64 of the usual alphabet, padded, nothing else.
    ///
    /// # Errors
    /// [`Error::InvalidHash`] for an empty text, a length that is no multiple of 4, any other character, and bits beyond the
    /// last byte that are not zero.
    pub fn from_base64(text: &str) -> Result<Self, Error> {
        base64::decode(text).map(|bytes| Self::from_bytes(&bytes))
    }

    /// The bytes, in printed order.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Length in bits.
    #[must_use]
    pub fn bits(&self) -> usize {
        self.bits
    }

    /// Hamming distance: the number of bits that differ, `0..=bits`.
    ///
    /// # Errors
    /// [`Error::NotComparable`] when the lengths differ.
    pub fn distance(&self, other: &Self) -> Result<u32, Error> {
        if self.bits != other.bits {
            let detail = format!("one has {} bits, the other {}", self.bits(), other.bits());
            return Err(Error::NotComparable { detail });
        }
        Ok(self.bytes.iter().zip(&other.bytes).map(|(a, b)| (a ^ b).count_ones()).sum())
    }

    /// Which of `others` is the nearest, counted from 0, and its distance in bits; of equally near ones the first, of none
    /// `None`.
    ///
    /// ```
    /// use ownprint_hash::BitHash;
    ///
    /// let [a, b, c] = ["f0f0", "000f", "f0ff"].map(|hex| BitHash::from_hex(hex).unwrap());
    /// assert_eq!(c.nearest([&b, &a])?, Some((1, 4)));
    /// # Ok::<(), ownprint_hash::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::NotComparable`] when the lengths differ.
    pub fn nearest<'a>(
        &self,
        others: impl IntoIterator<Item = &'a Self>,
    ) -> Result<Option<(usize, u32)>, Error> {
        let mut nearest = None;
        for (index, other) in others.into_iter().enumerate() {
            let distance = self.distance(other)?;
            if nearest.is_none_or(|(_, least)| distance < least) {
                nearest = Some((index, distance));
            }
        }
        Ok(nearest)
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

/// PDQ's measure of how much an image has to recognise, `0..=100`; flat images score low.
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

/// The value of a hexadecimal digit; for anything else more than 15.
fn digit_value(digit: u8) -> u8 {
    /// Looked up: nobody can guess whether a hash's next digit is a letter, and a wrong guess costs more than the digit.
    const VALUES: [u8; 256] = {
        let mut values = [u8::MAX; 256];
        let mut value = 0;
        while value < 16 {
            values[b"0123456789abcdef"[value] as usize] = value as u8;
            values[b"0123456789ABCDEF"[value] as usize] = value as u8;
            value += 1;
        }
        values
    };
    VALUES[usize::from(digit)]
}

/// Lower-case hexadecimal digits, two a byte.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut digits = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        digits.push(char::from(DIGITS[usize::from(byte >> 4)]));
        digits.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    digits
}

#[cfg(test)]
mod tests {
    use super::BitHash;

    #[test]
    fn bits_print_and_read_back_at_any_length() {
        for length in 1..=81_usize {
            let bits: Vec<bool> = (0..length).map(|at| at % 3 == 0 || at % 5 == 2).collect();
            let hash = BitHash::from_bits(&bits);
            let number = bits.iter().fold(0_u128, |number, &bit| number << 1 | u128::from(bit));
            let digits = format!("{number:0>digits$x}", digits = length.div_ceil(4));
            assert_eq!((hash.bits(), hash.to_hex()), (length, digits.clone()));
            assert_eq!(BitHash::from_hex_of(length, &digits).unwrap(), hash);
            let opposite: Vec<bool> = bits.iter().map(|bit| !bit).collect();
            assert_eq!(hash.distance(&BitHash::from_bits(&opposite)).unwrap() as usize, length);
            assert!(hash.distance(&BitHash::from_bits(&[true; 82])).is_err());
        }
    }

    #[test]
    fn digits_that_no_hash_of_the_length_has_are_refused() {
        for (bits, text) in
            [(0, ""), (42, "0700000000"), (42, "070000000000"), (42, "0700000000g"), (9, "200"), (4, "é")]
        {
            assert!(BitHash::from_hex_of(bits, text).is_err(), "{bits} {text}");
        }
        assert_eq!(BitHash::from_hex_of(9, "1FF").unwrap().to_hex(), "1ff");
    }
}
