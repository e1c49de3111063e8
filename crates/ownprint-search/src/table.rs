//! The hashes of an index, with a fixed number of words per hash.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use fearless_simd::{Level, dispatch};
use ownprint_hash::BitHash;

use crate::code::{self, Code, MAX_BITS};
use crate::column::Column;
use crate::error::Error;
use crate::groups::Groups;
use crate::hashes::{Hashes, Near};
use crate::layout::{FARTHEST, Layout, MAX_SCANNED, Masks};
use crate::lookup::Lookup;
use crate::scan::{Found, scan};
use crate::sections::{Sections, Shape, Writer};
use crate::slots::{self, Slot};
use crate::threads;

/// A lookup whose buckets are expected to hold this many times the hashes of the index is replaced
/// by a scan.
const MAX_LOOKUP_SHARE: f64 = 0.35;

/// A lookup of one bucket takes the time of scanning this many hashes.
const BUCKET_WEIGHT: f64 = 8.0;

/// The maximum number of pending entries, and the maximum share of the compacted hashes (one in so
/// many).
const MAX_PENDING: usize = 4_096;
const MAX_PENDING_SHARE: usize = 16;

/// Number of queries of a batch that one thread takes at a time.
const QUERIES: usize = 16;

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
    codes: Column<Code<WORDS>>,
    /// The entries by hash, in ascending order for each.
    entries: Column<u32>,
    /// For each hash with several entries, its position and the number of entries that it and the
    /// hashes before it have in excess of one each.
    repeats: Column<[u32; 2]>,
    layout: Layout,
    masks: Masks,
    /// Empty if all hashes are scanned.
    slots: Vec<Slot>,
    /// Entries that are not sorted in yet.
    pending: Vec<(Code<WORDS>, u32)>,
}

impl<const WORDS: usize> Table<WORDS> {
    fn new(bits: usize) -> Self {
        Self {
            bits,
            codes: Column::default(),
            entries: Column::default(),
            repeats: Column::default(),
            layout: Layout::with_slots(bits, 0, 1),
            masks: Masks::default(),
            slots: Vec::new(),
            pending: Vec::new(),
        }
    }

    fn entries_of(&self, position: usize) -> &[u32] {
        let repeats = self.repeats.all();
        let at = repeats.partition_point(|[repeated, _]| (*repeated as usize) < position);
        let excess = |at: usize| self.repeats.get(at).unwrap_or_default();
        let before = at.checked_sub(1).map_or(0, |at| excess(at)[1]) as usize;
        let through = match self.repeats.get(at) {
            Some([repeated, excess]) if repeated as usize == position => excess as usize,
            _ => before,
        };
        let range = position + before..position + through + 1;
        let Some(entries) = self.entries.all().get(range.clone()) else { return &[] };
        self.entries.check(range);
        entries
    }

    fn lookup(&self) -> Lookup<'_, WORDS> {
        let (codes, layout) = (&self.codes, self.layout);
        Lookup { codes, layout, masks: &self.masks, slots: &self.slots }
    }

    /// Returns `true` if a lookup is expected to be less work than a scan.
    fn has_lookup(&self, radius: u32) -> bool {
        let hashes = self.codes.len();
        !self.slots.is_empty()
            && self.layout.effort(hashes, radius).is_some_and(|(buckets, tags)| {
                buckets * BUCKET_WEIGHT + tags < hashes as f64 * MAX_LOOKUP_SHARE
            })
    }

    /// Collects the position and the distance of every hash within `radius` of each query. Returns
    /// the number of hashes compared.
    fn search(&self, queries: &[Code<WORDS>], radius: u32, found: &mut [Vec<Found>]) -> usize {
        dispatch!(Level::new(), _simd => self.search_inlined(queries, radius, found))
    }

    #[inline(always)]
    fn search_inlined(
        &self,
        queries: &[Code<WORDS>],
        radius: u32,
        found: &mut [Vec<Found>],
    ) -> usize {
        if !self.has_lookup(radius) {
            scan(self.codes.verified(), queries, radius, found);
            return queries.len() * self.codes.len();
        }
        let mut looked_at = 0;
        let mut crowded = Vec::new();
        for (number, (query, found)) in queries.iter().zip(&mut *found).enumerate() {
            match self.lookup().within(query, radius, found) {
                Some(buckets) => looked_at += buckets,
                None => crowded.push((number, *query)),
            }
        }
        if !crowded.is_empty() {
            let queries: Vec<_> = crowded.iter().map(|(_, query)| *query).collect();
            let mut scanned = vec![Vec::new(); queries.len()];
            scan(self.codes.verified(), &queries, radius, &mut scanned);
            looked_at += 2 * queries.len() * self.codes.len();
            for ((number, _), scanned) in crowded.into_iter().zip(scanned) {
                if let Some(found) = found.get_mut(number) {
                    *found = scanned;
                }
            }
        }
        looked_at
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
        for (position, code) in self.codes.verified().iter().enumerate() {
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

    /// Returns the entries near each query, in no particular order.
    fn near(&self, queries: &[Code<WORDS>], radius: u32) -> Vec<Vec<Near>> {
        let mut found = vec![Vec::new(); queries.len()];
        self.search(queries, radius, &mut found);
        let near = queries.iter().zip(found).map(|(query, found)| {
            let entries = found.into_iter().flat_map(|(at, distance)| {
                self.entries_of(at as usize).iter().map(move |entry| (distance, *entry))
            });
            let pending = self.pending.iter().filter_map(|(code, entry)| {
                let distance = code::distance(code, query);
                (distance <= radius).then_some((distance, *entry))
            });
            entries.chain(pending).collect()
        });
        near.collect()
    }

    /// Sorts on up to `threads` threads.
    fn sort(all: &mut [(Code<WORDS>, u32)], threads: usize) {
        let length = all.len().div_ceil(threads.max(1)).max(1);
        let parts = Mutex::new(all.chunks_mut(length));
        threads::run(threads, || {
            while let Some(part) = parts.lock().ok().and_then(|mut parts| parts.next()) {
                part.sort_unstable();
            }
        });
        if threads > 1 {
            #[expect(clippy::stable_sort_primitive, reason = "it merges what is sorted already")]
            all.sort();
        }
    }
}

impl<const WORDS: usize> Hashes for Table<WORDS> {
    fn insert(&mut self, hash: &[u8], entry: u32) {
        self.pending.push((code::read(hash), entry));
    }

    fn pending(&self) -> usize {
        self.pending.len()
    }

    fn has_pending(&self) -> bool {
        self.pending.len() > MAX_PENDING.max(self.codes.len() / MAX_PENDING_SHARE)
    }

    fn compact(&mut self, is_retained: &dyn Fn(u32) -> bool, threads: usize) {
        let mut all = std::mem::take(&mut self.pending);
        all.retain(|(_, entry)| is_retained(*entry));
        for (position, code) in self.codes.verified().iter().enumerate() {
            all.extend(
                self.entries_of(position)
                    .iter()
                    .filter(|it| is_retained(**it))
                    .map(|&it| (*code, it)),
            );
        }
        // Frees the old hashes before the new ones are copied.
        *self = Self::new(self.bits);
        Self::sort(&mut all, threads);
        let distinct = all.chunk_by(|a, b| a.0 == b.0).count();
        let (mut codes, mut repeats) = (Vec::with_capacity(distinct), Vec::<[u32; 2]>::new());
        for same in all.chunk_by(|a, b| a.0 == b.0) {
            if let [_, _, ..] = same {
                let before = repeats.last().map_or(0, |[_, excess]| *excess);
                repeats.push([codes.len() as u32, before + (same.len() - 1) as u32]);
            }
            codes.extend(same.first().map(|(code, _)| *code));
        }
        let entries: Vec<u32> = all.iter().map(|(_, entry)| *entry).collect();
        drop(all);
        repeats.shrink_to_fit();
        if codes.len() > MAX_SCANNED {
            self.layout = Layout::of(self.bits, codes.len());
            self.masks = Masks::of(self.layout.prefix());
            self.slots = slots::build(&codes, self.layout, threads);
        }
        self.codes = codes.into();
        self.entries = entries.into();
        self.repeats = repeats.into();
    }

    fn within(&self, hash: &[u8], radius: u32, found: &mut dyn FnMut(&[u32], u32)) -> usize {
        let query = code::read(hash);
        let mut positions = [Vec::new()];
        let looked_at = self.search(&[query], radius, &mut positions);
        let [positions] = positions;
        for (at, distance) in positions {
            found(self.entries_of(at as usize), distance);
        }
        for (code, entry) in &self.pending {
            let distance = code::distance(code, &query);
            if distance <= radius {
                found(&[*entry], distance);
            }
        }
        looked_at + self.pending.len()
    }

    fn within_by(&self, hash: &[u8], radius: u32, by_scan: bool) -> Option<Vec<Near>> {
        let query = code::read(hash);
        let mut found = [Vec::new()];
        if by_scan {
            let codes = self.codes.verified();
            dispatch!(Level::new(), _simd => scan(codes, &[query], radius, &mut found));
        } else if self.slots.is_empty() {
            return None;
        } else {
            let [found] = &mut found;
            dispatch!(Level::new(), _simd => self.lookup().within(&query, radius, found))?;
        }
        let near = found.into_iter().flatten().flat_map(|(at, distance)| {
            self.entries_of(at as usize).iter().map(move |entry| (distance, *entry))
        });
        Some(near.collect())
    }

    fn within_many(&self, queries: &[BitHash], radius: u32, threads: usize) -> Vec<Vec<Near>> {
        let next = AtomicUsize::new(0);
        let done = Mutex::new(BTreeMap::new());
        let parts: Vec<&[BitHash]> = queries.chunks(QUERIES).collect();
        threads::run(threads.min(parts.len()), || {
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                let Some(part) = parts.get(number) else { break };
                let codes: Vec<_> = part.iter().map(|hash| code::read(hash.as_bytes())).collect();
                let near = self.near(&codes, radius);
                if let Ok(mut done) = done.lock() {
                    done.insert(number, near);
                }
            }
        });
        let done = done.into_inner().unwrap_or_default();
        done.into_values().flatten().collect()
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

    fn cheap_radii(&self) -> Vec<u32> {
        let radii = (1..=FARTHEST + 1).map(|share| share * self.layout.slots() as u32 - 1);
        radii.filter(|radius| self.has_lookup(*radius)).collect()
    }

    fn groups(&self, radius: u32, visit: &mut dyn FnMut(u32, u32)) {
        let codes = self.codes.verified();
        let mut groups = Groups::new(codes.len());
        for (part, queries) in codes.chunks(QUERIES).enumerate() {
            let mut found = vec![Vec::new(); queries.len()];
            self.search(queries, radius, &mut found);
            for (position, found) in (part * QUERIES..).zip(found) {
                for (other, _) in found {
                    groups.join(position as u32, other);
                }
            }
        }
        for position in 0..codes.len() {
            let group = groups.first(position as u32);
            for &entry in self.entries_of(position) {
                visit(entry, group);
            }
        }
    }

    fn each(&self, visit: &mut dyn FnMut(&[u32], &[u8])) {
        let bytes = self.bits.div_ceil(8);
        for (position, code) in self.codes.verified().iter().enumerate() {
            visit(self.entries_of(position), &code::write(code, bytes));
        }
        for (code, entry) in &self.pending {
            visit(&[*entry], &code::write(code, bytes));
        }
    }

    fn memory(&self) -> usize {
        self.codes.memory()
            + self.entries.memory()
            + self.repeats.memory()
            + self.masks.memory()
            + size_of::<(Code<WORDS>, u32)>() * self.pending.capacity()
            + self.slots.iter().map(Slot::memory).sum::<usize>()
    }

    fn shape(&self) -> Shape {
        let (slots, prefix) = match self.slots.len() {
            0 => (0, 0),
            slots => (slots as u32, self.layout.prefix()),
        };
        Shape {
            hashes: self.codes.len(),
            entries: self.entries.len(),
            repeats: self.repeats.len(),
            text: 0,
            slots,
            prefix,
        }
    }

    fn write_hashes(&self, file: &mut Writer<'_>) -> Result<(), Error> {
        file.column(&self.codes)?;
        file.column(&self.entries)?;
        file.column(&self.repeats)
    }

    fn write_slots(&self, file: &mut Writer<'_>) -> Result<(), Error> {
        for slot in &self.slots {
            file.column(&slot.starts)?;
            file.column(&slot.values)?;
        }
        Ok(())
    }

    fn read_hashes(&mut self, shape: &Shape, file: &mut Sections<'_>) -> Result<(), Error> {
        *self = Self::new(self.bits);
        self.codes = file.column(shape.hashes)?;
        self.entries = file.column(shape.entries)?;
        self.repeats = file.column(shape.repeats)?;
        Ok(())
    }

    fn read_slots(&mut self, shape: &Shape, file: &mut Sections<'_>) -> Result<(), Error> {
        let Some(layout) = shape.layout(self.bits)? else { return Ok(()) };
        for slot in 0..layout.slots() {
            let values = if slot == 0 { 0 } else { shape.hashes };
            let starts = file.column(layout.buckets() + 1)?;
            self.slots.push(Slot { starts, values: file.column(values)? });
        }
        self.layout = layout;
        self.masks = Masks::of(layout.prefix());
        Ok(())
    }

    fn is_consistent(&self) -> bool {
        let (codes, entries) = (self.codes.all(), self.entries.all());
        let unused = self.bits.min(64 * WORDS) as u32;
        let has_length = |code: &Code<WORDS>| {
            let unused = 64 * WORDS as u32 - unused;
            (0..unused)
                .step_by(32)
                .all(|start| code::field(code, start, (unused - start).min(32)) == 0)
        };
        let repeats = self.repeats.all();
        let excess = repeats.last().map_or(0, |[_, excess]| *excess as usize);
        let are_repeats_ascending =
            repeats.windows(2).all(|pair| matches!(pair, [a, b] if a[0] < b[0] && a[1] < b[1]));
        let mut seen = vec![0_u64; entries.len().div_ceil(64)];
        let is_new = |entry: &u32| {
            seen.get_mut(*entry as usize / 64).is_some_and(|word| {
                let bit = 1 << (entry % 64);
                std::mem::replace(word, *word | bit) & bit == 0
            }) && (*entry as usize) < entries.len()
        };
        codes.is_sorted_by(|a, b| a < b)
            && codes.iter().all(has_length)
            && are_repeats_ascending
            && repeats.first().is_none_or(|[_, excess]| *excess > 0)
            && repeats.last().is_none_or(|[position, _]| (*position as usize) < codes.len())
            && codes.len() + excess == entries.len()
            && entries.iter().all(is_new)
            && self.slots.iter().all(|slot| slot.is_consistent(self.layout, codes.len()))
    }
}
