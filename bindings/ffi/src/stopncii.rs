//! Records of StopNCII.org. Names are the service's.

use ownprint::Error;
use ownprint::exchange::StopNciiHash;

use crate::OwnprintError;
use crate::error::caught;
use crate::lists::SkippedRows;

/// One page of the service's `FetchHashes`.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct StopNciiPage {
    /// Number of records that the service states (`count`).
    pub count: u64,
    /// The token that requests the next page, if there is one (`nextPageToken`).
    pub next_page_token: Option<String>,
    /// The start time of the next request, in seconds since 1970 (`nextSetTimestamp`).
    pub next_set_timestamp: u64,
    /// Whether there are more records (`hasMoreRecords`).
    pub has_more_records: bool,
    /// The records (`hashRecords`).
    pub records: Vec<StopNciiRecord>,
}

/// One hash with its status. A record states neither a quality nor the program that computed the
/// hash.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct StopNciiRecord {
    /// The time of the last change, in seconds since 1970 (`lastModtimestamp`).
    pub last_modified: u64,
    /// The kind of hash: `ImagePDQ`, `VideoMD5`, `VideoTMK`, `Text`, `URL` or `Unknown`
    /// (`signalType`).
    pub signal: String,
    /// The hash: 64 lowercase digits for `ImagePDQ`, 32 for `VideoMD5`, any text for others
    /// (`hashValue`).
    pub hash: String,
    /// The status: `Received`, `Active`, `Withdrawn`, `Deleted` or `Unknown` (`hashStatus`).
    pub status: String,
    /// The status in each case (`caseNumbers`).
    pub cases: Vec<StopNciiCase>,
    /// The feedback of services (`CSPFeedbacks`).
    pub feedbacks: Vec<StopNciiFeedback>,
}

/// The status of a hash in one case.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct StopNciiCase {
    /// The number of the case.
    pub number: String,
    /// The status, as for a record.
    pub status: String,
}

/// The feedback of one service on a hash.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct StopNciiFeedback {
    /// The feedback: `None`, `QualityUnknown`, `PendingReview`, `Blocked`, `NotBlocked`,
    /// `Withdrawn`, `Deleted` or `Unknown`.
    pub value: String,
    /// Tags of the service.
    pub tags: Vec<String>,
    /// The name of the service; empty if not stated.
    pub source: String,
}

/// Reads a page from JSON. Unknown members are ignored.
///
/// # Errors
/// `invalid-record`, with line and column.
#[uniffi::export]
pub fn read_stop_ncii_page(text: &str) -> Result<StopNciiPage, OwnprintError> {
    caught(|| Ok(ownprint::exchange::StopNciiPage::from_json(text)?.into()))
}

/// A page without its invalid records, which were skipped.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct TolerantPage {
    /// The page.
    pub page: StopNciiPage,
    /// The records that were skipped.
    pub skipped: SkippedRows,
}

/// Reads a page as `read_stop_ncii_page` does, but skips invalid records.
///
/// # Errors
/// `invalid-record`, with line and column.
#[uniffi::export]
pub fn read_stop_ncii_page_tolerant(text: &str) -> Result<TolerantPage, OwnprintError> {
    caught(|| {
        let (page, skipped) = ownprint::exchange::StopNciiPage::from_json_tolerant(text)?;
        Ok(TolerantPage { page: page.into(), skipped: (&skipped).into() })
    })
}

/// Returns the page as JSON, on one line.
///
/// # Errors
/// `invalid-record` for an unknown name, and for an invalid hash.
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
            feedbacks: self
                .feedbacks
                .iter()
                .map(StopNciiFeedback::to_core)
                .collect::<Result<_, _>>()?,
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
