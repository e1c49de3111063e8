//! Decodes the requested frames of a video file.

use ownprint_pixels::{Limits, Size};

use super::codec::{Codec, SampleInfo, SampleKind};
use super::codecs;
use super::errors::damaged;
use super::signature::is_matroska;
use super::sink::{FrameSink, VideoInfo};
use super::source::Source;
use super::track::Track;
use super::{matroska, mp4};
use crate::error::Error;
use crate::probe::PROBE_BYTES;

/// The memory that the tables of samples may take for each byte of a file. A table states the
/// samples in runs, so few bytes can state millions.
const TABLE_BYTES_PER_BYTE: u64 = 200;
/// The memory that the tables of a file of any length may take.
const FREE_TABLE_BYTES: u64 = 64 << 20;

/// Passes the frames that `sink` requests to it, and returns the properties of the video.
pub(super) async fn decode_frames(
    source: Source<'_>,
    limits: Limits,
    accept_damaged: bool,
    sink: &mut dyn FrameSink,
) -> Result<VideoInfo, Error> {
    let length = source.length();
    let decoded = decode(source, &limits, accept_damaged, sink).await;
    decoded.map_err(|error| error.under_caller_limits(&limits, length))
}

async fn decode(
    mut source: Source<'_>,
    limits: &Limits,
    accept_damaged: bool,
    sink: &mut dyn FrameSink,
) -> Result<VideoInfo, Error> {
    let track = read_track(&mut source, limits).await?;
    if sink.start(track.frames_per_second).is_break() {
        return Err(Error::Cancelled);
    }
    let name = track.description.codec;
    let mut codec = codecs::open(&track.description, limits, source.length())?;
    let mut infos = Vec::with_capacity(track.samples.len());
    for sample in &track.samples {
        check_cancelled(sink)?;
        // A sample that the file does not contain is an error only if it is needed.
        let bytes = match sample.range(source.length()) {
            Some(range) => source.read(range).await?,
            None => &[],
        };
        infos.push(codec.inspect(bytes));
    }
    track.edits.check_groups(track.has_open_groups(&infos))?;
    let shown = track.display_order(&infos);
    let mut work = Work { source, track: &track, shown: &shown, sink, codec, size: None };
    let damaged = match work.run(&infos).await {
        Err(Error::DamagedVideo { .. }) if accept_damaged && work.size.is_some() => true,
        outcome => outcome.map(|()| false)?,
    };
    let size = work.size.ok_or_else(|| self::damaged("no frame is shown"))?;
    Ok(VideoInfo {
        format: track.format,
        codec: name.name(),
        size,
        frames: shown.iter().flatten().count() as u64,
        frames_per_second: track.frames_per_second,
        damaged,
    })
}

/// Returns the stable name of the codec if this build has no decoder for it.
pub(super) async fn missing_codec(source: &mut Source<'_>) -> Result<Option<&'static str>, Error> {
    let codec = if is_matroska_file(source).await? {
        matroska::codec(source).await?
    } else {
        mp4::codec(source).await?
    };
    Ok((!codec.is_decoded()).then(|| codec.name()))
}

/// Reads the tables of a file.
async fn read_track(source: &mut Source<'_>, limits: &Limits) -> Result<Track, Error> {
    let table_bytes = source.length().saturating_mul(TABLE_BYTES_PER_BYTE).max(FREE_TABLE_BYTES);
    let for_tables = Limits { memory: limits.memory.min(table_bytes), ..*limits };
    if is_matroska_file(source).await? {
        matroska::read(source, &for_tables).await
    } else {
        mp4::read(source, &for_tables).await
    }
}

async fn is_matroska_file(source: &mut Source<'_>) -> Result<bool, Error> {
    Ok(is_matroska(source.read(0..PROBE_BYTES as u64).await?))
}

struct Work<'a> {
    source: Source<'a>,
    track: &'a Track,
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
    async fn run(&mut self, infos: &[SampleInfo]) -> Result<(), Error> {
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
                    self.decode(sample, wanted[sample]).await?;
                } else if infos[sample].has_parameters {
                    self.skip(sample).await?;
                }
                let flow = self.sink.progress(sample as u64 + 1, infos.len() as u64);
                if flow.is_break() {
                    return Err(Error::Cancelled);
                }
            }
            at = end;
        }
        if self.track.is_truncated { Err(damaged("the file is truncated")) } else { Ok(()) }
    }

    async fn decode(&mut self, sample: usize, is_wanted: bool) -> Result<(), Error> {
        let (Some(stored), Some(&number)) =
            (self.track.samples.get(sample), self.shown.get(sample))
        else {
            return Ok(());
        };
        self.source.pause().await;
        let range = stored.range(self.source.length()).ok_or_else(|| damaged("truncated frame"))?;
        let data = self.source.read(range).await?;
        let sink = &mut *self.sink;
        let frame = self.codec.decode(data, is_wanted, &mut || check_cancelled(sink))?;
        let Some(number) = number.filter(|_| is_wanted) else { return Ok(()) };
        let frame = frame.ok_or_else(|| damaged(format!("no image for frame {number}")))?;
        self.size.get_or_insert(frame.size);
        let flow = self.sink.update(number, &frame.yuv()?.into());
        if flow.is_break() { Err(Error::Cancelled) } else { Ok(()) }
    }

    /// Reads the parameters of a sample that is not decoded.
    async fn skip(&mut self, sample: usize) -> Result<(), Error> {
        let length = self.source.length();
        match self.track.samples.get(sample).and_then(|stored| stored.range(length)) {
            Some(range) => self.codec.skip(self.source.read(range).await?),
            None => Ok(()),
        }
    }
}

fn check_cancelled(sink: &mut dyn FrameSink) -> Result<(), Error> {
    if sink.check_cancelled().is_break() { Err(Error::Cancelled) } else { Ok(()) }
}
