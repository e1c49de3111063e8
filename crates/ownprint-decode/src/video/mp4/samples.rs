//! The sample table of a track: the offset, size and composition time of each sample.

use ownprint_pixels::{LimitKind, Limits, check};

use crate::boxes::Boxes;
use crate::error::Error;
use crate::video::errors::{damaged, unsupported};
use crate::video::fields::Fields;
use crate::video::track::Sample;

/// Bytes of one entry of the table of sample sizes.
const BYTES_PER_SIZE: u64 = 4;

/// An entry of a run-length coded table: a number of samples, and a value.
type Run = [[u8; 4]; 2];

/// The samples of a track, from the tables of the movie and those of fragments.
pub(super) struct Samples {
    /// The samples that are not empty, in decoding order.
    pub(super) list: Vec<Sample>,
    /// The number of all samples, and their total duration in units of the track.
    pub(super) timed: (u64, u64),
    /// The decoding time of the next sample.
    pub(super) decoded: i64,
    /// The decoding time of the last sample.
    last: Option<i64>,
    /// The number of samples that tables claim.
    claimed: u64,
    /// The bytes that the samples cover together. Each is read, so without a limit the work would
    /// be the number of samples times the length of the file.
    covered: u64,
    file_bytes: u64,
    memory: u64,
}

/// A sample, as tables describe it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    pub(super) offset: u64,
    pub(super) size: u32,
    /// The composition time, less the decoding time.
    pub(super) shift: i32,
    pub(super) is_listed: bool,
    pub(super) is_sync: bool,
}

impl Samples {
    pub(super) fn new(file_bytes: u64, limits: &Limits) -> Self {
        Self {
            list: Vec::new(),
            timed: (0, 0),
            decoded: 0,
            last: None,
            claimed: 0,
            covered: 0,
            file_bytes,
            memory: limits.memory,
        }
    }

    /// Compares the memory of `count` more samples with the limit.
    pub(super) fn claim(&mut self, count: u32) -> Result<(), Error> {
        self.claimed = self.claimed.saturating_add(count.into());
        let bytes = self.claimed.saturating_mul(Sample::MEMORY);
        Ok(check(LimitKind::Memory, bytes, self.memory)?)
    }

    /// Adds the next sample in decoding order.
    pub(super) fn add(&mut self, entry: Entry, duration: u32) -> Result<(), Error> {
        let Entry { offset, size, shift, is_listed, is_sync } = entry;
        // Some programs write an empty sample for a dropped frame.
        if size > 0 {
            let composition = self.decoded.saturating_add(shift.into());
            self.list.push(Sample { offset, size, composition, is_listed, is_sync });
        }
        self.last = Some(self.decoded);
        self.decoded = self.decoded.saturating_add(duration.into());
        // Of a truncated file, only the bytes that are present.
        let end = offset.saturating_add(size.into()).min(self.file_bytes);
        self.covered = self.covered.saturating_add(end.saturating_sub(offset));
        if self.covered > self.file_bytes {
            return Err(damaged("overlapping extents of frames"));
        }
        Ok(())
    }

    /// Returns `true` if the next sample is decoded after the last one. ffmpeg does not show
    /// another sample of a fragment.
    pub(super) fn advances(&self) -> bool {
        self.last.is_none_or(|last| self.decoded > last)
    }

    /// Reads the tables of a track.
    pub(super) fn read(&mut self, table: &[u8]) -> Result<(), Error> {
        let body = |kind: [u8; 4]| Boxes::of(table).find(kind);
        let need = |kind: [u8; 4]| {
            let name = String::from_utf8_lossy(&kind).into_owned();
            body(kind).ok_or_else(|| damaged(format!("no table {name}")))
        };
        if body(*b"stsz").is_none() && body(*b"stz2").is_some() {
            return Err(unsupported("compact sample sizes (stz2)"));
        }
        let sizes = Sizes::read(need(*b"stsz")?)?;
        self.claim(sizes.count)?;
        let times = runs(need(*b"stts")?)?;
        let shifts = body(*b"ctts").map(runs).transpose()?.unwrap_or_default();
        let mut chunks = Chunks::read(need(*b"stsc")?, body(*b"stco"), body(*b"co64"))?;

        let mut shifts = values(shifts).map(|shift| shift as i32);
        let mut durations = values(times);
        let mut sync = body(*b"stss").map(sync_samples).transpose()?;
        let (mut offset, mut left) = (0_u64, 0_u32);
        for index in 0..sizes.count as usize {
            if left == 0 {
                (offset, left) = chunks.next()?;
            }
            let size = sizes.of(index)?;
            let shift = shifts.next().unwrap_or_default();
            let is_sync = sync.as_mut().is_none_or(|sync| is_next(sync, index as u64 + 1));
            let entry = Entry { offset, size, shift, is_listed: true, is_sync };
            self.add(entry, durations.next().unwrap_or_default())?;
            offset = offset.saturating_add(size.into());
            left -= 1;
        }
        // As in ffmpeg, the table of durations, which may be longer than that of sizes.
        self.timed = times.iter().fold((0, 0), |(samples, units), run| {
            let [count, duration] = run.map(|word| u64::from(u32::from_be_bytes(word)));
            (samples.saturating_add(count), units.saturating_add(count.saturating_mul(duration)))
        });
        Ok(())
    }
}

/// Returns the bytes of `count` entries as 64 bits: `usize` has 32 bits in WebAssembly and would
/// overflow.
fn bytes_of(count: u32, entry_bytes: u64) -> u64 {
    u64::from(count) * entry_bytes
}

fn runs(body: &[u8]) -> Result<&[Run], Error> {
    let mut fields = Fields(body);
    fields.version()?;
    fields.entries()
}

/// Returns the numbers of the samples at which decoding can start (ISO/IEC 14496-12, 8.6.2).
fn sync_samples(body: &[u8]) -> Result<&[[[u8; 4]; 1]], Error> {
    let mut fields = Fields(body);
    fields.version()?;
    fields.entries()
}

/// Returns `true` if the first number of an ascending list is this one, and removes those up to it.
fn is_next(sync: &mut &[[[u8; 4]; 1]], number: u64) -> bool {
    while let [[first], rest @ ..] = *sync {
        let first = u64::from(u32::from_be_bytes(*first));
        if first > number {
            return false;
        }
        *sync = rest;
        if first == number {
            return true;
        }
    }
    false
}

/// Returns the value of each sample in a run-length coded table.
fn values(runs: &[Run]) -> impl Iterator<Item = u32> {
    let number = |word: [u8; 4]| u32::from_be_bytes(word);
    runs.iter()
        .flat_map(move |&[count, value]| std::iter::repeat_n(number(value), number(count) as usize))
}

struct Sizes<'a> {
    count: u32,
    /// The size of every sample, or 0 if `table` has the sizes.
    common: u32,
    table: Fields<'a>,
}

impl<'a> Sizes<'a> {
    fn read(body: &'a [u8]) -> Result<Self, Error> {
        let mut fields = Fields(body);
        fields.version()?;
        let (common, count) = (fields.u32()?, fields.u32()?);
        let needed = if common == 0 { bytes_of(count, BYTES_PER_SIZE) } else { 0 };
        Ok(Self {
            count,
            common,
            table: Fields(fields.take(usize::try_from(needed).unwrap_or(usize::MAX))?),
        })
    }

    fn of(&self, index: usize) -> Result<u32, Error> {
        if self.common > 0 {
            return Ok(self.common);
        }
        Fields(self.table.0.get(index * 4..).unwrap_or_default()).u32()
    }
}

/// Iterates over chunks: contiguous samples.
struct Chunks<'a> {
    offsets: Offsets<'a>,
    /// First chunk, samples per chunk, sample description.
    runs: &'a [[[u8; 4]; 3]],
    /// The index of the next chunk, from 0.
    next: usize,
}

enum Offsets<'a> {
    Narrow(&'a [[[u8; 4]; 1]]),
    Wide(&'a [[[u8; 4]; 2]]),
}

impl<'a> Chunks<'a> {
    fn read(
        runs: &'a [u8],
        narrow: Option<&'a [u8]>,
        wide: Option<&'a [u8]>,
    ) -> Result<Self, Error> {
        let fields = |body| {
            let mut fields = Fields(body);
            fields.version().map(|_| fields)
        };
        let offsets = match (narrow, wide) {
            (Some(body), _) => Offsets::Narrow(fields(body)?.entries()?),
            (None, Some(body)) => Offsets::Wide(fields(body)?.entries()?),
            (None, None) => return Err(damaged("no table stco")),
        };
        Ok(Self { offsets, runs: fields(runs)?.entries()?, next: 0 })
    }

    /// Returns the offset of the next chunk and the number of its samples, which is not 0.
    fn next(&mut self) -> Result<(u64, u32), Error> {
        let missing = || damaged("more frames than chunks");
        let offset = match self.offsets {
            Offsets::Narrow(all) => {
                let [offset] = *all.get(self.next).ok_or_else(missing)?;
                u32::from_be_bytes(offset).into()
            }
            Offsets::Wide(all) => {
                let [high, low] = all.get(self.next).ok_or_else(missing)?.map(u32::from_be_bytes);
                u64::from(high) << 32 | u64::from(low)
            }
        };
        self.next += 1;
        while let [_, [first, ..], ..] = self.runs
            && u32::from_be_bytes(*first) as usize <= self.next
        {
            self.runs = &self.runs[1..];
        }
        let [[_, samples, description], ..] = self.runs else { return Err(missing()) };
        if u32::from_be_bytes(*description) > 1 {
            // Only the first has been read.
            return Err(unsupported("several sample descriptions"));
        }
        match u32::from_be_bytes(*samples) {
            0 => Err(damaged("chunk without frames")),
            samples => Ok((offset, samples)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{BYTES_PER_SIZE, Sample, bytes_of};

    /// Products of more than 32 bits, which overflowed in WebAssembly.
    #[test]
    fn the_bytes_of_a_table_are_computed_in_64_bits() {
        assert_eq!(bytes_of(1 << 30, BYTES_PER_SIZE), 1 << 32);
        assert_eq!(bytes_of((1 << 30) + 1, BYTES_PER_SIZE), (1 << 32) + 4);
        assert_eq!(bytes_of(u32::MAX, Sample::MEMORY), 72 * u64::from(u32::MAX));
    }
}
