//! The records of StopNCII.org's hash exchange, as python-threatexchange's client defines them.

use ownprint_hash::{BitHash, Digest, DigestAlgorithm, HashAlgorithm, PerceptualHash};

use super::members::Members;
use super::read::entry::{ListEntry, ListedDigest, ListedHash};
use super::read::json::{Node, Object};
use super::read::skipped::SkippedRows;
use super::read::text::{Origin, Position, Text, shown};
use super::read::values;
use crate::error::Error;
use crate::threatexchange;

/// Defines an enumeration with the names that the service uses.
macro_rules! named {
    ($(#[$about:meta])* $Type:ident, $what:literal, { $($(#[$doc:meta])* $Value:ident = $name:literal,)* }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $Type {
            $($(#[$doc])* $Value,)*
        }

        impl $Type {
            /// All values.
            pub const ALL: &[Self] = &[$(Self::$Value,)*];

            /// Returns the name in the service's records.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$Value => $name,)*
                }
            }

            fn read(node: Node<'_>) -> Result<Self, Error> {
                Self::of(&node.text($what)?)
            }

            fn of(name: &Text<'_>) -> Result<Self, Error> {
                Self::ALL.iter().copied().find(|value| value.name() == name.value).ok_or_else(|| {
                    let known = Self::ALL.iter().map(|value| value.name()).collect::<Vec<_>>().join(", ");
                    name.error(format!("{} {} is unknown; known values: {known}", $what, shown(&name.value)))
                })
            }
        }

        impl std::str::FromStr for $Type {
            type Err = Error;

            /// Parses a name as the service writes it.
            ///
            /// # Errors
            ///
            /// [`Error::InvalidRecord`] at line 1 if the name is unknown.
            fn from_str(name: &str) -> Result<Self, Error> {
                Self::of(&alone(name))
            }
        }
    };
}

named!(
    /// The type of a hash.
    StopNciiSignal, "a signal type", {
        /// Not stated.
        Unknown = "Unknown",
        /// PDQ of an image.
        ImagePdq = "ImagePDQ",
        /// MD5 of a video's file.
        VideoMd5 = "VideoMD5",
        /// TMK+PDQF of a video; not computed by this library.
        VideoTmk = "VideoTMK",
        /// A text.
        Text = "Text",
        /// A URL.
        Url = "URL",
    }
);

named!(
    /// The status of a hash, or of a case that contains it.
    StopNciiStatus, "a status", {
        /// Not stated.
        Unknown = "Unknown",
        /// Submitted.
        Received = "Received",
        /// In use.
        Active = "Active",
        /// Withdrawn; participants must delete it.
        Withdrawn = "Withdrawn",
        /// Deleted; participants must delete it.
        Deleted = "Deleted",
    }
);

named!(
    /// The feedback of a service about a hash.
    StopNciiFeedbackValue, "a feedback value", {
        /// Not stated.
        Unknown = "Unknown",
        /// Tags only.
        None = "None",
        /// The quality is unknown.
        QualityUnknown = "QualityUnknown",
        /// Content matched and awaits review.
        PendingReview = "PendingReview",
        /// The matching content was reviewed and blocked.
        Blocked = "Blocked",
        /// The matching content was reviewed and not blocked.
        NotBlocked = "NotBlocked",
        /// Withdrawn.
        Withdrawn = "Withdrawn",
        /// Deleted.
        Deleted = "Deleted",
    }
);

/// A hash with its type: 64 lower-case digits for [`ImagePdq`](StopNciiSignal::ImagePdq), 32 for
/// [`VideoMd5`](StopNciiSignal::VideoMd5), any text for others.
///
/// ```
/// use ownprint_exchange::{StopNciiHash, StopNciiSignal};
///
/// let hash = StopNciiHash::new(StopNciiSignal::ImagePdq, &"0f".repeat(32))?;
/// assert_eq!(hash.pdq().unwrap().bits(), 256);
/// assert!(StopNciiHash::new(StopNciiSignal::ImagePdq, &"0f".repeat(16)).is_err());
/// # Ok::<(), ownprint_exchange::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct StopNciiHash {
    signal: StopNciiSignal,
    value: String,
}

impl StopNciiHash {
    /// Creates a hash from its text.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidRecord`] if a PDQ or MD5 has another length, or characters that are not
    /// digits. Digits in upper case are stored in lower case.
    pub fn new(signal: StopNciiSignal, value: &str) -> Result<Self, Error> {
        Self::read(signal, &alone(value))
    }

    /// Returns the hash that the service accepts for an image: `None` for other algorithms than
    /// `pdq` and `pdq-512`, and for a quality below
    /// [`EXCHANGE_THRESHOLD`](ownprint_hash::Quality::EXCHANGE_THRESHOLD), which its records do not
    /// store.
    #[must_use]
    pub fn of_image(hash: &PerceptualHash) -> Option<Self> {
        let line = threatexchange::to_line(hash)?;
        let (_, value) = line.split_once(' ')?;
        Some(Self { signal: StopNciiSignal::ImagePdq, value: value.to_owned() })
    }

    /// Returns the hash that the service accepts for a video, the MD5 of its file; `None` for other
    /// digests.
    #[must_use]
    pub fn of_video(digest: &Digest) -> Option<Self> {
        let value = (digest.algorithm == DigestAlgorithm::Md5).then(|| digest.to_hex())?;
        Some(Self { signal: StopNciiSignal::VideoMd5, value })
    }

    fn read(signal: StopNciiSignal, text: &Text<'_>) -> Result<Self, Error> {
        let value = match signal {
            StopNciiSignal::ImagePdq => {
                values::hash(HashAlgorithm::PDQ, &text.to_lower_case())?.to_hex()
            }
            StopNciiSignal::VideoMd5 => {
                values::digest(DigestAlgorithm::Md5, &text.to_lower_case())?.to_hex()
            }
            _ => text.value.clone().into_owned(),
        };
        Ok(Self { signal, value })
    }

    /// Returns the type of the hash.
    #[must_use]
    pub fn signal(&self) -> StopNciiSignal {
        self.signal
    }

    /// Returns the hash as the service writes it.
    #[must_use]
    pub fn value(&self) -> &str {
        &self.value
    }

    /// Returns the PDQ hash, if it is one.
    #[must_use]
    pub fn pdq(&self) -> Option<BitHash> {
        (self.signal == StopNciiSignal::ImagePdq).then(|| BitHash::from_hex(&self.value).ok())?
    }
}

fn alone(text: &str) -> Text<'_> {
    Text::verbatim(text, Origin::new(text, Position::START))
}

/// The feedback of one service about a hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StopNciiFeedback {
    /// The feedback.
    pub value: StopNciiFeedbackValue,
    /// Free-form tags.
    pub tags: Vec<String>,
    /// The name of the service; empty if not stated.
    pub source: String,
}

/// The record of one hash. The format does not store a quality or the pipeline of a PDQ hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StopNciiRecord {
    /// Time of the last change, in seconds since 1970 (`lastModtimestamp`).
    pub last_modified: u64,
    /// The hash (`signalType`, `hashValue`).
    pub hash: StopNciiHash,
    /// The overall status (`hashStatus`).
    pub status: StopNciiStatus,
    /// The status in each case, by case number (`caseNumbers`).
    pub cases: Vec<(String, StopNciiStatus)>,
    /// The feedback of services (`CSPFeedbacks`).
    pub feedbacks: Vec<StopNciiFeedback>,
}

impl StopNciiRecord {
    /// Returns the hash as an entry of a list, unless it was withdrawn or deleted.
    pub(crate) fn listed(self, line: u64) -> impl Iterator<Item = ListEntry> {
        let is_in_use = !matches!(self.status, StopNciiStatus::Withdrawn | StopNciiStatus::Deleted);
        is_in_use.then_some(self.hash).into_iter().filter_map(move |hash| {
            let digest = (hash.signal == StopNciiSignal::VideoMd5)
                .then(|| Digest::from_parts(DigestAlgorithm::Md5, &hash.value).ok());
            let digest = digest
                .flatten()
                .map(|digest| ListEntry::Digest(ListedDigest { digest, name: None, line }));
            let hash = hash.pdq().map(|value| {
                ListEntry::Hash(ListedHash {
                    algorithm: HashAlgorithm::PDQ,
                    value,
                    quality: None,
                    name: None,
                    variant: None,
                    line,
                })
            });
            hash.or(digest)
        })
    }
}

/// A page of records, the response of the service's `FetchHashes`.
///
/// ```
/// use ownprint_exchange::StopNciiPage;
///
/// let text = format!(
///     r#"{{"count":1,"nextPageToken":null,"nextSetTimestamp":1700000000,"hasMoreRecords":false,"hashRecords":[
///     {{"lastModtimestamp":1699999999,"signalType":"ImagePDQ","hashValue":"{}","hashStatus":"Active",
///     "caseNumbers":{{"case-1":"Active"}},"CSPFeedbacks":[]}}]}}"#,
///     "0f".repeat(32),
/// );
/// let page = StopNciiPage::from_json(&text)?;
/// assert_eq!(page.records[0].hash.pdq().unwrap().bits(), 256);
/// assert_eq!(StopNciiPage::from_json(&page.to_json())?, page);
/// # Ok::<(), ownprint_exchange::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StopNciiPage {
    /// The number of records, as the service states it (`count`).
    pub count: u64,
    /// The token of the next page, if there is one (`nextPageToken`).
    pub next_page_token: Option<String>,
    /// The start time of the next request, in seconds since 1970 (`nextSetTimestamp`).
    pub next_set_timestamp: u64,
    /// Whether there are more records (`hasMoreRecords`).
    pub has_more_records: bool,
    /// The records (`hashRecords`).
    pub records: Vec<StopNciiRecord>,
}

impl StopNciiPage {
    /// Parses a page. Unknown members are ignored, because the service may add some; known members
    /// are validated strictly. An empty array for `caseNumbers`, which the service also writes,
    /// means no cases. A PDQ or MD5 may be in upper case.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidRecord`] if the text is not JSON or starts with a byte order mark, a member
    /// is missing or repeated, a value has another type or an unknown name, a PDQ or MD5 is
    /// invalid, or there are more than 250,000 cases and tags.
    pub fn from_json(text: &str) -> Result<Self, Error> {
        let mut records = Vec::new();
        let page = read_page(text, &mut |_, record| {
            records.push(record?);
            Ok(())
        })?;
        Ok(Self { records, ..page })
    }

    /// Parses a page as [`from_json`](Self::from_json) does, but skips invalid records and returns
    /// what is wrong with them.
    ///
    /// ```
    /// use ownprint_exchange::StopNciiPage;
    ///
    /// let record = |digits: &str| {
    ///     format!(
    ///         r#"{{"lastModtimestamp":1,"signalType":"ImagePDQ","hashValue":"{digits}","hashStatus":"Active","caseNumbers":[]}}"#
    ///     )
    /// };
    /// let text = format!(
    ///     r#"{{"count":2,"nextSetTimestamp":1,"hasMoreRecords":false,"hashRecords":[{},{}]}}"#,
    ///     record(&"0f".repeat(16)),
    ///     record(&"0f".repeat(32)),
    /// );
    /// let (page, skipped) = StopNciiPage::from_json_tolerant(&text)?;
    /// assert_eq!((page.records.len(), skipped.count()), (1, 1));
    /// assert_eq!(
    ///     skipped.rows()[0].detail,
    ///     "a pdq hash of 256 bits has 64 digits, found 32"
    /// );
    /// # Ok::<(), ownprint_exchange::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::InvalidRecord`] if the text is not JSON or starts with a byte order mark, or a
    /// member of the page is invalid.
    pub fn from_json_tolerant(text: &str) -> Result<(Self, SkippedRows), Error> {
        let (mut records, mut skipped) = (Vec::new(), SkippedRows::default());
        let page = read_page(text, &mut |line, record| {
            match record {
                Ok(record) => records.push(record),
                Err(error) => skipped.add(error, line),
            }
            Ok(())
        })?;
        Ok((Self { records, ..page }, skipped))
    }

    /// Returns the page as the text of a JSON object, on one line.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut text = String::new();
        let mut object = Members::open(&mut text, '{');
        object.bare("count", self.count);
        match &self.next_page_token {
            Some(token) => object.text("nextPageToken", token),
            None => object.bare("nextPageToken", "null"),
        }
        object.bare("nextSetTimestamp", self.next_set_timestamp);
        object.bare("hasMoreRecords", self.has_more_records);
        let mut records = object.inner("hashRecords", '[');
        for record in &self.records {
            write_record(records.inner_item('{'), record);
        }
        records.close(']');
        object.close('}');
        text
    }
}

/// Reads a page and passes each record with its line to `take`. The page has no records.
pub(crate) fn read_page(
    text: &str,
    take: &mut dyn FnMut(u64, Result<StopNciiRecord, Error>) -> Result<(), Error>,
) -> Result<StopNciiPage, Error> {
    let mut object = Object::of(Node::parse(text, Position::START)?, "a page")?;
    let records = object.need("hashRecords")?;
    let page = StopNciiPage {
        count: number(object.need("count")?, "a count")?,
        next_page_token: match object.take("nextPageToken") {
            Some(token) if !token.is_null() => Some(owned(token, "a page's token")?),
            _ => None,
        },
        next_set_timestamp: number(object.need("nextSetTimestamp")?, "a time")?,
        has_more_records: object.need("hasMoreRecords")?.truth("the member \"hasMoreRecords\"")?,
        records: Vec::new(),
    };
    let (mut place, mut parts) = (records.place(), Parts(MAX_PARTS));
    records.each("the list of records", &mut |node| {
        let node = node.placed_after(&mut place);
        take(node.line(), record(node, &mut parts))
    })?;
    Ok(page)
}

/// The maximum number of cases and tags in a page. A short one needs many times its memory.
const MAX_PARTS: usize = 250_000;

/// The number of cases and tags that a page may still have.
struct Parts(usize);

impl Parts {
    fn take(&mut self, number: usize, node: Node<'_>) -> Result<(), Error> {
        let left = self.0.checked_sub(number);
        self.0 = left.ok_or_else(|| {
            node.error(format!("a page has a maximum of {MAX_PARTS} cases and tags"))
        })?;
        Ok(())
    }
}

fn number(node: Node<'_>, what: &str) -> Result<u64, Error> {
    node.number(what, 0, u64::MAX)
}

fn owned(node: Node<'_>, what: &str) -> Result<String, Error> {
    Ok(node.text(what)?.value.into_owned())
}

fn record(node: Node<'_>, parts: &mut Parts) -> Result<StopNciiRecord, Error> {
    let mut object = Object::of(node, "a hash's record")?;
    let signal = StopNciiSignal::read(object.need("signalType")?)?;
    let feedbacks = match object.take("CSPFeedbacks") {
        Some(list) => list.few("the list of feedbacks", |node| feedback(node, parts))?,
        None => Vec::new(),
    };
    Ok(StopNciiRecord {
        last_modified: number(object.need("lastModtimestamp")?, "a time")?,
        hash: StopNciiHash::read(signal, &object.need("hashValue")?.text("a hash's value")?)?,
        status: StopNciiStatus::read(object.need("hashStatus")?)?,
        cases: cases(object.need("caseNumbers")?, parts)?,
        feedbacks,
    })
}

fn cases(node: Node<'_>, parts: &mut Parts) -> Result<Vec<(String, StopNciiStatus)>, Error> {
    const WHAT: &str = "the cases' numbers";
    if node.is_empty_list() {
        return Ok(Vec::new());
    }
    let case = |member: super::read::json::Member<'_>| {
        Ok((member.key.value.into_owned(), StopNciiStatus::read(member.value)?))
    };
    let members = node.members(WHAT)?;
    parts.take(members.len(), node)?;
    members.into_iter().map(case).collect()
}

fn feedback(node: Node<'_>, parts: &mut Parts) -> Result<StopNciiFeedback, Error> {
    let mut object = Object::of(node, "a feedback")?;
    let tags = match object.take("tags") {
        Some(list) => list.list("the list of tags", |tag| {
            parts.take(1, tag)?;
            owned(tag, "a tag")
        })?,
        None => Vec::new(),
    };
    Ok(StopNciiFeedback {
        value: StopNciiFeedbackValue::read(object.need("feedbackValue")?)?,
        tags,
        source: object
            .take("source")
            .map(|it| owned(it, "a source"))
            .transpose()?
            .unwrap_or_default(),
    })
}

fn write_record(mut object: Members<'_>, record: &StopNciiRecord) {
    object.bare("lastModtimestamp", record.last_modified);
    object.text("signalType", record.hash.signal.name());
    object.text("hashValue", &record.hash.value);
    object.text("hashStatus", record.status.name());
    let mut cases = object.inner("caseNumbers", '{');
    for (number, status) in &record.cases {
        cases.text(number, status.name());
    }
    cases.close('}');
    let mut feedbacks = object.inner("CSPFeedbacks", '[');
    for feedback in &record.feedbacks {
        let mut object = feedbacks.inner_item('{');
        object.text("feedbackValue", feedback.value.name());
        let mut tags = object.inner("tags", '[');
        for tag in &feedback.tags {
            tags.item(tag);
        }
        tags.close(']');
        object.text("source", &feedback.source);
        object.close('}');
    }
    feedbacks.close(']');
    object.close('}');
}
