//! A video's file to the hashes of its frames: MP4 and MOV with H.264.

mod edits;
mod fields;
mod h264;
mod mp4;
mod parameters;
mod samples;

use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};

use self::h264::{H264, UnitKind};
use self::mp4::Track;
use self::samples::Sample;
use super::{VideoFingerprint, VpdqHasher, VpdqOptions};
use crate::wipe::wipe_stack;
use crate::{Error, Limits, Size};

/// What is overwritten of the stack below the decoder.
const STACK_WORDS: usize = 96 * 1024 / 8;

/// Whether a file begins as MP4 and MOV files do. What of it can be decoded its tables say.
pub(crate) fn is_video(head: &[u8]) -> bool {
    let [_, _, _, _, kind @ ..] = head else { return false };
    [&b"ftyp"[..], b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"].iter().any(|it| kind.starts_with(it))
}

/// Hashes a video's frames. `observe` is asked twice for every frame, when its parts are looked through and before it is decoded, and ends the work
/// by breaking.
///
/// # Errors
/// [`Error::UnsupportedVideo`], [`Error::DamagedVideo`], [`Error::LimitExceeded`], [`Error::Cancelled`].
pub(crate) fn hash(
    bytes: &[u8],
    options: VpdqOptions,
    limits: &Limits,
    accept_damaged: bool,
    observe: &mut dyn FnMut() -> ControlFlow<()>,
) -> Result<VideoFingerprint, Error> {
    // The one place where a defect of the decoder that a damaged video brings out becomes an error. Where panics abort (in
    // the browser) nothing is caught, and the instance is lost.
    let length = bytes.len() as u64;
    let within = limits.for_file(length);
    let hashed =
        catch_unwind(AssertUnwindSafe(|| hash_frames(bytes, options, &within, accept_damaged, observe)));
    wipe_stack::<STACK_WORDS>();
    hashed
        .unwrap_or_else(|_| Err(damaged("its images cannot be decoded")))
        .map_err(|error| limits.explain(error, length))
}

// With a frame of its own, below the caller's.
#[inline(never)]
fn hash_frames(
    bytes: &[u8],
    options: VpdqOptions,
    limits: &Limits,
    accept_damaged: bool,
    observe: &mut dyn FnMut() -> ControlFlow<()>,
) -> Result<VideoFingerprint, Error> {
    let track = Track::read(bytes, limits)?;
    let shown = track.display_order();
    let (frames, seconds) = track.frames_per_second;
    let rate = frames as f64 / seconds as f64;
    let mut work = Work {
        bytes,
        track: &track,
        shown: &shown,
        hasher: VpdqHasher::by_frames(rate, options.seconds_per_hash)?.limits(*limits).prune(options.prune),
        decoder: H264::new(limits),
        size: None,
    };
    let damaged = match work.run(observe) {
        Err(Error::DamagedVideo { .. }) if accept_damaged && work.size.is_some() => true,
        outcome => outcome.map(|()| false)?,
    };
    let size = work.size.ok_or_else(|| self::damaged("none of its frames is shown"))?;
    let frames = shown.iter().flatten().count() as u64;
    let vpdq = work.hasher.finish();
    Ok(VideoFingerprint {
        damaged,
        ..VideoFingerprint::from_parts(track.format, "h264", size, frames, track.frames_per_second, vpdq)
    })
}

struct Work<'a> {
    bytes: &'a [u8],
    track: &'a Track<'a>,
    /// Each sample's number among the frames that are shown.
    shown: &'a [Option<u64>],
    hasher: VpdqHasher,
    decoder: H264,
    /// That of the first frame.
    size: Option<Size>,
}

impl Work<'_> {
    /// Decodes what is needed for the frames that are wanted, in the order of the file.
    ///
    /// A frame needs those since the last one before which nothing is referred to, but for those that no other refers to.
    /// The rest is passed over, which changes no frame that is hashed.
    fn run(&mut self, observe: &mut dyn FnMut() -> ControlFlow<()>) -> Result<(), Error> {
        self.decoder.decode(&self.track.parameter_sets)?;
        let wanted: Vec<bool> =
            self.shown.iter().map(|number| number.is_some_and(|it| self.hasher.wants(it, 0.0))).collect();
        let mut kinds = Vec::with_capacity(self.track.samples.len());
        for sample in &self.track.samples {
            go_on(observe)?;
            kinds.push(self.kind(sample));
        }
        let mut at = 0;
        while at < kinds.len() {
            let end = (at + 1..kinds.len()).find(|&it| kinds[it] == UnitKind::Start).unwrap_or(kinds.len());
            let last = wanted[at..end].iter().rposition(|wanted| *wanted).map(|last| at + last);
            for sample in at..end {
                go_on(observe)?;
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
        self.hasher.push(number, 0.0, &frame.planes()?.into())
    }

    /// Takes the parameters of a sample that is passed over.
    fn decode_parameters(&mut self, sample: usize) -> Result<(), Error> {
        let Some(place) = self.track.samples.get(sample) else { return Ok(()) };
        let units = self.track.units(self.bytes, place).map_while(Result::ok);
        let parameters: Vec<_> = units.filter(|unit| h264::kind(unit) == UnitKind::Parameters).collect();
        if parameters.is_empty() { Ok(()) } else { self.decoder.decode(&parameters).map(drop) }
    }
}

fn go_on(observe: &mut dyn FnMut() -> ControlFlow<()>) -> Result<(), Error> {
    if observe().is_break() { Err(Error::Cancelled) } else { Ok(()) }
}

pub(crate) fn damaged(detail: impl Into<String>) -> Error {
    Error::DamagedVideo { detail: detail.into() }
}

pub(crate) fn unsupported(detail: impl Into<String>) -> Error {
    Error::UnsupportedVideo { detail: detail.into() }
}
