//! Streaming reader of lists, for callers that receive bytes in chunks.

use std::io::{self, BufRead, Read};

use super::lines::MAX_BYTES;
use super::list::{HashList, ListFormat, ListedHash};
use crate::error::Error;

/// Reads a list from chunks of bytes, with the hashes and errors of [`HashList`] for any chunk
/// boundaries.
///
/// Memory holds only the incomplete record.
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
        let pieces = Pieces { is_table: Some(format == ListFormat::Csv), ..Pieces::default() };
        Self { list: HashList::new(pieces, format), failure: None }
    }

    /// Creates a reader that detects the format from the first line. An unknown format is an error.
    #[must_use]
    pub fn detecting() -> Self {
        Self { list: HashList::detecting(Pieces::default()), failure: None }
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
        self.list.lines.reader.end();
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
                Ok(Some(hash)) => hashes.push(hash),
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

/// Bytes that were added and not read yet. The reader sees the end after the last complete record.
#[derive(Debug, Default)]
struct Pieces {
    bytes: Vec<u8>,
    read: usize,
    /// The end of the last complete record.
    complete: usize,
    /// Whether quoted fields may contain line ends; unknown until the first line is complete.
    is_table: Option<bool>,
    /// Whether the bytes after `complete` end within a quoted field: they contain an odd number of
    /// quotation marks.
    is_quoted: bool,
}

impl Pieces {
    fn push(&mut self, bytes: &[u8]) {
        self.bytes.drain(..self.read);
        self.complete -= self.read;
        self.read = 0;
        let start = self.bytes.len();
        self.bytes.extend_from_slice(bytes);
        if self.is_table == Some(false) {
            let end = bytes.iter().rposition(|&byte| byte == b'\n');
            self.complete = end.map_or(self.complete, |at| start + at + 1);
        } else {
            self.find_rows(start);
        }
        // The reader rejects a record that is too long.
        if self.bytes.len() - self.complete > MAX_BYTES {
            self.end();
        }
    }

    /// Finds the ends of rows after `start`, and detects the format.
    fn find_rows(&mut self, start: usize) {
        for (at, &byte) in self.bytes.iter().enumerate().skip(start) {
            match byte {
                b'"' => self.is_quoted = !self.is_quoted,
                b'\n' => {
                    let sniffed = || ListFormat::probe(&self.bytes) == Some(ListFormat::Csv);
                    if !(*self.is_table.get_or_insert_with(sniffed) && self.is_quoted) {
                        (self.complete, self.is_quoted) = (at + 1, false);
                    }
                }
                _ => {}
            }
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
