//! Decodes a video whose bytes are in memory, or read by the caller piece by piece.

use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use ownprint_pixels::Limits;
use ownprint_pixels::wipe::{WipedBytes, wipe_stack};

use super::errors::damaged;
use super::file;
use super::sink::{FrameSink, VideoInfo, VideoStep};
use super::source::{Exchange, Source};
use crate::error::Error;
use crate::panics::caught;

/// Words of the stack that are overwritten after decoding, which leaves pixels there.
const STACK_WORDS: usize = 96 * 1024 / 8;

type Work<'a, T> = Pin<Box<dyn Future<Output = Result<T, Error>> + 'a>>;

/// Decodes a video whose bytes the caller reads on request.
///
/// A small part of the file is in memory at a time: a table of the container or one sample, of up
/// to 64 MiB each.
///
/// ```
/// # #[cfg(feature = "video")] {
/// use std::ops::ControlFlow;
/// use ownprint_decode::{FrameSink, Limits, VideoReader, VideoStep};
/// use ownprint_pixels::VideoFrame;
///
/// struct Counter(u64);
///
/// impl FrameSink for Counter {
///     fn start(&mut self, _frames_per_second: (u64, u64)) -> ControlFlow<()> {
///         ControlFlow::Continue(())
///     }
///     fn wants(&self, _frame: u64) -> bool {
///         true
///     }
///     fn update(&mut self, _frame: u64, _planes: &VideoFrame<'_>) -> ControlFlow<()> {
///         self.0 += 1;
///         ControlFlow::Continue(())
///     }
///     fn check_cancelled(&mut self) -> ControlFlow<()> {
///         ControlFlow::Continue(())
///     }
/// }
///
/// let file = b"\0\0\0\x18ftypmp42";
/// let mut frames = Counter(0);
/// let mut reader = VideoReader::decode(file.len() as u64, Limits::default(), false, &mut frames);
/// let mut piece = Vec::new();
/// let video = loop {
///     piece = match reader.resume(piece) {
///         VideoStep::Read(range) => file[range.start as usize..range.end as usize].to_vec(),
///         VideoStep::Pause => Vec::new(),
///         VideoStep::Done(video) => break video,
///     };
/// };
/// assert_eq!(video.unwrap_err().code(), "damaged-video");
/// # }
/// ```
pub struct VideoReader<'a, T> {
    /// `None` once it is done.
    work: Option<Work<'a, T>>,
    exchange: Rc<Exchange>,
}

impl<'a> VideoReader<'a, VideoInfo> {
    /// Decodes the frames that `sink` requests of a file of `length` bytes; see [`decode_video`].
    ///
    /// [`Limits::file_bytes`] does not apply, because the file is not held in memory.
    pub fn decode(
        length: u64,
        limits: Limits,
        accept_damaged: bool,
        mut sink: impl FrameSink + 'a,
    ) -> Self {
        Self::new(length, async move |source| {
            file::decode_frames(source, limits, accept_damaged, &mut sink).await
        })
    }
}

impl VideoReader<'static, Option<&'static str>> {
    /// Finds the codec of a file of `length` bytes; see [`missing_video_codec`].
    #[must_use]
    pub fn missing_codec(length: u64) -> Self {
        Self::new(length, async |mut source| file::missing_codec(&mut source).await)
    }
}

impl<'a, T> VideoReader<'a, T> {
    fn new<Reading>(length: u64, read: impl FnOnce(Source<'static>) -> Reading) -> Self
    where
        Reading: Future<Output = Result<T, Error>> + 'a,
    {
        let exchange = Rc::new(Exchange::default());
        let source = Source::requested(length, Rc::clone(&exchange));
        Self { work: Some(Box::pin(read(source))), exchange }
    }

    /// Continues until bytes are needed. `answer` has the bytes of the last
    /// [`VideoStep::Read`], and is empty otherwise. It is overwritten after use.
    pub fn resume(&mut self, answer: Vec<u8>) -> VideoStep<T> {
        self.exchange.answer.set(WipedBytes(answer));
        let Some(work) = &mut self.work else {
            return VideoStep::Done(Err(Error::Internal));
        };
        match poll(work) {
            Poll::Pending => self.exchange.request.take().map_or(VideoStep::Pause, VideoStep::Read),
            Poll::Ready(done) => {
                self.work = None;
                VideoStep::Done(done)
            }
        }
    }
}

impl<T> std::fmt::Debug for VideoReader<'_, T> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("VideoReader").finish_non_exhaustive()
    }
}

/// Passes the frames that `sink` requests to it, and returns the properties of the video.
///
/// With `accept_damaged`, a video that is damaged after its first frame is decoded as far as
/// possible.
///
/// # Errors
/// [`Error::UnsupportedVideo`], [`Error::DamagedVideo`], [`Error::LimitExceeded`], and
/// [`Error::Cancelled`] if `sink` breaks.
pub fn decode_video(
    bytes: &[u8],
    limits: &Limits,
    accept_damaged: bool,
    sink: &mut dyn FrameSink,
) -> Result<VideoInfo, Error> {
    limits.check_file_bytes(bytes.len() as u64)?;
    let source = Source::in_memory(bytes);
    at_once(Box::pin(file::decode_frames(source, *limits, accept_damaged, sink)))
}

/// Returns the stable name of the codec of a video if this build has no decoder for it: `hevc`.
///
/// `None` if it has one, or if the tables of the video cannot be read.
#[must_use]
pub fn missing_video_codec(bytes: &[u8]) -> Option<&'static str> {
    let mut source = Source::in_memory(bytes);
    at_once(Box::pin(async move { file::missing_codec(&mut source).await })).ok()?
}

/// Returns the result of work on a file in memory, which never waits.
fn at_once<T>(mut work: Work<'_, T>) -> Result<T, Error> {
    match poll(&mut work) {
        Poll::Ready(done) => done,
        Poll::Pending => Err(Error::Internal),
    }
}

/// Runs work until it is done or waits.
fn poll<T>(work: &mut Work<'_, T>) -> Poll<Result<T, Error>> {
    // The call through the trait object is not inlined, so that the stack of the decoder is below
    // that of this function, where it is overwritten.
    let polled = caught(|| work.as_mut().poll(&mut Context::from_waker(Waker::noop())));
    wipe_stack::<STACK_WORDS>();
    polled.unwrap_or_else(|| Poll::Ready(Err(damaged("the decoder panicked"))))
}
