//! Decodes image and video files to pixels and frames. Limits are checked before memory is
//! allocated.
//!
//! Each image format, video codec and container has one module. This crate contains no hash;
//! [`ownprint`](https://docs.rs/ownprint) combines it with hashers.
//!
//! ```
//! # #[cfg(feature = "pnm")] {
//! use ownprint_decode::{Format, Limits, decode};
//!
//! let image = decode(b"P6 1 1 255 rgb", &Limits::default(), false)?;
//! assert_eq!((image.format, image.rgb()), (Format::Pnm, b"rgb".as_slice()));
//! # }
//! # Ok::<(), ownprint_decode::Error>(())
//! ```
//!
//! Features: one for each format (`jpeg`, `png`, `gif`, `webp`, `bmp`, `tiff`, `pnm`; the default
//! feature `formats` enables all of them), `heic`, `avif`, `jxl`, and `video` for MP4 and MOV with
//! H.264. HEVC and H.264 are patented in many countries: if you ship `heic` or `video`, you are
//! responsible for the licence.

#![cfg_attr(docsrs, feature(doc_cfg))]
#![cfg_attr(not(test), deny(clippy::disallowed_types, clippy::disallowed_methods))]

#[cfg(any(feature = "bmp", feature = "pnm"))]
mod bitmap;
#[cfg(any(feature = "jxl", feature = "webp"))]
mod bits;
#[cfg(any(feature = "jxl", feature = "video"))]
mod boxes;
#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod corpus;
#[cfg(any(feature = "heic", feature = "avif", feature = "jxl"))]
mod data;
mod decode;
mod decoded;
#[cfg_attr(not(feature = "formats"), allow(dead_code))]
mod detail;
mod error;
#[cfg(any(feature = "jpeg", feature = "png", feature = "webp", feature = "tiff"))]
#[cfg_attr(not(feature = "formats"), allow(dead_code))]
mod exif;
#[cfg(feature = "gif")]
mod gif;
#[cfg(any(feature = "heic", feature = "avif"))]
mod heif;
mod image_stream;
#[cfg(feature = "jpeg")]
mod jpeg;
#[cfg(feature = "jxl")]
mod jxl;
#[cfg_attr(not(feature = "formats"), allow(dead_code))]
mod observer;
#[cfg(any(feature = "avif", feature = "av1"))]
mod obu;
mod panics;
#[cfg(any(
    feature = "jpeg",
    feature = "png",
    feature = "gif",
    feature = "webp",
    feature = "bmp",
    feature = "tiff",
    feature = "pnm",
    feature = "heic",
    feature = "avif",
    feature = "jxl"
))]
#[cfg_attr(not(feature = "formats"), allow(dead_code))]
mod pixel_buffer;
#[cfg(feature = "png")]
mod png;
mod probe;
mod retained;
mod revision;
#[cfg(any(feature = "png", feature = "webp", feature = "bmp", feature = "pnm"))]
mod through_image;
#[cfg(feature = "tiff")]
mod tiff;
mod video;
#[cfg(feature = "webp")]
mod webp;
#[cfg(any(feature = "jpeg", feature = "png", feature = "webp", feature = "tiff"))]
mod xmp;

pub use ownprint_pixels::{Format, LimitKind, Limits};

pub use crate::decode::{decode, decode_with};
pub use crate::decoded::DecodedImage;
pub use crate::error::Error;
pub use crate::image_stream::ImageStream;
pub use crate::probe::{PROBE_BYTES, can_decode, probe};
#[doc(hidden)]
pub use crate::retained::Retained;
pub use crate::revision::{image_decoder_revision, video_decoder_revision};
pub use crate::video::{
    DECODES_VIDEOS, FrameSink, VideoInfo, VideoReader, VideoStep, decode_video, is_video,
    missing_video_codec,
};
