//! Where a track's samples stand in the file and when they are shown, from the tables of a sample table box.

use super::errors::{damaged, unsupported};
use super::fields::Fields;
use crate::boxes::Boxes;
use crate::error::Error;
use ownprint_pixels::LimitKind;
use ownprint_pixels::Limits;
use ownprint_pixels::check;

/// An access unit of the file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sample {
    pub(super) offset: u64,
    pub(super) size: u32,
    /// When it is shown, in the track's units.
    pub(super) composition: i64,
}

/// What is kept of a sample, here and while the video is hashed.
const BYTES_A_SAMPLE: u64 = 3 * size_of::<Sample>() as u64;
/// What a table holds of a sample's size.
const BYTES_A_SIZE: u64 = 4;

/// The samples that have bytes, in the file's order, and how many units of time all of them take together.
pub(super) struct Samples {
    pub(super) samples: Vec<Sample>,
    /// Samples that the times speak of, and the units they take.
    pub(super) timed: (u64, u64),
}

/// An entry of a table that speaks of so many samples.
type Run = [[u8; 4]; 2];

impl Samples {
    /// Reads the tables of a video in a file of `length` bytes.
    pub(super) fn read(table: &[u8], length: u64, limits: &Limits) -> Result<Self, Error> {
        let body = |kind: [u8; 4]| Boxes::of(table).find(kind);
        let need = |kind: [u8; 4]| {
            let name = String::from_utf8_lossy(&kind).into_owned();
            body(kind).ok_or_else(|| damaged(format!("it has no table {name}")))
        };
        let sizes = Sizes::read(need(*b"stsz")?)?;
        check(LimitKind::Memory, bytes_of(sizes.count, BYTES_A_SAMPLE), limits.memory)?;
        let times = runs(need(*b"stts")?)?;
        let shifts = body(*b"ctts").map(runs).transpose()?.unwrap_or_default();
        let mut chunks = Chunks::read(need(*b"stsc")?, body(*b"stco"), body(*b"co64"))?;

        let mut shifts = each(shifts).map(|shift| i64::from(shift as i32));
        let mut durations = each(times);
        let (mut decoded, mut offset, mut left) = (0_i64, 0_u64, 0_u32);
        let mut samples = Vec::new();
        let mut covered = 0_u64;
        for index in 0..sizes.count as usize {
            if left == 0 {
                (offset, left) = chunks.next()?;
            }
            let size = sizes.of(index)?;
            let composition = decoded.saturating_add(shifts.next().unwrap_or_default());
            // Some programs write one such for a frame that was dropped.
            if size > 0 {
                samples.push(Sample { offset, size, composition });
            }
            decoded = decoded.saturating_add(durations.next().unwrap_or_default().into());
            let end = offset.saturating_add(size.into());
            // Of a file that is cut off only what is there.
            covered = covered.saturating_add(end.min(length).saturating_sub(offset));
            if covered > length {
                // Each would be looked through: as many times the file as there are frames.
                return Err(damaged("its frames lie over one another"));
            }
            offset = end;
            left -= 1;
        }
        if samples.is_empty() {
            return Err(unsupported("empty sample tables; if it is a fragmented MP4, remux it without fragments"));
        }
        let timed = times.iter().fold((0_u64, 0_u64), |(samples, units), run| {
            let [count, duration] = run.map(|word| u64::from(u32::from_be_bytes(word)));
            (samples.saturating_add(count), units.saturating_add(count.saturating_mul(duration)))
        });
        Ok(Self { samples, timed })
    }
}

/// Bytes of so many entries; in 64 bits, which no count overflows: a `usize` has 32 in a browser.
fn bytes_of(count: u32, each: u64) -> u64 {
    u64::from(count) * each
}

fn runs(body: &[u8]) -> Result<&[Run], Error> {
    let mut fields = Fields(body);
    fields.version()?;
    fields.entries()
}

/// What each sample has of a table of runs.
fn each(runs: &[Run]) -> impl Iterator<Item = u32> {
    let number = |word: [u8; 4]| u32::from_be_bytes(word);
    runs.iter().flat_map(move |&[count, value]| std::iter::repeat_n(number(value), number(count) as usize))
}

struct Sizes<'a> {
    count: u32,
    /// That of every sample, or 0.
    common: u32,
    each: Fields<'a>,
}

impl<'a> Sizes<'a> {
    fn read(body: &'a [u8]) -> Result<Self, Error> {
        let mut fields = Fields(body);
        fields.version()?;
        let (common, count) = (fields.u32()?, fields.u32()?);
        let needed = if common == 0 { bytes_of(count, BYTES_A_SIZE) } else { 0 };
        Ok(Self { count, common, each: Fields(fields.take(usize::try_from(needed).unwrap_or(usize::MAX))?) })
    }

    fn of(&self, index: usize) -> Result<u32, Error> {
        if self.common > 0 {
            return Ok(self.common);
        }
        Fields(self.each.0.get(index * 4..).unwrap_or_default()).u32()
    }
}

/// Chunks: samples that stand together.
struct Chunks<'a> {
    offsets: Offsets<'a>,
    /// First chunk, samples a chunk, description.
    runs: &'a [[[u8; 4]; 3]],
    /// The next chunk, from 0.
    next: usize,
}

enum Offsets<'a> {
    Narrow(&'a [[[u8; 4]; 1]]),
    Wide(&'a [[[u8; 4]; 2]]),
}

impl<'a> Chunks<'a> {
    fn read(runs: &'a [u8], narrow: Option<&'a [u8]>, wide: Option<&'a [u8]>) -> Result<Self, Error> {
        let fields = |body| {
            let mut fields = Fields(body);
            fields.version().map(|_| fields)
        };
        let offsets = match (narrow, wide) {
            (Some(body), _) => Offsets::Narrow(fields(body)?.entries()?),
            (None, Some(body)) => Offsets::Wide(fields(body)?.entries()?),
            (None, None) => return Err(damaged("it has no table stco")),
        };
        Ok(Self { offsets, runs: fields(runs)?.entries()?, next: 0 })
    }

    /// The place of the next chunk and the samples in it, at least one.
    fn next(&mut self) -> Result<(u64, u32), Error> {
        let cut_off = || damaged("its tables name more frames than places");
        let offset = match self.offsets {
            Offsets::Narrow(all) => {
                let [offset] = *all.get(self.next).ok_or_else(cut_off)?;
                u32::from_be_bytes(offset).into()
            }
            Offsets::Wide(all) => {
                let [high, low] = all.get(self.next).ok_or_else(cut_off)?.map(u32::from_be_bytes);
                u64::from(high) << 32 | u64::from(low)
            }
        };
        self.next += 1;
        while let [_, [first, ..], ..] = self.runs
            && u32::from_be_bytes(*first) as usize <= self.next
        {
            self.runs = &self.runs[1..];
        }
        let [[_, samples, _], ..] = self.runs else { return Err(cut_off()) };
        match u32::from_be_bytes(*samples) {
            0 => Err(damaged("a chunk has no frames")),
            samples => Ok((offset, samples)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{BYTES_A_SAMPLE, BYTES_A_SIZE, bytes_of};

    /// Counts whose product has more than 32 bits: in a browser they came to 0 and 4.
    #[test]
    fn the_bytes_of_a_table_are_reckoned_in_64_bits() {
        assert_eq!(bytes_of(1 << 30, BYTES_A_SIZE), 1 << 32);
        assert_eq!(bytes_of((1 << 30) + 1, BYTES_A_SIZE), (1 << 32) + 4);
        assert_eq!(bytes_of(u32::MAX, BYTES_A_SAMPLE), 72 * u64::from(u32::MAX));
    }
}
