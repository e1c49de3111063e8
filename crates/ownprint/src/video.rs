//! Hashes a video file: passes the frames of the decoder to vPDQ.

use std::cell::RefCell;
use std::ops::ControlFlow;
use std::rc::Rc;

use ownprint_decode::{self as decode, FrameSink, VideoInfo, VideoReader, decode_video};
use ownprint_hash::{VideoFingerprint, VpdqHasher, VpdqOptions};
use ownprint_pixels::{Limits, VideoFrame};

use crate::error::Error;
use crate::options::Options;
use crate::progress::Progress;

/// A function that receives the progress of a call, and that cancels it with a break.
pub(crate) type Observer<'a> = Box<dyn FnMut(Progress) -> ControlFlow<()> + 'a>;

/// Hashes the frames of a video. The outer error concerns the call (cancelled, invalid options),
/// the inner one the video.
pub(crate) fn hash(
    bytes: &[u8],
    options: &Options,
    observe: &mut dyn FnMut(Progress) -> ControlFlow<()>,
) -> Result<Result<VideoFingerprint, decode::Error>, Error> {
    let read = Progress::of_bytes(bytes.len() as u64);
    let mut sink = Sink::new(options, read, Box::new(observe));
    let info = decode_video(bytes, &options.limits, options.accept_damaged, &mut sink);
    sink.finish(info)
}

/// Returns the error of a video in a build without decoders of videos.
pub(crate) fn unsupported() -> decode::Error {
    decode::Error::UnsupportedVideo { detail: "this build decodes no videos".to_owned() }
}

/// Hashes the frames of a video whose bytes the caller reads on request.
pub(crate) struct HashingReader<'a> {
    pub(crate) reader: VideoReader<'a, VideoInfo>,
    sink: SharedSink<'a>,
}

impl<'a> HashingReader<'a> {
    pub(crate) fn new(length: u64, options: &Options, observe: Observer<'a>) -> Self {
        let sink = Sink::new(options, Progress::of_bytes(length), observe);
        let sink = SharedSink(Rc::new(RefCell::new(sink)));
        let reader =
            VideoReader::decode(length, options.limits, options.accept_damaged, sink.clone());
        Self { reader, sink }
    }

    pub(crate) fn progress(&self) -> Progress {
        self.sink.0.borrow().progress
    }

    /// Returns the hashes after the last step; see [`hash`].
    pub(crate) fn finish(
        &self,
        info: Result<VideoInfo, decode::Error>,
    ) -> Result<Result<VideoFingerprint, decode::Error>, Error> {
        self.sink.0.borrow_mut().finish(info)
    }
}

struct Sink<'a> {
    options: VpdqOptions,
    limits: Limits,
    hasher: Option<VpdqHasher>,
    failed: Option<ownprint_hash::Error>,
    progress: Progress,
    observe: Observer<'a>,
}

impl<'a> Sink<'a> {
    fn new(options: &Options, progress: Progress, observe: Observer<'a>) -> Self {
        let Options { vpdq, limits, .. } = *options;
        Self { options: vpdq, limits, hasher: None, failed: None, progress, observe }
    }

    fn finish(
        &mut self,
        info: Result<VideoInfo, decode::Error>,
    ) -> Result<Result<VideoFingerprint, decode::Error>, Error> {
        match self.failed.take() {
            Some(ownprint_hash::Error::Pixels(error)) => return Ok(Err(error.into())),
            Some(error) => return Err(error.into()),
            None => {}
        }
        let info = match info {
            Ok(info) => info,
            Err(decode::Error::Cancelled) => return Err(Error::Cancelled),
            Err(error) => return Ok(Err(error)),
        };
        let frames = self.hasher.take().map(VpdqHasher::finalize).unwrap_or_default();
        let mut video = VideoFingerprint::from_parts(
            info.format,
            info.codec,
            info.size,
            info.frames,
            info.frames_per_second,
            frames,
        );
        video.damaged = info.damaged;
        Ok(Ok(video))
    }

    /// Stores an error and stops decoding.
    fn check(&mut self, outcome: Result<(), ownprint_hash::Error>) -> ControlFlow<()> {
        match outcome {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                self.failed = Some(error);
                ControlFlow::Break(())
            }
        }
    }
}

impl FrameSink for Sink<'_> {
    fn start(&mut self, (frames, seconds): (u64, u64)) -> ControlFlow<()> {
        let rate = frames as f64 / seconds as f64;
        let hasher = VpdqHasher::by_frames(rate, self.options.seconds_per_hash);
        let started = hasher.map(|hasher| {
            self.hasher = Some(hasher.limits(self.limits).prune(self.options.prune));
        });
        self.check(started)
    }

    fn wants(&self, frame: u64) -> bool {
        self.hasher.as_ref().is_some_and(|hasher| hasher.wants(frame, 0.0))
    }

    fn update(&mut self, frame: u64, planes: &VideoFrame<'_>) -> ControlFlow<()> {
        let outcome = match &mut self.hasher {
            Some(hasher) => hasher.update(frame, 0.0, planes),
            None => Err(ownprint_hash::Error::Internal),
        };
        self.check(outcome)
    }

    fn check_cancelled(&mut self) -> ControlFlow<()> {
        (self.observe)(self.progress)
    }

    fn progress(&mut self, frames: u64, total_frames: u64) -> ControlFlow<()> {
        self.progress = Progress { frames, total_frames, ..self.progress };
        (self.observe)(self.progress)
    }
}

/// A sink whose hashes are taken once the decoder is done.
#[derive(Clone)]
struct SharedSink<'a>(Rc<RefCell<Sink<'a>>>);

impl FrameSink for SharedSink<'_> {
    fn start(&mut self, frames_per_second: (u64, u64)) -> ControlFlow<()> {
        self.0.borrow_mut().start(frames_per_second)
    }

    fn wants(&self, frame: u64) -> bool {
        self.0.borrow().wants(frame)
    }

    fn update(&mut self, frame: u64, planes: &VideoFrame<'_>) -> ControlFlow<()> {
        self.0.borrow_mut().update(frame, planes)
    }

    fn check_cancelled(&mut self) -> ControlFlow<()> {
        self.0.borrow_mut().check_cancelled()
    }

    fn progress(&mut self, done: u64, samples: u64) -> ControlFlow<()> {
        self.0.borrow_mut().progress(done, samples)
    }
}
