//! A hash as 64-bit words, for fast distances.

/// The bits of a hash, most significant word first, padded with leading zeros.
pub(crate) type Code<const WORDS: usize> = [u64; WORDS];

/// The maximum length of a hash, in bits.
pub(crate) const MAX_BITS: usize = 1_024;

/// Returns the number of words of a hash.
pub(crate) fn words(bits: usize) -> usize {
    match bits {
        0..=64 => 1,
        65..=256 => 4,
        _ => MAX_BITS / 64,
    }
}

/// Returns the code of a hash's bytes in printed order, up to `8 * WORDS` of them.
pub(crate) fn read<const WORDS: usize>(bytes: &[u8]) -> Code<WORDS> {
    let mut code = [0; WORDS];
    for (word, bytes) in code.iter_mut().rev().zip(bytes.rchunks(8)) {
        *word = bytes.iter().fold(0, |word, &byte| word << 8 | u64::from(byte));
    }
    code
}

/// Returns the last `length` bytes of a code, the inverse of [`read`].
pub(crate) fn write<const WORDS: usize>(code: &Code<WORDS>, length: usize) -> Vec<u8> {
    let bytes: Vec<u8> = code.iter().flat_map(|word| word.to_be_bytes()).collect();
    bytes[bytes.len().saturating_sub(length)..].to_vec()
}

#[inline(always)]
pub(crate) fn distance<const WORDS: usize>(a: &Code<WORDS>, b: &Code<WORDS>) -> u32 {
    a.iter().zip(b).map(|(a, b)| (a ^ b).count_ones()).sum()
}

/// Returns up to 63 bits from `start`, counted from the most significant bit of the code.
#[inline(always)]
pub(crate) fn field<const WORDS: usize>(code: &Code<WORDS>, start: u32, length: u32) -> u64 {
    let word = |at: u32| code.get(at as usize).copied().unwrap_or(0);
    let at = start / 64;
    let both = u128::from(word(at)) << 64 | u128::from(word(at + 1));
    ((both << (start % 64)) >> 64 >> (64 - length.clamp(1, 63))) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_and_words_round_trip() {
        let bytes: Vec<u8> = (1..=13).collect();
        let code: Code<2> = read(&bytes);
        assert_eq!(code, [0x01_0203_0405, 0x0607_0809_0a0b_0c0d]);
        assert_eq!(write(&code, 13), bytes);
        assert_eq!(distance(&code, &[0x01_0203_0400, 0x0607_0809_0a0b_0c0f]), 3);
    }

    #[test]
    fn fields_cross_words() {
        let code = [0x0123_4567_89ab_cdef, 0xfedc_ba98_7654_3210];
        assert_eq!(field(&code, 0, 8), 0x01);
        assert_eq!(field(&code, 56, 16), 0xeffe);
        assert_eq!(field(&code, 64, 12), 0xfed);
        assert_eq!(field(&code, 112, 16), 0x3210);
        assert_eq!(field(&code, 3, 32), 0x01_2345_6789 >> 5 & 0xffff_ffff);
    }
}
