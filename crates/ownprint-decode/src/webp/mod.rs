//! WebP: a still image, or the first frame of an animation.
//!
//! `decode.rs` calls the decoder. `lossless.rs` counts the prefix codes of a lossless image, for
//! which the decoder allocates memory without a limit.

mod chunks;
mod decode;
mod lossless;

pub(crate) use self::decode::decode;
