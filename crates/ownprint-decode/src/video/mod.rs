//! Videos: containers, codecs, and the frames that a caller wants. One file for each.

#[cfg(feature = "video")]
mod edits;
#[cfg(feature = "video")]
mod errors;
#[cfg(feature = "video")]
mod fields;
#[cfg(feature = "video")]
mod file;
#[cfg(feature = "video")]
mod h264;
#[cfg(feature = "video")]
mod mp4;
#[cfg(feature = "video")]
mod parameters;
#[cfg(feature = "video")]
mod samples;
pub(crate) mod sink;

#[cfg(feature = "video")]
pub use self::file::{decode_video, is_video};

/// Returns `false`: this build decodes no videos.
#[cfg(not(feature = "video"))]
#[must_use]
pub fn is_video(_head: &[u8]) -> bool {
    false
}

/// Fails: this build decodes no videos.
///
/// # Errors
/// [`Error::UnsupportedVideo`](crate::error::Error::UnsupportedVideo).
#[cfg(not(feature = "video"))]
pub fn decode_video(
    _bytes: &[u8],
    _limits: &ownprint_pixels::Limits,
    _accept_damaged: bool,
    _sink: &mut dyn sink::FrameSink,
) -> Result<sink::VideoInfo, crate::error::Error> {
    Err(crate::error::Error::UnsupportedVideo { detail: "this build decodes no videos".to_owned() })
}
