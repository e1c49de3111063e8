//! What takes a video's frames, and what is known of the video afterwards.

use std::ops::ControlFlow;

use ownprint_pixels::{Size, VideoFrame};

/// Takes the frames of a video that it wants.
pub trait FrameSink {
    /// Called once before the first frame with the average rate: frames, and the seconds that they take together.
    fn start(&mut self, frames_per_second: (u64, u64)) -> ControlFlow<()>;
    /// Returns `true` if the frame with this number, from 0 in display order, is to be decoded and passed.
    fn wants(&self, frame: u64) -> bool;
    /// Takes a frame that is wanted; frames arrive in the order of the file.
    fn update(&mut self, frame: u64, planes: &VideoFrame<'_>) -> ControlFlow<()>;
    /// Called before each step of the work, twice for every frame. Breaking cancels.
    fn go_on(&mut self) -> ControlFlow<()>;
}

/// What the container of a video says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct VideoInfo {
    /// The container's stable name: `mp4` or `mov`.
    pub format: &'static str,
    /// The codec's stable name: `h264`.
    pub codec: &'static str,
    /// Size as stored.
    pub size: Size,
    /// Frames that the container lists.
    pub frames: u64,
    /// The average rate as a fraction: frames, and the seconds that they take together.
    pub frames_per_second: (u64, u64),
    /// Whether not all of it could be decoded; always false unless damaged files were accepted.
    pub damaged: bool,
}
