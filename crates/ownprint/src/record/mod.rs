//! The forms in which a fingerprint travels.

mod catalogue;
mod exchange;
mod json;
mod members;

pub use self::catalogue::catalogue;
