//! The receiver of a video's frames, and the properties of a video.

use std::ops::ControlFlow;

use ownprint_pixels::{Size, VideoFrame};

/// Receives the frames of a video that it requests.
pub trait FrameSink {
    /// Starts a video. It is called once before the first frame, with the average rate as a
    /// fraction: frames, and their duration in seconds.
    fn start(&mut self, frames_per_second: (u64, u64)) -> ControlFlow<()>;
    /// Returns `true` if the frame with this number, counted from 0 in display order, is to be
    /// passed to [`update`](Self::update).
    fn wants(&self, frame: u64) -> bool;
    /// Takes a requested frame. Frames arrive in decoding order.
    fn update(&mut self, frame: u64, planes: &VideoFrame<'_>) -> ControlFlow<()>;
    /// Returns a break to cancel. It is called twice for every frame, whether or not the frame is
    /// requested, and for every unit of the decoded frames.
    fn check_cancelled(&mut self) -> ControlFlow<()>;
}

/// The properties of a video.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct VideoInfo {
    /// The container's stable name: `mp4`, `mov`, `webm` or `matroska`.
    pub format: &'static str,
    /// The codec's stable name: `h264`, `hevc`, `vp9`, `vp8` or `av1`.
    pub codec: &'static str,
    /// The size of the stored frames.
    pub size: Size,
    /// The number of frames that the container lists as shown.
    pub frames: u64,
    /// The average frame rate as a fraction: frames, and their duration in seconds.
    pub frames_per_second: (u64, u64),
    /// Whether only part of the video could be decoded. Always `false` unless damaged files are
    /// accepted.
    pub damaged: bool,
}
