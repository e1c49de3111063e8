//! Parses the video track of an MP4, MOV or 3GP file: sample tables, fragments, edit list and
//! decoder configuration (ISO/IEC 14496-12).
//!
//! The library `re_mp4` is not used, because it panics on contradictory tables and allocates memory
//! for as many samples as a header of twenty bytes claims.

mod fragments;
mod samples;
mod top_level;

use ownprint_pixels::Limits;

use self::fragments::Fragments;
use self::samples::Samples;
use self::top_level::{TopLevel, TopLevelBox};
use super::codec::{CodecName, Description};
use super::edits::Edits;
use super::errors::{damaged, unsupported, unsupported_codec};
use super::fields::Fields;
use super::source::Source;
use super::track::{Track, rate};
use crate::boxes::Boxes;
use crate::error::Error;

/// Reads the first video track that is enabled, or the first video track if none is.
pub(super) async fn read(source: &mut Source<'_>, limits: &Limits) -> Result<Track, Error> {
    let format = match source.read(4..12).await? {
        b"ftypqt  " => "mov",
        head if head.starts_with(b"ftyp") => "mp4",
        _ => "mov",
    };
    let length = source.length();
    let Movie { description, units_per_second, mut samples, fragments, edits } =
        Movie::read(movie(source).await?, length, limits)?;
    let in_movie = samples.list.len();
    if let Some(fragments) = fragments {
        fragments.read(source, &mut samples).await?;
    }
    if samples.list.is_empty() {
        return Err(damaged("no frames in the tables; the file may be truncated"));
    }
    // As in ffmpeg, an edit list is about the samples of `moov`.
    let edits = if samples.list.len() > in_movie {
        Edits::default()
    } else {
        match edits {
            Err(error @ (Error::LimitExceeded { .. } | Error::UnsupportedVideo { .. })) => {
                return Err(error);
            }
            edits => edits.unwrap_or_default(),
        }
    };
    let frames_per_second = rate(samples.timed, units_per_second)
        .ok_or_else(|| damaged("frames without a duration"))?;
    let samples = samples.list;
    // Samples that the file does not contain are noticed when they are needed.
    let is_truncated = false;
    Ok(Track { format, description, samples, frames_per_second, edits, is_truncated })
}

/// Returns the codec of the video track.
pub(super) async fn codec(source: &mut Source<'_>) -> Result<CodecName, Error> {
    let track = video_track(movie(source).await?)?;
    Ok(description(inner(track, &[*b"mdia", *b"minf", *b"stbl", *b"stsd"])?)?.codec)
}

/// Returns the body of `moov`.
async fn movie<'a>(source: &'a mut Source<'_>) -> Result<&'a [u8], Error> {
    let mut boxes = TopLevel::default();
    while let Some(TopLevelBox { kind, body, .. }) = boxes.next(source).await? {
        if &kind == b"moov" {
            return source.read(body).await;
        }
    }
    Err(damaged("no table moov; the file may be truncated"))
}

/// What the body of `moov` says about the video track.
struct Movie {
    description: Description,
    units_per_second: u64,
    samples: Samples,
    /// How fragments are read, if the file may have some.
    fragments: Option<Fragments>,
    edits: Result<Edits, Error>,
}

impl Movie {
    fn read(movie: &[u8], file_bytes: u64, limits: &Limits) -> Result<Self, Error> {
        if Boxes::of(movie).find(*b"cmov").is_some() {
            return Err(unsupported("compressed tables (cmov)"));
        }
        let track = video_track(movie)?;
        let media = inner(track, &[*b"mdia"])?;
        let table = inner(media, &[*b"minf", *b"stbl"])?;
        let description = description(inner(table, &[*b"stsd"])?)?;
        let units_per_second = time_scale(inner(media, &[*b"mdhd"])?)?;
        let mut samples = Samples::new(file_bytes, limits);
        samples.read(table)?;
        let fragments = match Boxes::of(movie).find(*b"mvex") {
            Some(extends) => Some(Fragments::new(extends, identifier(track)?)),
            None => None,
        };
        let edits = edits(movie, track, units_per_second, limits);
        Ok(Self { description, units_per_second, samples, fragments, edits })
    }
}

fn video_track(movie: &[u8]) -> Result<&[u8], Error> {
    let tracks = Boxes::of(movie).filter(|(kind, _)| kind == b"trak").map(|(_, body)| body);
    let mut first = None;
    // Of a truncated file, tracks may be missing or end before they say what they are.
    let mut missing = Some(damaged("no track; the file may be truncated"));
    for track in tracks {
        match is_video_track(track) {
            Ok(true) if is_enabled(track).unwrap_or_default() => return Ok(track),
            Ok(true) => first = first.or(Some(track)),
            Ok(false) => missing = None,
            Err(error) => missing = Some(error),
        }
    }
    first.ok_or_else(|| missing.unwrap_or_else(|| unsupported("no video track")))
}

fn is_enabled(track: &[u8]) -> Result<bool, Error> {
    let [_version, _, _, flags] = Fields(inner(track, &[*b"tkhd"])?).array()?;
    Ok(flags & 1 == 1)
}

/// Returns the number by which fragments name a track.
fn identifier(track: &[u8]) -> Result<u32, Error> {
    let mut header = Fields(inner(track, &[*b"tkhd"])?);
    let version = header.version()?;
    header.sized(version)?;
    header.sized(version)?;
    header.u32()
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

/// Returns the codec and configuration of the first sample description.
fn description(descriptions: &[u8]) -> Result<Description, Error> {
    /// The length of the fixed fields of a visual sample entry.
    const FIXED: usize = 78;
    let mut fields = Fields(descriptions);
    fields.version()?;
    fields.u32()?;
    let (kind, entry) = Boxes::of(fields.0).next().ok_or_else(|| damaged("empty table stsd"))?;
    let (codec, record) = match &kind {
        b"avc1" | b"avc3" => (CodecName::H264, Some(*b"avcC")),
        b"hvc1" | b"hev1" => (CodecName::Hevc, Some(*b"hvcC")),
        b"vp09" => (CodecName::Vp9, None),
        b"vp08" => (CodecName::Vp8, None),
        b"av01" => (CodecName::Av1, Some(*b"av1C")),
        b"encv" => return Err(unsupported("encrypted video")),
        _ => return Err(unsupported_codec(&kind)),
    };
    let boxes = entry.get(FIXED..).unwrap_or_default();
    let record = record.map(|kind| inner(boxes, &[kind]).map(<[u8]>::to_vec)).transpose()?;
    Ok(Description { codec, record })
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
