//! Reads the numbers in the tables of a video.

use super::errors::damaged;
use crate::error::Error;

/// A reader of big-endian numbers from the body of a box.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fields<'a>(pub(super) &'a [u8]);

impl<'a> Fields<'a> {
    pub(super) fn take(&mut self, count: usize) -> Result<&'a [u8], Error> {
        let (taken, rest) =
            self.0.split_at_checked(count).ok_or_else(|| damaged("truncated table"))?;
        self.0 = rest;
        Ok(taken)
    }

    pub(super) fn array<const COUNT: usize>(&mut self) -> Result<[u8; COUNT], Error> {
        let (taken, rest) = self.0.split_first_chunk().ok_or_else(|| damaged("truncated table"))?;
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

    /// Reads the version and skips the three bytes of flags after it.
    pub(super) fn version(&mut self) -> Result<u8, Error> {
        let [version, ..] = self.array::<4>()?;
        Ok(version)
    }

    /// Reads a number of 32 bits in version 0 and of 64 bits in later versions.
    pub(super) fn sized(&mut self, version: u8) -> Result<u64, Error> {
        if version == 0 { self.u32().map(u64::from) } else { self.u64() }
    }

    /// Reads a count and as many entries of `WORDS` 32-bit numbers.
    pub(super) fn entries<const WORDS: usize>(&mut self) -> Result<&'a [[[u8; 4]; WORDS]], Error> {
        let count = self.u32()? as usize;
        let entries = self.take(count.saturating_mul(4 * WORDS))?;
        Ok(entries.as_chunks::<4>().0.as_chunks::<WORDS>().0)
    }
}
