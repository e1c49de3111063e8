//! Reads and writes the bits of entropy-coded segments, and decodes Huffman codes (ITU-T T.81,
//! F.2.2.3).

use ownprint_pixels::wipe::WipedBytes;

use super::markers::{TRUNCATED, damaged};
use crate::error::Error;

/// Reads the bits of a scan up to a marker.
pub(super) struct BitReader<'a> {
    data: &'a [u8],
    at: usize,
    /// The lowest `count` bits were not used yet.
    bits: u32,
    count: u32,
}

impl<'a> BitReader<'a> {
    pub(super) fn new(data: &'a [u8]) -> Self {
        Self { data, at: 0, bits: 0, count: 0 }
    }

    fn bit(&mut self) -> Result<u32, Error> {
        if self.count == 0 {
            let byte = self.data.get(self.at).copied().ok_or(TRUNCATED)?;
            self.at += 1;
            if byte == 0xff {
                // A stuffed zero follows, or a marker.
                match self.data.get(self.at) {
                    Some(0) => self.at += 1,
                    Some(_) => return Err(damaged("scan data end early")),
                    None => return Err(TRUNCATED),
                }
            }
            (self.bits, self.count) = (byte.into(), 8);
        }
        self.count -= 1;
        Ok(self.bits >> self.count & 1)
    }

    /// Moves `count` bits to `target`.
    pub(super) fn move_bits(&mut self, count: u32, target: &mut BitWriter) -> Result<(), Error> {
        for _ in 0..count {
            target.push(self.bit()?, 1);
        }
        Ok(())
    }

    /// Discards the bits up to the next byte, and reads the restart marker after them.
    pub(super) fn restart(&mut self) -> Result<(), Error> {
        self.count = 0;
        loop {
            match self.data.get(self.at..) {
                Some([0xff, 0xd0..=0xd7, ..]) => {
                    self.at += 2;
                    return Ok(());
                }
                // Fill bytes may precede a marker.
                Some([0xff, 0xff, ..]) => self.at += 1,
                Some([_, _, ..]) => return Err(damaged("no restart marker")),
                _ => return Err(TRUNCATED),
            }
        }
    }

    /// Returns the offset of the first byte that was not read.
    pub(super) fn position(&self) -> usize {
        self.at
    }
}

/// Collects bits. They are wiped on drop.
#[derive(Default)]
pub(super) struct BitWriter {
    bytes: WipedBytes,
    /// The lowest `count` bits follow the bytes; fewer than eight.
    bits: u32,
    count: u32,
}

impl BitWriter {
    /// Appends the lowest `count` bits, at most 16.
    pub(super) fn push(&mut self, bits: u32, count: u32) {
        self.bits = self.bits << count | bits;
        self.count += count;
        while self.count >= 8 {
            self.count -= 8;
            self.bytes.0.push((self.bits >> self.count) as u8);
        }
        self.bits &= (1 << self.count) - 1;
    }

    pub(super) fn append(&mut self, other: &Self) {
        for byte in &other.bytes.0 {
            self.push((*byte).into(), 8);
        }
        self.push(other.bits, other.count);
    }

    /// Writes the bits as an entropy-coded segment: filled with ones, and a zero after each 0xff.
    pub(super) fn finish(mut self, output: &mut Vec<u8>) {
        if self.count > 0 {
            let filling = 8 - self.count;
            self.push((1 << filling) - 1, filling);
        }
        for byte in &self.bytes.0 {
            output.push(*byte);
            if *byte == 0xff {
                output.push(0);
            }
        }
    }
}

/// A table of Huffman codes.
pub(super) struct Huffman {
    /// The number of codes of each length, from 1 bit on.
    counts: [u8; 16],
    /// The symbols in the order of their codes.
    symbols: Vec<u8>,
}

impl Huffman {
    /// Reads a table of a DHT segment, and returns the rest of the segment.
    pub(super) fn read(data: &[u8]) -> Result<(Self, &[u8]), Error> {
        let invalid = || damaged("Huffman table");
        let (counts, rest) = data.split_first_chunk::<16>().ok_or_else(invalid)?;
        let total = counts.iter().map(|count| usize::from(*count)).sum();
        let (symbols, rest) = rest.split_at_checked(total).ok_or_else(invalid)?;
        Ok((Self { counts: *counts, symbols: symbols.to_vec() }, rest))
    }

    /// Moves a code to `target` and returns its symbol.
    pub(super) fn move_code(
        &self,
        reader: &mut BitReader<'_>,
        target: &mut BitWriter,
    ) -> Result<u8, Error> {
        // Codes of one length are consecutive numbers, and precede those of the next length.
        let (mut code, mut first, mut index) = (0_u32, 0_u32, 0_usize);
        for (count, length) in self.counts.iter().zip(1..) {
            code = code << 1 | reader.bit()?;
            let offset = code.wrapping_sub(first);
            if offset < u32::from(*count) {
                target.push(code, length);
                let symbol = self.symbols.get(index + offset as usize);
                return symbol.copied().ok_or_else(|| damaged("Huffman table"));
            }
            index += usize::from(*count);
            first = first.wrapping_add(u32::from(*count)) << 1;
        }
        Err(damaged("Huffman code"))
    }
}
