//! Readers of records and lists, with line and column of each error.

mod bare;
mod csv;
pub(super) mod entry;
pub(super) mod exchange;
mod fingerprint;
mod format;
pub(super) mod json;
mod lines;
mod list;
mod pieces;
mod rows;
pub(super) mod skipped;
pub(super) mod text;
pub(super) mod values;
mod variants;
mod video;
mod videos;
pub(super) mod vpdq;

pub use self::csv::CsvRecords;
pub use self::entry::{ListEntry, ListedDigest, ListedHash, ListedVideo};
pub use self::format::ListFormat;
pub use self::list::HashList;
pub use self::pieces::HashListReader;
pub use self::skipped::{SkippedRow, SkippedRows};
