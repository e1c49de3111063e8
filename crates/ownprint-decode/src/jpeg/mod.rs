//! JPEG: a header parser of our own, then the strict decoder and, on request, the tolerant one.

mod decode;
mod entropy;
mod header;
mod markers;
mod mpf;
mod scans;

pub(crate) use self::decode::decode;
#[cfg(feature = "tiff")]
pub(crate) use self::decode::decode_samples;
#[cfg(feature = "tiff")]
pub(crate) use self::header::Components;
