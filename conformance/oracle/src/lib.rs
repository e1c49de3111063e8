//! Tiny, slow, readable references that ownprint's tests compare against.

pub mod pdq;
pub mod variants;
