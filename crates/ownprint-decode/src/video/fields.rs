//! The numbers in the tables of a video.

use super::errors::damaged;
use crate::error::Error;

/// Numbers, big end first, from the front of a body.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fields<'a>(pub(super) &'a [u8]);

impl<'a> Fields<'a> {
    pub(super) fn take(&mut self, count: usize) -> Result<&'a [u8], Error> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or_else(|| damaged("a table is cut off"))?;
        self.0 = rest;
        Ok(taken)
    }

    pub(super) fn array<const COUNT: usize>(&mut self) -> Result<[u8; COUNT], Error> {
        let (taken, rest) = self.0.split_first_chunk().ok_or_else(|| damaged("a table is cut off"))?;
        self.0 = rest;
        Ok(*taken)
    }

    pub(super) fn u8(&mut self) -> Result<u8, Error> {
        self.array().map(u8::from_be_bytes)
    }

    pub(super) fn u16(&mut self) -> Result<u16, Error> {
        self.array().map(u16::from_be_bytes)
    }

    pub(super) fn u32(&mut self) -> Result<u32, Error> {
        self.array().map(u32::from_be_bytes)
    }

    pub(super) fn u64(&mut self) -> Result<u64, Error> {
        self.array().map(u64::from_be_bytes)
    }

    /// A body's version, behind which stand three bytes of flags.
    pub(super) fn version(&mut self) -> Result<u8, Error> {
        let [version, ..] = self.array::<4>()?;
        Ok(version)
    }

    /// A number whose width is 64 bits from version 1 on.
    pub(super) fn sized(&mut self, version: u8) -> Result<u64, Error> {
        if version == 0 { self.u32().map(u64::from) } else { self.u64() }
    }

    /// A count and as many entries of `WORDS` 32-bit numbers.
    pub(super) fn entries<const WORDS: usize>(&mut self) -> Result<&'a [[[u8; 4]; WORDS]], Error> {
        let count = self.u32()? as usize;
        let entries = self.take(count.saturating_mul(4 * WORDS))?;
        Ok(entries.as_chunks::<4>().0.as_chunks::<WORDS>().0)
    }
}
