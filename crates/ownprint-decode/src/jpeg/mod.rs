//! JPEG: a header parser of our own, then the strict decoder and, on request, the tolerant one.

mod decode;
mod header;
mod mpf;

pub(crate) use self::decode::decode;
#[cfg(feature = "tiff")]
pub(crate) use self::decode::probe;
