//! TIFF: the first image of a file.

mod decode;
mod errors;
mod patched;
mod tables;

pub(crate) use self::decode::decode;
