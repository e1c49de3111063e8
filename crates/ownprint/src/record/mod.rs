//! The forms in which a fingerprint travels.
//!
//! Writing is here and always there; reading, and the forms of other programmes, are in the feature `records`.

mod catalogue;
mod csv;
mod exchange;
mod film;
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
mod vpdq;

pub use self::catalogue::catalogue;
pub use self::csv::CsvTable;
pub use self::fingerprint::{FingerprintRecord, Notice};
#[cfg(feature = "records")]
pub use self::ncmec::NcmecHashName;
#[cfg(feature = "records")]
pub use self::read::{CsvRecords, HashList, HashListIntake, ListForm, ListedHash};
#[cfg(feature = "records")]
pub use self::stopncii::{
    StopNciiFeedback, StopNciiFeedbackValue, StopNciiHash, StopNciiPage, StopNciiRecord, StopNciiSignal,
    StopNciiStatus,
};
