//! Tiny, slow, readable references that ownprint's tests compare against.

#![allow(
    clippy::panic,
    reason = "only tests ask, and a question that makes no sense is a mistake in the test"
)]

pub mod pdq;
pub mod variants;
