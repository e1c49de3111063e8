//! Fingerprints a file that can be read at positions: once for its digests, then the frames.

use std::ops::{ControlFlow, Range};

use ownprint_decode::VideoStep;
use ownprint_hash::Digest;

use crate::error::Error;
use crate::fingerprint::Fingerprint;
use crate::fingerprinter::Fingerprinter;
use crate::progress::Progress;
use crate::stream::FingerprintStream;
use crate::video::{HashingReader, Observer};

/// Reads the frames of a video after its digests are computed, in pieces that the caller reads.
///
/// [`FingerprintStream::read_again`] returns one. Of files that are no videos, the fingerprint is
/// complete at the first step.
///
/// ```
/// use ownprint::{Fingerprinter, ReadStep};
///
/// let file = b"a file that can be read at positions";
/// let mut stream = Fingerprinter::default().seekable_stream();
/// stream.update(file);
/// let mut reading = stream.read_again(file.len() as u64);
/// let mut piece = Vec::new();
/// let fingerprint = loop {
///     piece = match reading.resume(piece)? {
///         ReadStep::Read(range) => file[range.start as usize..range.end as usize].to_vec(),
///         ReadStep::Pause(progress) => {
///             println!("{} of {} frames", progress.frames, progress.total_frames);
///             Vec::new()
///         }
///         ReadStep::Done(fingerprint) => break fingerprint,
///     };
/// };
/// assert_eq!(fingerprint.digests().len(), 3);
/// # Ok::<(), ownprint::Error>(())
/// ```
pub struct SecondReading<'a>(State<'a>);

enum State<'a> {
    Video(Box<VideoState<'a>>),
    Other(Box<(FingerprintStream, Observer<'a>)>),
    Done,
}

struct VideoState<'a> {
    fingerprinter: Fingerprinter,
    head: Vec<u8>,
    digests: Vec<Digest>,
    frames: HashingReader<'a>,
}

/// What a [`SecondReading`] needs next.
#[derive(Debug)]
pub enum ReadStep {
    /// These bytes of the file, all of them.
    Read(Range<u64>),
    /// Nothing: the caller may do something else first.
    Pause(Progress),
    /// Nothing more.
    Done(Box<Fingerprint>),
}

impl SecondReading<'_> {
    /// Continues until bytes are needed. `answer` has the bytes of the last [`ReadStep::Read`], and
    /// is empty otherwise. It is overwritten after use.
    ///
    /// # Errors
    /// [`Error::Cancelled`], and those of [`Fingerprinter::fingerprint_bytes`].
    pub fn resume(&mut self, answer: Vec<u8>) -> Result<ReadStep, Error> {
        if let State::Video(video) = &mut self.0 {
            match video.frames.reader.resume(answer) {
                VideoStep::Read(range) => return Ok(ReadStep::Read(range)),
                VideoStep::Pause => return Ok(ReadStep::Pause(video.frames.progress())),
                VideoStep::Done(info) => {
                    let hashed = video.frames.finish(info);
                    let State::Video(video) = std::mem::replace(&mut self.0, State::Done) else {
                        return Err(ownprint_hash::Error::Internal.into());
                    };
                    let VideoState { fingerprinter, head, digests, .. } = *video;
                    let fingerprint = fingerprinter.of_video(&head, digests, hashed?);
                    return Ok(ReadStep::Done(Box::new(fingerprint)));
                }
            }
        }
        match std::mem::replace(&mut self.0, State::Done) {
            State::Other(other) => {
                let (stream, observe) = *other;
                Ok(ReadStep::Done(Box::new(stream.finalize_with(observe)?)))
            }
            _ => Err(ownprint_hash::Error::Internal.into()),
        }
    }
}

impl std::fmt::Debug for SecondReading<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("SecondReading").finish_non_exhaustive()
    }
}

impl Fingerprinter {
    /// Returns a stream for a file that can be read at positions.
    ///
    /// Videos are not kept in memory, and have no limit on their length:
    /// [`FingerprintStream::read_again`] reads their frames.
    #[must_use]
    pub fn seekable_stream(&self) -> FingerprintStream {
        FingerprintStream::new(self.clone(), true)
    }
}

impl FingerprintStream {
    /// Starts the second reading of a file of `length` bytes, after all bytes were passed once.
    #[must_use]
    pub fn read_again(self, length: u64) -> SecondReading<'static> {
        self.read_again_with(length, |_progress| ControlFlow::Continue(()))
    }

    /// Like [`read_again`](Self::read_again), with an observer.
    #[must_use]
    pub fn read_again_with<'a>(
        self,
        length: u64,
        observe: impl FnMut(Progress) -> ControlFlow<()> + 'a,
    ) -> SecondReading<'a> {
        let observe: Observer<'a> = Box::new(observe);
        if !self.reads_frames_later() {
            return SecondReading(State::Other(Box::new((self, observe))));
        }
        let (fingerprinter, head, digests) = self.into_video_parts();
        let frames = HashingReader::new(length, &fingerprinter.options, observe);
        SecondReading(State::Video(Box::new(VideoState { fingerprinter, head, digests, frames })))
    }
}
