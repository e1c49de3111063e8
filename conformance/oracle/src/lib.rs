//! Small, slow, readable reference implementations for the tests of ownprint.

pub mod pdq;
pub mod variants;
