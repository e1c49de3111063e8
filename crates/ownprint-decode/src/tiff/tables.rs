//! Counts the values of a directory before the reader allocates memory for them.
//!
//! The reader allocates 32 bytes for each value, including values that are not in the file.

use super::errors::unsupported;
use crate::error::Error;

/// The maximum of values in one entry. An image of 200 megapixels in tiles of 16x16 has 781,250
/// offsets.
const MAX_VALUES: u64 = 1 << 20;

/// The tags whose values are read: size, samples, compression, strips and tiles. Other entries,
/// such as ICC profiles and texts, are never read, so their length is not limited.
const READ_TAGS: [u16; 20] = [
    256, 257, 258, 259, 262, 273, 274, 277, 278, 279, 284, 317, 322, 323, 324, 325, 338, 339, 347,
    530,
];

/// Returns an error if an entry has too many values for the reader.
pub(super) fn check(bytes: &[u8]) -> Result<(), Error> {
    for (tag, count) in Entries::of_first(bytes).into_iter().flatten() {
        if count > MAX_VALUES && READ_TAGS.contains(&tag) {
            return Err(unsupported(&format!(
                "{count} values of tag {tag} (maximum {MAX_VALUES})"
            )));
        }
    }
    Ok(())
}

/// The maximum of directories that are read.
const MAX_DIRECTORIES: usize = 64;

/// Returns `true` if a directory after the first contains another page. Reduced copies of a page
/// and transparency masks do not count.
pub(super) fn has_further_page(bytes: &[u8]) -> bool {
    let mut seen = Vec::new();
    let mut directory = Entries::of_first(bytes);
    while let Some(entries) = directory {
        if seen.contains(&entries.at) || seen.len() == MAX_DIRECTORIES {
            return false;
        }
        if !seen.is_empty() && entries.is_page() {
            return true;
        }
        seen.push(entries.at);
        directory = entries.next_directory();
    }
    false
}

/// Iterates over the entries of a directory that are in the file: tag and number of values.
#[derive(Clone)]
struct Entries<'a> {
    bytes: &'a [u8],
    is_big_endian: bool,
    /// The width in bytes of an offset and of a number of values.
    offset: u64,
    at: u64,
    left: u64,
}

impl<'a> Entries<'a> {
    /// Returns the entries of the first directory, or `None` if there is none.
    fn of_first(bytes: &'a [u8]) -> Option<Self> {
        let (is_big_endian, is_big) = match bytes.get(..4)? {
            [b'I', b'I', 42, 0] => (false, false),
            [b'M', b'M', 0, 42] => (true, false),
            [b'I', b'I', 43, 0] => (false, true),
            [b'M', b'M', 0, 43] => (true, true),
            _ => return None,
        };
        let offset = if is_big { 8 } else { 4 };
        // After the signature and, in BigTIFF, the width of an offset.
        Self { bytes, is_big_endian, offset, at: offset, left: 0 }.directory_at_pointer()
    }

    /// Returns the entries of the directory whose offset is stored at `at`.
    fn directory_at_pointer(mut self) -> Option<Self> {
        let start = self.number(self.at, self.offset)?;
        let entries = if self.offset == 8 { 8 } else { 2 };
        self.left = self.number(start, entries)?;
        self.at = start.checked_add(entries)?;
        Some(self)
    }

    /// Returns the entries of the next directory. No entry of this one may have been read.
    fn next_directory(mut self) -> Option<Self> {
        self.at = self.at.checked_add(self.left.checked_mul(4 + 2 * self.offset)?)?;
        if self.number(self.at, self.offset)? == 0 { None } else { self.directory_at_pointer() }
    }

    /// Returns `true` if the directory contains an image that `NewSubfileType` does not mark as a
    /// reduced copy or a mask.
    fn is_page(&self) -> bool {
        const NEW_SUBFILE_TYPE: u16 = 254;
        const IMAGE_WIDTH: u16 = 256;
        const REDUCED_OR_MASK: u64 = 1 | 4;
        const SHORT: u64 = 3;
        let (mut has_width, mut entries) = (false, self.clone());
        loop {
            let at = entries.at;
            match entries.next() {
                None => return has_width,
                Some((IMAGE_WIDTH, _)) => has_width = true,
                Some((NEW_SUBFILE_TYPE, _)) => {
                    // An entry has the type at offset 2 and the value after the number of values.
                    let width = if entries.number(at + 2, 2) == Some(SHORT) { 2 } else { 4 };
                    let value = entries.number(at + 4 + self.offset, width).unwrap_or_default();
                    if value & REDUCED_OR_MASK != 0 {
                        return false;
                    }
                }
                Some(_) => {}
            }
        }
    }

    /// Reads a number of `width` bytes.
    fn number(&self, at: u64, width: u64) -> Option<u64> {
        let start = usize::try_from(at).ok()?;
        let bytes = self.bytes.get(start..start.checked_add(width as usize)?)?;
        let appended = |number, byte: &u8| number << 8 | u64::from(*byte);
        Some(if self.is_big_endian {
            bytes.iter().fold(0, appended)
        } else {
            bytes.iter().rev().fold(0, appended)
        })
    }
}

impl Iterator for Entries<'_> {
    type Item = (u16, u64);

    fn next(&mut self) -> Option<Self::Item> {
        self.left = self.left.checked_sub(1)?;
        let tag = self.number(self.at, 2)? as u16;
        // Tag, type (two bytes), number of values, then the values or their offset.
        let count = self.number(self.at.checked_add(4)?, self.offset)?;
        self.at = self.at.checked_add(4 + 2 * self.offset)?;
        Some((tag, count))
    }
}
