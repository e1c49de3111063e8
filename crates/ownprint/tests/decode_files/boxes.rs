//! Writers of ISO base media boxes, and of bits with the highest first.

#![allow(clippy::trivially_copy_pass_by_ref)]

/// Returns a box: length, type, and a body of these parts.
pub fn boxed(kind: &[u8; 4], parts: &[&[u8]]) -> Vec<u8> {
    let length = 8 + parts.iter().map(|part| part.len()).sum::<usize>();
    [&(length as u32).to_be_bytes()[..], kind, &parts.concat()].concat()
}

/// Returns big-endian numbers as tables contain them.
pub fn words(numbers: &[u32]) -> Vec<u8> {
    numbers.iter().flat_map(|number| number.to_be_bytes()).collect()
}

/// A writer of bits, the highest bit of each byte first.
#[derive(Default)]
pub struct Bits {
    bytes: Vec<u8>,
    count: usize,
}

impl Bits {
    #[must_use]
    pub fn number(mut self, value: u32, bits: u32) -> Self {
        for bit in (0..bits).rev() {
            if self.count.is_multiple_of(8) {
                self.bytes.push(0);
            }
            *self.bytes.last_mut().unwrap() |= ((value >> bit & 1) as u8) << (7 - self.count % 8);
            self.count += 1;
        }
        self
    }

    /// Writes an Exp-Golomb number.
    #[must_use]
    pub fn golomb(self, value: u32) -> Self {
        let bits = (value + 1).ilog2();
        self.number(0, bits).number(value + 1, bits + 1)
    }

    /// Returns the bytes; the last is padded with a one and zeros.
    pub fn stopped(self) -> Vec<u8> {
        self.number(1, 1).bytes
    }
}
