//! Decodes the requested frames of MP4 and MOV files with H.264.

use ownprint_pixels::wipe::wipe_stack;
use ownprint_pixels::{Limits, Size};

use super::errors::damaged;
use super::h264::H264;
use super::mp4::Track;
use super::samples::Sample;
use super::sink::{FrameSink, VideoInfo};
use super::units::{self, UnitKind};
use crate::error::Error;
use crate::panics::caught;

/// Words of the stack that are overwritten after decoding, which leaves pixels there.
const STACK_WORDS: usize = 96 * 1024 / 8;

/// Returns `true` if the first bytes look like a video container this build can decode (MP4 or
/// MOV).
///
/// The codec is not checked.
#[must_use]
pub fn is_video(head: &[u8]) -> bool {
    let [_, _, _, _, kind @ ..] = head else { return false };
    [&b"ftyp"[..], b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"]
        .iter()
        .any(|it| kind.starts_with(it))
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
    let table_bytes = length.saturating_mul(TABLE_BYTES_PER_BYTE).max(FREE_TABLE_BYTES);
    let for_tables = Limits { memory: limits.memory.min(table_bytes), ..*limits };
    let track = Track::read(bytes, &for_tables)?;
    if sink.start(track.frames_per_second).is_break() {
        return Err(Error::Cancelled);
    }
    let shown = track.display_order();
    let decoder = H264::new(limits, length);
    let mut work = Work { bytes, track: &track, shown: &shown, sink, decoder, size: None };
    let damaged = match work.run() {
        Err(Error::DamagedVideo { .. }) if accept_damaged && work.size.is_some() => true,
        outcome => outcome.map(|()| false)?,
    };
    let size = work.size.ok_or_else(|| self::damaged("no frame is shown"))?;
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
    /// The number of each sample among the frames that are shown.
    shown: &'a [Option<u64>],
    sink: &'a mut dyn FrameSink,
    decoder: H264,
    /// The size of the first frame.
    size: Option<Size>,
}

impl Work<'_> {
    /// Decodes the wanted frames and those they depend on, in file order.
    ///
    /// A frame depends on the reference frames since the last IDR picture. Skipping the others does
    /// not change the wanted frames.
    fn run(&mut self) -> Result<(), Error> {
        for set in &self.track.parameter_sets {
            self.decode_set(set)?;
        }
        let wanted: Vec<bool> =
            self.shown.iter().map(|number| number.is_some_and(|it| self.sink.wants(it))).collect();
        let mut kinds = Vec::with_capacity(self.track.samples.len());
        for sample in &self.track.samples {
            self.check_cancelled()?;
            kinds.push(self.kind(sample));
        }
        let mut at = 0;
        while at < kinds.len() {
            let end =
                (at + 1..kinds.len()).find(|&it| kinds[it] == UnitKind::Idr).unwrap_or(kinds.len());
            let last = wanted[at..end].iter().rposition(|wanted| *wanted).map(|last| at + last);
            for sample in at..end {
                self.check_cancelled()?;
                let is_reference =
                    kinds[sample] > UnitKind::Disposable && last.is_some_and(|last| sample <= last);
                if wanted[sample] || is_reference {
                    self.decode(sample, wanted[sample])?;
                } else {
                    self.decode_parameters(sample)?;
                }
            }
            at = end;
        }
        Ok(())
    }

    /// Returns the kind of a sample: the highest of its units. Of a damaged sample, the readable
    /// units count.
    fn kind(&self, sample: &Sample) -> UnitKind {
        let units = self.track.units(self.bytes, sample).map_while(Result::ok);
        let kinds = units
            .flat_map(units::split)
            .map(units::kind)
            .filter(|kind| *kind < UnitKind::Partition);
        kinds.max().unwrap_or(UnitKind::Other)
    }

    fn decode(&mut self, sample: usize, is_wanted: bool) -> Result<(), Error> {
        let (Some(stored), Some(&number)) =
            (self.track.samples.get(sample), self.shown.get(sample))
        else {
            return Ok(());
        };
        self.decoder.start_sample();
        let mut frame = None;
        for unit in self.track.units(self.bytes, stored) {
            for unit in units::split(unit?) {
                // A sample can have thousands of slices.
                self.check_cancelled()?;
                frame = self.decoder.decode(unit)?.or(frame);
            }
        }
        let Some(number) = number.filter(|_| is_wanted) else { return Ok(()) };
        let frame = frame.ok_or_else(|| damaged(format!("no image for frame {number}")))?;
        self.size.get_or_insert(frame.size);
        let flow = self.sink.update(number, &frame.planes()?.into());
        if flow.is_break() { Err(Error::Cancelled) } else { Ok(()) }
    }

    /// Decodes the parameter sets of a skipped sample, which later samples may use.
    fn decode_parameters(&mut self, sample: usize) -> Result<(), Error> {
        let Some(stored) = self.track.samples.get(sample) else { return Ok(()) };
        let units = self.track.units(self.bytes, stored).map_while(Result::ok);
        units.flat_map(units::split).try_for_each(|unit| self.decode_set(unit))
    }

    /// Decodes a unit if it is a parameter set.
    fn decode_set(&mut self, unit: &[u8]) -> Result<(), Error> {
        if units::kind(unit) == UnitKind::Parameters {
            self.decoder.decode(unit)?;
        }
        Ok(())
    }

    fn check_cancelled(&mut self) -> Result<(), Error> {
        if self.sink.check_cancelled().is_break() { Err(Error::Cancelled) } else { Ok(()) }
    }
}
