//! The formats of lists, and their detection by the first line.

use std::borrow::Cow;

use ownprint_hash::{DigestAlgorithm, HashAlgorithm};

use super::csv::Column;
use super::lines::Line;
use super::text::Position;
use crate::error::Error;

/// The format of a list of hashes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ListFormat {
    /// JSON Lines: a [`FingerprintRecord`](crate::FingerprintRecord) per line.
    JsonLines,
    /// CSV, as [`CsvTable`](crate::CsvTable) writes it.
    Csv,
    /// The `pdq HASH` lines of python-threatexchange's local file exchange.
    Exchange,
    /// A page of StopNCII.org's records, as [`StopNciiPage`](crate::StopNciiPage) reads it. Hashes
    /// that were withdrawn or deleted are omitted.
    StopNcii,
    /// The `HASH,QUALITY,NAME` lines of `pdq-photo-hasher`, the program of the C++ implementation.
    PhotoHasher,
    /// The `FRAME,QUALITY,HASH,SECONDS` lines of vPDQ's command line. The whole text is one video.
    Vpdq,
    /// The JSON of python-threatexchange for a video, on one line: an array of
    /// `HASH,QUALITY,SECONDS`. Each line is a video. A line may also be an object with `path` and
    /// `vpdq`.
    VpdqJson,
    /// Lines that begin with a hash of this algorithm. What follows after a comma, a space or
    /// a tab is the name.
    Hashes(HashAlgorithm),
    /// Lines that begin with a digest of this algorithm, as `md5sum` writes them.
    Digests(DigestAlgorithm),
}

impl ListFormat {
    /// The formats that have a name of their own. [`Hashes`](Self::Hashes) and
    /// [`Digests`](Self::Digests) have the names of their algorithms.
    pub const ALL: [Self; 7] = [
        Self::JsonLines,
        Self::Csv,
        Self::Exchange,
        Self::StopNcii,
        Self::PhotoHasher,
        Self::Vpdq,
        Self::VpdqJson,
    ];

    /// Returns the stable name, as the command line uses it.
    #[must_use]
    pub fn name(self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Self::JsonLines => "jsonl",
            Self::Csv => "csv",
            Self::Exchange => "threatexchange",
            Self::StopNcii => "stopncii",
            Self::PhotoHasher => "pdq-photo-hasher",
            Self::Vpdq => "vpdq",
            Self::VpdqJson => "vpdq-json",
            Self::Hashes(algorithm) => return algorithm.name(),
            Self::Digests(algorithm) => algorithm.name(),
        })
    }

    /// Detects the format of a list from its first bytes, preferably a whole line.
    ///
    /// The result is a format that the line proves: a JSON object or array, `HASH,QUALITY,NAME` of
    /// PDQ, `FRAME,QUALITY,HASH,SECONDS`, a word and a blank, or the name of a column. A line that
    /// only has a hash does not name its algorithm.
    ///
    /// ```
    /// use ownprint_exchange::ListFormat;
    ///
    /// assert_eq!(ListFormat::probe(b"pdq f8f8f0cee0f4a84f"), Some(ListFormat::Exchange));
    /// assert_eq!(ListFormat::probe(b"path,pdq,pdq_quality\n"), Some(ListFormat::Csv));
    /// assert_eq!(ListFormat::probe(br#"{"path":"a.jpg","schema":1"#), Some(ListFormat::JsonLines));
    /// assert_eq!(ListFormat::probe(br#"{"count":1,"hashRecords":["#), Some(ListFormat::StopNcii));
    /// assert_eq!(ListFormat::probe(b"f8f8f0cee0f4a84f06370a22"), None);
    /// ```
    #[must_use]
    pub fn probe(bytes: &[u8]) -> Option<Self> {
        match bytes.first() {
            Some(b'{') if is_video(bytes) => return Some(Self::VpdqJson),
            Some(b'{') if is_page(bytes) => return Some(Self::StopNcii),
            Some(b'{') => return Some(Self::JsonLines),
            Some(b'[') if is_feature_list(bytes) => return Some(Self::VpdqJson),
            _ if is_frame(bytes) => return Some(Self::Vpdq),
            _ => {}
        }
        let end = bytes.iter().position(|byte| b", \t\r\n".contains(byte)).unwrap_or(bytes.len());
        let (word, rest) = bytes.split_at_checked(end)?;
        if begins_with_hash(word) {
            return is_photo_hasher(word, rest).then_some(Self::PhotoHasher);
        }
        let word = std::str::from_utf8(word).ok()?;
        let word_is_plain = |word: &str| {
            !word.is_empty()
                && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        };
        if rest.first() == Some(&b' ') {
            return word_is_plain(word).then_some(Self::Exchange);
        }
        let name = word.strip_prefix('"').and_then(|word| word.strip_suffix('"')).unwrap_or(word);
        Column::is_name(name).then_some(Self::Csv)
    }

    /// Detects the format from the first line.
    pub(super) fn of(line: &Line) -> Result<Self, Error> {
        let bytes = line.text.as_bytes();
        Self::probe(bytes).ok_or_else(|| {
            let end =
                bytes.iter().position(|byte| b", \t\r\n".contains(byte)).unwrap_or(bytes.len());
            Position::line(line.number).error(if bytes.get(..end).is_some_and(begins_with_hash) {
                format!(
                    "the line begins with a hash of {end} digits and does not name its algorithm; \
                     name the format of the list, such as pdq or md5"
                )
            } else {
                "not a list of hashes; a list begins with a JSON object, the header of a CSV \
                 table with columns such as path and pdq, or \"pdq\" and a hash"
                    .to_owned()
            })
        })
    }
}

/// The fewest digits that are taken as a hash: the length of hashes of 64 bits.
const FEWEST_DIGITS: usize = 16;

fn begins_with_hash(word: &[u8]) -> bool {
    word.len() >= FEWEST_DIGITS && word.iter().all(u8::is_ascii_hexdigit)
}

/// Returns `true` for a PDQ hash and a rest of `,QUALITY,NAME`. No other program is known to write
/// lines of this form.
fn is_photo_hasher(hash: &[u8], rest: &[u8]) -> bool {
    let mut fields = rest.split(|byte| *byte == b',').skip(1);
    let quality = fields.next().and_then(|field| std::str::from_utf8(field).ok());
    let is_quality = quality.and_then(|field| field.parse::<u8>().ok()).is_some_and(|it| it <= 100);
    hash.len() == HashAlgorithm::PDQ.bits() / 4 && is_quality && fields.next().is_some()
}

/// Returns `true` for the beginning of an array of strings, or an empty one. An array of records is
/// not a list.
fn is_feature_list(line: &[u8]) -> bool {
    let rest = line.strip_prefix(b"[").unwrap_or_default().trim_ascii_start();
    rest.starts_with(b"\"") || rest.starts_with(b"]")
}

/// Returns `true` for a number, a quality and a PDQ hash, with commas between.
fn is_frame(line: &[u8]) -> bool {
    let fields: Vec<_> = line.splitn(4, |byte| *byte == b',').collect();
    let [frame, quality, hash, _] = fields.as_slice() else { return false };
    let is_number = |field: &[u8]| !field.is_empty() && field.iter().all(u8::is_ascii_digit);
    is_number(frame)
        && is_number(quality)
        && hash.len() == HashAlgorithm::PDQ.bits() / 4
        && begins_with_hash(hash)
}

/// Returns `true` if the first line is an object with the features of a video, or with the error of
/// a file, and not a record.
fn is_video(line: &[u8]) -> bool {
    let has = |key| has_key(line, key);
    (has(b"\"vpdq\"") || has(b"\"error\"")) && !has(b"\"schema\"")
}

/// Returns `true` if the first line of a text has this key of an object.
fn has_key(line: &[u8], key: &[u8]) -> bool {
    let line = line.split(|byte| *byte == b'\n').next().unwrap_or_default();
    // In a string, the quotation marks of such a text are escaped.
    line.windows(key.len()).enumerate().any(|(at, it)| {
        let rest = line.get(at + key.len()..).unwrap_or_default();
        it == key && rest.trim_ascii_start().starts_with(b":")
    })
}

/// Returns `true` if the first line of an object has a key that only a page of StopNCII.org has, or
/// nothing but the brace: a record has all its members on one line.
fn is_page(line: &[u8]) -> bool {
    const KEYS: [&[u8]; 4] =
        [b"\"hashRecords\"", b"\"hasMoreRecords\"", b"\"nextSetTimestamp\"", b"\"nextPageToken\""];
    let line = line.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let rest = line.get(1..).unwrap_or_default().trim_ascii();
    rest.is_empty() || rest.starts_with(b"\"count\"") || KEYS.iter().any(|key| has_key(rest, key))
}
