//! Saving an index to a file, and loading it.
//!
//! Version 1, numbers little-endian: the mark, `u32` version, `u16` length and the algorithm's name, `u32` entries; for each, in
//! the order in which they came, the hash's bytes, `u32` length and the text in UTF-8; BLAKE3 of all that in 32 bytes. Slots
//! are not saved: they are soon made, and would be three quarters of the file.

use std::io::{self, Read, Write};

use std::num::NonZero;

use crate::error::Error;
use crate::index::Index;
use ownprint_hash::{BitHash, HashAlgorithm};

const VERSION: u32 = 1;

/// No algorithm's name is longer.
const LONGEST_NAME: u16 = 256;

impl Index {
    /// What a saved index begins with. As in PNG, whoever changes line ends changes it.
    pub const MARK: &'static [u8; 16] = b"ownprint-index\r\n";

    /// Saves the index: version, entries, checksum. Removed entries leave no trace.
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
    /// [`Error::Io`] when the writer fails.
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
            let length = u32::try_from(payload.len())
                .map_err(|_| io::Error::new(io::ErrorKind::InvalidInput, "a text of 4 GiB or more"))?;
            file.write_all(hash.as_bytes())?;
            file.write_all(&length.to_le_bytes())?;
            file.write_all(payload.as_bytes())?;
        }
        let Summed { mut inner, sum } = file;
        inner.write_all(sum.finalize().as_bytes())?;
        Ok(inner.flush()?)
    }

    /// Loads an index that was [saved](Self::save), and makes it ready on up to `threads` threads. Entries are numbered anew,
    /// from 0, in the order in which they came. Memory is taken only for what the file really has.
    ///
    /// # Errors
    /// [`Error::InvalidIndex`] for a file that is no index, of another version, cut off, altered, or followed by something
    /// else; [`Error::UnknownAlgorithm`] for hashes of an algorithm that this build has not; [`Error::Io`].
    pub fn load(reader: impl Read, threads: NonZero<usize>) -> Result<Self, Error> {
        let mut file = Summed { inner: reader, sum: blake3::Hasher::new() };
        if file.array::<16>()? != *Self::MARK {
            return Err(invalid("it does not begin as one"));
        }
        let version = file.number()?;
        if version != VERSION {
            return Err(invalid(&format!(
                "its version is {version}, and this program reads version {VERSION}"
            )));
        }
        let algorithm: HashAlgorithm = file.name()?.parse()?;
        let mut index = Self::new(algorithm)?;
        let entries = file.number()?;
        for _ in 0..entries {
            let hash = file.bytes(algorithm.bits().div_ceil(8))?;
            let length = file.number()? as usize;
            let payload = String::from_utf8(file.bytes(length)?);
            let payload = payload.map_err(|_| invalid("a text in it is not UTF-8"))?;
            index.push(&BitHash::of_length(algorithm.bits(), &hash), payload)?;
        }
        let sum = file.sum.finalize();
        if file.array::<32>()? != *sum.as_bytes() {
            return Err(invalid("its checksum is another: it was altered, or damaged on the way"));
        }
        if file.inner.read(&mut [0])? != 0 {
            return Err(invalid("something follows its end"));
        }
        index.compact(threads);
        Ok(index)
    }
}

fn invalid(detail: &str) -> Error {
    Error::InvalidIndex { detail: detail.to_owned() }
}

/// What is written or read, with its checksum so far.
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
        self.inner.read_exact(&mut bytes).map_err(cut_off)?;
        self.sum.update(&bytes);
        Ok(bytes)
    }

    fn number(&mut self) -> Result<u32, Error> {
        Ok(u32::from_le_bytes(self.array()?))
    }

    /// So many bytes; memory grows with what is there, whatever the file says of its lengths.
    fn bytes(&mut self, length: usize) -> Result<Vec<u8>, Error> {
        let mut bytes = Vec::new();
        self.inner.by_ref().take(length as u64).read_to_end(&mut bytes)?;
        if bytes.len() < length {
            return Err(cut_off(io::ErrorKind::UnexpectedEof.into()));
        }
        self.sum.update(&bytes);
        Ok(bytes)
    }

    fn name(&mut self) -> Result<String, Error> {
        let length = u16::from_le_bytes(self.array()?);
        let name =
            if length <= LONGEST_NAME { String::from_utf8(self.bytes(length.into())?).ok() } else { None };
        name.ok_or_else(|| invalid("the name of its algorithm cannot be read"))
    }
}

fn cut_off(error: io::Error) -> Error {
    if error.kind() == io::ErrorKind::UnexpectedEof {
        invalid("it is cut off before its end")
    } else {
        error.into()
    }
}
