//! Lists of hashes, whole or in chunks.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ownprint::exchange::{HashList, HashListReader, SkippedRows as CoreSkippedRows};
use ownprint::{Error, HashAlgorithm, PerceptualHash, Quality};

use crate::OwnprintError;
use crate::error::caught;

/// One hash of a list.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct ListedHash {
    /// The stable name of the algorithm.
    pub algorithm: String,
    /// The hash in lowercase hexadecimal digits.
    pub hex: String,
    /// The quality, if the list states it.
    pub quality: Option<u8>,
    /// The path or name, if the list states it.
    pub name: Option<String>,
    /// The number of its line, from 1.
    pub line: u64,
    /// The variant of the image whose hash this is, in a record with variants.
    pub variant: Option<String>,
}

impl From<ownprint::exchange::ListedHash> for ListedHash {
    fn from(listed: ownprint::exchange::ListedHash) -> Self {
        Self {
            algorithm: listed.algorithm.name().into_owned(),
            hex: listed.value.to_hex(),
            quality: listed.quality.map(|quality| quality.value()),
            name: listed.name,
            line: listed.line,
            variant: listed.variant.map(|variant| variant.to_string()),
        }
    }
}

/// A row of a list, or a record of a page, that was skipped because it is invalid.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct SkippedRow {
    /// The line of the error, from 1.
    pub line: u64,
    /// The character in that line, from 1.
    pub column: u64,
    /// The stable code of the error.
    pub code: String,
    /// What is wrong, and what is expected.
    pub message: String,
}

/// The rows that were skipped.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct SkippedRows {
    /// The number of all of them.
    pub count: u64,
    /// The first 1,000, in order.
    pub rows: Vec<SkippedRow>,
}

impl From<&CoreSkippedRows> for SkippedRows {
    fn from(skipped: &CoreSkippedRows) -> Self {
        let row = |row: &ownprint::exchange::SkippedRow| SkippedRow {
            line: row.line,
            column: row.column,
            code: row.code.to_owned(),
            message: row.detail.clone(),
        };
        Self { count: skipped.count(), rows: skipped.rows().iter().map(row).collect() }
    }
}

/// The valid hashes of a list, and the rows that were skipped.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct TolerantList {
    /// The hashes, in order.
    pub hashes: Vec<ListedHash>,
    /// The rows that were skipped.
    pub skipped: SkippedRows,
}

/// Reads a list in chunks, cut anywhere. No more than one record is in memory.
#[derive(Debug, uniffi::Object)]
pub struct ListReader(Open<HashListReader>);

#[uniffi::export]
impl ListReader {
    /// Returns a reader that detects the form of the list.
    #[must_use]
    #[uniffi::constructor]
    pub fn new() -> Arc<Self> {
        Arc::new(Self(Open::new(HashListReader::detecting())))
    }

    /// Takes the next bytes, and returns the hashes that they complete.
    ///
    /// # Errors
    /// `invalid-record`, with line and column; `io` if the reader has ended.
    pub fn update(&self, bytes: &[u8]) -> Result<Vec<ListedHash>, OwnprintError> {
        caught(|| {
            let hashes = self.0.with(|list| Ok(list.update(bytes)?))?;
            Ok(hashes.into_iter().map(ListedHash::from).collect())
        })
    }

    /// Ends the list, and returns the hashes that its last line completes.
    ///
    /// # Errors
    /// `invalid-record`, with line and column; `io` if the reader has ended.
    pub fn finalize(&self) -> Result<Vec<ListedHash>, OwnprintError> {
        caught(|| Ok(self.0.take()?.finalize()?.into_iter().map(ListedHash::from).collect()))
    }
}

/// Reads a list in chunks for an index. The index changes only when the reader is passed to
/// `HashIndex::insert_reader`.
#[derive(Debug, uniffi::Object)]
pub struct IndexReader(Open<ownprint::IndexReader>);

#[uniffi::export]
impl IndexReader {
    /// Takes the next bytes of the list, cut anywhere.
    ///
    /// # Errors
    /// `invalid-record`, with line and column; `io` if the reader has ended.
    pub fn update(&self, bytes: &[u8]) -> Result<(), OwnprintError> {
        caught(|| self.0.with(|reader| reader.update(bytes)))
    }
}

impl IndexReader {
    pub(crate) fn of(reader: ownprint::IndexReader) -> Arc<Self> {
        Arc::new(Self(Open::new(reader)))
    }

    pub(crate) fn take(&self) -> Result<ownprint::IndexReader, Error> {
        self.0.take()
    }
}

/// A reader until it ends.
#[derive(Debug)]
struct Open<T>(Mutex<Option<T>>);

impl<T> Open<T> {
    fn new(list: T) -> Self {
        Self(Mutex::new(Some(list)))
    }

    fn with<R>(&self, step: impl FnOnce(&mut T) -> Result<R, Error>) -> Result<R, Error> {
        step(self.held().as_mut().ok_or_else(ended)?)
    }

    fn take(&self) -> Result<T, Error> {
        self.held().take().ok_or_else(ended)
    }

    fn held(&self) -> MutexGuard<'_, Option<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn ended() -> Error {
    Error::Io(io::Error::other("this reader has ended"))
}

/// Returns the hashes of a list, in its order: JSON lines or CSV as the command line writes them,
/// lines `pdq HASH` of an exchange, lines `HASH,QUALITY,NAME` of pdq-photo-hasher, or a page of
/// StopNCII.org. Every departure from the form is an error.
///
/// # Errors
/// `invalid-record`, with line and column.
#[uniffi::export]
pub fn read_list(list: &[u8]) -> Result<Vec<ListedHash>, OwnprintError> {
    caught(|| HashList::detecting(list).map(|listed| Ok(listed?.into())).collect())
}

/// Returns the hashes of a list as `read_list` does, but skips invalid rows. Errors that concern the
/// whole list remain, such as an unknown form.
///
/// # Errors
/// `invalid-record`, with line and column.
#[uniffi::export]
pub fn read_list_tolerant(list: &[u8]) -> Result<TolerantList, OwnprintError> {
    caught(|| {
        let mut list = HashList::detecting(list).skip_invalid();
        let hashes: Result<_, Error> = list.by_ref().map(|listed| Ok(listed?.into())).collect();
        Ok(TolerantList { hashes: hashes?, skipped: list.skipped().into() })
    })
}

/// Returns the line `pdq HASH` by which ThreatExchange accepts a hash, without a line break.
/// Returns `None` for other algorithms, and for a quality that exchanges discard.
///
/// # Errors
/// `unknown-algorithm`, `invalid-hash`, `not-comparable`.
#[uniffi::export]
pub fn threatexchange_line(
    algorithm: &str,
    hex: &str,
    quality: Option<u8>,
) -> Result<Option<String>, OwnprintError> {
    caught(|| {
        let algorithm: HashAlgorithm = algorithm.parse()?;
        let hash = algorithm.parse_hash(hex)?;
        let hash = PerceptualHash::from_parts(algorithm, vec![hash], quality.map(Quality::new))?;
        Ok(ownprint::exchange::threatexchange::to_line(&hash))
    })
}
