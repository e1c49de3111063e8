//! The video track of a file, whatever its container.

use std::ops::Range;

use super::codec::{Description, SampleInfo, SampleKind};
use super::edits::Edits;

/// An access unit in the file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sample {
    pub(super) offset: u64,
    pub(super) size: u32,
    /// The composition time in units of the track.
    pub(super) composition: i64,
    /// Whether the container lists the frame as one to show.
    pub(super) is_listed: bool,
    /// Whether the tables of the movie list it as one at which decoding can start.
    pub(super) is_sync: bool,
}

impl Sample {
    /// Memory in bytes for one sample, in its table and while the video is hashed.
    pub(super) const MEMORY: u64 = 3 * size_of::<Self>() as u64;

    /// The size of a sample whose end is missing.
    pub(super) const CUT: u32 = u32::MAX;

    /// Returns the position of the bytes in a file of `length` bytes; `None` if it does not contain
    /// all of them.
    pub(super) fn range(&self, length: u64) -> Option<Range<u64>> {
        let end = self.offset.checked_add(self.size.into())?;
        (self.size != Self::CUT && end <= length).then_some(self.offset..end)
    }
}

/// The video track of a file.
pub(super) struct Track {
    /// The container's stable name.
    pub(super) format: &'static str,
    pub(super) description: Description,
    /// The samples that are not empty, in decoding order.
    pub(super) samples: Vec<Sample>,
    /// The average frame rate as in ffmpeg: frames, and their duration in seconds.
    pub(super) frames_per_second: (u64, u64),
    pub(super) edits: Edits,
    /// Whether the file ends before its container does, as far as that is known.
    pub(super) is_truncated: bool,
}

impl Track {
    /// Returns `true` if the container says that decoding can start at a sample whose successors
    /// may refer to frames before it.
    pub(super) fn has_open_groups(&self, infos: &[SampleInfo]) -> bool {
        let is_open = |(sample, info): (&Sample, &SampleInfo)| {
            sample.is_sync && info.kind != SampleKind::Start
        };
        self.samples.iter().zip(infos).any(is_open)
    }

    /// Returns the number of each sample's frame in display order; `None` for samples that are not
    /// shown.
    ///
    /// The order is that of the stream, as in ffmpeg: containers that were made from AVI or byte
    /// streams have the times of decoding. Times decide if the stream's order is not known.
    pub(super) fn display_order(&self, infos: &[SampleInfo]) -> Vec<Option<u64>> {
        let shown = self.samples.iter().zip(infos).map(|(sample, info)| {
            info.is_shown && sample.is_listed && self.edits.show(sample.composition)
        });
        let shown: Vec<bool> = shown.collect();
        let is_known = infos.iter().zip(&shown).all(|(it, shown)| it.order.is_some() || !shown);
        let mut sequence = 0;
        let places = self.samples.iter().zip(infos).map(|(sample, info)| {
            sequence += i64::from(info.kind == SampleKind::Start);
            match info.order {
                Some(order) if is_known => (sequence << 32) + i64::from(order),
                _ => sample.composition,
            }
        });
        let mut shown: Vec<(i64, usize)> = places
            .zip(0..)
            .zip(&shown)
            .filter_map(|(place, is_shown)| is_shown.then_some(place))
            .collect();
        shown.sort_unstable();
        let mut order = vec![None; self.samples.len()];
        for (number, (_, at)) in (0..).zip(shown) {
            if let Some(entry) = order.get_mut(at) {
                *entry = Some(number);
            }
        }
        order
    }
}

/// Returns frames and seconds in lowest terms; `None` if either is 0.
pub(super) fn rate((frames, units): (u64, u64), units_per_second: u64) -> Option<(u64, u64)> {
    let frames = frames.saturating_mul(units_per_second);
    let common = greatest_common_divisor(frames, units);
    (frames > 0 && units > 0).then(|| (frames / common, units / common))
}

fn greatest_common_divisor(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { greatest_common_divisor(b, a % b) }
}
