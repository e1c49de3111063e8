//! The forms in which a fingerprint travels.
//!
//! Writing is here and always there; reading, and the forms of other programmes, are in the feature `records`.

mod capabilities;
mod csv;
mod exchange;
mod fingerprint;
mod json;
mod members;
#[cfg(feature = "records")]
mod ncmec;
#[cfg(feature = "records")]
mod read;
#[cfg(feature = "records")]
mod stopncii;
mod variants;
mod video;
mod vpdq;

pub use self::capabilities::capabilities;
pub use self::csv::CsvTable;
pub use self::fingerprint::{Diagnostic, FingerprintRecord};
#[cfg(feature = "records")]
pub use self::ncmec::NcmecHashName;
#[cfg(feature = "records")]
pub use self::read::{CsvRecords, HashList, HashListReader, ListForm, ListedHash};
#[cfg(feature = "records")]
pub use self::stopncii::{
    StopNciiFeedback, StopNciiFeedbackValue, StopNciiHash, StopNciiPage, StopNciiRecord, StopNciiSignal,
    StopNciiStatus,
};
