//! CRC-32 for the WebAssembly modules, with the part of the API of `crc32fast` that `png` and
//! `flate2` use.
//!
//! That crate contains 16 kB of tables, which cannot be compressed and were a fifteenth of each
//! download. Here the tables are computed for the first checksum, which takes a fraction of a
//! millisecond.

#![forbid(unsafe_code)]

use std::sync::LazyLock;

/// The number of bytes per lookup (slicing-by-8).
const SLICES: usize = 8;

/// The reflected polynomial of IEEE 802.3.
const POLYNOMIAL: u32 = 0xedb8_8320;

/// The remainder of each byte, followed by zero to seven zero bytes (M. E. Kounavis, F. L. Berry,
/// "A Systematic Approach to Building High Performance, Software-based, CRC Generators", 2005).
static TABLES: LazyLock<Box<[[u32; 256]; SLICES]>> = LazyLock::new(|| {
    let mut tables = Box::new([[0; 256]; SLICES]);
    for byte in 0..256 {
        tables[0][byte] = (0..8)
            .fold(byte as u32, |remainder, _| (remainder >> 1) ^ (POLYNOMIAL * (remainder & 1)));
    }
    for slice in 1..SLICES {
        for byte in 0..256 {
            let before = tables[slice - 1][byte];
            tables[slice][byte] = (before >> 8) ^ tables[0][(before & 255) as usize];
        }
    }
    tables
});

/// A streaming CRC-32.
#[derive(Debug, Clone, Default)]
pub struct Hasher {
    checksum: u32,
    length: u64,
}

impl Hasher {
    /// Returns the hasher of an empty input.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds the next bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        let tables = &**TABLES;
        let (chunks, rest) = bytes.as_chunks::<SLICES>();
        let mut remainder = !self.checksum;
        for &[a, b, c, d, e, f, g, h] in chunks {
            let [a, b, c, d] = (remainder ^ u32::from_le_bytes([a, b, c, d])).to_le_bytes();
            remainder = [h, g, f, e, d, c, b, a]
                .iter()
                .zip(tables)
                .fold(0, |remainder, (&byte, table)| remainder ^ table[usize::from(byte)]);
        }
        for &byte in rest {
            remainder = (remainder >> 8) ^ tables[0][usize::from(remainder as u8 ^ byte)];
        }
        self.checksum = !remainder;
        self.length += bytes.len() as u64;
    }

    /// Returns the checksum of all added bytes.
    #[must_use]
    pub fn finalize(self) -> u32 {
        self.checksum
    }

    /// Resets to the empty input.
    pub fn reset(&mut self) {
        *self = Self::default();
    }

    /// Appends the input of `other`.
    pub fn combine(&mut self, other: &Self) {
        let (mut power, mut factor, mut bytes) = (ONE >> 8, ONE, other.length);
        while bytes > 0 {
            if bytes & 1 == 1 {
                factor = product(factor, power);
            }
            power = product(power, power);
            bytes >>= 1;
        }
        self.checksum = product(factor, self.checksum) ^ other.checksum;
        self.length += other.length;
    }
}

/// The polynomial 1. Each bit to the right is the next power.
const ONE: u32 = 1 << 31;

/// Returns the product of two polynomials, modulo the polynomial of the checksum.
fn product(a: u32, mut b: u32) -> u32 {
    let mut product = 0;
    for bit in (0..32).rev() {
        product ^= b * (a >> bit & 1);
        b = (b >> 1) ^ (POLYNOMIAL * (b & 1));
    }
    product
}
