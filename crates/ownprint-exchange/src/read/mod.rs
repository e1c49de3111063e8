//! Strict readers of the formats that this crate writes, with line and column of each error.

mod csv;
pub(super) mod exchange;
mod fingerprint;
pub(super) mod json;
mod lines;
mod list;
mod pieces;
mod rows;
pub(super) mod text;
pub(super) mod values;
mod variants;
mod video;
pub(super) mod vpdq;

pub use self::csv::CsvRecords;
pub use self::list::{HashList, ListFormat, ListedHash};
pub use self::pieces::HashListReader;
