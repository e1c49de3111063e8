//! The sections of a saved index of hashes: columns of numbers, one after another, in blocks with
//! checksums.

use std::io::{Read, Write};
use std::sync::Arc;

use bytemuck::Pod;

use crate::code::{self, Code};
use crate::column::Column;
use crate::error::{Error, invalid, truncated};
use crate::layout::{Layout, MAX_SCANNED};
use crate::mapping::{BLOCK, Mapping, SUM};
use crate::payloads;

/// Columns start at multiples of this many bytes: a line of the processor's cache.
const ALIGNMENT: usize = 64;

/// The memory that is allocated before the bytes for it have been read.
const READ_AHEAD: usize = 1 << 20;

/// The numbers that determine the position and the length of each column.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Shape {
    /// Number of distinct hashes.
    pub(crate) hashes: usize,
    pub(crate) entries: usize,
    /// Number of hashes that have several entries.
    pub(crate) repeats: usize,
    /// The length of all texts, in bytes.
    pub(crate) text: usize,
    /// Zero if all hashes are scanned.
    pub(crate) slots: u32,
    pub(crate) prefix: u32,
}

impl Shape {
    /// The length of a shape in a file.
    pub(crate) const BYTES: usize = 40;

    pub(crate) fn to_bytes(self) -> [u8; Self::BYTES] {
        let mut bytes = [0; Self::BYTES];
        let numbers = [self.hashes, self.entries, self.repeats, self.text];
        let numbers = numbers.iter().flat_map(|&number| (number as u64).to_le_bytes());
        let slots = [self.slots, self.prefix].into_iter().flat_map(u32::to_le_bytes);
        for (byte, value) in bytes.iter_mut().zip(numbers.chain(slots)) {
            *byte = value;
        }
        bytes
    }

    pub(crate) fn from_bytes(bytes: &[u8; Self::BYTES]) -> Result<Self, Error> {
        let (numbers, slots) = bytes.split_at(32);
        let mut numbers = numbers.as_chunks::<8>().0.iter().map(|it| u64::from_le_bytes(*it));
        let mut slots = slots.as_chunks::<4>().0.iter().map(|it| u32::from_le_bytes(*it));
        let mut number = || numbers.next().and_then(|it| usize::try_from(it).ok());
        let mut slot = || slots.next();
        let mut shape = || {
            Some(Self {
                hashes: number()?,
                entries: number()?,
                repeats: number()?,
                text: number()?,
                slots: slot()?,
                prefix: slot()?,
            })
        };
        let is_possible = |it: &Self| {
            it.hashes <= it.entries
                && it.repeats <= it.hashes
                && it.entries < u32::MAX as usize
                && (it.slots == 0) == (it.hashes <= MAX_SCANNED)
        };
        shape().filter(is_possible).ok_or_else(|| invalid("its sizes are impossible"))
    }

    /// Returns the division into slots; `None` if all hashes are scanned.
    pub(crate) fn layout(&self, bits: usize) -> Result<Option<Layout>, Error> {
        if self.slots == 0 && self.prefix == 0 {
            return Ok(None);
        }
        let layout = Layout::from_parts(bits, self.hashes, self.slots, self.prefix);
        layout.map(Some).ok_or_else(|| invalid("this build divides hashes in another way"))
    }

    /// Returns the length of all columns, in bytes; `None` if it exceeds the memory of this
    /// machine.
    pub(crate) fn length(&self, bits: usize) -> Result<Option<usize>, Error> {
        let groups = self.entries.div_ceil(payloads::GROUP);
        let mut columns = vec![
            (self.hashes, 8 * code::words(bits)),
            (self.entries, size_of::<u32>()),
            (self.repeats, size_of::<[u32; 2]>()),
            (groups, size_of::<u64>()),
            (self.entries, size_of::<u32>()),
            (self.text, 1),
        ];
        if let Some(layout) = self.layout(bits)? {
            for slot in 0..layout.slots() {
                columns.push((layout.buckets() + 1, size_of::<u32>()));
                columns.push((if slot == 0 { 0 } else { self.hashes }, size_of::<u32>()));
            }
        }
        Ok(columns.into_iter().try_fold(0_usize, |sum, (length, width)| {
            sum.checked_add(length.checked_mul(width)?.checked_next_multiple_of(ALIGNMENT)?)
        }))
    }
}

/// A value of a column. In a file it is little-endian.
pub(crate) trait Value: Pod {
    /// Converts between the order of bytes of this machine and of a file.
    fn little(self) -> Self;
}

macro_rules! numbers {
    ($($number:ty)*) => {$(
        impl Value for $number {
            fn little(self) -> Self {
                self.to_le()
            }
        }
    )*};
}

numbers!(u8 u32 u64);

impl Value for [u32; 2] {
    fn little(self) -> Self {
        self.map(Value::little)
    }
}

impl<const WORDS: usize> Value for Code<WORDS> {
    fn little(self) -> Self {
        self.map(Value::little)
    }
}

/// Divides the bytes that pass into blocks, and collects their checksums.
struct Blocks {
    sum: blake3::Hasher,
    filled: usize,
    sums: Vec<u8>,
}

impl Blocks {
    fn new() -> Self {
        Self { sum: blake3::Hasher::new(), filled: 0, sums: Vec::new() }
    }

    fn update(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let (block, rest) = bytes.split_at(bytes.len().min(BLOCK - self.filled));
            self.sum.update(block);
            self.filled += block.len();
            if self.filled == BLOCK {
                self.end();
            }
            bytes = rest;
        }
    }

    fn end(&mut self) {
        if self.filled > 0 {
            self.sums.extend_from_slice(self.sum.finalize().as_bytes());
            self.sum.reset();
            self.filled = 0;
        }
    }
}

/// Returns the checksum of the header and of the checksums of all blocks.
pub(crate) fn root(header: &[u8], sums: &[u8]) -> blake3::Hash {
    blake3::Hasher::new().update(header).update(sums).finalize()
}

/// Writes columns.
pub(crate) struct Writer<'a> {
    inner: &'a mut dyn Write,
    blocks: Blocks,
}

impl<'a> Writer<'a> {
    pub(crate) fn new(inner: &'a mut dyn Write) -> Self {
        Self { inner, blocks: Blocks::new() }
    }

    pub(crate) fn column<T: Value>(&mut self, column: &Column<T>) -> Result<(), Error> {
        let values = column.verified();
        // A damaged block must not get a new checksum.
        column.mapping().map_or(Ok(()), |mapping| mapping.state())?;
        if cfg!(target_endian = "big") {
            let values: Vec<T> = values.iter().map(|value| value.little()).collect();
            self.write(bytemuck::cast_slice(&values))?;
        } else {
            self.write(bytemuck::cast_slice(values))?;
        }
        let length = size_of_val(values);
        self.write(&[0; ALIGNMENT][..length.next_multiple_of(ALIGNMENT) - length])
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.blocks.update(bytes);
        Ok(self.inner.write_all(bytes)?)
    }

    /// Writes the checksums. `header` is what was written before the columns.
    pub(crate) fn finish(mut self, header: &[u8]) -> Result<(), Error> {
        self.blocks.end();
        self.inner.write_all(&self.blocks.sums)?;
        self.inner.write_all(root(header, &self.blocks.sums).as_bytes())?;
        Ok(self.inner.flush()?)
    }
}

/// Returns columns in the order in which they were written.
pub(crate) enum Sections<'a> {
    /// A mapping, and the position of the next column.
    Mapped(Arc<Mapping>, usize),
    Read(Box<Reader<'a>>),
}

impl Sections<'_> {
    /// Returns the next column.
    pub(crate) fn column<T: Value>(&mut self, length: usize) -> Result<Column<T>, Error> {
        match self {
            Self::Mapped(mapping, position) => {
                let start = *position;
                // The whole length was compared with that of the file.
                *position = start + (length * size_of::<T>()).next_multiple_of(ALIGNMENT);
                Ok(Column::Mapped { mapping: Arc::clone(mapping), start, length })
            }
            Self::Read(reader) => Ok(reader.column(length)?.into()),
        }
    }
}

/// Reads columns into memory.
pub(crate) struct Reader<'a> {
    inner: &'a mut dyn Read,
    blocks: Blocks,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(inner: &'a mut dyn Read) -> Self {
        Self { inner, blocks: Blocks::new() }
    }

    /// Memory grows with the data, not with the length that the file states.
    fn column<T: Value>(&mut self, length: usize) -> Result<Vec<T>, Error> {
        let mut values = Vec::new();
        while values.len() < length {
            let (start, step) = (values.len(), (READ_AHEAD / size_of::<T>()).max(values.len()));
            values.resize(length.min(start.saturating_add(step)), T::zeroed());
            if let Some(values) = values.get_mut(start..) {
                self.read(bytemuck::cast_slice_mut(values))?;
                for value in values {
                    *value = value.little();
                }
            }
        }
        values.shrink_to_fit();
        let length = size_of_val(values.as_slice());
        let mut padding = [0; ALIGNMENT];
        let padding = &mut padding[..length.next_multiple_of(ALIGNMENT) - length];
        self.read(padding)?;
        if padding.iter().any(|&byte| byte != 0) {
            return Err(invalid("there are bytes between its columns"));
        }
        Ok(values)
    }

    /// The bytes are summed while they are in the cache.
    fn read(&mut self, bytes: &mut [u8]) -> Result<(), Error> {
        for bytes in bytes.chunks_mut(16 * BLOCK) {
            self.inner.read_exact(bytes).map_err(truncated)?;
            self.blocks.update(bytes);
        }
        Ok(())
    }

    /// Reads and compares the checksums, and the end of the file.
    pub(crate) fn finish(mut self, header: &[u8]) -> Result<(), Error> {
        self.blocks.end();
        let sums = &self.blocks.sums;
        let mut expected = vec![0; sums.len() + SUM];
        self.inner.read_exact(&mut expected).map_err(truncated)?;
        if expected.strip_prefix(sums.as_slice()) != Some(root(header, sums).as_bytes()) {
            return Err(invalid("the checksum does not match: the file was altered or damaged"));
        }
        if self.inner.read(&mut [0])? != 0 {
            return Err(invalid("there are bytes after its end"));
        }
        Ok(())
    }
}
