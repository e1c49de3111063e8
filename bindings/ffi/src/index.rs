//! Searching hashes.

use std::fs::File;
use std::io::{BufReader, BufWriter};
use std::num::NonZero;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use ownprint::search::Index;
use ownprint::{BitHash, Error};

use crate::error::caught;
use crate::{IndexReader, OwnprintError};

/// A hash that a search found.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Hit {
    /// The entry's number in its index.
    pub entry: u32,
    /// Bits that differ from the hash that was looked for.
    pub distance: u32,
    /// The text that was given with it; a list's hash of a variant has the name there, `#` and the variant.
    pub payload: String,
    /// The variant, where the payload ends with `#` and one.
    pub variant: Option<String>,
}

/// Hashes of one algorithm in memory, each with a text, found by their distance from another; exact, also among millions.
///
/// May be used from any number of threads at once: searches go side by side, a change waits for them.
#[derive(Debug, uniffi::Object)]
pub struct HashIndex(RwLock<Index>);

#[uniffi::export]
impl HashIndex {
    /// An empty index for hashes of the named algorithm.
    ///
    /// # Errors
    /// `unknown-algorithm`, `not-comparable` for hashes of over 1,024 bits.
    #[uniffi::constructor]
    pub fn new(algorithm: &str) -> Result<Arc<Self>, OwnprintError> {
        caught(|| Ok(Self::of(Index::new(algorithm.parse()?)?)))
    }

    /// The index that was saved at a path. Its entries are numbered anew, from 0, in the order in which they came.
    ///
    /// # Errors
    /// `io`, `invalid-index`, `unknown-algorithm`.
    #[uniffi::constructor]
    pub fn load(path: &str) -> Result<Arc<Self>, OwnprintError> {
        caught(|| Ok(Self::of(Index::load(BufReader::new(File::open(path)?), NonZero::<usize>::MIN)?)))
    }

    /// Saves the index at a path; a file that is there is replaced.
    ///
    /// # Errors
    /// `io`.
    pub fn save(&self, path: &str) -> Result<(), OwnprintError> {
        caught(|| self.read().save(BufWriter::new(File::create(path)?)))
    }

    /// The stable name of the algorithm whose hashes it has.
    #[must_use]
    pub fn algorithm(&self) -> String {
        self.read().algorithm().name().into_owned()
    }

    /// How many entries it has.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.read().len() as u64
    }

    /// Adds a hash in hexadecimal digits, and gives the entry's number.
    ///
    /// # Errors
    /// `invalid-hash`, `not-comparable`.
    pub fn insert(&self, hex: &str, payload: String) -> Result<u32, OwnprintError> {
        caught(|| {
            let mut index = self.write();
            let hash = index.algorithm().parse_hash(hex)?;
            index.insert(&hash, payload)
        })
    }

    /// Adds the hashes of its algorithm that a list has: JSON lines or a table as the command line writes them, or lines
    /// `pdq HASH` of an exchange. Each goes in under its name there, if it has one. Gives how many there were; none is added
    /// when any line is wrong.
    ///
    /// # Errors
    /// `invalid-record`, with line and column.
    pub fn insert_list(&self, list: &[u8]) -> Result<u64, OwnprintError> {
        caught(|| Ok(self.write().insert_list(list)? as u64))
    }

    /// Starts a list for this index that comes in pieces.
    #[must_use]
    pub fn stream(&self) -> Arc<IndexReader> {
        IndexReader::of(self.read().stream())
    }

    /// Adds the hashes of a list that came in pieces, as [`insert_list`](Self::insert_list) does, and ends the stream.
    ///
    /// # Errors
    /// `invalid-record`, with line and column, `io` for a stream that has ended.
    pub fn insert_reader(&self, stream: &IndexReader) -> Result<u64, OwnprintError> {
        caught(|| Ok(self.write().insert_reader(stream.take()?)? as u64))
    }

    /// Removes an entry, and gives its text; nothing where there is none of that number.
    pub fn remove(&self, entry: u32) -> Option<String> {
        self.write().remove(entry)
    }

    /// Every entry within a distance of a hash in hexadecimal digits, nearest first. Where no distance is given, the
    /// algorithm's threshold.
    ///
    /// # Errors
    /// `invalid-hash`, `not-comparable`.
    pub fn within(&self, hex: &str, radius: Option<u32>) -> Result<Vec<Hit>, OwnprintError> {
        self.search(hex, |index, hash| index.within(hash, radius.unwrap_or(index.algorithm().threshold())))
    }

    /// The entries nearest to a hash in hexadecimal digits, nearest first.
    ///
    /// # Errors
    /// `invalid-hash`, `not-comparable`.
    pub fn nearest(&self, hex: &str, count: u32) -> Result<Vec<Hit>, OwnprintError> {
        self.search(hex, |index, hash| index.nearest(hash, count as usize))
    }

    /// The entries that have others near them, in groups; where no distance is given, the algorithm's threshold.
    #[must_use]
    pub fn groups(&self, radius: Option<u32>) -> Vec<Vec<u32>> {
        let mut index = self.write();
        let radius = radius.unwrap_or(index.algorithm().threshold());
        index.groups(radius)
    }
}

impl HashIndex {
    fn of(index: Index) -> Arc<Self> {
        Arc::new(Self(RwLock::new(index)))
    }

    // What a defect left behind is an index all the same.
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
        ) -> Result<Vec<ownprint::search::Hit<'index>>, Error>,
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
