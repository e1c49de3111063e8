//! StopNCII.org's records. Names are the service's own.

use ownprint::Error;
use ownprint::exchange::StopNciiHash;

use crate::OwnprintError;
use crate::error::caught;

/// A page of records, as the service's `FetchHashes` answers.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct StopNciiPage {
    /// How many records there are, as the service says it (`count`).
    pub count: u64,
    /// What asks for the next page, where there is one (`nextPageToken`).
    pub next_page_token: Option<String>,
    /// From when to ask the next time, in seconds since 1970 (`nextSetTimestamp`).
    pub next_set_timestamp: u64,
    /// Whether more records wait (`hasMoreRecords`).
    pub has_more_records: bool,
    /// The records (`hashRecords`).
    pub records: Vec<StopNciiRecord>,
}

/// One hash and what is known of it. It has no place for a quality, nor for the pipeline that computed a PDQ.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct StopNciiRecord {
    /// When it was last changed, in seconds since 1970 (`lastModtimestamp`).
    pub last_modified: u64,
    /// What the hash is: `ImagePDQ`, `VideoMD5`, `VideoTMK`, `Text`, `URL` or `Unknown` (`signalType`).
    pub signal: String,
    /// The hash: 64 lower-case digits for `ImagePDQ`, 32 for `VideoMD5`, any text for others (`hashValue`).
    pub hash: String,
    /// What became of it: `Received`, `Active`, `Withdrawn`, `Deleted` or `Unknown` (`hashStatus`).
    pub status: String,
    /// What became of it in each case (`caseNumbers`).
    pub cases: Vec<StopNciiCase>,
    /// What services say of it (`CSPFeedbacks`).
    pub feedbacks: Vec<StopNciiFeedback>,
}

/// What became of a hash in one case that brought it.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct StopNciiCase {
    /// The case's number.
    pub number: String,
    /// As that of a record.
    pub status: String,
}

/// What one service says of a hash.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct StopNciiFeedback {
    /// Its judgement: `None`, `QualityUnknown`, `PendingReview`, `Blocked`, `NotBlocked`, `Withdrawn`, `Deleted` or `Unknown`.
    pub value: String,
    /// Words of its own.
    pub tags: Vec<String>,
    /// The service's name; empty where it is not said.
    pub source: String,
}

/// Reads a page from JSON. Members that are not known are passed over.
///
/// # Errors
/// `invalid-record`, with line and column.
#[uniffi::export]
pub fn read_stop_ncii_page(text: &str) -> Result<StopNciiPage, OwnprintError> {
    caught(|| Ok(ownprint::exchange::StopNciiPage::from_json(text)?.into()))
}

/// The page as JSON on one line.
///
/// # Errors
/// `invalid-record` for a name that is not known, and for a hash that is none.
#[uniffi::export]
pub fn write_stop_ncii_page(page: &StopNciiPage) -> Result<String, OwnprintError> {
    caught(|| {
        let page = ownprint::exchange::StopNciiPage {
            count: page.count,
            next_page_token: page.next_page_token.clone(),
            next_set_timestamp: page.next_set_timestamp,
            has_more_records: page.has_more_records,
            records: page.records.iter().map(StopNciiRecord::to_core).collect::<Result<_, _>>()?,
        };
        Ok(page.to_json())
    })
}

impl StopNciiRecord {
    fn to_core(&self) -> Result<ownprint::exchange::StopNciiRecord, Error> {
        let case = |case: &StopNciiCase| Ok((case.number.clone(), case.status.parse()?));
        Ok(ownprint::exchange::StopNciiRecord {
            last_modified: self.last_modified,
            hash: StopNciiHash::new(self.signal.parse()?, &self.hash)?,
            status: self.status.parse()?,
            cases: self.cases.iter().map(case).collect::<Result<_, Error>>()?,
            feedbacks: self.feedbacks.iter().map(StopNciiFeedback::to_core).collect::<Result<_, _>>()?,
        })
    }
}

impl StopNciiFeedback {
    fn to_core(&self) -> Result<ownprint::exchange::StopNciiFeedback, Error> {
        let (tags, source) = (self.tags.clone(), self.source.clone());
        Ok(ownprint::exchange::StopNciiFeedback { value: self.value.parse()?, tags, source })
    }
}

impl From<ownprint::exchange::StopNciiPage> for StopNciiPage {
    fn from(page: ownprint::exchange::StopNciiPage) -> Self {
        Self {
            count: page.count,
            next_page_token: page.next_page_token,
            next_set_timestamp: page.next_set_timestamp,
            has_more_records: page.has_more_records,
            records: page.records.into_iter().map(StopNciiRecord::from).collect(),
        }
    }
}

impl From<ownprint::exchange::StopNciiRecord> for StopNciiRecord {
    fn from(record: ownprint::exchange::StopNciiRecord) -> Self {
        let case = |(number, status): (String, ownprint::exchange::StopNciiStatus)| StopNciiCase {
            number,
            status: status.name().to_owned(),
        };
        let feedback = |feedback: ownprint::exchange::StopNciiFeedback| StopNciiFeedback {
            value: feedback.value.name().to_owned(),
            tags: feedback.tags,
            source: feedback.source,
        };
        Self {
            last_modified: record.last_modified,
            signal: record.hash.signal().name().to_owned(),
            hash: record.hash.value().to_owned(),
            status: record.status.name().to_owned(),
            cases: record.cases.into_iter().map(case).collect(),
            feedbacks: record.feedbacks.into_iter().map(feedback).collect(),
        }
    }
}
