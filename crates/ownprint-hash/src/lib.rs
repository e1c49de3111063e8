//! Computes perceptual hashes of pixels and digests of bytes, bit for bit as the reference
//! implementations do.
//!
//! Algorithms: PDQ and vPDQ, the hashes of Python's ImageHash (feature `imagehash`) and of the
//! crate img_hash (feature `img-hash`), hashes of likely edits of an image ([`VariantSet`]; feature
//! `query-variants` for an image that is looked up), MD5, SHA-1, SHA-256, SHA-512 (feature `sha512`)
//! and BLAKE3. This crate does not decode or open files;
//! [`ownprint`](https://docs.rs/ownprint) combines it with decoders.

#![cfg_attr(docsrs, feature(doc_cfg))]
#![cfg_attr(not(test), deny(clippy::disallowed_types, clippy::disallowed_methods))]

mod algorithm;
mod base64;
mod bit_hash;
mod comparison;
mod digest;
mod error;
mod families;
mod hasher;
mod image_hasher;
#[cfg(feature = "imagehash")]
mod imagehash;
#[cfg(feature = "img-hash")]
mod img_hash;
mod pdq;
mod perceptual_hash;
mod regions;
mod selection;
#[cfg(feature = "serde")]
mod serde_repr;
mod variants;
mod vpdq;

pub use crate::algorithm::HashAlgorithm;
pub use crate::bit_hash::{BitHash, Quality, hex};
pub use crate::comparison::{Comparison, check_length};
pub use crate::digest::{Digest, DigestAlgorithm, Digester, for_each_piece};
pub use crate::error::Error;
pub use crate::image_hasher::{ImageHasher, ImageHashes};
pub use crate::pdq::transform::PdqTransform;
pub use crate::perceptual_hash::PerceptualHash;
pub use crate::regions::RegionComparison;
pub use crate::selection::Selection;
pub use crate::variants::hashes::{
    NearestVariants, SkipReason, SkippedVariant, VariantHash, VariantHashes,
};
pub use crate::variants::set::VariantSet;
pub use crate::variants::variant::Variant;
pub use crate::vpdq::comparison::{VpdqComparison, VpdqThresholds};
pub use crate::vpdq::feature::{VpdqFeature, VpdqFrame};
pub use crate::vpdq::fingerprint::{VideoFingerprint, VpdqOptions};
pub use crate::vpdq::hasher::VpdqHasher;
