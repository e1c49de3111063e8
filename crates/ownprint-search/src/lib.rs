//! An in-memory index of perceptual hashes: exact search within a Hamming distance, batches, and
//! saved files.
//!
//! The type is [`Index`]. [`ownprint`](https://docs.rs/ownprint) adds functions that read lists of
//! hashes into an index.

#![cfg_attr(docsrs, feature(doc_cfg))]
#![cfg_attr(not(test), deny(clippy::disallowed_types, clippy::disallowed_methods))]

mod code;
mod error;
mod file;
mod groups;
mod index;
mod payload;
mod slots;
mod table;

pub use crate::error::Error;
pub use crate::index::{Hit, Index};
