//! Parses the video track of an MP4 or MOV file: sample tables, edit list and decoder
//! configuration.
//!
//! The library `re_mp4` is not used, because it panics on contradictory tables and allocates memory
//! for as many samples as a header of twenty bytes claims.

use ownprint_pixels::Limits;

use super::edits::Edits;
use super::errors::{damaged, unsupported};
use super::fields::Fields;
use super::samples::{Sample, Samples};
use crate::boxes::Boxes;
use crate::error::Error;

/// The video track of a file.
pub(super) struct Track<'a> {
    /// The container's stable name.
    pub(super) format: &'static str,
    /// The sequence and picture parameter sets of the decoder configuration.
    pub(super) parameter_sets: Vec<&'a [u8]>,
    /// The width in bytes of the length before each NAL unit, 1 to 4.
    length_bytes: usize,
    pub(super) samples: Vec<Sample>,
    /// The average frame rate as in ffmpeg: frames, and their duration in seconds.
    pub(super) frames_per_second: (u64, u64),
    edits: Edits,
}

impl<'a> Track<'a> {
    /// Reads the first video track of a file.
    pub(super) fn read(bytes: &'a [u8], limits: &Limits) -> Result<Self, Error> {
        let movie = Boxes::of(bytes)
            .find(*b"moov")
            .ok_or_else(|| damaged("no table moov; the file may be truncated"))?;
        let tracks = Boxes::of(movie).filter(|(kind, _)| kind == b"trak").map(|(_, body)| body);
        let mut videos = tracks.filter(|track| is_video_track(track).unwrap_or_default());
        let track = videos.next().ok_or_else(|| unsupported("no video track"))?;
        let media = inner(track, &[*b"mdia"])?;
        let table = inner(media, &[*b"minf", *b"stbl"])?;
        let (parameter_sets, length_bytes) = configuration(inner(table, &[*b"stsd"])?)?;
        if Boxes::of(movie).find(*b"mvex").is_some() && Boxes::of(bytes).find(*b"moof").is_some() {
            return Err(unsupported("fragmented MP4; remux it without fragments"));
        }
        let units_per_second = time_scale(inner(media, &[*b"mdhd"])?)?;
        let Samples { samples, timed } = Samples::read(table, bytes.len() as u64, limits)?;
        let frames_per_second = rate(timed, units_per_second)?;
        let edits = match edits(movie, track, units_per_second, limits) {
            Err(error @ Error::LimitExceeded { .. }) => return Err(error),
            edits => edits.unwrap_or_default(),
        };
        let format = if bytes.get(4..12) == Some(b"ftypqt  ") || bytes.get(4..8) != Some(b"ftyp") {
            "mov"
        } else {
            "mp4"
        };
        Ok(Self { format, parameter_sets, length_bytes, samples, frames_per_second, edits })
    }

    /// Returns the frame number of each sample in display order; `None` for samples that are not
    /// shown.
    pub(super) fn display_order(&self) -> Vec<Option<u64>> {
        let shown =
            self.samples.iter().enumerate().filter(|(_, it)| self.edits.show(it.composition));
        let mut shown: Vec<(i64, usize)> =
            shown.map(|(at, sample)| (sample.composition, at)).collect();
        shown.sort_unstable();
        let mut order = vec![None; self.samples.len()];
        for (number, (_, at)) in (0..).zip(shown) {
            if let Some(entry) = order.get_mut(at) {
                *entry = Some(number);
            }
        }
        order
    }

    /// Returns the NAL units of a sample, up to its end or to the first that does not fit.
    pub(super) fn units(
        &self,
        bytes: &'a [u8],
        sample: &Sample,
    ) -> impl Iterator<Item = Result<&'a [u8], Error>> {
        let length_bytes = self.length_bytes;
        let start = usize::try_from(sample.offset).unwrap_or(usize::MAX);
        let mut rest = Some(Fields(
            bytes.get(start..start.saturating_add(sample.size as usize)).unwrap_or_default(),
        ));
        if rest.is_some_and(|rest| rest.0.is_empty()) {
            // A sample outside the file has one truncated unit.
            rest = Some(Fields(&[0]));
        }
        std::iter::from_fn(move || {
            let mut fields = rest.take().filter(|fields| !fields.0.is_empty())?;
            let unit = fields.take(length_bytes).and_then(|length| {
                let length = length.iter().fold(0, |length, &byte| length << 8 | usize::from(byte));
                fields.take(length)
            });
            match unit {
                Ok(unit) => {
                    rest = Some(fields);
                    Some(Ok(unit))
                }
                Err(_) => Some(Err(damaged("truncated frame"))),
            }
        })
    }
}

/// Returns the body of a nested box.
fn inner<'a>(body: &'a [u8], path: &[[u8; 4]]) -> Result<&'a [u8], Error> {
    path.iter().try_fold(body, |body, &kind| {
        let name = String::from_utf8_lossy(&kind).into_owned();
        Boxes::of(body).find(kind).ok_or_else(|| damaged(format!("no table {name}")))
    })
}

fn is_video_track(track: &[u8]) -> Result<bool, Error> {
    let mut handler = Fields(inner(track, &[*b"mdia", *b"hdlr"])?);
    handler.version()?;
    handler.u32()?;
    Ok(&handler.array::<4>()? == b"vide")
}

fn time_scale(header: &[u8]) -> Result<u64, Error> {
    let mut fields = Fields(header);
    let version = fields.version()?;
    fields.sized(version)?;
    fields.sized(version)?;
    fields.u32().map(u64::from)
}

/// Returns the parameter sets of the first sample description, and the width of a unit length.
fn configuration(descriptions: &[u8]) -> Result<(Vec<&[u8]>, usize), Error> {
    /// The length of the fixed fields of a visual sample entry.
    const FIXED: usize = 78;
    let mut fields = Fields(descriptions);
    fields.version()?;
    fields.u32()?;
    let (codec, description) =
        Boxes::of(fields.0).next().ok_or_else(|| damaged("empty table stsd"))?;
    if ![b"avc1", b"avc3"].contains(&&codec) {
        let codec: String =
            codec.iter().map(|&byte| char::from(byte)).filter(char::is_ascii_graphic).collect();
        return Err(unsupported(format!("video codec {codec}; convert it to H.264")));
    }
    let boxes = description.get(FIXED..).unwrap_or_default();
    let mut fields =
        Fields(Boxes::of(boxes).find(*b"avcC").ok_or_else(|| damaged("no table avcC"))?);
    let [_version, _profile, _constraints, _level, lengths, sequence_sets] = fields.array()?;
    let mut sets = Vec::new();
    for _ in 0..sequence_sets & 31 {
        let length = fields.u16()?;
        sets.push(fields.take(length.into())?);
    }
    for _ in 0..fields.u8()? {
        let length = fields.u16()?;
        sets.push(fields.take(length.into())?);
    }
    Ok((sets, usize::from(lengths & 3) + 1))
}

/// Returns frames and seconds in lowest terms.
fn rate((frames, units): (u64, u64), units_per_second: u64) -> Result<(u64, u64), Error> {
    let frames = frames.saturating_mul(units_per_second);
    let common = greatest_common_divisor(frames, units);
    if frames == 0 || units == 0 {
        return Err(damaged("frames without a duration"));
    }
    Ok((frames / common, units / common))
}

fn greatest_common_divisor(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { greatest_common_divisor(b, a % b) }
}

/// Reads the edit list of a track.
fn edits(
    movie: &[u8],
    track: &[u8],
    units_per_second: u64,
    limits: &Limits,
) -> Result<Edits, Error> {
    let movie_units = time_scale(inner(movie, &[*b"mvhd"])?)?.max(1);
    Edits::read(inner(track, &[*b"edts", *b"elst"])?, (units_per_second, movie_units), limits)
}
