//! Stands in for the video decoder in a build without the feature `video`.

use ownprint_pixels::Limits;

use super::sink::{FrameSink, VideoInfo};
use crate::error::Error;

/// Returns `None`: this build reads no videos.
#[must_use]
pub fn missing_video_codec(_bytes: &[u8], _limits: &Limits) -> Option<&'static str> {
    None
}

/// Returns an error: this build decodes no videos.
///
/// # Errors
/// [`Error::UnsupportedVideo`].
pub fn decode_video(
    _bytes: &[u8],
    _limits: &Limits,
    _accept_damaged: bool,
    _sink: &mut dyn FrameSink,
) -> Result<VideoInfo, Error> {
    Err(Error::UnsupportedVideo { detail: "this build decodes no videos".to_owned() })
}
