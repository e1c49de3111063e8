//! The receiver of a video's frames, and the properties of a video.

use std::ops::{ControlFlow, Range};

use ownprint_pixels::{Size, VideoFrame};

use crate::error::Error;

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
    /// Takes the number of samples that are decoded or skipped, and the number of all samples. A
    /// sample of a container has one frame. A break cancels.
    fn progress(&mut self, _done: u64, _samples: u64) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

impl<Sink: FrameSink + ?Sized> FrameSink for &mut Sink {
    fn start(&mut self, frames_per_second: (u64, u64)) -> ControlFlow<()> {
        (**self).start(frames_per_second)
    }

    fn wants(&self, frame: u64) -> bool {
        (**self).wants(frame)
    }

    fn update(&mut self, frame: u64, planes: &VideoFrame<'_>) -> ControlFlow<()> {
        (**self).update(frame, planes)
    }

    fn check_cancelled(&mut self) -> ControlFlow<()> {
        (**self).check_cancelled()
    }

    fn progress(&mut self, done: u64, samples: u64) -> ControlFlow<()> {
        (**self).progress(done, samples)
    }
}

/// What a [`VideoReader`](crate::VideoReader) needs next.
#[derive(Debug)]
pub enum VideoStep<T = VideoInfo> {
    /// These bytes of the file, all of them.
    Read(Range<u64>),
    /// Nothing: the caller may do something else first.
    Pause,
    /// Nothing more: the result, or the reason why there is none.
    Done(Result<T, Error>),
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
