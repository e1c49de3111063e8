//! Lists of hashes, in whichever form, whole or in pieces.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ownprint::exchange::{HashList, HashListReader};
use ownprint::{Error, HashAlgorithm, PerceptualHash, Quality};

use crate::OwnprintError;
use crate::error::caught;

/// A hash of a list.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct ListedHash {
    /// The algorithm's stable name.
    pub algorithm: String,
    /// Lower-case hexadecimal digits.
    pub hex: String,
    /// The quality, where the list has it.
    pub quality: Option<u8>,
    /// The path or name, where the list has it.
    pub name: Option<String>,
    /// The line it stands on, from 1.
    pub line: u64,
    /// The variant of its image that it is the hash of, in a record with a set of them.
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

/// The hashes of a list that comes in pieces, cut anywhere: never more of it in memory than one record.
#[derive(Debug, uniffi::Object)]
pub struct ListReader(Open<HashListReader>);

#[uniffi::export]
impl ListReader {
    /// A list of whichever form.
    #[must_use]
    #[uniffi::constructor]
    pub fn new() -> Arc<Self> {
        Arc::new(Self(Open::new(HashListReader::sniffed())))
    }

    /// Takes the next bytes, and gives the hashes that they complete.
    ///
    /// # Errors
    /// `invalid-record`, with line and column; `io` for a list that has ended.
    pub fn push(&self, bytes: &[u8]) -> Result<Vec<ListedHash>, OwnprintError> {
        caught(|| {
            let hashes = self.0.with(|list| list.push(bytes))?;
            Ok(hashes.into_iter().map(ListedHash::from).collect())
        })
    }

    /// Ends the list, and gives the hashes that its last line completes.
    ///
    /// # Errors
    /// `invalid-record`, with line and column; `io` for a list that has ended.
    pub fn finish(&self) -> Result<Vec<ListedHash>, OwnprintError> {
        caught(|| Ok(self.0.take()?.finish()?.into_iter().map(ListedHash::from).collect()))
    }
}

/// A list on its way into an index, which is as it was until the stream is given to `HashIndex::insert_reader`.
#[derive(Debug, uniffi::Object)]
pub struct IndexReader(Open<ownprint::IndexReader>);

#[uniffi::export]
impl IndexReader {
    /// Takes the next bytes of the list, cut anywhere.
    ///
    /// # Errors
    /// `invalid-record`, with line and column; `io` for a stream that has ended.
    pub fn push(&self, bytes: &[u8]) -> Result<(), OwnprintError> {
        caught(|| self.0.with(|stream| stream.push(bytes)))
    }
}

impl IndexReader {
    pub(crate) fn of(stream: ownprint::IndexReader) -> Arc<Self> {
        Arc::new(Self(Open::new(stream)))
    }

    pub(crate) fn take(&self) -> Result<ownprint::IndexReader, Error> {
        self.0.take()
    }
}

/// What pieces go into until it is taken over.
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
    Error::Io(io::Error::other("this list has ended"))
}

/// The hashes of a list, in its order: JSON lines or a table as the command line writes them, or lines `pdq HASH` of an
/// exchange. Strict: nothing that is not quite right is taken.
///
/// # Errors
/// `invalid-record`, with line and column.
#[uniffi::export]
pub fn read_list(list: &[u8]) -> Result<Vec<ListedHash>, OwnprintError> {
    caught(|| HashList::sniffed(list).map(|listed| listed.map(ListedHash::from)).collect())
}

/// The line by which a hash exchange takes a hash, without its end; nothing for a hash of an algorithm that exchanges do not
/// take, or of a quality that they discard.
///
/// # Errors
/// `unknown-algorithm`, `invalid-hash`, `not-comparable`.
#[uniffi::export]
pub fn exchange_line(
    algorithm: &str,
    hex: &str,
    quality: Option<u8>,
) -> Result<Option<String>, OwnprintError> {
    caught(|| {
        let algorithm: HashAlgorithm = algorithm.parse()?;
        let hash = algorithm.parse_hash(hex)?;
        let hash = PerceptualHash::from_parts(algorithm, vec![hash], quality.map(Quality::new))?;
        Ok(hash.threatexchange_line())
    })
}
