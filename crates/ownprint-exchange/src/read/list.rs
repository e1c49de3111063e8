//! Lists of hashes in three formats, read one hash at a time.

use std::collections::VecDeque;
use std::io::BufRead;
use std::iter::FusedIterator;

use ownprint_hash::{BitHash, HashAlgorithm, PerceptualHash, Quality, Variant};

use super::csv::{self, Column, Columns};
use super::json::Node;
use super::lines::{Line, Lines};
use super::text::Position;
use super::{exchange, fingerprint};
use crate::error::Error;
use crate::fingerprint::FingerprintRecord;

/// The format of a list of hashes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ListFormat {
    /// JSON Lines: a [`FingerprintRecord`] per line.
    JsonLines,
    /// CSV, as [`CsvTable`](crate::CsvTable) writes it.
    Csv,
    /// The `pdq HASH` lines of python-threatexchange's local file exchange.
    Exchange,
}

impl ListFormat {
    /// All formats.
    pub const ALL: [Self; 3] = [Self::JsonLines, Self::Csv, Self::Exchange];

    /// Returns the stable name, as the command line uses it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::JsonLines => "jsonl",
            Self::Csv => "csv",
            Self::Exchange => "threatexchange",
        }
    }

    /// Detects the format of a list from its first bytes, preferably a whole line: an opening
    /// brace, a word and a blank, or the name of a column.
    ///
    /// ```
    /// use ownprint_exchange::ListFormat;
    ///
    /// assert_eq!(ListFormat::probe(b"pdq f8f8f0cee0f4a84f"), Some(ListFormat::Exchange));
    /// assert_eq!(ListFormat::probe(b"path,pdq,pdq_quality\n"), Some(ListFormat::Csv));
    /// assert_eq!(ListFormat::probe(br#"{"path":"a.jpg","schema":1"#), Some(ListFormat::JsonLines));
    /// assert_eq!(ListFormat::probe(b"f8f8f0cee0f4a84f06370a22"), None);
    /// ```
    #[must_use]
    pub fn probe(bytes: &[u8]) -> Option<Self> {
        if bytes.first() == Some(&b'{') {
            return Some(Self::JsonLines);
        }
        let end = bytes.iter().position(|byte| b", \r\n".contains(byte)).unwrap_or(bytes.len());
        let word = std::str::from_utf8(bytes.get(..end)?).ok()?;
        let word_is_plain = |word: &str| {
            !word.is_empty()
                && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        };
        if bytes.get(end) == Some(&b' ') {
            return word_is_plain(word).then_some(Self::Exchange);
        }
        let name = word.strip_prefix('"').and_then(|word| word.strip_suffix('"')).unwrap_or(word);
        Column::is_name(name).then_some(Self::Csv)
    }
}

/// One hash of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ListedHash {
    /// The algorithm.
    pub algorithm: HashAlgorithm,
    /// The hash, [`HashAlgorithm::bits`] bits.
    pub value: BitHash,
    /// The quality, if the list contains it.
    pub quality: Option<Quality>,
    /// The path or name of the image, if the list contains it.
    pub name: Option<String>,
    /// The variant of the image, if the record has a set of variants.
    pub variant: Option<Variant>,
    /// The line number, from 1; the first line if a row has several.
    pub line: u64,
}

/// Reads the perceptual hashes of a list one by one. Memory holds one record at a time.
///
/// A record yields each of its hashes in order; the image's `pdq` and the hashes of its variants
/// come last. A record without hashes yields none, and an empty list is valid. A record is limited
/// to 16 MiB. The rules of [`FingerprintRecord::from_json`] and [`CsvRecords`](crate::CsvRecords)
/// apply; empty lines are errors.
///
/// ```
/// use ownprint_exchange::{HashList, ListFormat};
///
/// let list = format!("pdq {}\npdq {}\n", "0f".repeat(32), "0F".repeat(32));
/// let mut hashes = HashList::detecting(list.as_bytes());
/// assert_eq!(hashes.next().unwrap()?.line, 1);
/// let error = hashes.next().unwrap().unwrap_err().to_string();
/// assert_eq!(error, "line 2, column 6: a pdq hash must be in lower case, found \"F\"");
/// assert_eq!((hashes.format(), hashes.next().is_none()), (Some(ListFormat::Exchange), true));
/// # Ok::<(), ownprint_exchange::Error>(())
/// ```
///
/// An item may be [`Error::InvalidRecord`], or [`Error::Io`] if the reader fails; an error is the
/// last item.
#[derive(Debug)]
pub struct HashList<R> {
    pub(super) lines: Lines<R>,
    format: Option<ListFormat>,
    columns: Option<Columns>,
    ready: VecDeque<ListedHash>,
    has_ended: bool,
}

impl<R: BufRead> HashList<R> {
    /// Creates a reader for a list of this format.
    pub fn new(reader: R, format: ListFormat) -> Self {
        Self { format: Some(format), ..Self::detecting(reader) }
    }

    /// Creates a reader that detects the format from the first line. An unknown format is an error.
    pub fn detecting(reader: R) -> Self {
        Self {
            lines: Lines::new(reader),
            format: None,
            columns: None,
            ready: VecDeque::new(),
            has_ended: false,
        }
    }

    /// Returns the format: as passed, or as detected once the first line was read.
    #[must_use]
    pub fn format(&self) -> Option<ListFormat> {
        self.format
    }

    /// Reads until a hash is ready; `None` at the end of the list.
    pub(super) fn read(&mut self) -> Result<Option<ListedHash>, Error> {
        while self.ready.is_empty() {
            let Some(line) = self.lines.next(0)? else { return Ok(None) };
            let format = match self.format {
                Some(format) => format,
                None => *self.format.insert(format_of(&line)?),
            };
            match format {
                ListFormat::JsonLines => {
                    let position = Position::line(line.number);
                    if line.content().is_empty() {
                        return Err(position.error("empty line; each line is a JSON object"));
                    }
                    let record = fingerprint::read(Node::parse(line.content(), position)?)?;
                    self.ready.extend(hashes(record, line.number));
                }
                ListFormat::Csv => {
                    match csv::next_record(&mut self.lines, Some(line), &mut self.columns)? {
                        Some((record, number)) => self.ready.extend(hashes(record, number)),
                        None => return Ok(None),
                    }
                }
                ListFormat::Exchange => {
                    let hash = exchange::read(line.content(), Position::line(line.number))?;
                    self.ready.extend(listed(None, hash, line.number));
                }
            }
        }
        Ok(self.ready.pop_front())
    }
}

fn format_of(line: &Line) -> Result<ListFormat, Error> {
    ListFormat::probe(line.text.as_bytes()).ok_or_else(|| {
        Position::line(line.number).error(
            "not a list of hashes; a list begins with a JSON object, the header of a CSV table, or \"pdq\" and a hash",
        )
    })
}

fn hashes(record: FingerprintRecord, line: u64) -> impl Iterator<Item = ListedHash> {
    let FingerprintRecord { path: name, hashes, variants, .. } = record;
    let variants = variants.map(|set| set.hashes).unwrap_or_default();
    // The first hash of a set is the PDQ hash of the image.
    let is_in_set = !variants.is_empty();
    let hashes =
        hashes.into_iter().filter(move |hash| !(is_in_set && hash.algorithm == HashAlgorithm::PDQ));
    let set_name = name.clone();
    let variants = variants.into_iter().map(move |hash| ListedHash {
        algorithm: HashAlgorithm::PDQ,
        value: hash.value,
        quality: Some(hash.quality),
        name: set_name.clone(),
        variant: Some(hash.variant),
        line,
    });
    hashes.flat_map(move |hash| listed(name.clone(), hash, line)).chain(variants)
}

fn listed(
    name: Option<String>,
    hash: PerceptualHash,
    line: u64,
) -> impl Iterator<Item = ListedHash> {
    let PerceptualHash { algorithm, values, quality, .. } = hash;
    values.into_iter().map(move |value| ListedHash {
        algorithm,
        value,
        quality,
        name: name.clone(),
        variant: None,
        line,
    })
}

impl<R: BufRead> Iterator for HashList<R> {
    type Item = Result<ListedHash, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.has_ended {
            return None;
        }
        let next = self.read().transpose();
        self.has_ended = !matches!(next, Some(Ok(_)));
        next
    }
}

impl<R: BufRead> FusedIterator for HashList<R> {}
