//! Image and video hashes, computed on the device that holds the file. The file stays; only the
//! hash leaves.
//!
//! ```
//! # #[cfg(feature = "pnm")] {
//! # let mut file = b"P5 8 8 255\n".to_vec();
//! # file.extend((0..64).map(|at| at * 4));
//! let fingerprint = ownprint::fingerprint_bytes(&file)?;
//! let sha256 = fingerprint.digest(ownprint::DigestAlgorithm::Sha256);
//! let pdq = fingerprint.image()?.pdq();
//! # assert!(sha256.is_some() && pdq.is_some());
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! * [`fingerprint_file`], [`fingerprint_bytes`] and [`pdq`] compute the defaults in one call.
//! * [`Fingerprinter::builder`] sets hashes, digests, variants, vPDQ of videos, and limits.
//! * [`FingerprintStream`] takes a file in pieces.
//! * [`search::Index`] finds similar hashes, [`search::VideoIndex`] finds videos.
//! * [`exchange`] reads and writes records and lists.
//!
//! The crates [`pixels`], [`hash`], [`decode`], [`search`] and [`exchange`] are re-exported as
//! modules.
//!
//! No network access, no clock, no randomness, no environment variables, no `unsafe`. Only the file
//! that the caller names is opened. Threads are started only to build an [`Index`](search::Index),
//! on request. Pixel buffers are overwritten when they are released.
//!
//! # Features
//!
//! On by default: `decode` (one feature for each format: `jpeg`, `png`, `gif`, `webp`, `bmp`,
//! `tiff`, `pnm`), `imagehash`, `img-hash`, `query-variants` (the sets `query` and `query-wide`),
//! `sha512`, `records` (reading) and `search`. Off by default: `heic`, `avif`, `jxl`, `video` (MP4
//! and MOV with H.264), `image` (images of the crate `image`) and `serde` (serialization of results
//! and records). HEVC and H.264 are patented in many countries: if you ship `heic` or `video`, you
//! are responsible for the licence. Without any feature, the crate computes digests and the hashes
//! of pixels and writes records.

#![cfg_attr(docsrs, feature(doc_cfg))]
#![cfg_attr(not(test), deny(clippy::disallowed_types, clippy::disallowed_methods))]

mod builder;
mod cancel;
mod capabilities;
mod error;
mod fingerprint;
mod fingerprinter;
#[cfg(all(feature = "records", feature = "search"))]
mod index_reader;
mod one_shot;
mod options;
mod progress;
mod reader;
mod second_reading;
mod stream;
mod video;
mod warning;

pub use ownprint_decode as decode;
pub use ownprint_exchange as exchange;
pub use ownprint_hash as hash;
pub use ownprint_pixels as pixels;
#[cfg(feature = "search")]
pub use ownprint_search as search;

pub use ownprint_hash::{
    BitHash, Digest, DigestAlgorithm, Digester, HashAlgorithm, PerceptualHash, Quality, Selection,
    VariantSet, VideoFingerprint,
};
pub use ownprint_pixels::{
    ExifOrientation, Format, ImageInfo, Limits, Orientation, PixelFormat, Pixels, Size,
};

pub use crate::builder::FingerprinterBuilder;
pub use crate::cancel::CancelToken;
pub use crate::capabilities::capabilities;
pub use crate::error::Error;
pub use crate::fingerprint::{Fingerprint, ImageFingerprint, PdqHash};
pub use crate::fingerprinter::Fingerprinter;
#[cfg(all(feature = "records", feature = "search"))]
pub use crate::index_reader::{IndexReader, insert_list, insert_videos};
pub use crate::one_shot::{fingerprint_bytes, fingerprint_file, pdq};
pub use crate::progress::Progress;
pub use crate::second_reading::{ReadStep, SecondReading};
pub use crate::stream::FingerprintStream;
pub use crate::warning::Warning;

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct ReadmeExamples;
