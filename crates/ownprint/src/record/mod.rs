//! The forms in which a fingerprint travels.

#[cfg(feature = "json")]
mod json;
