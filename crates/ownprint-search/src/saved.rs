//! The beginning that all saved indexes share, and the kind of an index in a file.
//!
//! Numbers are little-endian: the magic bytes, `u32` version, `u16` length and name of what is
//! indexed.

#[cfg(feature = "mmap")]
use std::fs::File;
#[cfg(feature = "mmap")]
use std::io::BufReader;
use std::io::{self, Read, Write};
use std::num::NonZero;
#[cfg(feature = "mmap")]
use std::path::Path;

use crate::error::{Error, invalid, truncated};
use crate::index::Index;
use crate::video_index::VideoIndex;

/// The magic bytes at the start of a saved index. As in PNG, they detect converted line endings.
pub(crate) const MARK: &[u8; 16] = b"ownprint-index\r\n";

/// The maximum length of the name of what is indexed, in bytes.
pub(crate) const LONGEST_NAME: u16 = 256;

/// Returns the version of the format of an index of `name`.
pub(crate) fn version(name: &str) -> u32 {
    if name == VideoIndex::NAME { 1 } else { 2 }
}

/// An index that was read from a file.
#[derive(Debug)]
#[non_exhaustive]
pub enum SavedIndex {
    /// An index of hashes of one algorithm.
    Hashes(Index),
    /// An index of videos.
    Videos(VideoIndex),
}

impl SavedIndex {
    /// Loads an index of either kind; see [`Index::load`] and [`VideoIndex::load`].
    ///
    /// # Errors
    ///
    /// Those of [`Index::load`].
    pub fn load(reader: impl Read, threads: NonZero<usize>) -> Result<Self, Error> {
        let mut file = SavedFile::open(reader)?;
        let name = file.header()?;
        if name == VideoIndex::NAME {
            Ok(Self::Videos(VideoIndex::read(file, threads)?))
        } else {
            Ok(Self::Hashes(Index::read(file, &name)?))
        }
    }

    /// Opens an index of hashes with [`Index::open`]; loads an index of videos on up to `threads`
    /// threads.
    ///
    /// # Errors
    ///
    /// Those of [`Index::open`] and [`VideoIndex::load`].
    #[cfg(feature = "mmap")]
    pub fn open(path: impl AsRef<Path>, threads: NonZero<usize>) -> Result<Self, Error> {
        let path = path.as_ref();
        let name = SavedFile::open(File::open(path)?)?.header()?;
        if name == VideoIndex::NAME {
            let file = BufReader::new(File::open(path)?);
            Ok(Self::Videos(VideoIndex::load(file, threads)?))
        } else {
            Ok(Self::Hashes(Index::open(path)?))
        }
    }
}

/// Returns the first bytes of an index of `name`.
pub(crate) fn beginning(name: &str) -> Vec<u8> {
    let (version, length) = (version(name).to_le_bytes(), (name.len() as u16).to_le_bytes());
    [MARK, version.as_slice(), &length, name.as_bytes()].concat()
}

/// A reader or writer that computes the checksum.
pub(crate) struct SavedFile<Inner> {
    inner: Inner,
    sum: blake3::Hasher,
}

impl<Inner: Write> SavedFile<Inner> {
    /// Writes the header of an index of `name`.
    pub(crate) fn create(inner: Inner, name: &str) -> Result<Self, Error> {
        let mut file = Self { inner, sum: blake3::Hasher::new() };
        file.write_all(&beginning(name))?;
        Ok(file)
    }

    /// Writes a payload with its length.
    pub(crate) fn write_payload(&mut self, payload: &str) -> Result<(), Error> {
        let length = u32::try_from(payload.len()).map_err(|_| {
            io::Error::new(io::ErrorKind::InvalidInput, "a payload of 4 GiB or more")
        })?;
        self.write_all(&length.to_le_bytes())?;
        Ok(self.write_all(payload.as_bytes())?)
    }

    /// Writes the checksum.
    pub(crate) fn finish(self) -> Result<(), Error> {
        let Self { mut inner, sum } = self;
        inner.write_all(sum.finalize().as_bytes())?;
        Ok(inner.flush()?)
    }
}

impl<Inner: Write> Write for SavedFile<Inner> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.sum.update(bytes.get(..written).unwrap_or(bytes));
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl<Inner: Read> SavedFile<Inner> {
    /// Reads the magic bytes.
    pub(crate) fn open(inner: Inner) -> Result<Self, Error> {
        let mut file = Self { inner, sum: blake3::Hasher::new() };
        if file.array::<16>()? != *MARK {
            return Err(invalid("it does not start with the magic bytes of an index"));
        }
        Ok(file)
    }

    /// Reads the version, and returns the name of what is indexed.
    pub(crate) fn header(&mut self) -> Result<String, Error> {
        let version = self.number()?;
        let length = u16::from_le_bytes(self.array()?);
        let name = if length <= LONGEST_NAME {
            String::from_utf8(self.bytes(length.into())?).ok()
        } else {
            None
        };
        let name = name.ok_or_else(|| invalid("the name of the algorithm is not readable"))?;
        let expected = self::version(&name);
        if version == expected {
            return Ok(name);
        }
        Err(invalid(&format!(
            "unsupported version {version}; this build reads version {expected} of an index of \
             {name}"
        )))
    }

    /// Returns the reader of what follows.
    pub(crate) fn into_inner(self) -> Inner {
        self.inner
    }

    pub(crate) fn array<const LENGTH: usize>(&mut self) -> Result<[u8; LENGTH], Error> {
        let mut bytes = [0; LENGTH];
        self.inner.read_exact(&mut bytes).map_err(truncated)?;
        self.sum.update(&bytes);
        Ok(bytes)
    }

    pub(crate) fn number(&mut self) -> Result<u32, Error> {
        Ok(u32::from_le_bytes(self.array()?))
    }

    /// Reads `length` bytes; memory grows with the data, not with the length that the file states.
    pub(crate) fn bytes(&mut self, length: usize) -> Result<Vec<u8>, Error> {
        let mut bytes = Vec::new();
        self.inner.by_ref().take(length as u64).read_to_end(&mut bytes)?;
        if bytes.len() < length {
            return Err(truncated(io::ErrorKind::UnexpectedEof.into()));
        }
        self.sum.update(&bytes);
        Ok(bytes)
    }

    /// Reads a payload with its length.
    pub(crate) fn payload(&mut self) -> Result<String, Error> {
        let length = self.number()? as usize;
        String::from_utf8(self.bytes(length)?).map_err(|_| invalid("a payload is not UTF-8"))
    }

    /// Reads the checksum and the end of the file.
    pub(crate) fn end(mut self) -> Result<(), Error> {
        let sum = self.sum.finalize();
        if self.array::<32>()? != *sum.as_bytes() {
            return Err(invalid("the checksum does not match: the file was altered or damaged"));
        }
        if self.inner.read(&mut [0])? != 0 {
            return Err(invalid("there are bytes after its end"));
        }
        Ok(())
    }
}
