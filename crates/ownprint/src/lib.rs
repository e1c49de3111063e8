//! Fingerprints of images, computed on the device that holds them: the image stays, the hash travels.
//!
//! Two entry points lead to the same [`Fingerprint`]: encoded bytes ([`Fingerprinter::bytes`], [`path`](Fingerprinter::path),
//! [`reader`](Fingerprinter::reader)) and decoded pixels ([`Fingerprinter::pixels`]).
//!
//! ```
//! use ownprint::{Fingerprinter, HashAlgorithm};
//!
//! // An image as small as a file can be: a PGM of eight by eight greys.
//! let mut file = b"P5 8 8 255\n".to_vec();
//! file.extend((0..64).map(|at| at * 4));
//! let fingerprint = Fingerprinter::new().bytes(&file)?;
//! let pdq = fingerprint.hash(HashAlgorithm::PDQ).unwrap();
//! assert_eq!(pdq.values[0].bits(), 256);
//! assert!(pdq.quality.is_some());
//! # Ok::<(), ownprint::Error>(())
//! ```
//!
//! No network, no clock, no randomness, no environment, no `unsafe`, no file but the one it is given to read, no threads but those
//! that an [`Index`] is built with when it is told how many. Pixel buffers are overwritten when they are let go of.
//!
//! Features that are on by default: one a format (`jpeg`, `png`, `gif`, `webp`, `bmp`, `tiff`, `pnm`; all of them:
//! `decode`), `imagehash` for the hashes of Python's ImageHash, `img-hash` for those of the crate img_hash, `records`
//! for reading records and lists of hashes. Off by default: `heic` (HEVC is patented in many countries; whoever ships it answers
//! for the licence), `avif` and `jxl`, whose decoders are large, and `video` for videos'
//! files (H.264 is patented likewise). Without any, PDQ of pixels, digests and writing remain.

#![cfg_attr(docsrs, feature(doc_cfg))]
// What they are: clippy.toml.
#![cfg_attr(not(test), deny(clippy::disallowed_types, clippy::disallowed_methods))]

mod base64;
#[cfg(any(feature = "jxl", feature = "video"))]
mod boxes;
mod decode;
mod digest;
mod error;
mod fingerprint;
mod hash;
mod image_info;
mod limits;
mod matching;
mod oriented_rows;
mod perceptual;
mod raster;
mod record;
mod selection;
mod stream;
mod tile;
mod video;
mod warning;
mod wipe;

pub use crate::decode::Format;
pub use crate::digest::{Digest, DigestAlgorithm, Digester};
pub use crate::error::{Error, LimitKind};
pub use crate::fingerprint::{Fingerprint, Fingerprinter};
pub use crate::hash::{BitHash, Quality};
pub use crate::image_info::{DecodedImage, ImageInfo, Orientation};
pub use crate::limits::Limits;
#[cfg(feature = "records")]
pub use crate::matching::IndexReader;
pub use crate::matching::{Comparison, Hit, Index, RegionComparison};
pub use crate::perceptual::variants::{
    SkipReason, SkippedVariant, Variant, VariantHash, VariantHashes, VariantSet,
};
pub use crate::perceptual::{HashAlgorithm, PerceptualHash};
pub use crate::raster::{ExifOrientation, PixelFormat, Pixels, Size};
#[cfg(feature = "records")]
pub use crate::record::{
    CsvRecords, HashList, HashListReader, ListForm, ListedHash, NcmecHashName, StopNciiFeedback,
    StopNciiFeedbackValue, StopNciiHash, StopNciiPage, StopNciiRecord, StopNciiSignal, StopNciiStatus,
};
pub use crate::record::{CsvTable, Diagnostic, FingerprintRecord, capabilities};
pub use crate::selection::Selection;
pub use crate::stream::{FingerprintStream, ImageStream};
pub use crate::video::{
    ColourMatrix, ColourRange, Plane, VideoFingerprint, VideoFrame, VpdqComparison, VpdqFeature, VpdqFrame,
    VpdqHasher, VpdqOptions, VpdqThresholds, YuvPlanes,
};
pub use crate::warning::Warning;

#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct ReadmeExamples;
