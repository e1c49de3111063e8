//! The forms in which a fingerprint travels.

mod exchange;
mod json;
