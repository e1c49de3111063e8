//! Value types: bit strings and PDQ's quality.

use crate::base64;
use crate::error::Error;

/// A perceptual hash as a string of bits, with hexadecimal text and Hamming distance.
///
/// Bytes are in printed order; the last bit is the least significant one of the last byte. If the
/// length is not a multiple of 8, the first byte is padded with leading zero bits. They are not
/// counted, and whole digits of padding are not printed: 42 bits are six bytes and eleven digits,
/// as in ImageHash.
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
    /// Creates a hash from its bytes, in printed order.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Self {
        Self { bytes: bytes.into(), bits: bytes.len() * 8 }
    }

    /// Creates a hash from its bits, in printed order.
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
        Self {
            bytes: first.into_iter().chain(whole.chunks(8)).map(byte).collect(),
            bits: bits.len(),
        }
    }

    /// Creates a hash of `bits` bits from its [`as_bytes`](Self::as_bytes).
    #[must_use]
    #[doc(hidden)]
    pub fn of_length(bits: usize, bytes: &[u8]) -> Self {
        Self { bytes: bytes.into(), bits }
    }

    /// Parses lower- or upper-case hexadecimal digits, two per byte.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidHash`] if the text is empty, has an odd number of digits, or has another
    /// character.
    pub fn from_hex(text: &str) -> Result<Self, Error> {
        if text.is_empty() || !text.len().is_multiple_of(2) {
            let detail = format!(
                "expected an even number of hexadecimal digits, found {} characters",
                text.chars().count()
            );
            return Err(Error::InvalidHash { detail });
        }
        Self::from_hex_of(text.len() * 4, text)
    }

    /// Parses a hash of `bits` bits from exactly the hexadecimal digits that they need, in lower or
    /// upper case.
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
    ///
    /// [`Error::InvalidHash`] if `bits` is 0, the number of digits differs, a character is not a
    /// digit, or the first digit exceeds its bits.
    pub fn from_hex_of(bits: usize, text: &str) -> Result<Self, Error> {
        let digits = bits.div_ceil(4);
        let invalid = |detail: String| Error::InvalidHash { detail };
        if bits == 0 || text.len() != digits {
            let characters = text.chars().count();
            return Err(invalid(format!(
                "expected {digits} hexadecimal digits for {bits} bits, found {characters} characters"
            )));
        }
        // If the number of digits is odd, the first digit is a byte by itself.
        let (first, rest) = text.as_bytes().split_at(digits % 2);
        let (pairs, _) = rest.as_chunks::<2>();
        let mut bytes = Vec::with_capacity(bits.div_ceil(8));
        bytes.extend(first.iter().map(|&digit| digit_value(digit)));
        // One check for all digits: lists contain millions of hashes.
        let mut seen = bytes.first().copied().unwrap_or_default();
        for &[high, low] in pairs {
            let (high, low) = (digit_value(high), digit_value(low));
            seen |= high | low;
            bytes.push(high << 4 | low & 15);
        }
        if seen > 15 {
            return Err(invalid("only hexadecimal digits are allowed".to_owned()));
        }
        if !bits.is_multiple_of(8) && bytes[0] >> (bits % 8) != 0 {
            return Err(invalid(format!("the first digit exceeds {bits} bits")));
        }
        Ok(Self { bytes: bytes.into(), bits })
    }

    /// Returns the lower-case hexadecimal digits.
    #[must_use]
    pub fn to_hex(&self) -> String {
        let mut digits = hex(&self.bytes);
        digits.drain(..digits.len() - self.bits.div_ceil(4));
        digits
    }

    /// Returns the bytes in padded base64, as `img_hash` and `image_hasher` print their hashes.
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

    /// Parses bytes in padded base64 with the standard alphabet.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidHash`] if the text is empty, its length is not a multiple of 4, it has
    /// another character, or the bits beyond the last byte are not zero.
    pub fn from_base64(text: &str) -> Result<Self, Error> {
        base64::decode(text).map(|bytes| Self::from_bytes(&bytes))
    }

    /// Returns the bytes, in printed order.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Returns the length in bits.
    #[must_use]
    pub fn bits(&self) -> usize {
        self.bits
    }

    /// Returns the Hamming distance: the number of bits that differ, `0..=bits`.
    ///
    /// # Errors
    ///
    /// [`Error::NotComparable`] if the lengths differ.
    pub fn distance(&self, other: &Self) -> Result<u32, Error> {
        if self.bits != other.bits {
            let detail = format!("the lengths differ: {} and {} bits", self.bits(), other.bits());
            return Err(Error::NotComparable { detail });
        }
        Ok(self.bytes.iter().zip(&other.bytes).map(|(a, b)| (a ^ b).count_ones()).sum())
    }

    /// Returns the index of the nearest of `others`, from 0, and its distance in bits. Of equally
    /// near hashes the first is returned; `None` if `others` is empty.
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
    ///
    /// [`Error::NotComparable`] if the lengths differ.
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

/// PDQ's quality, `0..=100`: how much detail an image has. Flat images score low.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Quality(u8);

impl Quality {
    /// The minimum quality at which hash exchanges accept a PDQ hash.
    pub const EXCHANGE_THRESHOLD: u8 = 50;

    /// Creates a quality from a number; values above 100 become 100.
    #[must_use]
    pub fn new(value: u8) -> Self {
        Self(value.min(100))
    }

    /// Returns the number, `0..=100`.
    #[must_use]
    pub fn value(self) -> u8 {
        self.0
    }

    /// Returns `true` if exchanges accept a hash of this quality.
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

/// Returns the value of a hexadecimal digit; more than 15 for any other byte.
fn digit_value(digit: u8) -> u8 {
    /// A table, because a branch on letter or digit is unpredictable and a misprediction costs more
    /// than the lookup.
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

/// Returns lower-case hexadecimal digits, two per byte.
#[must_use]
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
    fn hashes_of_any_length_round_trip() {
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
    fn nonzero_padding_bits_are_rejected() {
        for (bits, text) in [
            (0, ""),
            (42, "0700000000"),
            (42, "070000000000"),
            (42, "0700000000g"),
            (9, "200"),
            (4, "é"),
        ] {
            assert!(BitHash::from_hex_of(bits, text).is_err(), "{bits} {text}");
        }
        assert_eq!(BitHash::from_hex_of(9, "1FF").unwrap().to_hex(), "1ff");
    }
}
