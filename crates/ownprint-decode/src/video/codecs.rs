//! The video codecs of this build.

use ownprint_pixels::Limits;

#[cfg(feature = "av1")]
use super::av1::Av1;
use super::codec::{Codec, CodecName, Description};
use super::errors::unsupported;
#[cfg(feature = "h264")]
use super::h264::H264;
#[cfg(feature = "hevc")]
use super::hevc::Hevc;
#[cfg(feature = "vp8")]
use super::vp8::Vp8;
#[cfg(feature = "vp9")]
use super::vp9::Vp9;
use crate::error::Error;

/// Returns the decoder of a track in a file of `file_bytes` bytes.
///
/// # Errors
/// [`Error::UnsupportedVideo`] if this build does not have it, [`Error::DamagedVideo`] if the
/// configuration is damaged.
pub(super) fn open(
    description: &Description,
    limits: &Limits,
    file_bytes: u64,
) -> Result<Box<dyn Codec>, Error> {
    let record = description.record.as_deref();
    match description.codec {
        #[cfg(feature = "h264")]
        CodecName::H264 => Ok(Box::new(H264::open(record, limits, file_bytes)?)),
        #[cfg(feature = "hevc")]
        CodecName::Hevc => Ok(Box::new(Hevc::open(record, limits, file_bytes)?)),
        #[cfg(feature = "vp9")]
        CodecName::Vp9 => Ok(Box::new(Vp9::new(limits, file_bytes))),
        #[cfg(feature = "vp8")]
        CodecName::Vp8 => Ok(Box::new(Vp8::new(limits, file_bytes))),
        #[cfg(feature = "av1")]
        CodecName::Av1 => Ok(Box::new(Av1::open(record, limits, file_bytes)?)),
        #[allow(unreachable_patterns, reason = "no codec may be left out of the build")]
        codec => Err(unsupported(format!("this build does not decode {}", codec.title()))),
    }
}
