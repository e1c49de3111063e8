//! Saves an index to a file, and loads it.
//!
//! Version 1, numbers little-endian: the magic bytes, `u32` version, `u16` length and name of the
//! algorithm, `u32` number of entries; for each entry, in insertion order, the hash's bytes, `u32`
//! length and payload in UTF-8; finally the BLAKE3 of all preceding bytes, 32 bytes. Slots are not
//! saved: they are fast to build and would be three quarters of the file.

use std::io::{self, Read, Write};
use std::num::NonZero;

use ownprint_hash::{BitHash, HashAlgorithm};

use crate::error::Error;
use crate::index::Index;

const VERSION: u32 = 1;

/// The maximum length of an algorithm's name, in bytes.
const LONGEST_NAME: u16 = 256;

impl Index {
    /// The magic bytes at the start of a saved index. As in PNG, they detect converted line
    /// endings.
    pub const MARK: &'static [u8; 16] = b"ownprint-index\r\n";

    /// Saves the index: version, entries, checksum. Removed entries are not saved.
    ///
    /// ```
    /// use std::num::NonZero;
    ///
    /// use ownprint_hash::{BitHash, HashAlgorithm};
    /// use ownprint_search::Index;
    ///
    /// let mut index = Index::new(HashAlgorithm::PDQ)?;
    /// index.insert(&BitHash::from_bytes(&[7; 32]), "seven")?;
    /// let mut file = Vec::new();
    /// index.save(&mut file)?;
    /// let loaded = Index::load(file.as_slice(), NonZero::<usize>::MIN)?;
    /// assert_eq!(loaded.payload(0), Some("seven"));
    /// # Ok::<(), ownprint_search::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Io`] if the writer fails.
    pub fn save(&self, writer: impl Write) -> Result<(), Error> {
        let mut file = Summed { inner: writer, sum: blake3::Hasher::new() };
        let name = self.algorithm().name();
        file.write_all(Self::MARK)?;
        file.write_all(&VERSION.to_le_bytes())?;
        file.write_all(&(name.len() as u16).to_le_bytes())?;
        file.write_all(name.as_bytes())?;
        file.write_all(&(self.len() as u32).to_le_bytes())?;
        let mut entries = Vec::with_capacity(self.len());
        self.each(|entry, hash, payload| entries.push((entry, hash.clone(), payload)));
        entries.sort_unstable();
        for (_, hash, payload) in &entries {
            let length = u32::try_from(payload.len()).map_err(|_| {
                io::Error::new(io::ErrorKind::InvalidInput, "a payload of 4 GiB or more")
            })?;
            file.write_all(hash.as_bytes())?;
            file.write_all(&length.to_le_bytes())?;
            file.write_all(payload.as_bytes())?;
        }
        let Summed { mut inner, sum } = file;
        inner.write_all(sum.finalize().as_bytes())?;
        Ok(inner.flush()?)
    }

    /// Loads an index that was [saved](Self::save), and compacts it on up to `threads` threads.
    /// Entries are renumbered from 0, in insertion order. Memory is allocated only for data that
    /// the file contains.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidIndex`] if the file is not an index, has another version, is truncated or
    /// altered, or has trailing bytes; [`Error::Hash`] if this build does not have the algorithm;
    /// [`Error::Io`] if the reader fails.
    pub fn load(reader: impl Read, threads: NonZero<usize>) -> Result<Self, Error> {
        let mut file = Summed { inner: reader, sum: blake3::Hasher::new() };
        if file.array::<16>()? != *Self::MARK {
            return Err(invalid("it does not start with the magic bytes of an index"));
        }
        let version = file.number()?;
        if version != VERSION {
            return Err(invalid(&format!(
                "unsupported version {version}; this build reads version {VERSION}"
            )));
        }
        let algorithm: HashAlgorithm = file.name()?.parse()?;
        let mut index = Self::new(algorithm)?;
        let entries = file.number()?;
        for _ in 0..entries {
            let hash = file.bytes(algorithm.bits().div_ceil(8))?;
            let length = file.number()? as usize;
            let payload = String::from_utf8(file.bytes(length)?);
            let payload = payload.map_err(|_| invalid("a payload is not UTF-8"))?;
            index.push(&BitHash::of_length(algorithm.bits(), &hash), payload)?;
        }
        let sum = file.sum.finalize();
        if file.array::<32>()? != *sum.as_bytes() {
            return Err(invalid("the checksum does not match: the file was altered or damaged"));
        }
        if file.inner.read(&mut [0])? != 0 {
            return Err(invalid("there are bytes after its end"));
        }
        index.compact(threads);
        Ok(index)
    }
}

fn invalid(detail: &str) -> Error {
    Error::InvalidIndex { detail: detail.to_owned() }
}

/// A reader or writer that computes the checksum.
struct Summed<Inner> {
    inner: Inner,
    sum: blake3::Hasher,
}

impl<Inner: Write> Write for Summed<Inner> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.sum.update(bytes.get(..written).unwrap_or(bytes));
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl<Inner: Read> Summed<Inner> {
    fn array<const LENGTH: usize>(&mut self) -> Result<[u8; LENGTH], Error> {
        let mut bytes = [0; LENGTH];
        self.inner.read_exact(&mut bytes).map_err(truncated)?;
        self.sum.update(&bytes);
        Ok(bytes)
    }

    fn number(&mut self) -> Result<u32, Error> {
        Ok(u32::from_le_bytes(self.array()?))
    }

    /// Reads `length` bytes; memory grows with the data, not with the length that the file states.
    fn bytes(&mut self, length: usize) -> Result<Vec<u8>, Error> {
        let mut bytes = Vec::new();
        self.inner.by_ref().take(length as u64).read_to_end(&mut bytes)?;
        if bytes.len() < length {
            return Err(truncated(io::ErrorKind::UnexpectedEof.into()));
        }
        self.sum.update(&bytes);
        Ok(bytes)
    }

    fn name(&mut self) -> Result<String, Error> {
        let length = u16::from_le_bytes(self.array()?);
        let name = if length <= LONGEST_NAME {
            String::from_utf8(self.bytes(length.into())?).ok()
        } else {
            None
        };
        name.ok_or_else(|| invalid("the name of the algorithm is not readable"))
    }
}

fn truncated(error: io::Error) -> Error {
    if error.kind() == io::ErrorKind::UnexpectedEof {
        invalid("it is truncated")
    } else {
        error.into()
    }
}
