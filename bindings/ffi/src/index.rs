//! The index: exact search by distance.

use std::fs::File;
use std::io::{BufReader, BufWriter};
use std::num::NonZero;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use ownprint::BitHash;
use ownprint::search::Index;

use crate::error::caught;
use crate::{IndexReader, OwnprintError};

/// An entry that a search found.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Hit {
    /// The number of the entry.
    pub entry: u32,
    /// Number of bits that differ from the query.
    pub distance: u32,
    /// The text that was inserted with it. For a variant of a list: the name, `#`, and the
    /// variant.
    pub payload: String,
    /// The variant, if the payload ends with `#` and a variant.
    pub variant: Option<String>,
}

/// Hashes of one algorithm in memory, each with a text. Searches by distance are exact, and fast
/// among millions.
///
/// Searches run in parallel on any number of threads; a change waits for them.
#[derive(Debug, uniffi::Object)]
pub struct HashIndex(RwLock<Index>);

#[uniffi::export]
impl HashIndex {
    /// Returns an empty index for hashes of the named algorithm.
    ///
    /// # Errors
    /// `unknown-algorithm`, `not-comparable` for hashes of more than 1,024 bits.
    #[uniffi::constructor]
    pub fn new(algorithm: &str) -> Result<Arc<Self>, OwnprintError> {
        caught(|| Ok(Self::of(Index::new(algorithm.parse()?)?)))
    }

    /// Loads the index that was saved at a path. Its entries are renumbered from 0, in the order in
    /// which they were inserted.
    ///
    /// # Errors
    /// `io`, `invalid-index`, `unknown-algorithm`.
    #[uniffi::constructor]
    pub fn load(path: &str) -> Result<Arc<Self>, OwnprintError> {
        caught(|| {
            Ok(Self::of(Index::load(BufReader::new(File::open(path)?), NonZero::<usize>::MIN)?))
        })
    }

    /// Saves the index at a path, and replaces an existing file.
    ///
    /// # Errors
    /// `io`.
    pub fn save(&self, path: &str) -> Result<(), OwnprintError> {
        caught(|| Ok(self.read().save(BufWriter::new(File::create(path)?))?))
    }

    /// Returns the stable name of the algorithm.
    #[must_use]
    pub fn algorithm(&self) -> String {
        self.read().algorithm().name().into_owned()
    }

    /// Returns the number of entries.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.read().len() as u64
    }

    /// Inserts a hash in hexadecimal digits, and returns the number of the entry.
    ///
    /// # Errors
    /// `invalid-hash`, `not-comparable`.
    pub fn insert(&self, hex: &str, payload: String) -> Result<u32, OwnprintError> {
        caught(|| {
            let mut index = self.write();
            let hash = index.algorithm().parse_hash(hex)?;
            Ok(index.insert(&hash, payload)?)
        })
    }

    /// Inserts the hashes of a list that have this algorithm, with their names, and returns their
    /// number. The list is JSON lines or CSV as the command line writes them, or lines `pdq HASH`
    /// of an exchange. Hashes with a quality below 50 are skipped. If a line is invalid, none is
    /// inserted.
    ///
    /// # Errors
    /// `invalid-record`, with line and column.
    pub fn insert_list(&self, list: &[u8]) -> Result<u64, OwnprintError> {
        caught(|| Ok(ownprint::insert_list(&mut self.write(), list)? as u64))
    }

    /// Returns a reader for a list that arrives in chunks.
    #[must_use]
    pub fn reader(&self) -> Arc<IndexReader> {
        IndexReader::of(ownprint::IndexReader::new(self.read().algorithm()))
    }

    /// Inserts the hashes of a reader, as [`insert_list`](Self::insert_list) does, and ends the
    /// reader.
    ///
    /// # Errors
    /// `invalid-record`, with line and column, `io` if the reader has ended.
    pub fn insert_reader(&self, reader: &IndexReader) -> Result<u64, OwnprintError> {
        caught(|| Ok(reader.take()?.finalize(&mut self.write())? as u64))
    }

    /// Removes an entry, and returns its text; `None` if there is no entry with that number.
    pub fn remove(&self, entry: u32) -> Option<String> {
        self.write().remove(entry)
    }

    /// Returns every entry within a distance of a hash in hexadecimal digits, nearest first. `None`
    /// searches within the algorithm's threshold.
    ///
    /// # Errors
    /// `invalid-hash`, `not-comparable`.
    pub fn within(&self, hex: &str, radius: Option<u32>) -> Result<Vec<Hit>, OwnprintError> {
        self.search(hex, |index, hash| {
            index.within(hash, radius.unwrap_or(index.algorithm().threshold()))
        })
    }

    /// Returns the `count` entries nearest to a hash in hexadecimal digits, nearest first.
    ///
    /// # Errors
    /// `invalid-hash`, `not-comparable`.
    pub fn nearest(&self, hex: &str, count: u32) -> Result<Vec<Hit>, OwnprintError> {
        self.search(hex, |index, hash| index.nearest(hash, count as usize))
    }

    /// Returns the entries that have others within a distance, in groups. `None` uses the
    /// algorithm's threshold.
    #[must_use]
    pub fn groups(&self, radius: Option<u32>) -> Vec<Vec<u32>> {
        let mut index = self.write();
        let radius = radius.unwrap_or(index.algorithm().threshold());
        // An index in memory causes no error.
        index.groups(radius).unwrap_or_default()
    }
}

impl HashIndex {
    fn of(index: Index) -> Arc<Self> {
        Arc::new(Self(RwLock::new(index)))
    }

    // A panic leaves an index that is still valid.
    fn read(&self) -> RwLockReadGuard<'_, Index> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Index> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }

    fn search(
        &self,
        hex: &str,
        search: impl for<'index> FnOnce(
            &'index Index,
            &BitHash,
        ) -> Result<
            Vec<ownprint::search::Hit<'index>>,
            ownprint::search::Error,
        >,
    ) -> Result<Vec<Hit>, OwnprintError> {
        caught(|| {
            let index = self.read();
            let hash = index.algorithm().parse_hash(hex)?;
            let hits = search(&index, &hash)?;
            Ok(hits
                .iter()
                .map(|hit| Hit {
                    entry: hit.entry,
                    distance: hit.distance,
                    payload: hit.payload.to_owned(),
                    variant: hit.name_and_variant().1.map(|variant| variant.to_string()),
                })
                .collect())
        })
    }
}
