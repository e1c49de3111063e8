//! Saves an index of hashes to a file, and loads it.
//!
//! After the header: `u32` number of entries; for each entry, in insertion order, the hash's bytes,
//! `u32` length and payload in UTF-8. Slots are not saved: they are fast to build and would be three
//! quarters of the file.

use std::io::{Read, Write};
use std::num::NonZero;

use ownprint_hash::{BitHash, HashAlgorithm};

use crate::error::Error;
use crate::index::Index;
use crate::saved::{MARK, SavedFile, invalid};
use crate::video_index::VideoIndex;

impl Index {
    /// The magic bytes at the start of a saved index of any kind. As in PNG, they detect converted
    /// line endings.
    pub const MARK: &'static [u8; 16] = MARK;

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
        let mut file = SavedFile::create(writer, &self.algorithm().name())?;
        file.write_all(&(self.len() as u32).to_le_bytes())?;
        let mut entries = Vec::with_capacity(self.len());
        self.each(|entry, hash, payload| entries.push((entry, hash.clone(), payload)));
        entries.sort_unstable();
        for (_, hash, payload) in &entries {
            file.write_all(hash.as_bytes())?;
            file.write_payload(payload)?;
        }
        file.finish()
    }

    /// Loads an index that was [saved](Self::save), and compacts it on up to `threads` threads.
    /// Entries are renumbered from 0, in insertion order. Memory is allocated only for data that
    /// the file contains.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidIndex`] if the file is not an index of hashes, has another version, is
    /// truncated or altered, or has trailing bytes; [`Error::Hash`] if this build does not have the
    /// algorithm; [`Error::Io`] if the reader fails.
    pub fn load(reader: impl Read, threads: NonZero<usize>) -> Result<Self, Error> {
        let mut file = SavedFile::open(reader)?;
        let name = file.header()?;
        if name == VideoIndex::NAME {
            return Err(invalid("it is an index of videos, not of hashes"));
        }
        Self::read(file, &name, threads)
    }

    /// Reads what follows the header.
    pub(crate) fn read(
        mut file: SavedFile<impl Read>,
        name: &str,
        threads: NonZero<usize>,
    ) -> Result<Self, Error> {
        let algorithm: HashAlgorithm = name.parse()?;
        let mut index = Self::new(algorithm)?;
        let entries = file.number()?;
        for _ in 0..entries {
            let hash = file.bytes(algorithm.bits().div_ceil(8))?;
            let payload = file.payload()?;
            index.push(&BitHash::of_length(algorithm.bits(), &hash), payload)?;
        }
        file.end()?;
        index.compact(threads);
        Ok(index)
    }
}
