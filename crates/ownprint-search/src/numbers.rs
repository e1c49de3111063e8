//! Pseudorandom numbers and hashes for tests.

use ownprint_hash::BitHash;

/// A pseudorandom generator (S. Vigna's `SplitMix64`).
pub(crate) struct Numbers(pub(crate) u64);

impl Numbers {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(crate) fn hash(&mut self, bits: usize) -> BitHash {
        BitHash::from_bits(&(0..bits).map(|_| self.next() & 1 == 1).collect::<Vec<_>>())
    }

    /// Returns `hash` with a maximum of `most` bits changed.
    pub(crate) fn near(&mut self, hash: &BitHash, most: u32) -> BitHash {
        let mut bits: Vec<bool> = hash
            .as_bytes()
            .iter()
            .flat_map(|byte| (0..8).rev().map(move |position| byte >> position & 1 == 1))
            .collect();
        bits.drain(..bits.len() - hash.bits());
        for _ in 0..self.next() % u64::from(most + 1) {
            let position = self.next() as usize % bits.len();
            bits[position] = !bits[position];
        }
        BitHash::from_bits(&bits)
    }
}
