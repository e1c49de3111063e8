//! An index of perceptual hashes in memory: exact search within a Hamming distance, batches, saved files.
//!
//! See [`Index`]. [`ownprint`](https://docs.rs/ownprint) adds reading lists of hashes into an index.

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
