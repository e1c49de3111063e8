//! How the bits of a hash are divided into slots.
//!
//! Multi-index hashing (M. Norouzi, A. Punjani, D. Fleet, "Fast Exact Search in Hamming Space with
//! Multi-Index Hashing", 2014): if two hashes are near, one of their slots is nearer. The first bits
//! of a slot, its prefix, select a bucket. The next bits, its tag, are stored with each hash of the
//! bucket, in the bits that the hash's position leaves free.

use crate::code::{self, Code};

/// Up to this number of hashes a scan is as fast as a lookup, and no slots are built.
pub(crate) const MAX_SCANNED: usize = 16_384;

/// The maximum radius within a prefix.
pub(crate) const FARTHEST: u32 = 4;

/// The limits of the length of a prefix, in bits.
const PREFIXES: std::ops::RangeInclusive<u32> = 6..=20;

/// The maximum number of slots.
pub(crate) const MAX_SLOTS: usize = 16;

/// A bucket is made to hold between this many hashes and twice as many, on average.
const BUCKET_LOG2: u32 = 5;

/// Measured costs of a lookup, in nanoseconds: a bucket, one of its tags, and a hash at a position
/// that a tag led to.
const BUCKET_COST: f64 = 80.0;
const TAG_COST: f64 = 0.5;
const CANDIDATE_COST: f64 = 20.0;

/// The division of hashes of some length into slots.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Layout {
    bits: u32,
    slots: u32,
    prefix: u32,
    /// Number of bits of a position; the other bits of 32 are for a tag.
    position: u32,
}

impl Layout {
    /// Returns the division that is the fastest for a radius of an eighth of the bits, of those
    /// that need up to 36 bytes for a hash of 256 bits.
    pub(crate) fn of(bits: usize, hashes: usize) -> Self {
        let most = (bits * 10 / 256).clamp(4, MAX_SLOTS).min(bits.max(1));
        let layouts = (1..=most as u32).map(|slots| Self::with_slots(bits, hashes, slots));
        let radius = (bits as u32 / 8).saturating_sub(1);
        let cost = |layout: &Self| layout.cost(hashes, radius).unwrap_or(f64::INFINITY);
        let best = layouts.min_by(|a, b| cost(a).total_cmp(&cost(b)));
        best.unwrap_or_else(|| Self::with_slots(bits, hashes, 1))
    }

    /// Returns the division into this many slots.
    pub(crate) fn with_slots(bits: usize, hashes: usize, slots: u32) -> Self {
        let bits = bits as u32;
        let position = (hashes.max(2) - 1).ilog2() + 1;
        let wanted = position.saturating_sub(BUCKET_LOG2);
        let prefix = wanted.clamp(*PREFIXES.start(), *PREFIXES.end()).min(bits / slots.max(1));
        Self { bits, slots, prefix, position }
    }

    /// Returns the division that a file states; `None` if no index of this build has it.
    pub(crate) fn from_parts(bits: usize, hashes: usize, slots: u32, prefix: u32) -> Option<Self> {
        let is_valid = (1..=MAX_SLOTS as u32).contains(&slots) && slots <= bits as u32;
        let layout = is_valid.then(|| Self::with_slots(bits, hashes, slots))?;
        (layout.prefix == prefix).then_some(layout)
    }

    pub(crate) fn slots(&self) -> usize {
        self.slots as usize
    }

    /// Returns the length of a prefix, in bits.
    pub(crate) fn prefix(&self) -> u32 {
        self.prefix
    }

    /// Returns the number of buckets of a slot.
    pub(crate) fn buckets(&self) -> usize {
        1 << self.prefix
    }

    /// Returns the number of low bits of a stored value that are the position of a hash.
    pub(crate) fn position_bits(&self) -> u32 {
        self.position
    }

    /// Returns the first bit of a slot, counted from the most significant one, and its length.
    fn extent(&self, slot: usize) -> (u32, u32) {
        let start = |slot: u32| slot * self.bits / self.slots;
        (start(slot as u32), start(slot as u32 + 1) - start(slot as u32))
    }

    /// Returns the length of the tags of a slot, in bits. The first slot has none: the hashes are
    /// in its order.
    fn tag(&self, slot: usize) -> u32 {
        if slot == 0 { 0 } else { (self.extent(slot).1 - self.prefix).min(32 - self.position) }
    }

    /// Returns the prefix and the tag of a slot.
    #[inline(always)]
    pub(crate) fn key<const WORDS: usize>(&self, code: &Code<WORDS>, slot: usize) -> (u32, u32) {
        let (start, _) = self.extent(slot);
        let tag = self.tag(slot);
        let unused = (64 * WORDS) as u32 - self.bits;
        let key = code::field(code, unused + start, self.prefix + tag);
        ((key >> tag) as u32, (key & ((1 << tag) - 1)) as u32)
    }

    /// Returns the number of bits in which two hashes differ within the prefix and the tag of a
    /// slot.
    #[inline(always)]
    pub(crate) fn slot_distance<const WORDS: usize>(
        &self,
        a: &Code<WORDS>,
        b: &Code<WORDS>,
        slot: usize,
    ) -> u32 {
        let (a, b) = (self.key(a, slot), self.key(b, slot));
        (a.0 ^ b.0).count_ones() + (a.1 ^ b.1).count_ones()
    }

    /// Returns the radius within which a slot must be searched to find all hashes within `radius`;
    /// `None` if the slot need not be searched.
    ///
    /// Let `radius = slots * q + rest`. If `rest + 1` slots all differed by more than `q` bits and
    /// the others by more than `q - 1`, the sum would exceed `radius`. The first slot is not among
    /// those `rest + 1` if others suffice, because its buckets hold whole hashes.
    pub(crate) fn radius_of(&self, slot: usize, radius: u32) -> Option<u32> {
        let (share, rest) = (radius / self.slots, radius % self.slots);
        let is_wider = slot as u32 + rest + 1 >= self.slots;
        if is_wider { Some(share) } else { share.checked_sub(1) }
    }

    /// Returns the number of buckets that a query looks up, and of hashes in them if the hashes are
    /// random; `None` if a slot would have to be searched too far.
    pub(crate) fn effort(&self, hashes: usize, radius: u32) -> Option<(f64, f64)> {
        let mut buckets = 0.0;
        for slot in 0..self.slots() {
            if let Some(radius) = self.radius_of(slot, radius) {
                if radius > FARTHEST {
                    return None;
                }
                buckets += ball(self.prefix, radius);
            }
        }
        Some((buckets, buckets * hashes as f64 / self.buckets() as f64))
    }

    /// Returns the time of a query, in nanoseconds, if the hashes are random.
    fn cost(&self, hashes: usize, radius: u32) -> Option<f64> {
        let (buckets, tags) = self.effort(hashes, radius)?;
        let candidates = |slot: usize| {
            let bits = self.prefix + self.tag(slot);
            let near = self.radius_of(slot, radius).map_or(0.0, |radius| ball(bits, radius));
            near * hashes as f64 / f64::from(2_u32.saturating_pow(bits))
        };
        let candidates: f64 = (1..self.slots()).map(candidates).sum();
        Some(buckets * BUCKET_COST + tags * TAG_COST + candidates * CANDIDATE_COST)
    }
}

/// Returns the number of values of `bits` bits with up to `radius` bits set.
fn ball(bits: u32, radius: u32) -> f64 {
    let mut term = 1.0;
    let mut sum = 1.0;
    for chosen in 1..=radius.min(bits) {
        term *= f64::from(bits - chosen + 1) / f64::from(chosen);
        sum += term;
    }
    sum
}

/// The values of a prefix by the number of bits set, up to [`FARTHEST`].
#[derive(Debug, Clone, Default)]
pub(crate) struct Masks {
    masks: Vec<u32>,
    /// The end of the values with each number of bits set.
    ends: Vec<usize>,
}

impl Masks {
    pub(crate) fn of(prefix: u32) -> Self {
        let mut masks = Self::default();
        for bits in 0..=FARTHEST {
            masks.add(prefix, bits, 0);
            masks.ends.push(masks.masks.len());
        }
        masks
    }

    /// Adds `mask` with `bits` more bits set below its lowest `prefix` bits.
    fn add(&mut self, prefix: u32, bits: u32, mask: u32) {
        if bits == 0 {
            self.masks.push(mask);
            return;
        }
        for bit in bits.saturating_sub(1)..prefix {
            self.add(bit, bits - 1, mask | 1 << bit);
        }
    }

    /// Returns the values with this number of bits set.
    pub(crate) fn with(&self, bits: u32) -> &[u32] {
        let end = |bits: u32| self.ends.get(bits as usize).copied();
        let start = bits.checked_sub(1).and_then(end).unwrap_or(0);
        end(bits).and_then(|end| self.masks.get(start..end)).unwrap_or_default()
    }

    pub(crate) fn memory(&self) -> usize {
        size_of::<u32>() * self.masks.capacity()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_contain_all_values_within_the_radius() {
        for prefix in [1, 3, 8, 13] {
            let masks = Masks::of(prefix);
            for bits in 0..=FARTHEST {
                let mut ours = masks.with(bits).to_vec();
                ours.sort_unstable();
                let all: Vec<u32> =
                    (0..1 << prefix).filter(|value: &u32| value.count_ones() == bits).collect();
                assert_eq!(ours, all, "{prefix} {bits}");
                assert!(bits > prefix || all.len() as f64 <= ball(prefix, bits));
            }
        }
    }

    /// For every distribution of the differing bits over the slots, one slot is within its radius.
    #[test]
    fn at_least_one_slot_is_within_its_radius() {
        for slots in 1..=4_u32 {
            let layout = Layout::with_slots(64, 1_000, slots);
            for radius in 0..=12_u32 {
                let mut differing = vec![0_u32; slots as usize];
                loop {
                    if differing.iter().sum::<u32>() <= radius {
                        let is_found = differing.iter().enumerate().any(|(slot, &bits)| {
                            layout.radius_of(slot, radius).is_some_and(|radius| bits <= radius)
                        });
                        assert!(is_found, "{differing:?} of {radius}");
                    }
                    let Some(slot) = differing.iter().position(|&bits| bits < 12) else {
                        break;
                    };
                    differing[..slot].fill(0);
                    differing[slot] += 1;
                }
            }
        }
    }

    #[test]
    fn slots_divide_the_bits() {
        for bits in [1, 14, 42, 64, 100, 256, 1_024] {
            for hashes in [0, 1, 100, 20_000, 10_000_000, u32::MAX as usize] {
                let layout = Layout::of(bits, hashes);
                assert!((1..=MAX_SLOTS).contains(&layout.slots()), "{layout:?}");
                let mut end = 0;
                for slot in 0..layout.slots() {
                    let (start, length) = layout.extent(slot);
                    assert_eq!(start, end);
                    assert!(layout.prefix() + layout.tag(slot) <= length, "{layout:?}");
                    end = start + length;
                }
                assert_eq!(end as usize, bits);
                let parts = (layout.slots, layout.prefix);
                assert_eq!(Layout::from_parts(bits, hashes, parts.0, parts.1), Some(layout));
            }
        }
    }

    #[test]
    fn keys_are_consecutive_bits() {
        let layout = Layout::with_slots(256, 10_000_000, 10);
        let code = [0x0123_4567_89ab_cdef, u64::MAX, 0, 1];
        assert_eq!(layout.prefix(), 19);
        assert_eq!(layout.key(&code, 0), (0x0123_4567 >> 13, 0));
        // The second slot is the bits 25 to 50: a prefix of 19 bits and a tag of 7.
        let second = (0x0123_4567_89ab_cdef_u64 << 25) >> (64 - 26);
        assert_eq!(layout.key(&code, 1), ((second >> 7) as u32, (second & 0x7f) as u32));
        assert_eq!(layout.slot_distance(&code, &[0x0123_4567_89ab_cdef, 0, 0, 1], 1), 0);
        assert_eq!(layout.slot_distance(&code, &[!0x0123_4567_89ab_cdef, 0, 0, 1], 0), 19);
    }
}
