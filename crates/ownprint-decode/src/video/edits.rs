//! The parts of a track that are shown, from its edit list (ISO/IEC 14496-12, 8.6.6).

use std::ops::Range;

use super::fields::Fields;
use crate::error::Error;
use ownprint_pixels::LimitKind;
use ownprint_pixels::Limits;
use ownprint_pixels::check;

/// Times in the track's units, in order and apart from one another; none where all is shown.
#[derive(Debug, Default)]
pub(super) struct Edits {
    shown: Vec<Range<i64>>,
}

impl Edits {
    /// Reads a list whose lengths are in units of the movie.
    pub(super) fn read(
        list: &[u8],
        (track_units, movie_units): (u64, u64),
        limits: &Limits,
    ) -> Result<Self, Error> {
        let mut fields = Fields(list);
        let version = fields.version()?;
        let count = fields.u32()?;
        let entry = if version == 0 { 12 } else { 20 };
        // What is not there is missed below, before its memory is taken.
        let most = u64::from(count).min(fields.0.len() as u64 / entry);
        check(LimitKind::Memory, most * size_of::<Range<i64>>() as u64, limits.memory)?;
        let mut edits = Vec::new();
        for _ in 0..count {
            let length = u128::from(fields.sized(version)?);
            let start = match version {
                0 => i64::from(fields.u32()? as i32),
                _ => fields.u64()? as i64,
            };
            fields.u32()?;
            if start < 0 {
                // A pause before the video.
                continue;
            }
            // Rounded up: a length of 0 means all that is left.
            let length = (length * u128::from(track_units)).div_ceil(movie_units.into());
            let end = match i64::try_from(length) {
                Ok(length) if length > 0 => start.saturating_add(length),
                _ => i64::MAX,
            };
            edits.push(start..end);
        }
        Ok(Self { shown: joined(edits) })
    }

    pub(super) fn show(&self, time: i64) -> bool {
        let before = self.shown.partition_point(|edit| edit.end <= time);
        self.shown.is_empty() || self.shown.get(before).is_some_and(|edit| edit.start <= time)
    }
}

/// The same times in order, those that touch as one: each frame would be compared with each of them, and a file can have millions of both.
fn joined(mut edits: Vec<Range<i64>>) -> Vec<Range<i64>> {
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
    use super::{Edits, joined};

    #[test]
    fn a_time_is_shown_if_any_edit_has_it() {
        // Some inside others, some that touch, one that is there twice, one of nothing but its start's end.
        let lists: [&[(i64, i64)]; 5] = [
            &[(5, 9)],
            &[(5, 9), (0, 2), (7, 12), (20, 30), (22, 25), (0, 2)],
            &[(10, 20), (0, 10), (30, i64::MAX)],
            &[(3, 4), (4, 5), (1, 2), (15, 15), (6, 7)],
            &[(0, 40), (1, 2), (39, 41)],
        ];
        for list in lists {
            let edits: Vec<_> = list.iter().map(|&(start, end)| start..end).collect();
            let in_order = Edits { shown: joined(edits.clone()) };
            assert!(in_order.shown.windows(2).all(|pair| pair[0].end < pair[1].start), "{in_order:?}");
            for time in -2..45 {
                let is_shown = edits.iter().any(|edit| edit.contains(&time));
                assert_eq!(in_order.show(time), is_shown, "{time} of {list:?}");
            }
        }
        assert!(Edits::default().show(7));
    }
}
