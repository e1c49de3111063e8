//! An in-memory index of perceptual hashes: exact search within a Hamming distance, batches, and
//! saved files.
//!
//! [`Index`] finds similar hashes, [`VideoIndex`] finds videos by the hashes of their frames.
//! [`ownprint`](https://docs.rs/ownprint) adds functions that read lists into an index.

#![cfg_attr(docsrs, feature(doc_cfg))]
#![cfg_attr(not(test), deny(clippy::disallowed_types, clippy::disallowed_methods))]

mod batch;
mod code;
mod column;
mod error;
mod file;
mod groups;
mod hashes;
mod index;
mod layout;
mod lookup;
mod mapping;
#[cfg(test)]
mod numbers;
mod payload;
mod payloads;
mod replace;
mod saved;
mod scan;
mod sections;
mod shared;
mod slots;
mod table;
mod threads;
mod variant_hits;
mod video_counts;
mod video_file;
mod video_index;

pub use crate::batch::DistinctHit;
pub use crate::error::Error;
pub use crate::index::{Hit, Index};
pub use crate::replace::{file_to_replace, replace_file};
pub use crate::saved::SavedIndex;
pub use crate::shared::SharedIndex;
pub use crate::variant_hits::VariantHit;
pub use crate::video_index::{VideoHit, VideoIndex};
