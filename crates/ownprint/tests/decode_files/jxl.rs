//! The start of JPEG XL files.

use super::boxes::boxed;

/// Bits from the lowest of each byte on.
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

    /// The start of a codestream: an image of this size.
    fn of_size(width: u32, height: u32) -> Self {
        let bits = Self::default().number(0x0aff, 16).number(0, 1);
        // 30 bits each, and no ratio between.
        bits.number(3, 2).number(height - 1, 30).number(0, 3).number(3, 2).number(width - 1, 30)
    }
}

/// A file that claims a size, in colours of its own coding, over a handful of bytes.
pub fn claim(width: u32, height: u32) -> Vec<u8> {
    // All that a header says has its defaults.
    let bits = Bits::of_size(width, height).number(1, 1).number(1, 1);
    [bits.bytes, vec![0; 40]].concat()
}

/// A file whose colour profile says that it has 256 MiB, over `coded` bytes of its own coding: 135, or up to 16 million, those
/// behind the first 135 as copies of one another.
pub fn profile(coded: u32) -> Vec<u8> {
    const FIRST: u32 = 135;
    // Eight bits, no further channels, own colours, which are those of a profile; no extensions, the usual weights.
    let bits =
        Bits::of_size(8, 8).number(0, 1).number(0, 1).number(0, 3).number(1, 1).number(0, 2).number(0, 1);
    let bits = bits.number(0, 1).number(1, 1).number(0, 2).number(0, 2).number(1, 1);
    // Its length: 12 bits, then 8, then 8.
    let bits = bits.number(3, 2).number(coded & 0xfff, 12).number(1, 1).number(coded >> 12 & 0xff, 8);
    let bits = bits.number(1, 1).number(coded >> 20 & 0xff, 8).number(0, 1);
    // Symbols from 224 on are copies of at least three; how long, as many bits say as the symbol is larger than 225.
    let bits = bits.number(1, 1).number(0, 2).number(0, 2).number(0, 4);
    // One code for all contexts, a prefix code; numbers below 256 as they are.
    let bits = bits.number(1, 1).number(0, 2).number(1, 1).number(8, 4).number(0, 4).number(0, 4);
    // An alphabet of 249 of which there are three: 1 in one bit, 128 and 248 in two.
    let bits = bits.number(1, 1).number(7, 4).number(120, 7).number(1, 2).number(2, 2);
    let mut bits = bits.number(1, 8).number(128, 8).number(248, 8);
    // 256 MiB, in four bytes that go on and one that does not.
    for _ in 0..4 {
        bits = bits.number(0b01, 2);
    }
    // One command, that there are no tags, and the header.
    bits = bits.number(0, FIRST + 1 - 5);
    if coded > FIRST {
        for _ in 0..2 {
            // 2^23 and three more, at a distance of two.
            bits = bits.number(0b11, 2).number(0, 23).number(0, 1);
        }
    }
    [bits.bytes, vec![0; 40]].concat()
}

/// A file in boxes.
pub fn contained(boxes: &[Vec<u8>]) -> Vec<u8> {
    let start = [&[0, 0, 0, 12][..], b"JXL \r\n\x87\n"].concat();
    [start, boxed(b"ftyp", &[b"jxl ", &[0; 4], b"jxl "]), boxes.concat()].concat()
}
