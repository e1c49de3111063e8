//! TIFF: the first image of a file.

mod ccitt;
mod decode;
mod directory;
mod errors;
mod image;
#[cfg(feature = "jpeg")]
mod jpeg;
mod palette;
mod rows;
mod samples;

pub(crate) use self::decode::decode;
