//! Writes the start of JPEG XL files.

use super::boxes::boxed;

/// A writer of bits, the lowest bit of each byte first.
#[derive(Default)]
pub struct Bits {
    bytes: Vec<u8>,
    count: usize,
}

impl Bits {
    #[must_use]
    pub fn number(mut self, value: u32, bits: u32) -> Self {
        for bit in 0..bits {
            if self.count.is_multiple_of(8) {
                self.bytes.push(0);
            }
            *self.bytes.last_mut().unwrap() |=
                (value.checked_shr(bit).unwrap_or(0) as u8 & 1) << (self.count % 8);
            self.count += 1;
        }
        self
    }

    /// Writes the start of a codestream of this size.
    fn of_size(width: u32, height: u32) -> Self {
        let bits = Self::default().number(0x0aff, 16).number(0, 1);
        // 30 bits for each dimension, and no aspect ratio.
        bits.number(3, 2).number(height - 1, 30).number(0, 3).number(3, 2).number(width - 1, 30)
    }
}

/// Returns a file of a few bytes with this size in its header, in XYB.
pub fn claim(width: u32, height: u32) -> Vec<u8> {
    // All other header fields have their defaults.
    let bits = Bits::of_size(width, height).number(1, 1).number(1, 1);
    [bits.bytes, vec![0; 40]].concat()
}

/// Returns a file whose ICC profile claims 256 MiB, in `coded` bytes: 135, or up to 16 million, of
/// which those after the first 135 are copies.
pub fn profile(coded: u32) -> Vec<u8> {
    const FIRST: u32 = 135;
    // Eight bits, no extra channels, no XYB, an ICC profile; no extensions, the default weights.
    let bits = Bits::of_size(8, 8)
        .number(0, 1)
        .number(0, 1)
        .number(0, 3)
        .number(1, 1)
        .number(0, 2)
        .number(0, 1);
    let bits = bits.number(0, 1).number(1, 1).number(0, 2).number(0, 2).number(1, 1);
    // The coded length: 12 bits, then 8, then 8.
    let bits =
        bits.number(3, 2).number(coded & 0xfff, 12).number(1, 1).number(coded >> 12 & 0xff, 8);
    let bits = bits.number(1, 1).number(coded >> 20 & 0xff, 8).number(0, 1);
    // LZ77: symbols from 224 on are copies of three or more symbols; the number of extra bits of
    // the length is the symbol minus 225.
    let bits = bits.number(1, 1).number(0, 2).number(0, 2).number(0, 4);
    // One prefix code for all contexts; numbers below 256 have no extra bits.
    let bits = bits.number(1, 1).number(0, 2).number(1, 1).number(8, 4).number(0, 4).number(0, 4);
    // An alphabet of 249 with three symbols: 1 (one bit), 128 and 248 (two bits).
    let bits = bits.number(1, 1).number(7, 4).number(120, 7).number(1, 2).number(2, 2);
    let mut bits = bits.number(1, 8).number(128, 8).number(248, 8);
    // The profile length, 256 MiB, in five bytes.
    for _ in 0..4 {
        bits = bits.number(0b01, 2);
    }
    // One command (no tags), and the ICC header.
    bits = bits.number(0, FIRST + 1 - 5);
    if coded > FIRST {
        for _ in 0..2 {
            // A copy of 2^23 + 3 symbols at distance 2.
            bits = bits.number(0b11, 2).number(0, 23).number(0, 1);
        }
    }
    [bits.bytes, vec![0; 40]].concat()
}

/// Returns a codestream in boxes.
pub fn contained(boxes: &[Vec<u8>]) -> Vec<u8> {
    let start = [&[0, 0, 0, 12][..], b"JXL \r\n\x87\n"].concat();
    [start, boxed(b"ftyp", &[b"jxl ", &[0; 4], b"jxl "]), boxes.concat()].concat()
}
