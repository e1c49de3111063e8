//! MP4 and MOV files with H.264: the tables, and the frames that a caller wants.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::errors::damaged;
use super::h264::{self, H264, UnitKind};
use super::mp4::Track;
use super::samples::Sample;
use super::sink::{FrameSink, VideoInfo};
use crate::error::Error;
use ownprint_pixels::wipe::wipe_stack;
use ownprint_pixels::{Limits, Size};

/// What is overwritten of the stack below the decoder.
const STACK_WORDS: usize = 96 * 1024 / 8;

/// Returns `true` if the first bytes look like an MP4 or MOV file. Whether it can be decoded depends on its tables.
#[must_use]
pub fn is_video(head: &[u8]) -> bool {
    let [_, _, _, _, kind @ ..] = head else { return false };
    [&b"ftyp"[..], b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"].iter().any(|it| kind.starts_with(it))
}

/// Passes the frames that `sink` wants to it, and returns what the container says. With `accept_damaged`, a video that ends
/// early or contradicts itself after its first frame is decoded as far as possible.
///
/// # Errors
/// [`Error::UnsupportedVideo`], [`Error::DamagedVideo`], [`Error::LimitExceeded`], [`Error::Cancelled`] if `sink` breaks.
pub fn decode_video(
    bytes: &[u8],
    limits: &Limits,
    accept_damaged: bool,
    sink: &mut dyn FrameSink,
) -> Result<VideoInfo, Error> {
    // The one place where a panic of the decoder on a damaged video becomes an error. Where panics abort (in the
    // browser) nothing is caught, and the instance is lost.
    let length = bytes.len() as u64;
    limits.check_file_bytes(length)?;
    let within = limits.for_file(length);
    let decoded = catch_unwind(AssertUnwindSafe(|| decode_frames(bytes, &within, accept_damaged, sink)));
    wipe_stack::<STACK_WORDS>();
    decoded
        .unwrap_or_else(|_| Err(damaged("its frames cannot be decoded")))
        .map_err(|error| error.explained(limits, length))
}

// With a frame of its own, below the caller's.
#[inline(never)]
fn decode_frames(
    bytes: &[u8],
    limits: &Limits,
    accept_damaged: bool,
    sink: &mut dyn FrameSink,
) -> Result<VideoInfo, Error> {
    let track = Track::read(bytes, limits)?;
    if sink.start(track.frames_per_second).is_break() {
        return Err(Error::Cancelled);
    }
    let shown = track.display_order();
    let mut work = Work { bytes, track: &track, shown: &shown, sink, decoder: H264::new(limits), size: None };
    let damaged = match work.run() {
        Err(Error::DamagedVideo { .. }) if accept_damaged && work.size.is_some() => true,
        outcome => outcome.map(|()| false)?,
    };
    let size = work.size.ok_or_else(|| self::damaged("none of its frames is shown"))?;
    Ok(VideoInfo {
        format: track.format,
        codec: "h264",
        size,
        frames: shown.iter().flatten().count() as u64,
        frames_per_second: track.frames_per_second,
        damaged,
    })
}

struct Work<'a> {
    bytes: &'a [u8],
    track: &'a Track<'a>,
    /// Each sample's number among the frames that are shown.
    shown: &'a [Option<u64>],
    sink: &'a mut dyn FrameSink,
    decoder: H264,
    /// That of the first frame.
    size: Option<Size>,
}

impl Work<'_> {
    /// Decodes what is needed for the frames that are wanted, in the order of the file.
    ///
    /// A frame needs those since the last one before which nothing is referred to, but for those that no other refers to.
    /// The rest is passed over, which changes no frame that is hashed.
    fn run(&mut self) -> Result<(), Error> {
        self.decoder.decode(&self.track.parameter_sets)?;
        let wanted: Vec<bool> =
            self.shown.iter().map(|number| number.is_some_and(|it| self.sink.wants(it))).collect();
        let mut kinds = Vec::with_capacity(self.track.samples.len());
        for sample in &self.track.samples {
            self.go_on()?;
            kinds.push(self.kind(sample));
        }
        let mut at = 0;
        while at < kinds.len() {
            let end = (at + 1..kinds.len()).find(|&it| kinds[it] == UnitKind::Start).unwrap_or(kinds.len());
            let last = wanted[at..end].iter().rposition(|wanted| *wanted).map(|last| at + last);
            for sample in at..end {
                self.go_on()?;
                let is_referred_to =
                    kinds[sample] > UnitKind::Disposable && last.is_some_and(|last| sample <= last);
                if wanted[sample] || is_referred_to {
                    self.decode(sample, wanted[sample])?;
                } else {
                    self.decode_parameters(sample)?;
                }
            }
            at = end;
        }
        Ok(())
    }

    /// What others may need of a sample; of one whose units do not fit, what can be read.
    fn kind(&self, sample: &Sample) -> UnitKind {
        let units = self.track.units(self.bytes, sample).map_while(Result::ok);
        let kinds = units.map(h264::kind).filter(|kind| *kind != UnitKind::Parameters);
        kinds.max().unwrap_or(UnitKind::Other)
    }

    fn decode(&mut self, sample: usize, is_wanted: bool) -> Result<(), Error> {
        let (Some(place), Some(&number)) = (self.track.samples.get(sample), self.shown.get(sample)) else {
            return Ok(());
        };
        let units = self.track.units(self.bytes, place).collect::<Result<Vec<_>, _>>()?;
        let needed: Vec<_> = units.into_iter().filter(|unit| h264::kind(unit) != UnitKind::Other).collect();
        let frame = self.decoder.decode(&needed)?;
        let Some(number) = number.filter(|_| is_wanted) else { return Ok(()) };
        let frame = frame.ok_or_else(|| damaged(format!("frame {number} is missing")))?;
        self.size.get_or_insert(frame.size);
        let taken = self.sink.update(number, &frame.planes()?.into());
        if taken.is_break() { Err(Error::Cancelled) } else { Ok(()) }
    }

    /// Takes the parameters of a sample that is passed over.
    fn decode_parameters(&mut self, sample: usize) -> Result<(), Error> {
        let Some(place) = self.track.samples.get(sample) else { return Ok(()) };
        let units = self.track.units(self.bytes, place).map_while(Result::ok);
        let parameters: Vec<_> = units.filter(|unit| h264::kind(unit) == UnitKind::Parameters).collect();
        if parameters.is_empty() { Ok(()) } else { self.decoder.decode(&parameters).map(drop) }
    }

    fn go_on(&mut self) -> Result<(), Error> {
        if self.sink.go_on().is_break() { Err(Error::Cancelled) } else { Ok(()) }
    }
}
