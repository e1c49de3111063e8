//! Reads the directories of TIFF and `BigTIFF` files. Values stay in the file until they are used.

/// A directory in a file. All reads are bounds-checked.
#[derive(Debug, Clone, Copy)]
pub(super) struct Directory<'a> {
    file: File<'a>,
    /// The offset of the first entry.
    start: u64,
    /// The number of entries.
    count: u64,
}

#[derive(Debug, Clone, Copy)]
struct File<'a> {
    bytes: &'a [u8],
    is_big_endian: bool,
    /// The width in bytes of an offset and of a number of values: 4, or 8 in `BigTIFF`.
    offset: u64,
}

/// The values of an entry.
#[derive(Debug, Clone, Copy)]
pub(super) struct Values<'a> {
    file: File<'a>,
    /// The TIFF type.
    pub(super) kind: u16,
    /// The number of values.
    pub(super) count: u64,
    /// The offset of the first value.
    at: u64,
}

/// TIFF types.
pub(super) mod kind {
    pub(super) const BYTE: u16 = 1;
    pub(in super::super) const SHORT: u16 = 3;
    pub(in super::super) const LONG: u16 = 4;
    pub(super) const RATIONAL: u16 = 5;
    pub(super) const SIGNED_BYTE: u16 = 6;
    pub(super) const UNDEFINED: u16 = 7;
    pub(super) const SIGNED_SHORT: u16 = 8;
    pub(super) const SIGNED_LONG: u16 = 9;
    pub(super) const DIRECTORY: u16 = 13;
    pub(super) const LONG8: u16 = 16;
    pub(super) const SIGNED_LONG8: u16 = 17;
    pub(super) const DIRECTORY8: u16 = 18;
}

impl<'a> Directory<'a> {
    /// Returns the first directory, or `None` if the file ends before it.
    pub(super) fn first(bytes: &'a [u8]) -> Option<Self> {
        let (is_big_endian, offset) = match bytes.get(..4)? {
            [b'I', b'I', 42, 0] => (false, 4),
            [b'M', b'M', 0, 42] => (true, 4),
            [b'I', b'I', 43, 0] => (false, 8),
            [b'M', b'M', 0, 43] => (true, 8),
            _ => return None,
        };
        // The offset follows the signature and, in BigTIFF, the width of an offset.
        File { bytes, is_big_endian, offset }.directory(offset)
    }

    /// Returns the directory after this one.
    fn next(&self) -> Option<Self> {
        self.file.directory(self.start + self.count * self.file.entry_bytes())
    }

    pub(super) fn is_big_endian(&self) -> bool {
        self.file.is_big_endian
    }

    /// Returns the values of the first entry with this tag, or `None` if there is no such entry in
    /// the file.
    pub(super) fn values(&self, tag: u16) -> Option<Values<'a>> {
        let file = self.file;
        let entry = (0..self.count)
            .map(|index| self.start + index * file.entry_bytes())
            .find(|&at| file.number(at, 2) == Some(tag.into()))?;
        let kind = file.number(entry + 2, 2)? as u16;
        let count = file.number(entry + 4, file.offset)?;
        let inline = entry + 4 + file.offset;
        let bytes = count.checked_mul(width(kind)?)?;
        let at = if bytes <= file.offset { inline } else { file.number(inline, file.offset)? };
        (count > 0).then_some(Values { file, kind, count, at })
    }

    /// Returns the value of a tag, if it is a single integer that is not negative. As in libtiff, a
    /// tag with more values counts as absent.
    pub(super) fn number(&self, tag: u16) -> Option<u64> {
        self.values(tag).filter(|values| values.count == 1)?.get(0)
    }

    /// Returns `true` if a later directory contains another page. Reduced copies of a page and
    /// transparency masks do not count.
    pub(super) fn has_further_page(&self) -> bool {
        let mut seen = vec![self.start];
        let mut directory = *self;
        while let Some(next) = directory.next() {
            if seen.contains(&next.start) || seen.len() == MAX_DIRECTORIES {
                return false;
            }
            if next.is_page() {
                return true;
            }
            seen.push(next.start);
            directory = next;
        }
        false
    }

    /// Returns `true` if the directory contains an image that `NewSubfileType` does not mark as a
    /// reduced copy or a mask.
    fn is_page(&self) -> bool {
        const NEW_SUBFILE_TYPE: u16 = 254;
        const IMAGE_WIDTH: u16 = 256;
        const REDUCED_OR_MASK: u64 = 1 | 4;
        let kind = self.number(NEW_SUBFILE_TYPE).unwrap_or(0);
        kind & REDUCED_OR_MASK == 0 && self.values(IMAGE_WIDTH).is_some()
    }
}

/// The maximum of directories that are read.
const MAX_DIRECTORIES: usize = 64;

impl<'a> Values<'a> {
    /// Returns an integer that is not negative. Every integer type is accepted for every tag, as in
    /// libtiff.
    pub(super) fn get(&self, index: u64) -> Option<u64> {
        let width = width(self.kind)?;
        let number = self.read(index, width)?;
        match self.kind {
            kind::RATIONAL | kind::UNDEFINED => None,
            kind::SIGNED_BYTE | kind::SIGNED_SHORT | kind::SIGNED_LONG | kind::SIGNED_LONG8 => {
                let sign = 1 << (8 * width - 1);
                (number & sign == 0).then_some(number)
            }
            _ => Some(number),
        }
    }

    /// Returns the numerator and the denominator of an unsigned fraction.
    pub(super) fn fraction(&self, index: u64) -> Option<(u64, u64)> {
        if self.kind != kind::RATIONAL {
            return None;
        }
        let halves = Values { kind: kind::LONG, count: self.count.checked_mul(2)?, ..*self };
        Some((halves.get(index.checked_mul(2)?)?, halves.get(index.checked_mul(2)? + 1)?))
    }

    /// Returns the values as bytes, if the type has one byte.
    pub(super) fn bytes(&self) -> Option<&'a [u8]> {
        let start = usize::try_from(self.at).ok()?;
        let end = start.checked_add(usize::try_from(self.count).ok()?)?;
        if width(self.kind)? == 1 { self.file.bytes.get(start..end) } else { None }
    }

    fn read(&self, index: u64, width: u64) -> Option<u64> {
        if index >= self.count {
            return None;
        }
        self.file.number(self.at.checked_add(index.checked_mul(width)?)?, width)
    }
}

impl<'a> File<'a> {
    /// Returns the directory whose offset is stored at `at`, if all of its entries are in the file.
    fn directory(self, at: u64) -> Option<Directory<'a>> {
        let start = self.number(at, self.offset).filter(|&start| start > 0)?;
        let width = if self.offset == 8 { 8 } else { 2 };
        let count = self.number(start, width)?;
        let start = start.checked_add(width)?;
        let end = start.checked_add(count.checked_mul(self.entry_bytes())?)?;
        (end <= self.bytes.len() as u64).then_some(Directory { file: self, start, count })
    }

    /// Tag, type, number of values, and the values or their offset.
    fn entry_bytes(self) -> u64 {
        4 + 2 * self.offset
    }

    fn number(self, at: u64, width: u64) -> Option<u64> {
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

/// Returns the bytes of a value of a type, or `None` for unknown types and floating point.
fn width(kind: u16) -> Option<u64> {
    match kind {
        kind::BYTE | kind::SIGNED_BYTE | kind::UNDEFINED => Some(1),
        kind::SHORT | kind::SIGNED_SHORT => Some(2),
        kind::LONG | kind::SIGNED_LONG | kind::DIRECTORY => Some(4),
        kind::RATIONAL | kind::LONG8 | kind::SIGNED_LONG8 | kind::DIRECTORY8 => Some(8),
        _ => None,
    }
}
