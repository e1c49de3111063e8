//! Filling an index from a list of hashes.

use std::io::BufRead;

use ownprint_exchange::{HashList, HashListReader, ListedHash};
use ownprint_hash::{BitHash, HashAlgorithm};
use ownprint_search::Index;

use crate::error::Error;

/// Adds the hashes of the index's algorithm that a [`HashList`] of any form has, each under the name that it has there,
/// those of a set of variants as [`Index::payload_of`] says, and returns how many there were. If any line is wrong, none
/// is added.
///
/// ```
/// use ownprint::HashAlgorithm;
/// use ownprint::search::Index;
///
/// let mut index = Index::new(HashAlgorithm::PDQ)?;
/// let list = format!("pdq {}\n", "0f".repeat(32));
/// assert_eq!(ownprint::insert_list(&mut index, list.as_bytes())?, 1);
/// # Ok::<(), ownprint::Error>(())
/// ```
///
/// # Errors
/// [`Error::Exchange`] with line and column, [`Error::Io`] of the reader.
pub fn insert_list(index: &mut Index, list: impl BufRead) -> Result<usize, Error> {
    let mut entries = Vec::new();
    for listed in HashList::detecting(list) {
        entries.extend(entry(index.algorithm(), listed?));
    }
    insert_entries(index, entries)
}

/// A list of hashes that arrives in pieces and is then added to an [`Index`]. It holds the hashes, not the list.
///
/// ```
/// use ownprint::search::Index;
/// use ownprint::{HashAlgorithm, IndexReader};
///
/// let mut index = Index::new(HashAlgorithm::PDQ)?;
/// let mut reader = IndexReader::new(index.algorithm());
/// for piece in [b"pdq ".as_slice(), "0f".repeat(32).as_bytes()] {
///     reader.update(piece)?;
/// }
/// assert_eq!(reader.finalize(&mut index)?, 1);
/// # Ok::<(), ownprint::Error>(())
/// ```
#[derive(Debug)]
pub struct IndexReader {
    algorithm: HashAlgorithm,
    list: HashListReader,
    entries: Vec<(BitHash, String)>,
}

impl IndexReader {
    /// Starts a list whose hashes of `algorithm` are wanted.
    #[must_use]
    pub fn new(algorithm: HashAlgorithm) -> Self {
        Self { algorithm, list: HashListReader::detecting(), entries: Vec::new() }
    }

    /// Takes the next bytes of the list, cut anywhere.
    ///
    /// # Errors
    /// [`Error::Exchange`] with line and column; a list with an error is not added.
    pub fn update(&mut self, bytes: &[u8]) -> Result<(), Error> {
        for listed in self.list.update(bytes)? {
            self.entries.extend(entry(self.algorithm, listed));
        }
        Ok(())
    }

    /// Adds the hashes to an index, as [`insert_list`] does, and returns how many there were.
    ///
    /// # Errors
    /// [`Error::Exchange`] with line and column, [`Error::Hash`] for an index of another algorithm; none is added then.
    pub fn finalize(self, index: &mut Index) -> Result<usize, Error> {
        let Self { algorithm, list, mut entries } = self;
        if algorithm != index.algorithm() {
            let detail =
                format!("the index has {} hashes, the list was read for {algorithm}", index.algorithm());
            return Err(ownprint_hash::Error::NotComparable { detail }.into());
        }
        entries.extend(list.finalize()?.into_iter().filter_map(|listed| entry(algorithm, listed)));
        insert_entries(index, entries)
    }
}

fn insert_entries(index: &mut Index, entries: Vec<(BitHash, String)>) -> Result<usize, Error> {
    let count = entries.len();
    index.extend(entries)?;
    Ok(count)
}

fn entry(algorithm: HashAlgorithm, listed: ListedHash) -> Option<(BitHash, String)> {
    (listed.algorithm == algorithm).then(|| {
        let name = listed.name.unwrap_or_default();
        (listed.value, Index::payload_of(name, listed.variant.as_ref()))
    })
}
