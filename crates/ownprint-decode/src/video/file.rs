//! Decodes the requested frames of a video file.

use ownprint_pixels::wipe::wipe_stack;
use ownprint_pixels::{Limits, Size};

use super::codec::{Codec, SampleInfo, SampleKind};
use super::codecs;
use super::errors::damaged;
use super::signature::is_matroska;
use super::sink::{FrameSink, VideoInfo};
use super::track::{Sample, Track};
use super::{matroska, mp4};
use crate::error::Error;
use crate::panics::caught;

/// Words of the stack that are overwritten after decoding, which leaves pixels there.
const STACK_WORDS: usize = 96 * 1024 / 8;

/// Returns the stable name of the codec of a video if this build has no decoder for it: `hevc`.
///
/// `None` if it has one, or if the tables of the video cannot be read.
#[must_use]
pub fn missing_video_codec(bytes: &[u8], limits: &Limits) -> Option<&'static str> {
    let codec = read_track(bytes, limits).ok()?.description.codec;
    (!codec.is_decoded()).then(|| codec.name())
}

/// The memory that the tables of samples may take for each byte of a file. A table states the
/// samples in runs, so few bytes can state millions.
const TABLE_BYTES_PER_BYTE: u64 = 200;
/// The memory that the tables of a file of any length may take.
const FREE_TABLE_BYTES: u64 = 64 << 20;

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
    let length = bytes.len() as u64;
    limits.check_file_bytes(length)?;
    let decoded = caught(|| decode_frames(bytes, limits, accept_damaged, sink));
    wipe_stack::<STACK_WORDS>();
    decoded
        .unwrap_or_else(|| Err(damaged("the decoder panicked")))
        .map_err(|error| error.under_caller_limits(limits, length))
}

// Not inlined, so that its stack frame is below that of the caller, where the stack is overwritten.
#[inline(never)]
fn decode_frames(
    bytes: &[u8],
    limits: &Limits,
    accept_damaged: bool,
    sink: &mut dyn FrameSink,
) -> Result<VideoInfo, Error> {
    let length = bytes.len() as u64;
    let track = read_track(bytes, limits)?;
    if sink.start(track.frames_per_second).is_break() {
        return Err(Error::Cancelled);
    }
    let mut codec = codecs::open(track.description, limits, length)?;
    let mut infos = Vec::with_capacity(track.samples.len());
    for sample in &track.samples {
        check_cancelled(sink)?;
        // A sample that the file does not contain is an error only if it is needed.
        infos.push(codec.inspect(sample.bytes(bytes).unwrap_or_default()));
    }
    let shown = track.display_order(&infos);
    let mut work = Work { bytes, track: &track, shown: &shown, sink, codec, size: None };
    let damaged = match work.run(&infos) {
        Err(Error::DamagedVideo { .. }) if accept_damaged && work.size.is_some() => true,
        outcome => outcome.map(|()| false)?,
    };
    let size = work.size.ok_or_else(|| self::damaged("no frame is shown"))?;
    Ok(VideoInfo {
        format: track.format,
        codec: track.description.codec.name(),
        size,
        frames: shown.iter().flatten().count() as u64,
        frames_per_second: track.frames_per_second,
        damaged,
    })
}

fn read_track<'a>(bytes: &'a [u8], limits: &Limits) -> Result<Track<'a>, Error> {
    let length = bytes.len() as u64;
    let table_bytes = length.saturating_mul(TABLE_BYTES_PER_BYTE).max(FREE_TABLE_BYTES);
    let for_tables = Limits { memory: limits.memory.min(table_bytes), ..*limits };
    if is_matroska(bytes) {
        matroska::read(bytes, &for_tables)
    } else {
        mp4::read(bytes, &for_tables)
    }
}

struct Work<'a> {
    bytes: &'a [u8],
    track: &'a Track<'a>,
    /// The number of each sample among the frames that are shown.
    shown: &'a [Option<u64>],
    sink: &'a mut dyn FrameSink,
    codec: Box<dyn Codec>,
    /// The size of the first frame.
    size: Option<Size>,
}

impl Work<'_> {
    /// Decodes the wanted frames and those they depend on, in file order.
    ///
    /// A frame depends on the references since the last sample at which decoding can start.
    /// Skipping the others does not change the wanted frames.
    fn run(&mut self, infos: &[SampleInfo]) -> Result<(), Error> {
        let wanted: Vec<bool> =
            self.shown.iter().map(|number| number.is_some_and(|it| self.sink.wants(it))).collect();
        let mut at = 0;
        while at < infos.len() {
            let is_start = |it: &usize| infos[*it].kind == SampleKind::Start;
            let end = (at + 1..infos.len()).find(is_start).unwrap_or(infos.len());
            let last = wanted[at..end].iter().rposition(|wanted| *wanted).map(|last| at + last);
            for sample in at..end {
                check_cancelled(self.sink)?;
                let is_reference = infos[sample].kind > SampleKind::Disposable
                    && last.is_some_and(|last| sample <= last);
                if wanted[sample] || is_reference {
                    self.decode(sample, wanted[sample])?;
                } else {
                    self.skip(sample)?;
                }
            }
            at = end;
        }
        if self.track.is_truncated { Err(damaged("the file is truncated")) } else { Ok(()) }
    }

    fn decode(&mut self, sample: usize, is_wanted: bool) -> Result<(), Error> {
        let (Some(stored), Some(&number)) =
            (self.track.samples.get(sample), self.shown.get(sample))
        else {
            return Ok(());
        };
        let data = stored.bytes(self.bytes).ok_or_else(|| damaged("truncated frame"))?;
        let sink = &mut *self.sink;
        let frame = self.codec.decode(data, is_wanted, &mut || check_cancelled(sink))?;
        let Some(number) = number.filter(|_| is_wanted) else { return Ok(()) };
        let frame = frame.ok_or_else(|| damaged(format!("no image for frame {number}")))?;
        self.size.get_or_insert(frame.size);
        let flow = self.sink.update(number, &frame.yuv()?.into());
        if flow.is_break() { Err(Error::Cancelled) } else { Ok(()) }
    }

    /// Skips a sample, except for parameters that later samples may use.
    fn skip(&mut self, sample: usize) -> Result<(), Error> {
        let stored = self.track.samples.get(sample);
        match stored.and_then(|stored: &Sample| stored.bytes(self.bytes)) {
            Some(data) => self.codec.skip(data),
            None => Ok(()),
        }
    }
}

fn check_cancelled(sink: &mut dyn FrameSink) -> Result<(), Error> {
    if sink.check_cancelled().is_break() { Err(Error::Cancelled) } else { Ok(()) }
}
