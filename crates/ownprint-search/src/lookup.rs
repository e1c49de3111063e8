//! A lookup of the hashes near a query by their slots.

use std::hint::black_box;
use std::ops::Range;

use crate::code::{self, Code};
use crate::column::Column;
use crate::layout::{FARTHEST, Layout, Masks};
use crate::scan::Found;
use crate::slots::{Slot, position_mask};

/// A lookup whose buckets hold as many hashes as the index is abandoned for a scan. A hash that a
/// tag led to costs as much as this many in a bucket: a scan reads memory in sequence.
const CANDIDATE_WEIGHT: usize = 8;

/// Number of buckets whose memory is requested together, so that the requests overlap.
const GROUP: usize = 64;

/// Number of tags that are compared at once.
const LANES: usize = 16;

/// What a lookup reads.
#[derive(Clone, Copy)]
pub(crate) struct Lookup<'a, const WORDS: usize> {
    pub(crate) codes: &'a Column<Code<WORDS>>,
    pub(crate) layout: Layout,
    pub(crate) masks: &'a Masks,
    pub(crate) slots: &'a [Slot],
}

/// The positions of a bucket's values.
type Bucket = Range<usize>;

impl<const WORDS: usize> Lookup<'_, WORDS> {
    /// Adds the position and the distance of every hash within `radius`. Returns the number of
    /// hashes in the buckets, or `None` if a scan is less work; `found` is then not valid.
    #[inline(always)]
    pub(crate) fn within(
        &self,
        query: &Code<WORDS>,
        radius: u32,
        found: &mut Vec<Found>,
    ) -> Option<usize> {
        let budget = self.codes.len();
        let mut looked_at = 0;
        let mut candidates = Vec::new();
        for (number, slot) in self.slots.iter().enumerate() {
            let Some(near) = self.layout.radius_of(number, radius) else { continue };
            if near > FARTHEST {
                return None;
            }
            let (prefix, tag) = self.layout.key(query, number);
            for bits in 0..=near {
                for masks in self.masks.with(bits).chunks(GROUP) {
                    let mut buckets = [const { 0..0 }; GROUP];
                    let buckets = buckets.get_mut(..masks.len())?;
                    looked_at += self.buckets(slot, number == 0, prefix, masks, buckets);
                    if looked_at > budget {
                        return None;
                    }
                    if number == 0 {
                        for bucket in buckets {
                            self.compare(query, radius, bucket.clone(), found);
                        }
                    } else {
                        for bucket in buckets {
                            let of_slot = (slot, tag, near - bits);
                            self.filter(of_slot, bucket.clone(), &mut candidates);
                        }
                        if looked_at + CANDIDATE_WEIGHT * candidates.len() > budget {
                            return None;
                        }
                    }
                }
            }
            looked_at += CANDIDATE_WEIGHT * candidates.len();
            self.compare_candidates(query, radius, number, &candidates, found);
            candidates.clear();
        }
        Some(looked_at)
    }

    /// Returns the buckets of these prefixes, and the number of hashes in them.
    #[inline(always)]
    fn buckets(
        &self,
        slot: &Slot,
        is_first: bool,
        prefix: u32,
        masks: &[u32],
        buckets: &mut [Bucket],
    ) -> usize {
        let starts = slot.starts.all();
        let mut hashes = 0;
        // Reads the beginning of each bucket: these reads do not wait for one another.
        let mut touched = 0;
        for (mask, bucket) in masks.iter().zip(buckets) {
            let at = (prefix ^ mask) as usize;
            slot.starts.check(at..at + 2);
            if let (Some(&start), Some(&end)) = (starts.get(at), starts.get(at + 1)) {
                *bucket = start as usize..end as usize;
                hashes += bucket.len();
                touched ^= if is_first {
                    self.codes.all().get(bucket.start).map_or(0, |code| code[0] as u32)
                } else {
                    slot.values.all().get(bucket.start).copied().unwrap_or(0)
                };
            }
        }
        black_box(touched);
        hashes
    }

    /// Compares the query with all hashes of a bucket of the first slot.
    #[inline(always)]
    fn compare(&self, query: &Code<WORDS>, radius: u32, bucket: Bucket, found: &mut Vec<Found>) {
        let Some(codes) = self.codes.all().get(bucket.clone()) else { return };
        self.codes.check(bucket.clone());
        for (at, code) in bucket.zip(codes) {
            let distance = code::distance(code, query);
            if distance <= radius {
                found.push((at as u32, distance));
            }
        }
    }

    /// Adds the positions of a bucket whose tag is within a radius of a query's.
    #[inline(always)]
    fn filter(
        &self,
        (slot, tag, radius): (&Slot, u32, u32),
        bucket: Bucket,
        candidates: &mut Vec<u32>,
    ) {
        let Some(values) = slot.values.all().get(bucket.clone()) else { return };
        slot.values.check(bucket);
        let (shift, mask) = (self.layout.position_bits(), position_mask(self.layout));
        let is_near =
            |value: u32| (value.checked_shr(shift).unwrap_or(0) ^ tag).count_ones() <= radius;
        // Most buckets have no such tag, which vector code finds out.
        let (vectors, rest) = values.as_chunks::<LANES>();
        for values in vectors {
            if values.iter().fold(false, |any, value| any | is_near(*value)) {
                candidates.extend(values.iter().filter(|it| is_near(**it)).map(|it| it & mask));
            }
        }
        candidates.extend(rest.iter().filter(|it| is_near(**it)).map(|it| it & mask));
    }

    #[inline(always)]
    fn compare_candidates(
        &self,
        query: &Code<WORDS>,
        radius: u32,
        slot: usize,
        candidates: &[u32],
        found: &mut Vec<Found>,
    ) {
        let codes = self.codes.all();
        for &at in candidates {
            let Some(code) = codes.get(at as usize) else { continue };
            self.codes.check(at as usize..at as usize + 1);
            let distance = code::distance(code, query);
            if distance <= radius && self.is_new(code, query, slot, radius) {
                found.push((at, distance));
            }
        }
    }

    /// Returns `false` if an earlier slot led to this hash.
    #[inline(always)]
    fn is_new(&self, code: &Code<WORDS>, query: &Code<WORDS>, slot: usize, radius: u32) -> bool {
        (0..slot).all(|earlier| {
            let differing = self.layout.slot_distance(code, query, earlier);
            self.layout.radius_of(earlier, radius).is_none_or(|near| differing > near)
        })
    }
}
