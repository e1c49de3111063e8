//! The forms in which a fingerprint travels.

mod exchange;
#[cfg(feature = "json")]
mod json;
