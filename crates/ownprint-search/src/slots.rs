//! Multi-index hashing (M. Norouzi, A. Punjani, D. Fleet, "Fast Exact Search in Hamming Space with Multi-Index Hashing",
//! 2014): where two hashes are near, one of their slots of sixteen bits is nearer still.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::code::{Code, SLOT_BITS, slot};

const VALUES: usize = 1 << SLOT_BITS;

/// The farthest that a slot is searched: beyond, there are more values to look up than a scan has hashes to look at.
pub(crate) const FARTHEST: u32 = 3;

/// Every value of a slot with at most [`FARTHEST`] bits set, fewest first.
static MASKS: [u16; within(FARTHEST)] = masks();

/// How many values of sixteen bits have at most `bits` set.
const fn within(bits: u32) -> usize {
    match bits {
        0 => 1,
        1 => 1 + 16,
        2 => 1 + 16 + 120,
        _ => 1 + 16 + 120 + 560,
    }
}

const fn masks() -> [u16; within(FARTHEST)] {
    let mut masks = [0; within(FARTHEST)];
    let mut next = 1;
    let mut bits = 1;
    while bits <= FARTHEST {
        let mut value = 1_u16;
        while value != 0 {
            if value.count_ones() == bits {
                masks[next] = value;
                next += 1;
            }
            value = value.wrapping_add(1);
        }
        bits += 1;
    }
    masks
}

/// The values within `radius` of `value`: at most [`FARTHEST`].
#[inline(always)]
pub(crate) fn around(value: u16, radius: u32) -> impl Iterator<Item = u16> {
    MASKS[..within(radius.min(FARTHEST))].iter().map(move |mask| value ^ mask)
}

/// How near some slot must be, for each of `slots`, where whole hashes are within `radius`; `None` for a slot that need
/// not be looked at.
///
/// With `radius = slots * q + rest`, slots that all differed by more, the first `rest + 1` by over `q` and the others by
/// over `q - 1`, would add up to over `radius`.
pub(crate) fn radius_of(place: usize, slots: usize, radius: u32) -> Option<u32> {
    let slots = slots.max(1) as u32;
    let (share, rest) = (radius / slots, radius % slots);
    if place as u32 <= rest { Some(share) } else { share.checked_sub(1) }
}

/// Where the hashes with each value of one slot are.
#[derive(Debug, Clone, Default)]
pub(crate) struct Slot {
    /// For each value, where its places start; one more for the end.
    starts: Vec<u32>,
    places: Vec<u32>,
}

impl Slot {
    /// By counting: how many have each value, then where each value starts, then each hash to its place.
    fn of<const WORDS: usize>(codes: &[Code<WORDS>], place: usize) -> Self {
        let mut starts = vec![0_u32; VALUES + 1];
        for code in codes {
            starts[usize::from(slot(code, place)) + 1] += 1;
        }
        for value in 0..VALUES {
            starts[value + 1] += starts[value];
        }
        let mut next = starts.clone();
        let mut places = vec![0; codes.len()];
        for (at, code) in codes.iter().enumerate() {
            let next = &mut next[usize::from(slot(code, place))];
            places[*next as usize] = at as u32;
            *next += 1;
        }
        Self { starts, places }
    }

    /// The places of the hashes that have this value here.
    #[inline(always)]
    pub(crate) fn with(&self, value: u16) -> &[u32] {
        let value = usize::from(value);
        self.places.get(self.starts[value] as usize..self.starts[value + 1] as usize).unwrap_or_default()
    }

    pub(crate) fn memory(&self) -> usize {
        size_of::<u32>() * (self.starts.capacity() + self.places.capacity())
    }
}

/// The slots of `codes`, on as many as `threads` threads; the same whatever their number.
pub(crate) fn build<const WORDS: usize>(codes: &[Code<WORDS>], count: usize, threads: usize) -> Vec<Slot> {
    let slots: Vec<OnceLock<Slot>> = (0..count).map(|_| OnceLock::new()).collect();
    let next = AtomicUsize::new(0);
    let work = || {
        loop {
            let place = next.fetch_add(1, Ordering::Relaxed);
            let Some(slot) = slots.get(place) else { break };
            slot.get_or_init(|| Slot::of(codes, place));
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..threads.min(count) {
            // Where no thread is to be had, as in WebAssembly, this one does the work.
            let _ = std::thread::Builder::new().spawn_scoped(scope, work);
        }
        work();
    });
    slots.into_iter().filter_map(OnceLock::into_inner).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_are_all_values_of_few_bits() {
        for radius in 0..=FARTHEST {
            let mut ours: Vec<u16> = around(0, radius).collect();
            ours.sort_unstable();
            let all: Vec<u16> = (0..=u16::MAX).filter(|value| value.count_ones() <= radius).collect();
            assert_eq!(ours, all);
        }
    }

    /// However the differing bits fall on the slots, one slot is within its radius.
    #[test]
    fn some_slot_is_near_where_the_whole_is() {
        for slots in 1..=4_usize {
            for radius in 0..=12_u32 {
                let mut differing = vec![0_u32; slots];
                loop {
                    if differing.iter().sum::<u32>() <= radius {
                        let is_found = differing.iter().enumerate().any(|(place, &bits)| {
                            radius_of(place, slots, radius).is_some_and(|radius| bits <= radius)
                        });
                        assert!(is_found, "{differing:?} of {radius}");
                    }
                    let Some(place) = differing.iter().position(|&bits| bits < 12) else { break };
                    differing[..place].fill(0);
                    differing[place] += 1;
                }
            }
        }
    }
}
