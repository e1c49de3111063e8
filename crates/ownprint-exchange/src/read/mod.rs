//! Reading the forms that are written beside this: strictly, and saying where a text departs from its form.

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
