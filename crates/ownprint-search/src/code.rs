//! A hash as 64-bit words, for fast distances.

/// The bits of a hash, most significant word first, padded with leading zeros.
pub(crate) type Code<const WORDS: usize> = [u64; WORDS];

/// Number of bits of a slot.
pub(crate) const SLOT_BITS: usize = 16;

const SLOTS_A_WORD: usize = 64 / SLOT_BITS;

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

/// Returns the slot at `position`, counted from the least significant 16 bits.
#[inline(always)]
pub(crate) fn slot<const WORDS: usize>(code: &Code<WORDS>, position: usize) -> u16 {
    let word = code.iter().rev().nth(position / SLOTS_A_WORD).copied().unwrap_or(0);
    (word >> (position % SLOTS_A_WORD * SLOT_BITS)) as u16
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
        assert_eq!(
            (slot(&code, 0), slot(&code, 3), slot(&code, 4), slot(&code, 6)),
            (0x0c0d, 0x0607, 0x0405, 1)
        );
        assert_eq!(distance(&code, &[0x01_0203_0400, 0x0607_0809_0a0b_0c0f]), 3);
    }
}
