//! Lists of hashes, read one hash at a time.

use std::collections::VecDeque;
use std::io::BufRead;
use std::iter::FusedIterator;

use ownprint_hash::{HashAlgorithm, PerceptualHash, VpdqFeature};

use super::csv::{Table, TableRecord};
use super::entry::{ListEntry, ListedDigest, ListedHash};
use super::format::ListFormat;
use super::json::Node;
use super::lines::{Line, Lines};
use super::skipped::SkippedRows;
use super::text::Position;
use super::{bare, exchange, fingerprint, videos};
use crate::error::Error;
use crate::fingerprint::FingerprintRecord;
use crate::stopncii;

/// Reads the perceptual hashes of a list one by one. Memory holds one record at a time.
///
/// A record yields each of its hashes in order; the image's `pdq` and the hashes of its variants
/// come last. A record without hashes yields none, and an empty list is valid. A record, and a page
/// of StopNCII.org, is limited to 16 MiB. The rules of [`FingerprintRecord::from_json`] and
/// [`CsvRecords`](crate::CsvRecords) apply; hashes of other formats may be in upper case; empty
/// lines are errors.
///
/// ```
/// use ownprint_exchange::{HashList, ListFormat};
///
/// let list = format!("pdq {}\npdq {}\n", "0f".repeat(32), "0f".repeat(16));
/// let mut hashes = HashList::detecting(list.as_bytes());
/// assert_eq!(hashes.next().unwrap()?.line, 1);
/// let error = hashes.next().unwrap().unwrap_err().to_string();
/// assert_eq!(error, "line 2, column 5: a pdq hash of 256 bits has 64 digits, found 32");
/// assert_eq!((hashes.format(), hashes.next().is_none()), (Some(ListFormat::Exchange), true));
///
/// let mut hashes = HashList::detecting(list.as_bytes()).skip_invalid();
/// assert_eq!((hashes.by_ref().count(), hashes.skipped().count()), (1, 1));
/// assert_eq!(hashes.skipped().rows()[0].line, 2);
/// # Ok::<(), ownprint_exchange::Error>(())
/// ```
///
/// An item may be [`Error::InvalidRecord`], or [`Error::Io`] if the reader fails; an error is the
/// last item.
#[derive(Debug)]
pub struct HashList<R> {
    pub(super) lines: Lines<R>,
    format: Option<ListFormat>,
    table: Table,
    /// The text of a page, until it is complete.
    page: String,
    /// The frames of a video whose lines are the whole text, and the length of those lines.
    frames: (Vec<VpdqFeature>, usize),
    ready: VecDeque<ListEntry>,
    /// The name of the record of the entries in `ready`. Each gets its copy when it is returned.
    name: Option<String>,
    /// Whether digests and videos are returned too.
    with_all: bool,
    skips_invalid: bool,
    skipped: SkippedRows,
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
            table: Table::default(),
            page: String::new(),
            frames: (Vec::new(), 0),
            ready: VecDeque::new(),
            name: None,
            with_all: false,
            skips_invalid: false,
            skipped: SkippedRows::default(),
            has_ended: false,
        }
    }

    /// Skips invalid rows and describes them in [`skipped`](Self::skipped), instead of ending the
    /// list with an error. Errors that concern the whole list remain: of the reader, an unknown
    /// format, a byte order mark, an invalid header, a page that is not JSON, and a record over 16
    /// MiB.
    #[must_use]
    pub fn skip_invalid(self) -> Self {
        Self { skips_invalid: true, ..self }
    }

    /// Returns the rows that were skipped so far.
    #[must_use]
    pub fn skipped(&self) -> &SkippedRows {
        &self.skipped
    }

    pub(super) fn into_skipped(self) -> SkippedRows {
        self.skipped
    }

    /// Returns the format: as passed, or as detected once the first line was read.
    #[must_use]
    pub fn format(&self) -> Option<ListFormat> {
        self.format
    }

    /// Returns the next hash, digest or video. The iterator returns only hashes.
    pub fn next_entry(&mut self) -> Option<Result<ListEntry, Error>> {
        self.with_all = true;
        self.advance()
    }

    fn advance(&mut self) -> Option<Result<ListEntry, Error>> {
        if self.has_ended {
            return None;
        }
        let next = self.read().transpose();
        self.has_ended = !matches!(next, Some(Ok(_)));
        next
    }

    /// Reads until an entry is ready; `None` at the end of the list.
    pub(super) fn read(&mut self) -> Result<Option<ListEntry>, Error> {
        loop {
            if let Some(entry) = self.take_ready() {
                return Ok(Some(entry));
            }
            match self.read_row() {
                Ok(true) => {}
                Ok(false) => return Ok(None),
                Err((error, Some(line))) if self.skips_invalid => self.skipped.add(error, line),
                Err((error, _)) => return Err(error),
            }
        }
    }

    fn take_ready(&mut self) -> Option<ListEntry> {
        let mut entry = self.ready.pop_front()?;
        let shared = if self.ready.is_empty() { self.name.take() } else { self.name.clone() };
        if shared.is_some() {
            *entry.name_mut() = shared;
        }
        Some(entry)
    }

    /// Reads a row; `false` at the end of the list. An error that concerns only this row has its
    /// line.
    fn read_row(&mut self) -> Result<bool, (Error, Option<u64>)> {
        let Some(format) = self.detect().map_err(|error| (error, None))? else { return Ok(false) };
        match format {
            ListFormat::Csv => {
                let row = self.table.next(&mut self.lines);
                let row = row.map_err(|error| self.error_of_row(error))?;
                let Some(TableRecord { record, line, bytes }) = row else { return Ok(false) };
                self.add_record(record, line, bytes).map_err(|error| (error, Some(line)))?;
            }
            ListFormat::StopNcii => return self.read_page().map_err(|error| (error, None)),
            ListFormat::Vpdq => return self.read_frame(),
            format => {
                let line = self.lines.next(0).map_err(|error| self.error_of_row(error))?;
                let Some(line) = line else { return Ok(false) };
                let number = line.number;
                self.read_line(format, &line).map_err(|error| (error, Some(number)))?;
            }
        }
        Ok(true)
    }

    /// Returns the format, detecting it if necessary; `None` if there is no line.
    fn detect(&mut self) -> Result<Option<ListFormat>, Error> {
        if self.format.is_none() {
            let Some(line) = self.lines.next(0)? else { return Ok(None) };
            let format = ListFormat::of(&line);
            self.lines.put_back(&line.text);
            self.format = Some(format?);
        }
        Ok(self.format)
    }

    /// Returns an error with its line, if it concerns only one row.
    fn error_of_row(&self, error: Error) -> (Error, Option<u64>) {
        let is_whole = self.lines.has_failed
            || (self.format == Some(ListFormat::Csv) && self.table.columns.is_none());
        let line = match &error {
            Error::InvalidRecord { line, .. } if !is_whole => Some(*line),
            Error::Hash(_) if !is_whole => Some(self.lines.number()),
            _ => None,
        };
        (error, line)
    }

    fn read_line(&mut self, format: ListFormat, line: &Line) -> Result<(), Error> {
        let (text, start) = (line.content(), Position::line(line.number));
        let entry = match format {
            ListFormat::Exchange => exchange::entry(text, start)?,
            ListFormat::PhotoHasher => bare::photo_hasher(text, start)?,
            ListFormat::Hashes(algorithm) => bare::hash(algorithm, text, start)?,
            ListFormat::Digests(algorithm) => bare::digest(algorithm, text, start)?,
            ListFormat::VpdqJson => {
                let video = videos::video(text, start)?;
                if let Some(video) = video {
                    self.add(video);
                }
                return Ok(());
            }
            _ => {
                if text.is_empty() {
                    return Err(start.error("empty line; each line is a JSON object"));
                }
                let record = fingerprint::read(Node::parse(text, start)?)?;
                return self.add_record(record, line.number, text.len());
            }
        };
        self.add(entry);
        Ok(())
    }

    /// Reads a line of the whole text, which is one video; `false` at its end.
    fn read_frame(&mut self) -> Result<bool, (Error, Option<u64>)> {
        let line = self.lines.next(self.frames.1).map_err(|error| self.error_of_row(error))?;
        if let Some(line) = line {
            let frame = videos::frame(line.content(), Position::line(line.number));
            self.frames.0.push(frame.map_err(|error| (error, Some(line.number)))?);
            self.frames.1 += line.text.len();
            return Ok(true);
        }
        if self.lines.is_open || self.frames.0.is_empty() {
            return Ok(false);
        }
        let (frames, _) = std::mem::take(&mut self.frames);
        self.add(videos::listed(frames, None, Position::START));
        Ok(true)
    }

    /// Reads the whole text, which is one page; `false` if it is not complete or has no hashes.
    fn read_page(&mut self) -> Result<bool, Error> {
        while let Some(line) = self.lines.next(self.page.len())? {
            self.page.push_str(&line.text);
        }
        if self.lines.is_open || self.page.is_empty() {
            return Ok(false);
        }
        let page = std::mem::take(&mut self.page);
        let Self { ready, skipped, with_all, skips_invalid, .. } = self;
        stopncii::read_page(&page, &mut |line, record| {
            match record {
                Ok(record) => ready.extend(
                    record
                        .listed(line)
                        .filter(|entry| *with_all || matches!(entry, ListEntry::Hash(_))),
                ),
                Err(error) if *skips_invalid => skipped.add(error, line),
                Err(error) => return Err(error),
            }
            Ok(())
        })?;
        Ok(true)
    }

    fn add(&mut self, entry: ListEntry) {
        if self.with_all || matches!(entry, ListEntry::Hash(_)) {
            self.ready.push_back(entry);
        }
    }

    /// Adds the hashes, the digests and the video of a record, which has `bytes` bytes.
    fn add_record(
        &mut self,
        record: FingerprintRecord,
        line: u64,
        bytes: usize,
    ) -> Result<(), Error> {
        let FingerprintRecord { path, hashes, variants, video, digests, .. } = record;
        let variants = variants.map(|set| set.hashes).unwrap_or_default();
        // The first hash of a set is the PDQ hash of the image.
        let is_in_set = !variants.is_empty();
        let is_apart = |hash: &PerceptualHash| !(is_in_set && hash.algorithm == HashAlgorithm::PDQ);
        let hashes = hashes.into_iter().filter(is_apart).flat_map(|hash| listed(hash, line));
        let variants = variants.into_iter().map(|hash| {
            ListEntry::Hash(ListedHash {
                algorithm: HashAlgorithm::PDQ,
                value: hash.value,
                quality: Some(hash.quality),
                name: None,
                variant: Some(hash.variant),
                line,
            })
        });
        let digests = if self.with_all { digests } else { Vec::new() };
        let video = video.filter(|_| self.with_all).map(|video| {
            let features = video.vpdq.into_iter().map(|frame| frame.feature).collect();
            videos::listed(features, None, Position::line(line))
        });
        let digests = digests
            .into_iter()
            .map(|digest| ListEntry::Digest(ListedDigest { digest, name: None, line }));
        self.ready.extend(hashes.chain(variants).chain(video).chain(digests));
        let copied = path.as_ref().map_or(0, |path| path.len().saturating_mul(self.ready.len()));
        if copied > bytes.saturating_mul(MAX_COPIES) {
            self.ready.clear();
            return Err(Position::line(line).error(
                "the path is too long to be repeated for each hash of the record; shorten it",
            ));
        }
        self.name = path;
        Ok(())
    }
}

/// The maximum length of all copies of a path, relative to its record. A long path with many hashes
/// would need memory in proportion to their product.
const MAX_COPIES: usize = 16;

fn listed(hash: PerceptualHash, line: u64) -> impl Iterator<Item = ListEntry> {
    let PerceptualHash { algorithm, values, quality, .. } = hash;
    values.into_iter().map(move |value| {
        ListEntry::Hash(ListedHash { algorithm, value, quality, name: None, variant: None, line })
    })
}

impl<R: BufRead> Iterator for HashList<R> {
    type Item = Result<ListedHash, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let hash = self.advance()?.map(ListEntry::into_hash).transpose();
            if hash.is_some() {
                return hash;
            }
        }
    }
}

impl<R: BufRead> FusedIterator for HashList<R> {}
