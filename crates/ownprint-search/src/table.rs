//! The hashes of an index, of one length in words.

use fearless_simd::{Level, dispatch};

use crate::code::{self, Code, SLOT_BITS};
use crate::groups::Groups;
use crate::slots::{self, Slot, around, radius_of};

/// Up to so many hashes, comparing with each is as fast as looking them up, and needs no slots.
const SCANNED: usize = 16_384;

/// A share of the hashes, one in so many, is looked at by way of the slots before each is compared instead: looking up
/// costs a wait for memory each time, comparing all of them in their order does not.
const BEFORE_SCANNING: usize = 8;

/// New entries that may wait for their place, and the share of the others that they may be.
const PENDING: usize = 4_096;
const PENDING_SHARE: usize = 16;

/// The hashes of an index, whatever their length.
pub(crate) trait Hashes: Send + Sync {
    /// Adds one entry.
    fn insert(&mut self, hash: &[u8], entry: u32);
    /// Whether so many entries are pending that [`compact`](Self::compact) is due.
    fn has_pending(&self) -> bool;
    /// Gives every entry its place, and forgets those that are not to be kept.
    fn compact(&mut self, is_kept: &dyn Fn(u32) -> bool, threads: usize);
    /// Tells the entry and distance of every hash within `radius`, each once. The number is that of the hashes looked at.
    fn within(&self, hash: &[u8], radius: u32, found: &mut dyn FnMut(u32, u32)) -> usize;
    /// A radius that holds `count` of the entries that are to be counted, and all where there are no more.
    fn radius_of_nearest(&self, hash: &[u8], count: usize, is_counted: &dyn Fn(u32) -> bool) -> u32;
    /// Slots that lead to hashes; none where all are compared.
    fn slots(&self) -> u32;
    /// Tells every entry with the number of its group: entries that steps of at most `radius` lead to. Entries that wait for
    /// their place are skipped.
    fn groups(&self, radius: u32, tell: &mut dyn FnMut(u32, u32));
    /// Tells every entry with its hash.
    fn each(&self, tell: &mut dyn FnMut(u32, &[u8]));
    /// Bytes of memory.
    fn memory(&self) -> usize;
}

/// The longest hashes that an index takes: each slot of one has a table of 256 KiB.
pub(crate) const MAX_BITS: usize = 1_024;

/// For hashes of `bits` bits; `None` for more than [`MAX_BITS`].
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
    /// Every hash once, in ascending order, however many entries have it.
    codes: Vec<Code<WORDS>>,
    /// Where the entries of each hash start; one more for the end.
    starts: Vec<u32>,
    entries: Vec<u32>,
    /// None where all hashes are compared.
    slots: Vec<Slot>,
    /// Entries that have no place yet.
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

    fn entries_of(&self, place: usize) -> &[u32] {
        let (Some(&start), Some(&end)) = (self.starts.get(place), self.starts.get(place + 1)) else {
            return &[];
        };
        self.entries.get(start as usize..end as usize).unwrap_or_default()
    }

    /// Tells the place and distance of every hash within `radius`, by the slots. `None`, with nothing told of use, when
    /// that turns out to be more work than comparing them all.
    #[inline(always)]
    fn look_up(&self, query: &Code<WORDS>, radius: u32, found: &mut Vec<(u32, u32)>) -> Option<usize> {
        let count = self.slots.len();
        let radius_of = |place| radius_of(place, count, radius);
        if count == 0 || radius_of(0)? > slots::FARTHEST {
            return None;
        }
        let mut looked_at = 0;
        for (place, slot) in self.slots.iter().enumerate() {
            let Some(near) = radius_of(place) else { break };
            for value in around(code::slot(query, place), near) {
                let places = slot.with(value);
                looked_at += places.len();
                if looked_at > self.codes.len() / BEFORE_SCANNING {
                    return None;
                }
                for &at in places {
                    let Some(code) = self.codes.get(at as usize) else { continue };
                    let distance = code::distance(code, query);
                    // A hash that an earlier slot led to was told then.
                    let is_new = |code: &Code<WORDS>| {
                        (0..place).all(|earlier| {
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

    /// How many entries are at each distance.
    #[inline(always)]
    fn distances(&self, query: &Code<WORDS>, is_counted: &dyn Fn(u32) -> bool) -> Vec<usize> {
        let mut counts = vec![0; self.bits + 1];
        let mut count = |code, entries: usize| {
            if let Some(count) = counts.get_mut(code::distance(code, query) as usize) {
                *count += entries;
            }
        };
        for (place, code) in self.codes.iter().enumerate() {
            count(code, self.entries_of(place).iter().filter(|entry| is_counted(**entry)).count());
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
        self.pending.len() > PENDING.max(self.codes.len() / PENDING_SHARE)
    }

    fn compact(&mut self, is_kept: &dyn Fn(u32) -> bool, threads: usize) {
        let mut all = std::mem::take(&mut self.pending);
        all.retain(|(_, entry)| is_kept(*entry));
        for (place, code) in self.codes.iter().enumerate() {
            all.extend(self.entries_of(place).iter().filter(|it| is_kept(**it)).map(|&it| (*code, it)));
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
        if self.codes.len() > SCANNED {
            self.slots = slots::build(&self.codes, self.bits.div_ceil(SLOT_BITS), threads);
        }
    }

    fn within(&self, hash: &[u8], radius: u32, found: &mut dyn FnMut(u32, u32)) -> usize {
        let query = code::read(hash);
        let mut places = Vec::new();
        let looked_at = dispatch!(Level::new(), _simd => self.search(&query, radius, &mut places));
        for (at, distance) in places {
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

    fn radius_of_nearest(&self, hash: &[u8], count: usize, is_counted: &dyn Fn(u32) -> bool) -> u32 {
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

    fn groups(&self, radius: u32, tell: &mut dyn FnMut(u32, u32)) {
        let mut groups = Groups::new(self.codes.len());
        let mut found = Vec::new();
        for (place, code) in self.codes.iter().enumerate() {
            found.clear();
            dispatch!(Level::new(), _simd => self.search(code, radius, &mut found));
            for (other, _) in &found {
                groups.join(place as u32, *other);
            }
        }
        for place in 0..self.codes.len() {
            let group = groups.first(place as u32);
            for &entry in self.entries_of(place) {
                tell(entry, group);
            }
        }
    }

    fn each(&self, tell: &mut dyn FnMut(u32, &[u8])) {
        let bytes = self.bits.div_ceil(8);
        for (place, code) in self.codes.iter().enumerate() {
            let hash = code::write(code, bytes);
            for &entry in self.entries_of(place) {
                tell(entry, &hash);
            }
        }
        for (code, entry) in &self.pending {
            tell(*entry, &code::write(code, bytes));
        }
    }

    fn memory(&self) -> usize {
        size_of::<Code<WORDS>>() * self.codes.capacity()
            + size_of::<u32>() * (self.starts.capacity() + self.entries.capacity())
            + size_of::<(Code<WORDS>, u32)>() * self.pending.capacity()
            + self.slots.iter().map(Slot::memory).sum::<usize>()
    }
}
