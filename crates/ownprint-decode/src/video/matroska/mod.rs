//! Parses the video track of a WebM or Matroska file (RFC 8794 and RFC 9559).
//!
//! The library `matroska-demuxer` is not used, because it copies every frame, and reads tags,
//! chapters and cues into structures that take a hundred times their bytes in the file.

mod elements;
mod id;
mod rate;

use std::ops::Range;

use ownprint_pixels::{LimitKind, Limits, check};

use self::elements::{Children, Element, Elements, text, variable};
use self::rate::{NANOSECONDS, approximated, measured};
use super::codec::{CodecName, Description};
use super::edits::Edits;
use super::errors::{damaged, unsupported, unsupported_codec};
use super::source::Source;
use super::track::{Sample, Track};
use crate::error::Error;

/// A quarter of an hour. A longer duration says nothing about a rate.
const LONGEST_FRAME: u64 = 900 * NANOSECONDS;
const VIDEO: u64 = 1;

/// Reads the first video track that is enabled, or the first video track if none is.
pub(super) async fn read(source: &mut Source<'_>, limits: &Limits) -> Result<Track, Error> {
    let Header { format, entry, segment, is_truncated } = Header::read(source).await?;
    let in_segment = Elements::of(segment);
    let info = match in_segment.clone().find(source, id::INFO).await? {
        Some(info) => source.read(info.body).await?,
        None => &[],
    };
    let scale = Children(info).number(id::TIMESTAMP_SCALE).unwrap_or(1_000_000).max(1);
    let mut blocks = Blocks { track: entry.number, memory: limits.memory, samples: Vec::new() };
    blocks.read(source, in_segment).await?;
    let samples = blocks.samples;
    let frames_per_second = match entry.default_duration {
        Some(duration) => approximated(NANOSECONDS, duration),
        None => measured(&samples, scale),
    };
    let description = entry.description;
    let edits = Edits::default();
    Ok(Track { format, description, samples, frames_per_second, edits, is_truncated })
}

/// Returns the codec of the video track.
pub(super) async fn codec(source: &mut Source<'_>) -> Result<CodecName, Error> {
    Ok(Header::read(source).await?.entry.description.codec)
}

/// What precedes the blocks.
struct Header {
    /// The container's stable name.
    format: &'static str,
    entry: Entry,
    segment: Range<u64>,
    is_truncated: bool,
}

impl Header {
    async fn read(source: &mut Source<'_>) -> Result<Self, Error> {
        let mut top = Elements::of(0..source.length());
        let header = top.find(source, id::EBML).await?.ok_or_else(|| damaged("no EBML header"))?;
        let format = match Children(source.read(header.body).await?).body(id::DOC_TYPE).map(text) {
            Some(b"webm") => "webm",
            Some(b"matroska") => "matroska",
            _ => return Err(unsupported("an EBML file that is neither WebM nor Matroska")),
        };
        let segment = top.find(source, id::SEGMENT).await?;
        let Element { body: segment, is_cut: is_truncated, .. } =
            segment.ok_or_else(|| damaged("no segment"))?;
        let tracks = Elements::of(segment.clone()).find(source, id::TRACKS).await?;
        let tracks = tracks.ok_or_else(|| damaged("no tracks"))?;
        let entry = Entry::choose(source.read(tracks.body).await?)?;
        Ok(Self { format, entry, segment, is_truncated })
    }
}

/// A video track.
struct Entry {
    number: u64,
    is_enabled: bool,
    /// The duration of a frame in nanoseconds.
    default_duration: Option<u64>,
    description: Description,
}

impl Entry {
    fn choose(tracks: &[u8]) -> Result<Self, Error> {
        let entries = Children(tracks).filter(|(id, _)| *id == id::TRACK_ENTRY);
        let videos = entries
            .map(|(_, entry)| entry)
            .filter(|it| Children(it).number(id::TRACK_TYPE) == Some(VIDEO));
        let mut first = None;
        for entry in videos.map(Self::read) {
            if entry.as_ref().is_ok_and(|entry| entry.is_enabled) {
                return entry;
            }
            first = first.or(Some(entry));
        }
        first.unwrap_or_else(|| Err(unsupported("no video track")))
    }

    fn read(entry: &[u8]) -> Result<Self, Error> {
        let children = Children(entry);
        let number = |id| children.clone().number(id);
        let name = children.clone().body(id::CODEC_ID).map(text).unwrap_or_default();
        let codec = match name {
            b"V_MPEG4/ISO/AVC" => CodecName::H264,
            b"V_MPEGH/ISO/HEVC" => CodecName::Hevc,
            b"V_VP9" => CodecName::Vp9,
            b"V_VP8" => CodecName::Vp8,
            b"V_AV1" => CodecName::Av1,
            _ => return Err(unsupported_codec(name)),
        };
        if children.clone().body(id::CONTENT_ENCODINGS).is_some() {
            return Err(unsupported("a track with compressed or encrypted frames"));
        }
        Ok(Self {
            number: number(id::TRACK_NUMBER).ok_or_else(|| damaged("no track number"))?,
            is_enabled: number(id::FLAG_ENABLED) != Some(0),
            default_duration: number(id::DEFAULT_DURATION)
                .filter(|it| (1..=LONGEST_FRAME).contains(it)),
            description: Description {
                codec,
                record: children.body(id::CODEC_PRIVATE).map(<[u8]>::to_vec),
            },
        })
    }
}

/// Reads the blocks of one track.
struct Blocks {
    track: u64,
    memory: u64,
    samples: Vec<Sample>,
}

impl Blocks {
    async fn read(&mut self, source: &mut Source<'_>, mut segment: Elements) -> Result<(), Error> {
        while let Some(element) = segment.next(source).await? {
            if element.id == id::CLUSTER {
                self.cluster(source, Elements::of(element.body)).await?;
            }
        }
        if self.samples.is_empty() { Err(damaged("no frames")) } else { Ok(()) }
    }

    async fn cluster(&mut self, source: &mut Source<'_>, mut all: Elements) -> Result<(), Error> {
        let mut time = 0;
        while let Some(element) = all.next(source).await? {
            let block = match element.id {
                id::TIMESTAMP => {
                    time = i64::try_from(element.number(source).await?).unwrap_or(i64::MAX);
                    continue;
                }
                id::SIMPLE_BLOCK => element,
                id::BLOCK_GROUP => {
                    let mut group = Elements::of(element.body);
                    let Some(block) = group.find(source, id::BLOCK).await? else { continue };
                    block
                }
                _ => continue,
            };
            if let Some(sample) = self.sample(source, &block, time).await? {
                self.samples.push(sample);
                let bytes = (self.samples.len() as u64).saturating_mul(Sample::MEMORY);
                check(LimitKind::Memory, bytes, self.memory)?;
            }
        }
        Ok(())
    }

    /// Returns the sample of a block in a cluster; `None` if it is of another track or empty.
    async fn sample(
        &self,
        source: &mut Source<'_>,
        block: &Element,
        cluster: i64,
    ) -> Result<Option<Sample>, Error> {
        const LACING: u8 = 6;
        /// A track number of up to 8 bytes, and 3 bytes of fields.
        const MAXIMUM_BYTES: u64 = 11;
        let Range { start, end } = block.body;
        let bytes = source.read(start..end.min(start.saturating_add(MAXIMUM_BYTES))).await?;
        let header = variable(bytes).and_then(|(track, rest)| {
            let (fields, data) = rest.split_first_chunk::<3>()?;
            Some((track, *fields, start + (bytes.len() - data.len()) as u64))
        });
        let Some((track, [high, low, flags], offset)) = header else {
            return if block.is_cut { Ok(None) } else { Err(damaged("a block without a header")) };
        };
        if track != self.track || offset == end {
            return Ok(None);
        }
        if flags & LACING > 0 {
            return Err(unsupported("several frames in one block"));
        }
        let size = if block.is_cut {
            Sample::CUT
        } else {
            u32::try_from(end - offset).unwrap_or(Sample::CUT)
        };
        let composition = cluster.saturating_add(i16::from_be_bytes([high, low]).into());
        Ok(Some(Sample { offset, size, composition, is_listed: true, is_sync: false }))
    }
}
