//! Hashes a video file: passes the frames of the decoder to vPDQ.

use std::ops::ControlFlow;

use ownprint_decode::{self as decode, FrameSink, decode_video};
use ownprint_hash::{VideoFingerprint, VpdqHasher, VpdqOptions};
use ownprint_pixels::{Limits, VideoFrame};

use crate::error::Error;

/// Hashes the frames of a video. The outer error concerns the call (cancelled, invalid options),
/// the inner one the video.
pub(crate) fn hash(
    bytes: &[u8],
    options: VpdqOptions,
    limits: &Limits,
    accept_damaged: bool,
    observe: &mut dyn FnMut() -> ControlFlow<()>,
) -> Result<Result<VideoFingerprint, decode::Error>, Error> {
    let mut sink = Sink { options, limits, hasher: None, failed: None, observe };
    let info = decode_video(bytes, limits, accept_damaged, &mut sink);
    let Sink { hasher, failed, .. } = sink;
    match failed {
        Some(ownprint_hash::Error::Pixels(error)) => return Ok(Err(error.into())),
        Some(error) => return Err(error.into()),
        None => {}
    }
    let info = match info {
        Ok(info) => info,
        Err(decode::Error::Cancelled) => return Err(Error::Cancelled),
        Err(error) => return Ok(Err(error)),
    };
    let frames = hasher.map(VpdqHasher::finalize).unwrap_or_default();
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

/// Returns the error of a video in a build without decoders of videos.
pub(crate) fn unsupported() -> decode::Error {
    decode::Error::UnsupportedVideo { detail: "this build decodes no videos".to_owned() }
}

struct Sink<'a> {
    options: VpdqOptions,
    limits: &'a Limits,
    hasher: Option<VpdqHasher>,
    failed: Option<ownprint_hash::Error>,
    observe: &'a mut dyn FnMut() -> ControlFlow<()>,
}

impl Sink<'_> {
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
            self.hasher = Some(hasher.limits(*self.limits).prune(self.options.prune));
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
        (self.observe)()
    }
}
