//! Filling an index from a list.

use std::io::BufRead;

use super::Index;
use crate::{BitHash, Error, HashAlgorithm, HashList, HashListReader, ListedHash};

impl Index {
    /// Adds the hashes of its algorithm that a [`HashList`] of any form has, each under the name that it has there, those of a
    /// set of variants as [`Index::payload_of`] says, and gives how many there were. None is added when any line is wrong.
    ///
    /// ```
    /// use ownprint::{HashAlgorithm, Index};
    ///
    /// let mut index = Index::new(HashAlgorithm::PDQ)?;
    /// let list = format!("pdq {}\n", "0f".repeat(32));
    /// assert_eq!(index.insert_list(list.as_bytes())?, 1);
    /// # Ok::<(), ownprint::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::InvalidRecord`] with line and column, [`Error::Io`] of the reader.
    pub fn insert_list(&mut self, list: impl BufRead) -> Result<usize, Error> {
        let mut entries = Vec::new();
        for listed in HashList::sniffed(list) {
            entries.extend(entry(self.algorithm, listed?));
        }
        self.insert_entries(entries)
    }

    /// Starts a list for this index that comes in pieces.
    #[must_use]
    pub fn stream(&self) -> IndexReader {
        IndexReader { algorithm: self.algorithm, list: HashListReader::sniffed(), entries: Vec::new() }
    }

    /// Adds the hashes of a list that came in pieces, as [`insert_list`](Self::insert_list) does, and gives how many there were.
    ///
    /// ```
    /// use ownprint::{HashAlgorithm, Index};
    ///
    /// let mut index = Index::new(HashAlgorithm::PDQ)?;
    /// let mut stream = index.stream();
    /// for piece in [b"pdq ".as_slice(), "0f".repeat(32).as_bytes()] {
    ///     stream.push(piece)?;
    /// }
    /// assert_eq!(index.insert_reader(stream)?, 1);
    /// # Ok::<(), ownprint::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::InvalidRecord`] with line and column, [`Error::NotComparable`] for a stream of another algorithm's index; none is
    /// added then.
    pub fn insert_reader(&mut self, stream: IndexReader) -> Result<usize, Error> {
        let IndexReader { algorithm, list, mut entries } = stream;
        if algorithm != self.algorithm {
            let detail =
                format!("the index has {} hashes, the list was read for {algorithm}", self.algorithm);
            return Err(Error::NotComparable { detail });
        }
        entries.extend(list.finish()?.into_iter().filter_map(|listed| entry(algorithm, listed)));
        self.insert_entries(entries)
    }

    fn insert_entries(&mut self, entries: Vec<(BitHash, String)>) -> Result<usize, Error> {
        let count = entries.len();
        self.extend(entries)?;
        Ok(count)
    }
}

/// A list on its way into an [`Index`], pushed piece by piece; [`Index::stream`] gives one. It holds the hashes, not the list.
#[derive(Debug)]
pub struct IndexReader {
    algorithm: HashAlgorithm,
    list: HashListReader,
    entries: Vec<(BitHash, String)>,
}

impl IndexReader {
    /// Takes the next bytes of the list, cut anywhere.
    ///
    /// # Errors
    /// [`Error::InvalidRecord`] with line and column; the stream's list is not added then, and says so again.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), Error> {
        for listed in self.list.push(bytes)? {
            self.entries.extend(entry(self.algorithm, listed));
        }
        Ok(())
    }
}

fn entry(algorithm: HashAlgorithm, listed: ListedHash) -> Option<(BitHash, String)> {
    (listed.algorithm == algorithm).then(|| {
        let name = listed.name.unwrap_or_default();
        (listed.value, Index::payload_of(name, listed.variant.as_ref()))
    })
}
