//! Base64 with the standard alphabet and padding (RFC 4648, section 4).

use crate::error::Error;

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Returns the text of bytes.
pub(crate) fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let byte = |index: usize| u32::from(group.get(index).copied().unwrap_or_default());
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for position in 0..4 {
            let digit = bits >> (18 - 6 * position) & 63;
            text.push(if position <= group.len() {
                char::from(ALPHABET[digit as usize])
            } else {
                '='
            });
        }
    }
    text
}

/// Returns the bytes of a text. Texts that [`encode`] does not produce are errors.
pub(crate) fn decode(text: &str) -> Result<Vec<u8>, Error> {
    let invalid = |detail: &str| Err(Error::InvalidHash { detail: detail.to_owned() });
    if text.is_empty() || !text.len().is_multiple_of(4) {
        return invalid("the length of base64 is a multiple of four; pad it with =");
    }
    let digits = text.trim_end_matches('=');
    let padding = text.len() - digits.len();
    if padding > 2 {
        return invalid("base64 has a maximum of two = at the end");
    }
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    for group in digits.as_bytes().chunks(4) {
        let mut bits = 0_u32;
        for digit in group {
            let Some(value) = ALPHABET.iter().position(|known| known == digit) else {
                return invalid("only A-Z, a-z, 0-9, + and / are allowed, and = at the end");
            };
            bits = bits << 6 | value as u32;
        }
        bits <<= 6 * (4 - group.len());
        let [_, decoded @ ..] = bits.to_be_bytes();
        let (decoded, rest) = decoded.split_at(group.len() - 1);
        if rest.iter().any(|byte| *byte != 0) {
            return invalid("the unused bits of the last character are not zero");
        }
        bytes.extend(decoded);
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_of_rfc_4648_round_trip() {
        for (bytes, text) in [
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(
                (encode(bytes.as_bytes()).as_str(), decode(text).unwrap().as_slice()),
                (text, bytes.as_bytes())
            );
        }
    }

    #[test]
    fn invalid_base64_is_rejected() {
        for text in [
            "", "Zg", "Zg=", "Zh==", "Zm9=", "Zg==Zg==", "====", "Z===", "Zm-v", "Zm 9v", "Zm9v\n",
            "é9v",
        ] {
            assert!(decode(text).is_err(), "{text}");
        }
    }
}
