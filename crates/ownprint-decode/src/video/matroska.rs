//! Parses the video track of a WebM or Matroska file (RFC 8794 and RFC 9559).
//!
//! The library `matroska-demuxer` is not used, because it copies every frame, and reads tags,
//! chapters and cues into structures that take a hundred times their bytes in the file.

use ownprint_pixels::{LimitKind, Limits, check};

use super::codec::{CodecName, Description};
use super::edits::Edits;
use super::errors::{damaged, unsupported, unsupported_codec};
use super::track::{Sample, Track, rate};
use crate::error::Error;

/// Identifiers of elements.
mod id {
    pub(super) const EBML: u32 = 0x1A45_DFA3;
    pub(super) const DOC_TYPE: u32 = 0x4282;
    pub(super) const SEGMENT: u32 = 0x1853_8067;
    pub(super) const INFO: u32 = 0x1549_A966;
    pub(super) const TIMESTAMP_SCALE: u32 = 0x002A_D7B1;
    pub(super) const TRACKS: u32 = 0x1654_AE6B;
    pub(super) const TRACK_ENTRY: u32 = 0xAE;
    pub(super) const TRACK_NUMBER: u32 = 0xD7;
    pub(super) const TRACK_TYPE: u32 = 0x83;
    pub(super) const FLAG_ENABLED: u32 = 0xB9;
    pub(super) const DEFAULT_DURATION: u32 = 0x0023_E383;
    pub(super) const CODEC_ID: u32 = 0x86;
    pub(super) const CODEC_PRIVATE: u32 = 0x63A2;
    pub(super) const CONTENT_ENCODINGS: u32 = 0x6D80;
    pub(super) const CLUSTER: u32 = 0x1F43_B675;
    pub(super) const TIMESTAMP: u32 = 0xE7;
    pub(super) const SIMPLE_BLOCK: u32 = 0xA3;
    pub(super) const BLOCK_GROUP: u32 = 0xA0;
    pub(super) const BLOCK: u32 = 0xA1;
    /// Elements that a segment contains, besides those above. One of them ends a cluster of unknown
    /// size.
    pub(super) const OTHER_TOP_LEVEL: [u32; 5] =
        [0x114D_9B74, 0x1C53_BB6B, 0x1941_A469, 0x1043_A770, 0x1254_C367];
}

const NANOSECONDS: u64 = 1_000_000_000;
/// A quarter of an hour. A longer duration says nothing about a rate.
const LONGEST_FRAME: u64 = 900 * NANOSECONDS;
const VIDEO: u64 = 1;

/// Reads the first video track that is enabled, or the first video track if none is.
pub(super) fn read<'a>(bytes: &'a [u8], limits: &Limits) -> Result<Track<'a>, Error> {
    let mut top = Elements::of(bytes);
    let header = top.body(id::EBML).ok_or_else(|| damaged("no EBML header"))?;
    let format = match Elements::of(header).body(id::DOC_TYPE).map(text) {
        Some(b"webm") => "webm",
        Some(b"matroska") => "matroska",
        _ => return Err(unsupported("an EBML file that is neither WebM nor Matroska")),
    };
    let Element { body: segment, is_cut: is_truncated, .. } =
        top.element(id::SEGMENT).ok_or_else(|| damaged("no segment"))?;
    let tracks = Elements::of(segment).body(id::TRACKS);
    let entry = Entry::choose(tracks.ok_or_else(|| damaged("no tracks"))?)?;
    let info = Elements::of(segment).body(id::INFO).unwrap_or_default();
    let scale = unsigned(info, id::TIMESTAMP_SCALE).unwrap_or(1_000_000).max(1);
    let samples =
        Blocks { file: bytes, track: entry.number, memory: limits.memory }.read(segment)?;
    let frames_per_second = match entry.default_duration {
        Some(duration) => approximated(NANOSECONDS, duration),
        None => measured(&samples, scale),
    };
    let description = entry.description;
    let edits = Edits::default();
    Ok(Track { format, description, samples, frames_per_second, edits, is_truncated })
}

/// A video track.
struct Entry<'a> {
    number: u64,
    is_enabled: bool,
    /// The duration of a frame in nanoseconds.
    default_duration: Option<u64>,
    description: Description<'a>,
}

impl<'a> Entry<'a> {
    fn choose(tracks: &'a [u8]) -> Result<Self, Error> {
        let entries = Elements::of(tracks).filter(|element| element.id == id::TRACK_ENTRY);
        let videos = entries
            .map(|entry| entry.body)
            .filter(|it| unsigned(it, id::TRACK_TYPE) == Some(VIDEO));
        let mut first = None;
        for entry in videos.map(Self::read) {
            if entry.as_ref().is_ok_and(|entry| entry.is_enabled) {
                return entry;
            }
            first = first.or(Some(entry));
        }
        first.unwrap_or_else(|| Err(unsupported("no video track")))
    }

    fn read(entry: &'a [u8]) -> Result<Self, Error> {
        let name = Elements::of(entry).body(id::CODEC_ID).map(text).unwrap_or_default();
        let codec = match name {
            b"V_MPEG4/ISO/AVC" => CodecName::H264,
            b"V_MPEGH/ISO/HEVC" => CodecName::Hevc,
            b"V_VP9" => CodecName::Vp9,
            b"V_VP8" => CodecName::Vp8,
            b"V_AV1" => CodecName::Av1,
            _ => return Err(unsupported_codec(name)),
        };
        if Elements::of(entry).body(id::CONTENT_ENCODINGS).is_some() {
            return Err(unsupported("a track with compressed or encrypted frames"));
        }
        Ok(Self {
            number: unsigned(entry, id::TRACK_NUMBER).ok_or_else(|| damaged("no track number"))?,
            is_enabled: unsigned(entry, id::FLAG_ENABLED) != Some(0),
            default_duration: unsigned(entry, id::DEFAULT_DURATION)
                .filter(|it| (1..=LONGEST_FRAME).contains(it)),
            description: Description { codec, record: Elements::of(entry).body(id::CODEC_PRIVATE) },
        })
    }
}

/// Reads the blocks of one track.
struct Blocks<'a> {
    file: &'a [u8],
    track: u64,
    memory: u64,
}

impl Blocks<'_> {
    fn read(&self, segment: &[u8]) -> Result<Vec<Sample>, Error> {
        let mut samples = Vec::new();
        for cluster in Elements::of(segment).filter(|element| element.id == id::CLUSTER) {
            let mut time = 0;
            for element in Elements::of(cluster.body) {
                let block = match element.id {
                    id::TIMESTAMP => {
                        time = i64::try_from(number(element.body)).unwrap_or(i64::MAX);
                        continue;
                    }
                    id::SIMPLE_BLOCK => Some(element),
                    id::BLOCK_GROUP => Elements::of(element.body).element(id::BLOCK),
                    _ => None,
                };
                if let Some(sample) = block.map(|block| self.sample(&block, time)).transpose()? {
                    samples.extend(sample);
                    check(
                        LimitKind::Memory,
                        (samples.len() as u64).saturating_mul(Sample::MEMORY),
                        self.memory,
                    )?;
                }
            }
        }
        if samples.is_empty() { Err(damaged("no frames")) } else { Ok(samples) }
    }

    /// Returns the sample of a block in a cluster; `None` if it is of another track or empty.
    fn sample(&self, block: &Element<'_>, cluster: i64) -> Result<Option<Sample>, Error> {
        const LACING: u8 = 6;
        let header = variable(block.body).and_then(|(track, rest)| {
            let (fields, data) = rest.split_first_chunk::<3>()?;
            Some((track, *fields, data))
        });
        let Some((track, [high, low, flags], data)) = header else {
            return if block.is_cut { Ok(None) } else { Err(damaged("a block without a header")) };
        };
        if track != self.track || data.is_empty() {
            return Ok(None);
        }
        if flags & LACING > 0 {
            return Err(unsupported("several frames in one block"));
        }
        let offset = data.as_ptr().addr().wrapping_sub(self.file.as_ptr().addr()) as u64;
        // Longer than any file in memory, so that a frame that is cut is not decoded.
        let size =
            if block.is_cut { u32::MAX } else { u32::try_from(data.len()).unwrap_or(u32::MAX) };
        let composition = cluster.saturating_add(i16::from_be_bytes([high, low]).into());
        Ok(Some(Sample { offset, size, composition, is_listed: true }))
    }
}

/// Returns the rate of a track that does not state the duration of a frame: the frames, and the
/// time from the first to the last and one average frame more. Times are whole milliseconds, so a
/// common rate within one per cent is meant.
fn measured(samples: &[Sample], scale: u64) -> (u64, u64) {
    const COMMON: [(u64, u64); 15] = [
        (10, 1),
        (12, 1),
        (15, 1),
        (20, 1),
        (24_000, 1001),
        (24, 1),
        (25, 1),
        (30_000, 1001),
        (30, 1),
        (48, 1),
        (50, 1),
        (60_000, 1001),
        (60, 1),
        (120, 1),
        (240, 1),
    ];
    let times = || samples.iter().map(|sample| sample.composition);
    let (first, last) = (times().min().unwrap_or(0), times().max().unwrap_or(0));
    let span = last.abs_diff(first).saturating_mul(scale);
    let Some((frames, nanoseconds)) =
        rate(((samples.len() as u64).saturating_sub(1), span), NANOSECONDS)
    else {
        // One frame, whose time is 0 at any rate.
        return (1, 1);
    };
    let error = |(common, seconds): (u64, u64)| {
        let (a, b) = (
            u128::from(frames) * u128::from(seconds),
            u128::from(common) * u128::from(nanoseconds),
        );
        // In millionths.
        a.abs_diff(b) * 1_000_000 / b.max(1)
    };
    let nearest = COMMON.into_iter().min_by_key(|rate| error(*rate));
    nearest.filter(|rate| error(*rate) < 10_000).unwrap_or((frames, nanoseconds))
}

/// Returns the fraction with terms of at most 30,000 that is nearest to `numerator / denominator`,
/// as in ffmpeg, where 33,366,666 nanoseconds are 30000/1001 frames per second.
///
/// It is the last convergent of the continued fraction that fits, or a semiconvergent behind it.
fn approximated(numerator: u64, denominator: u64) -> (u64, u64) {
    const MAXIMUM: u128 = 30_000;
    let (mut high, mut low) = (u128::from(numerator), u128::from(denominator));
    let (mut before, mut last) = ((0_u128, 1_u128), (1_u128, 0_u128));
    while low > 0 {
        let quotient = high / low;
        let next = |count: u128| (count * last.0 + before.0, count * last.1 + before.1);
        let (top, bottom) = next(quotient);
        if top > MAXIMUM || bottom > MAXIMUM {
            let room = |limit: u128, step: u128| limit.checked_div(step).unwrap_or(quotient);
            let count = room(MAXIMUM - before.0, last.0)
                .min(room(MAXIMUM - before.1, last.1))
                .min(quotient);
            // A semiconvergent is nearer than the last convergent if it has more than half of the
            // quotient.
            if low * (2 * count * last.1 + before.1) > high * last.1 {
                last = next(count);
            }
            break;
        }
        (before, last) = (last, (top, bottom));
        (high, low) = (low, high % low);
    }
    let term = |term: u128| u64::try_from(term).unwrap_or(u64::MAX).max(1);
    (term(last.0), term(last.1))
}

/// An element: its identifier with the length marker, and its body.
struct Element<'a> {
    id: u32,
    body: &'a [u8],
    /// Whether the file ends before the element does.
    is_cut: bool,
}

/// Iterates over the elements in `bytes`.
///
/// An element that is longer than the remaining bytes is cut to them, because the frames before the
/// end of a truncated file are complete. Anything that is no element ends the iteration.
struct Elements<'a> {
    rest: &'a [u8],
}

impl<'a> Elements<'a> {
    fn of(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// Returns the body of the first element with this identifier.
    fn body(&mut self, id: u32) -> Option<&'a [u8]> {
        self.element(id).map(|element| element.body)
    }

    fn element(&mut self, id: u32) -> Option<Element<'a>> {
        self.find_map(|element| (element.id == id).then_some(element))
    }
}

impl<'a> Iterator for Elements<'a> {
    type Item = Element<'a>;

    fn next(&mut self) -> Option<Element<'a>> {
        let (id, behind) = identifier(self.rest)?;
        let (length, width) = (behind, behind.first()?.leading_zeros() as usize + 1);
        let (value, body) = variable(length)?;
        // All bits set: the length is unknown, as live recordings write it.
        let is_unknown = value == (1 << (7 * width)) - 1;
        let length = if is_unknown {
            unknown_length(id, body)
        } else {
            usize::try_from(value).unwrap_or(usize::MAX)
        };
        let is_cut = length > body.len();
        let (body, rest) = body.split_at(length.min(body.len()));
        self.rest = rest;
        Some(Element { id, body, is_cut })
    }
}

/// Returns the length of an element that does not state it: a segment ends with the file, a cluster
/// where the next element of the segment begins.
fn unknown_length(id: u32, body: &[u8]) -> usize {
    if id != id::CLUSTER {
        return body.len();
    }
    let mut elements = Elements::of(body);
    loop {
        let start = body.len() - elements.rest.len();
        let is_end = identifier(elements.rest).is_none_or(|(id, _)| {
            [id::CLUSTER, id::INFO, id::TRACKS, id::SEGMENT, id::EBML].contains(&id)
                || id::OTHER_TOP_LEVEL.contains(&id)
        });
        if is_end || elements.next().is_none() {
            return start;
        }
    }
}

/// Reads an identifier of 1 to 4 bytes, with its length marker.
fn identifier(bytes: &[u8]) -> Option<(u32, &[u8])> {
    let width = bytes.first()?.leading_zeros() as usize + 1;
    let (id, rest) = bytes.split_at_checked(width).filter(|_| width <= 4)?;
    Some((id.iter().fold(0, |id, &byte| id << 8 | u32::from(byte)), rest))
}

/// Reads a number of 1 to 8 bytes whose first set bit marks its length.
fn variable(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let width = bytes.first()?.leading_zeros() as usize + 1;
    let (number, rest) = bytes.split_at_checked(width).filter(|_| width <= 8)?;
    let value = self::number(number);
    Some((value & ((1 << (7 * width)) - 1), rest))
}

/// Returns a big-endian number of up to 8 bytes.
fn number(bytes: &[u8]) -> u64 {
    bytes.iter().take(8).fold(0, |number, &byte| number << 8 | u64::from(byte))
}

/// Returns the value of the first element with this identifier.
fn unsigned(body: &[u8], id: u32) -> Option<u64> {
    Elements::of(body).body(id).map(number)
}

/// Returns a string without the zeros that may pad it.
fn text(bytes: &[u8]) -> &[u8] {
    let end = bytes.iter().position(|&byte| byte == 0).unwrap_or(bytes.len());
    bytes.get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{Sample, approximated, measured};

    #[test]
    fn durations_in_nanoseconds_are_common_rates() {
        for (nanoseconds, expected) in [
            (33_333_333, (30, 1)),
            (33_366_666, (30_000, 1001)),
            (33_366_667, (30_000, 1001)),
            (41_708_333, (24_000, 1001)),
            (16_683_333, (19_001, 317)),
            (40_000_000, (25, 1)),
            (1, (30_000, 1)),
            (900_000_000_000, (1, 900)),
        ] {
            assert_eq!(approximated(1_000_000_000, nanoseconds), expected, "{nanoseconds}");
        }
    }

    #[test]
    fn a_rate_from_times_in_milliseconds_is_the_common_one() {
        let at = |composition| Sample { offset: 0, size: 1, composition, is_listed: true };
        let of =
            |times: &[i64]| measured(&times.iter().copied().map(at).collect::<Vec<_>>(), 1_000_000);
        assert_eq!(of(&[0, 33, 67, 100, 133]), (30, 1));
        assert_eq!(of(&[7, 47, 87, 127]), (25, 1));
        assert_eq!(of(&[0, 400, 500, 900]), (10, 3));
        assert_eq!(of(&[5]), (1, 1));
    }
}
