//! The hashes of an index, with a fixed number of words per hash.

use fearless_simd::{Level, dispatch};

use crate::code::{self, Code, SLOT_BITS};
use crate::groups::Groups;
use crate::slots::{self, Slot, around, radius_of};

/// Up to this number of hashes a scan is as fast as a lookup, and no slots are built.
const MAX_SCANNED: usize = 16_384;

/// A lookup that reaches one in this many hashes is abandoned for a scan: each lookup waits for
/// memory, a scan reads it in sequence.
const LOOKUP_SHARE: usize = 8;

/// The maximum number of pending entries, and the maximum share of the compacted hashes (one in so
/// many).
const MAX_PENDING: usize = 4_096;
const MAX_PENDING_SHARE: usize = 16;

/// The hashes of an index, of any length.
pub(crate) trait Hashes: Send + Sync {
    /// Adds one entry.
    fn insert(&mut self, hash: &[u8], entry: u32);
    /// Returns `true` if there are so many pending entries that [`compact`](Self::compact) is due.
    fn has_pending(&self) -> bool;
    /// Sorts pending entries in, and drops entries for which `is_retained` is `false`.
    fn compact(&mut self, is_retained: &dyn Fn(u32) -> bool, threads: usize);
    /// Calls `found` with the entry and the distance of every hash within `radius`, each once.
    /// Returns the number of hashes compared.
    fn within(&self, hash: &[u8], radius: u32, found: &mut dyn FnMut(u32, u32)) -> usize;
    /// Returns a radius that contains `count` of the entries for which `is_counted` is `true`, or
    /// all of them if there are fewer.
    fn radius_of_nearest(&self, hash: &[u8], count: usize, is_counted: &dyn Fn(u32) -> bool)
    -> u32;
    /// Returns the number of slots; 0 if all hashes are scanned.
    fn slots(&self) -> u32;
    /// Calls `visit` with every entry and the number of its group: entries connected by steps of up
    /// to `radius`. Pending entries are skipped.
    fn groups(&self, radius: u32, visit: &mut dyn FnMut(u32, u32));
    /// Calls `visit` with every entry and its hash.
    fn each(&self, visit: &mut dyn FnMut(u32, &[u8]));
    /// Returns the memory used, in bytes.
    fn memory(&self) -> usize;
}

/// The maximum length of a hash, in bits: each of its slots needs a table of 256 KiB.
pub(crate) const MAX_BITS: usize = 1_024;

/// Creates a table for hashes of `bits` bits; `None` for more than [`MAX_BITS`].
pub(crate) fn of_bits(bits: usize) -> Option<Box<dyn Hashes>> {
    Some(match bits {
        0..=64 => Box::new(Table::<1>::new(bits)),
        65..=256 => Box::new(Table::<4>::new(bits)),
        257..=MAX_BITS => Box::new(Table::<16>::new(bits)),
        _ => return None,
    })
}

struct Table<const WORDS: usize> {
    bits: usize,
    /// Distinct hashes, in ascending order.
    codes: Vec<Code<WORDS>>,
    /// The start of the entries of each hash; one more for the end.
    starts: Vec<u32>,
    entries: Vec<u32>,
    /// Empty if all hashes are scanned.
    slots: Vec<Slot>,
    /// Entries that are not sorted in yet.
    pending: Vec<(Code<WORDS>, u32)>,
}

impl<const WORDS: usize> Table<WORDS> {
    fn new(bits: usize) -> Self {
        Self {
            bits,
            codes: Vec::new(),
            starts: vec![0],
            entries: Vec::new(),
            slots: Vec::new(),
            pending: Vec::new(),
        }
    }

    fn entries_of(&self, position: usize) -> &[u32] {
        let (Some(&start), Some(&end)) = (self.starts.get(position), self.starts.get(position + 1))
        else {
            return &[];
        };
        self.entries.get(start as usize..end as usize).unwrap_or_default()
    }

    /// Collects the position and the distance of every hash within `radius` by means of the slots.
    /// Returns `None` if that is more work than a scan; `found` is then not valid.
    #[inline(always)]
    fn look_up(
        &self,
        query: &Code<WORDS>,
        radius: u32,
        found: &mut Vec<(u32, u32)>,
    ) -> Option<usize> {
        let count = self.slots.len();
        let radius_of = |position| radius_of(position, count, radius);
        if count == 0 || radius_of(0)? > slots::FARTHEST {
            return None;
        }
        let mut looked_at = 0;
        for (position, slot) in self.slots.iter().enumerate() {
            let Some(near) = radius_of(position) else { break };
            for value in around(code::slot(query, position), near) {
                let positions = slot.with(value);
                looked_at += positions.len();
                if looked_at > self.codes.len() / LOOKUP_SHARE {
                    return None;
                }
                for &at in positions {
                    let Some(code) = self.codes.get(at as usize) else { continue };
                    let distance = code::distance(code, query);
                    // A hash that an earlier slot led to is already in `found`.
                    let is_new = |code: &Code<WORDS>| {
                        (0..position).all(|earlier| {
                            let differing = code::slot(code, earlier) ^ code::slot(query, earlier);
                            radius_of(earlier).is_none_or(|near| differing.count_ones() > near)
                        })
                    };
                    if distance <= radius && is_new(code) {
                        found.push((at, distance));
                    }
                }
            }
        }
        Some(looked_at)
    }

    #[inline(always)]
    fn scan(&self, query: &Code<WORDS>, radius: u32, found: &mut Vec<(u32, u32)>) {
        for (at, code) in self.codes.iter().enumerate() {
            let distance = code::distance(code, query);
            if distance <= radius {
                found.push((at as u32, distance));
            }
        }
    }

    /// Returns the number of entries at each distance.
    #[inline(always)]
    fn distances(&self, query: &Code<WORDS>, is_counted: &dyn Fn(u32) -> bool) -> Vec<usize> {
        let mut counts = vec![0; self.bits + 1];
        let mut count = |code, entries: usize| {
            if let Some(count) = counts.get_mut(code::distance(code, query) as usize) {
                *count += entries;
            }
        };
        for (position, code) in self.codes.iter().enumerate() {
            count(
                code,
                self.entries_of(position).iter().filter(|entry| is_counted(**entry)).count(),
            );
        }
        for (code, entry) in &self.pending {
            count(code, usize::from(is_counted(*entry)));
        }
        counts
    }

    #[inline(always)]
    fn search(&self, query: &Code<WORDS>, radius: u32, found: &mut Vec<(u32, u32)>) -> usize {
        self.look_up(query, radius, found).unwrap_or_else(|| {
            found.clear();
            self.scan(query, radius, found);
            self.codes.len()
        })
    }
}

impl<const WORDS: usize> Hashes for Table<WORDS> {
    fn insert(&mut self, hash: &[u8], entry: u32) {
        self.pending.push((code::read(hash), entry));
    }

    fn has_pending(&self) -> bool {
        self.pending.len() > MAX_PENDING.max(self.codes.len() / MAX_PENDING_SHARE)
    }

    fn compact(&mut self, is_retained: &dyn Fn(u32) -> bool, threads: usize) {
        let mut all = std::mem::take(&mut self.pending);
        all.retain(|(_, entry)| is_retained(*entry));
        for (position, code) in self.codes.iter().enumerate() {
            all.extend(
                self.entries_of(position)
                    .iter()
                    .filter(|it| is_retained(**it))
                    .map(|&it| (*code, it)),
            );
        }
        all.sort_unstable();
        *self = Self::new(self.bits);
        self.entries = all.iter().map(|(_, entry)| *entry).collect();
        for (at, (code, _)) in all.iter().enumerate() {
            if self.codes.last() != Some(code) {
                self.codes.push(*code);
                self.starts.pop();
                self.starts.extend([at as u32, 0]);
            }
        }
        if let Some(end) = self.starts.last_mut() {
            *end = self.entries.len() as u32;
        }
        drop(all);
        self.codes.shrink_to_fit();
        self.starts.shrink_to_fit();
        if self.codes.len() > MAX_SCANNED {
            self.slots = slots::build(&self.codes, self.bits.div_ceil(SLOT_BITS), threads);
        }
    }

    fn within(&self, hash: &[u8], radius: u32, found: &mut dyn FnMut(u32, u32)) -> usize {
        let query = code::read(hash);
        let mut positions = Vec::new();
        let looked_at =
            dispatch!(Level::new(), _simd => self.search(&query, radius, &mut positions));
        for (at, distance) in positions {
            for &entry in self.entries_of(at as usize) {
                found(entry, distance);
            }
        }
        for (code, entry) in &self.pending {
            let distance = code::distance(code, &query);
            if distance <= radius {
                found(*entry, distance);
            }
        }
        looked_at + self.pending.len()
    }

    fn radius_of_nearest(
        &self,
        hash: &[u8],
        count: usize,
        is_counted: &dyn Fn(u32) -> bool,
    ) -> u32 {
        let query = code::read(hash);
        let counts = dispatch!(Level::new(), _simd => self.distances(&query, is_counted));
        let mut held = 0;
        let radius = counts.iter().position(|at_distance| {
            held += at_distance;
            held >= count
        });
        radius.unwrap_or(self.bits) as u32
    }

    fn slots(&self) -> u32 {
        self.slots.len() as u32
    }

    fn groups(&self, radius: u32, visit: &mut dyn FnMut(u32, u32)) {
        let mut groups = Groups::new(self.codes.len());
        let mut found = Vec::new();
        for (position, code) in self.codes.iter().enumerate() {
            found.clear();
            dispatch!(Level::new(), _simd => self.search(code, radius, &mut found));
            for (other, _) in &found {
                groups.join(position as u32, *other);
            }
        }
        for position in 0..self.codes.len() {
            let group = groups.first(position as u32);
            for &entry in self.entries_of(position) {
                visit(entry, group);
            }
        }
    }

    fn each(&self, visit: &mut dyn FnMut(u32, &[u8])) {
        let bytes = self.bits.div_ceil(8);
        for (position, code) in self.codes.iter().enumerate() {
            let hash = code::write(code, bytes);
            for &entry in self.entries_of(position) {
                visit(entry, &hash);
            }
        }
        for (code, entry) in &self.pending {
            visit(*entry, &code::write(code, bytes));
        }
    }

    fn memory(&self) -> usize {
        size_of::<Code<WORDS>>() * self.codes.capacity()
            + size_of::<u32>() * (self.starts.capacity() + self.entries.capacity())
            + size_of::<(Code<WORDS>, u32)>() * self.pending.capacity()
            + self.slots.iter().map(Slot::memory).sum::<usize>()
    }
}
