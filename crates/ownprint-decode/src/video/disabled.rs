//! Stands in for the video decoder in a build without the feature `video`.

use std::marker::PhantomData;

use ownprint_pixels::Limits;

use super::sink::{FrameSink, VideoInfo, VideoStep};
use crate::error::Error;

/// Decodes nothing: this build has no video decoder.
#[derive(Debug)]
pub struct VideoReader<'a, T>(PhantomData<&'a T>);

impl<'a> VideoReader<'a, VideoInfo> {
    /// Returns a reader whose first step is an error.
    pub fn decode(_length: u64, _limits: Limits, _damaged: bool, _sink: impl FrameSink) -> Self {
        Self(PhantomData)
    }
}

impl VideoReader<'static, Option<&'static str>> {
    /// Returns a reader whose first step is an error.
    #[must_use]
    pub fn missing_codec(_length: u64) -> Self {
        Self(PhantomData)
    }
}

impl<T> VideoReader<'_, T> {
    /// Returns [`Error::UnsupportedVideo`].
    pub fn resume(&mut self, _answer: Vec<u8>) -> VideoStep<T> {
        VideoStep::Done(Err(unsupported()))
    }
}

/// Returns `None`: this build reads no videos.
#[must_use]
pub fn missing_video_codec(_bytes: &[u8]) -> Option<&'static str> {
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
    Err(unsupported())
}

fn unsupported() -> Error {
    Error::UnsupportedVideo { detail: "this build decodes no videos".to_owned() }
}
