//! Streaming reader of lists, for callers that receive bytes in chunks.

use std::io::{self, BufRead, Read};

use super::entry::ListedHash;
use super::format::ListFormat;
use super::lines::MAX_BYTES;
use super::list::HashList;
use super::skipped::SkippedRows;
use crate::error::Error;

/// Reads a list from chunks of bytes, with the hashes and errors of [`HashList`] for any chunk
/// boundaries.
///
/// Memory holds only the incomplete record; a page of StopNCII.org is one record.
///
/// ```
/// use ownprint_exchange::HashListReader;
///
/// let line = format!("pdq {}\n", "0f".repeat(32));
/// let mut list = HashListReader::detecting();
/// assert_eq!(list.update(line[..20].as_bytes())?, []);
/// assert_eq!(list.update(line[20..].as_bytes())?[0].line, 1);
/// assert_eq!(list.finalize()?, []);
/// # Ok::<(), ownprint_exchange::Error>(())
/// ```
#[derive(Debug)]
pub struct HashListReader {
    list: HashList<Pieces>,
    /// Line, column and detail of the error that ended the list.
    failure: Option<(u64, u64, String)>,
}

impl HashListReader {
    /// Creates a reader for a list of this format.
    #[must_use]
    pub fn new(format: ListFormat) -> Self {
        Self::of(HashList::new(Pieces::default(), format))
    }

    /// Creates a reader that detects the format from the first line. An unknown format is an error.
    #[must_use]
    pub fn detecting() -> Self {
        Self::of(HashList::detecting(Pieces::default()))
    }

    fn of(mut list: HashList<Pieces>) -> Self {
        list.lines.is_open = true;
        Self { list, failure: None }
    }

    /// Skips invalid rows, as [`HashList::skip_invalid`] does.
    #[must_use]
    pub fn skip_invalid(self) -> Self {
        Self { list: self.list.skip_invalid(), ..self }
    }

    /// Returns the rows that were skipped so far.
    #[must_use]
    pub fn skipped(&self) -> &SkippedRows {
        self.list.skipped()
    }

    /// Returns the format: as passed, or as detected once the first line was complete.
    #[must_use]
    pub fn format(&self) -> Option<ListFormat> {
        self.list.format()
    }

    /// Adds the next bytes and returns the hashes of the records that they complete.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidRecord`] with line and column. It ends the list, and every later call
    /// returns it.
    pub fn update(&mut self, bytes: &[u8]) -> Result<Vec<ListedHash>, Error> {
        if self.failure.is_none() {
            self.list.lines.reader.push(bytes);
        }
        self.take()
    }

    /// Ends the list and returns the hashes of a last record without a line end.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidRecord`] with line and column.
    pub fn finalize(mut self) -> Result<Vec<ListedHash>, Error> {
        self.end()
    }

    /// Ends the list as [`finalize`](Self::finalize) does, and returns the rows that were skipped
    /// too.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidRecord`] with line and column.
    pub fn finalize_with_skipped(mut self) -> Result<(Vec<ListedHash>, SkippedRows), Error> {
        let hashes = self.end()?;
        Ok((hashes, self.list.into_skipped()))
    }

    fn end(&mut self) -> Result<Vec<ListedHash>, Error> {
        self.list.lines.reader.end();
        self.list.lines.is_open = false;
        self.take()
    }

    fn take(&mut self) -> Result<Vec<ListedHash>, Error> {
        if let Some((line, column, detail)) = &self.failure {
            return Err(Error::InvalidRecord {
                line: *line,
                column: *column,
                detail: detail.clone(),
            });
        }
        let mut hashes = Vec::new();
        loop {
            match self.list.read() {
                Ok(Some(entry)) => hashes.extend(entry.into_hash()),
                Ok(None) => return Ok(hashes),
                Err(error) => {
                    if let Error::InvalidRecord { line, column, detail } = &error {
                        self.failure = Some((*line, *column, detail.clone()));
                    }
                    return Err(error);
                }
            }
        }
    }
}

/// Bytes that were added and not read yet. The reader sees the end after the last complete line.
#[derive(Debug, Default)]
struct Pieces {
    bytes: Vec<u8>,
    read: usize,
    /// The end of the last complete line.
    complete: usize,
}

impl Pieces {
    fn push(&mut self, bytes: &[u8]) {
        self.bytes.drain(..self.read);
        self.complete -= self.read;
        self.read = 0;
        let start = self.bytes.len();
        self.bytes.extend_from_slice(bytes);
        let end = bytes.iter().rposition(|&byte| byte == b'\n');
        self.complete = end.map_or(self.complete, |at| start + at + 1);
        // The reader rejects a line that is too long.
        if self.bytes.len() - self.complete > MAX_BYTES {
            self.end();
        }
    }

    fn end(&mut self) {
        self.complete = self.bytes.len();
    }
}

impl Read for Pieces {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.read(buffer)?;
        self.consume(count);
        Ok(count)
    }
}

impl BufRead for Pieces {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        Ok(self.bytes.get(self.read..self.complete).unwrap_or_default())
    }

    fn consume(&mut self, count: usize) {
        self.read += count;
    }
}
