//! Reads and writes records and lists of image and video hashes. Readers are strict and report line
//! and column of each error; on request, lists and pages skip invalid rows and report them.
//!
//! [`FingerprintRecord`] is the record of one file, as JSON or as a row of a [`CsvTable`]. The
//! feature `read` (on by default) adds the readers: of records, of lists ([`HashList`]: JSON Lines,
//! CSV, lines of other programs), and of [`StopNciiPage`]. [`ownprint`](https://docs.rs/ownprint)
//! creates records from its results.

#![cfg_attr(docsrs, feature(doc_cfg))]
#![cfg_attr(not(test), deny(clippy::disallowed_types, clippy::disallowed_methods))]

mod csv;
mod error;
mod fingerprint;
mod json;
#[doc(hidden)]
pub mod members;
#[cfg(feature = "read")]
mod ncmec;
#[cfg(feature = "read")]
mod read;
#[cfg(feature = "serde")]
mod serde_repr;
#[cfg(feature = "read")]
mod stopncii;
pub mod threatexchange;
mod variants;
mod video;
pub mod vpdq;

pub use crate::csv::CsvTable;
pub use crate::error::Error;
pub use crate::fingerprint::{Decoder, Diagnostic, FingerprintRecord};
pub use crate::json::{comparison_to_json, decoded_image_to_json};
#[cfg(feature = "read")]
pub use crate::ncmec::NcmecHashName;
#[cfg(feature = "read")]
pub use crate::read::{
    CsvRecords, HashList, HashListReader, ListEntry, ListFormat, ListedDigest, ListedHash,
    ListedVideo, SkippedRow, SkippedRows,
};
#[cfg(feature = "read")]
pub use crate::stopncii::{
    StopNciiFeedback, StopNciiFeedbackValue, StopNciiHash, StopNciiPage, StopNciiRecord,
    StopNciiSignal, StopNciiStatus,
};
