//! The edit list of a track: the time ranges that are shown (ISO/IEC 14496-12, 8.6.6).

use std::ops::Range;

use ownprint_pixels::{LimitKind, Limits, check};

use super::errors::unsupported;
use super::fields::Fields;
use crate::error::Error;

/// Sorted, disjoint time ranges in units of the track. Empty if the whole track is shown.
#[derive(Debug, Default)]
pub(super) struct Edits {
    shown: Vec<Range<i64>>,
    /// Whether the list has several entries, pauses aside.
    has_several: bool,
}

impl Edits {
    /// Reads an edit list, whose durations are in units of the movie.
    pub(super) fn read(
        list: &[u8],
        (track_units, movie_units): (u64, u64),
        limits: &Limits,
    ) -> Result<Self, Error> {
        let mut fields = Fields(list);
        let version = fields.version()?;
        let count = fields.u32()?;
        let entry = if version == 0 { 12 } else { 20 };
        // The list may claim more entries than it has; those are an error below, before memory is
        // allocated for them.
        let present = u64::from(count).min(fields.0.len() as u64 / entry);
        check(LimitKind::Memory, present * size_of::<Range<i64>>() as u64, limits.memory)?;
        let mut edits = Vec::new();
        for _ in 0..count {
            let length = u128::from(fields.sized(version)?);
            let start = match version {
                0 => i64::from(fields.u32()? as i32),
                _ => fields.u64()? as i64,
            };
            fields.u32()?;
            if start < -1 {
                return Err(unsupported("an edit list with a time before the video"));
            }
            if start < 0 {
                // An empty edit: a pause before the video.
                if !edits.is_empty() {
                    return Err(unsupported("an edit list with a pause"));
                }
                continue;
            }
            // Rounded up, because a duration of 0 means the rest of the track.
            let length = (length * u128::from(track_units)).div_ceil(movie_units.into());
            let end = match i64::try_from(length) {
                Ok(length) if length > 0 => start.saturating_add(length),
                _ => i64::MAX,
            };
            edits.push(start..end);
        }
        if edits.windows(2).any(|pair| matches!(pair, [a, b] if b.start < a.end)) {
            // Frames would be shown twice, or in another order than that of their times.
            return Err(unsupported("an edit list that repeats or reorders frames"));
        }
        let has_several = edits.len() > 1;
        Ok(Self { shown: merged(edits), has_several })
    }

    /// Refuses several entries, pauses aside, in a track with open groups of frames. ffmpeg starts
    /// again at each entry, and loses frames of the group.
    pub(super) fn check_groups(&self, are_open: bool) -> Result<(), Error> {
        if self.has_several && are_open {
            return Err(unsupported("an edit list of several entries with open groups of frames"));
        }
        Ok(())
    }

    /// Returns `true` if a sample with this composition time is shown.
    pub(super) fn show(&self, time: i64) -> bool {
        let before = self.shown.partition_point(|edit| edit.end <= time);
        self.shown.is_empty() || self.shown.get(before).is_some_and(|edit| edit.start <= time)
    }
}

/// Returns the ranges sorted, with adjacent and overlapping ones merged, so that a frame is found
/// by binary search. A file can have millions of both.
fn merged(mut edits: Vec<Range<i64>>) -> Vec<Range<i64>> {
    edits.sort_unstable_by_key(|edit| edit.start);
    edits.dedup_by(|edit, last| {
        let touches = edit.start <= last.end;
        if touches {
            last.end = last.end.max(edit.end);
        }
        touches
    });
    edits
}

#[cfg(test)]
mod tests {
    use ownprint_pixels::Limits;

    use super::{Edits, Error, merged};

    /// Returns the edit list of durations and start times, where -1 is a pause.
    fn read(edits: &[(u32, i32)]) -> Result<Edits, Error> {
        let mut list = vec![0; 4];
        list.extend((edits.len() as u32).to_be_bytes());
        for (length, start) in edits {
            list.extend(length.to_be_bytes());
            list.extend(start.to_be_bytes());
            list.extend([0, 1, 0, 0]);
        }
        Edits::read(&list, (1000, 1000), &Limits::default())
    }

    /// ffmpeg shows such frames twice, or in another order.
    #[test]
    fn lists_that_repeat_reorder_or_interrupt_are_unsupported() {
        for list in [
            &[(9, 20), (9, 0)][..],
            &[(9, 0), (9, 0)],
            &[(9, 0), (9, 8)],
            &[(9, 0), (5, -1), (9, 9)],
        ] {
            assert!(matches!(read(list), Err(Error::UnsupportedVideo { .. })), "{list:?}");
        }
        for list in [&[(9, 0), (9, 9)][..], &[(5, -1), (9, 3)], &[(9, 0), (9, 20)], &[(0, 7)]] {
            assert!(read(list).is_ok(), "{list:?}");
        }
    }

    #[test]
    fn a_time_is_shown_if_any_edit_contains_it() {
        // Nested, adjacent, duplicate and empty ranges.
        let lists: [&[(i64, i64)]; 5] = [
            &[(5, 9)],
            &[(5, 9), (0, 2), (7, 12), (20, 30), (22, 25), (0, 2)],
            &[(10, 20), (0, 10), (30, i64::MAX)],
            &[(3, 4), (4, 5), (1, 2), (15, 15), (6, 7)],
            &[(0, 40), (1, 2), (39, 41)],
        ];
        for list in lists {
            let edits: Vec<_> = list.iter().map(|&(start, end)| start..end).collect();
            let in_order = Edits { shown: merged(edits.clone()), has_several: true };
            assert!(
                in_order.shown.windows(2).all(|pair| pair[0].end < pair[1].start),
                "{in_order:?}"
            );
            for time in -2..45 {
                let is_shown = edits.iter().any(|edit| edit.contains(&time));
                assert_eq!(in_order.show(time), is_shown, "{time} of {list:?}");
            }
        }
        assert!(Edits::default().show(7));
    }
}
