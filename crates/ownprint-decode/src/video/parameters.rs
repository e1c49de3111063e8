//! Parses an H.264 sequence parameter set before memory is allocated for it (ITU-T H.264, 7.3.2.1.1
//! and E.1.1).

use ownprint_pixels::ColourRange;
use ownprint_pixels::wipe::WipedBytes;

use super::errors::damaged;
use crate::error::Error;

/// The values of a sequence parameter set that are checked or used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct SequenceParameters {
    /// Coded columns and rows, multiples of 16.
    pub(super) coded: (u64, u64),
    /// The number of reference frames.
    pub(super) references: u64,
    pub(super) range: ColourRange,
}

/// Profiles whose parameter sets contain the chroma format.
const WITH_CHROMA: [u32; 13] = [100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135];

impl SequenceParameters {
    /// Reads a NAL unit of type 7.
    pub(super) fn read(unit: &[u8]) -> Result<Self, Error> {
        let payload = without_emulation(unit.get(1..).unwrap_or_default());
        let mut bits = Bits { bytes: &payload.0, at: 0 };
        let profile = bits.number(8)?;
        bits.number(16)?;
        bits.golomb()?;
        if WITH_CHROMA.contains(&profile) {
            bits.chroma()?;
        }
        bits.golomb()?;
        match bits.golomb()? {
            0 => {
                bits.golomb()?;
            }
            1 => {
                bits.number(1)?;
                bits.golomb()?;
                bits.golomb()?;
                for _ in 0..bits.golomb()? {
                    bits.golomb()?;
                }
            }
            _ => {}
        }
        let references = bits.golomb()?.into();
        bits.number(1)?;
        let columns = u64::from(bits.golomb()?) + 1;
        let rows = u64::from(bits.golomb()?) + 1;
        let frames_only = bits.number(1)? == 1;
        let rows = if frames_only { rows } else { 2 * rows };
        if !frames_only {
            bits.number(1)?;
        }
        bits.number(1)?;
        if bits.number(1)? == 1 {
            for _side in 0..4 {
                bits.golomb()?;
            }
        }
        // The usability information is optional, so its absence or truncation is no error.
        let range = if bits.has_full_range().unwrap_or_default() {
            ColourRange::Full
        } else {
            ColourRange::Limited
        };
        Ok(Self { coded: (16 * columns, 16 * rows), references, range })
    }
}

/// Returns the payload without emulation prevention bytes.
fn without_emulation(unit: &[u8]) -> WipedBytes {
    // Allocated once, because growing would leave an unwiped copy.
    let mut payload = WipedBytes(Vec::with_capacity(unit.len()));
    let mut zeros = 0;
    for &byte in unit {
        if zeros >= 2 && byte == 3 {
            zeros = 0;
            continue;
        }
        zeros = if byte == 0 { zeros + 1 } else { 0 };
        payload.0.push(byte);
    }
    payload
}

struct Bits<'a> {
    bytes: &'a [u8],
    /// The number of bits read.
    at: usize,
}

impl Bits<'_> {
    /// Reads a number of up to 32 bits.
    fn number(&mut self, bits: usize) -> Result<u32, Error> {
        let mut number = 0;
        for _ in 0..bits {
            let byte =
                self.bytes.get(self.at / 8).ok_or_else(|| damaged("truncated parameter set"))?;
            number = number << 1 | u32::from(byte >> (7 - self.at % 8) & 1);
            self.at += 1;
        }
        Ok(number)
    }

    /// Reads an Exp-Golomb number, `ue(v)`. Signed numbers have the same length.
    fn golomb(&mut self) -> Result<u32, Error> {
        let mut zeros = 0;
        while self.number(1)? == 0 {
            zeros += 1;
            if zeros > 31 {
                return Err(damaged("parameter out of range"));
            }
        }
        Ok((1_u32 << zeros) - 1 + self.number(zeros)?)
    }

    /// Skips the chroma format, bit depths and scaling lists.
    fn chroma(&mut self) -> Result<(), Error> {
        let format = self.golomb()?;
        if format == 3 {
            self.number(1)?;
        }
        self.golomb()?;
        self.golomb()?;
        self.number(1)?;
        if self.number(1)? == 0 {
            return Ok(());
        }
        for list in 0..if format == 3 { 12 } else { 8 } {
            if self.number(1)? == 1 {
                self.scaling_list(if list < 6 { 16 } else { 64 })?;
            }
        }
        Ok(())
    }

    fn scaling_list(&mut self, length: usize) -> Result<(), Error> {
        let (mut last, mut next) = (8_i64, 8_i64);
        for _ in 0..length {
            if next != 0 {
                let number = i64::from(self.golomb()?);
                let difference = if number % 2 == 1 { (number + 1) / 2 } else { -(number / 2) };
                next = (last + difference + 256).rem_euclid(256);
            }
            last = if next == 0 { last } else { next };
        }
        Ok(())
    }

    /// Returns `true` if the usability information specifies the full range.
    fn has_full_range(&mut self) -> Result<bool, Error> {
        /// An explicit aspect ratio follows.
        const EXTENDED: u32 = 255;
        if self.number(1)? == 0 {
            return Ok(false);
        }
        if self.number(1)? == 1 && self.number(8)? == EXTENDED {
            self.number(32)?;
        }
        if self.number(1)? == 1 {
            self.number(1)?;
        }
        if self.number(1)? == 0 {
            return Ok(false);
        }
        self.number(3)?;
        Ok(self.number(1)? == 1)
    }
}
