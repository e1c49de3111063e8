//! Lists that come in pieces: for callers that are handed bytes, and cannot be asked for them.

use std::io::{self, BufRead, Read};

use super::lines::MOST_BYTES;
use super::list::{HashList, ListFormat, ListedHash};
use crate::error::Error;

/// A [`HashList`] that is pushed: the same hashes and the same errors, wherever its bytes are cut.
///
/// It holds the record that is not complete yet, and no more.
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
    /// Line, column and words of the mistake that ended the list.
    mistake: Option<(u64, u64, String)>,
}

impl HashListReader {
    /// Takes a list of this form.
    #[must_use]
    pub fn new(format: ListFormat) -> Self {
        let pieces = Pieces { is_table: Some(format == ListFormat::Csv), ..Pieces::default() };
        Self { list: HashList::new(pieces, format), mistake: None }
    }

    /// Takes a list of the form that its first line shows; a list that shows none is an error.
    #[must_use]
    pub fn detecting() -> Self {
        Self { list: HashList::detecting(Pieces::default()), mistake: None }
    }

    /// The form: the one that was named, or, once a line was complete, the one that was found.
    #[must_use]
    pub fn format(&self) -> Option<ListFormat> {
        self.list.format()
    }

    /// Takes the next bytes, cut anywhere, and gives the hashes of the records that they complete.
    ///
    /// # Errors
    /// [`Error::InvalidRecord`] with line and column. It is the list's end, and what every later call gives.
    pub fn update(&mut self, bytes: &[u8]) -> Result<Vec<ListedHash>, Error> {
        if self.mistake.is_none() {
            self.list.lines.reader.push(bytes);
        }
        self.take()
    }

    /// Ends the list, and gives the hashes of its last record, where no line's end followed it.
    ///
    /// # Errors
    /// [`Error::InvalidRecord`] with line and column.
    pub fn finalize(mut self) -> Result<Vec<ListedHash>, Error> {
        self.list.lines.reader.end();
        self.take()
    }

    fn take(&mut self) -> Result<Vec<ListedHash>, Error> {
        if let Some((line, column, detail)) = &self.mistake {
            return Err(Error::InvalidRecord { line: *line, column: *column, detail: detail.clone() });
        }
        let mut hashes = Vec::new();
        loop {
            match self.list.read() {
                Ok(Some(hash)) => hashes.push(hash),
                Ok(None) => return Ok(hashes),
                Err(error) => {
                    if let Error::InvalidRecord { line, column, detail } = &error {
                        self.mistake = Some((*line, *column, detail.clone()));
                    }
                    return Err(error);
                }
            }
        }
    }
}

/// What was pushed and not read yet. To its reader it ends where the last complete record does.
#[derive(Debug, Default)]
struct Pieces {
    bytes: Vec<u8>,
    read: usize,
    /// Where the last complete record ends.
    complete: usize,
    /// Whether a line's end may stand in a quoted field; not known before the first line is complete.
    is_table: Option<bool>,
    /// Whether the bytes behind `complete` end inside a quoted field: their quotation marks are odd in number.
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
        // A record that is too long is for the reader to refuse.
        if self.bytes.len() - self.complete > MOST_BYTES {
            self.end();
        }
    }

    /// Looks for the ends of rows behind `start`, and on the way for the form.
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
