//! Reads the bit fields of parameter sets and slice headers (ITU-T H.264, 7.2 and 9.1; H.265 and
//! AV1 have the same numbers).

use super::errors::damaged;
use crate::error::Error;

/// A reader of the payload of a unit, without emulation prevention bytes.
pub(super) struct Bits<'a> {
    bytes: &'a [u8],
    /// The number of bits read.
    at: usize,
}

impl<'a> Bits<'a> {
    pub(super) fn of(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// Reads a number of up to 32 bits.
    pub(super) fn number(&mut self, bits: u32) -> Result<u32, Error> {
        let mut number = 0;
        for _ in 0..bits {
            let byte = self.bytes.get(self.at / 8).ok_or_else(|| damaged("truncated header"))?;
            number = number << 1 | u32::from(byte >> (7 - self.at % 8) & 1);
            self.at += 1;
        }
        Ok(number)
    }

    pub(super) fn flag(&mut self) -> Result<bool, Error> {
        self.number(1).map(|bit| bit == 1)
    }

    /// Reads an Exp-Golomb number, `ue(v)`.
    pub(super) fn golomb(&mut self) -> Result<u32, Error> {
        let mut zeros = 0;
        while !self.flag()? {
            zeros += 1;
            if zeros > 31 {
                return Err(out_of_range());
            }
        }
        Ok((1_u32 << zeros) - 1 + self.number(zeros)?)
    }

    /// Reads an Exp-Golomb number, and returns an error if it exceeds `maximum`.
    pub(super) fn golomb_to(&mut self, maximum: u32) -> Result<u32, Error> {
        Some(self.golomb()?).filter(|number| *number <= maximum).ok_or_else(out_of_range)
    }

    /// Reads a signed Exp-Golomb number, `se(v)`.
    pub(super) fn signed(&mut self) -> Result<i64, Error> {
        let number = i64::from(self.golomb()?);
        Ok(if number % 2 == 1 { (number + 1) / 2 } else { -(number / 2) })
    }

    /// Reads a signed Exp-Golomb number, and returns an error if it is outside of the range.
    pub(super) fn signed_in(&mut self, minimum: i64, maximum: i64) -> Result<i64, Error> {
        let number = self.signed()?;
        if (minimum..=maximum).contains(&number) { Ok(number) } else { Err(out_of_range()) }
    }

    /// Returns `true` before the stop bit, the last bit that is set (`more_rbsp_data`).
    pub(super) fn has_more(&self) -> bool {
        let last = self.bytes.iter().rposition(|&byte| byte != 0);
        last.is_some_and(|last| {
            let stop = 7 - self.bytes.get(last).map_or(0, |byte| byte.trailing_zeros() as usize);
            self.at < last * 8 + stop
        })
    }

    /// Skips scaling lists (7.3.2.1.1.1): six of 4x4 samples, and `large` of 8x8.
    pub(super) fn scaling_lists(&mut self, large: usize) -> Result<(), Error> {
        for list in 0..6 + large {
            if self.flag()? {
                self.scaling_list(if list < 6 { 16 } else { 64 })?;
            }
        }
        Ok(())
    }

    /// Returns `true` if the usability information that begins here specifies the full range (H.264
    /// and HEVC, E.2.1).
    pub(super) fn full_range_of_usability(&mut self) -> Result<bool, Error> {
        /// An explicit aspect ratio follows.
        const EXTENDED: u32 = 255;
        if !self.flag()? {
            return Ok(false);
        }
        if self.flag()? && self.number(8)? == EXTENDED {
            self.number(32)?;
        }
        if self.flag()? {
            self.flag()?;
        }
        if !self.flag()? {
            return Ok(false);
        }
        self.number(3)?;
        self.flag()
    }

    fn scaling_list(&mut self, length: usize) -> Result<(), Error> {
        let (mut last, mut next) = (8_i64, 8_i64);
        for _ in 0..length {
            if next != 0 {
                next = (last + self.signed_in(-128, 127)? + 256) % 256;
            }
            last = if next == 0 { last } else { next };
        }
        Ok(())
    }
}

pub(super) fn out_of_range() -> Error {
    damaged("parameter out of range")
}
