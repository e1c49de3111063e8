//! Fingerprints of pictures, computed on the device that holds them: the picture stays, the hash travels.

#![cfg_attr(docsrs, feature(doc_cfg))]

mod decode;
mod digest;
mod error;
mod fingerprint;
mod hash;
mod limits;
mod matching;
mod perceptual;
mod raster;
mod record;
mod walk;

pub use crate::decode::Format;
pub use crate::digest::{Digest, DigestAlgorithm, Digester};
pub use crate::error::{Error, LimitKind};
pub use crate::fingerprint::{Fingerprint, Fingerprinter, Picture, PixelOrder, Warning};
pub use crate::hash::{BitHash, Quality};
pub use crate::limits::Limits;
pub use crate::matching::Comparison;
pub use crate::perceptual::{HashAlgorithm, PerceptualHash};
pub use crate::raster::{Orientation, PixelFormat, Pixels, Size};
