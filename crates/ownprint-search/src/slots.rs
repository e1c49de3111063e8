//! Multi-index hashing (M. Norouzi, A. Punjani, D. Fleet, "Fast Exact Search in Hamming Space with
//! Multi-Index Hashing", 2014): if two hashes are near, one of their 16-bit slots is nearer.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::code::{Code, SLOT_BITS, slot};

const VALUES: usize = 1 << SLOT_BITS;

/// The maximum radius within a slot; beyond it there are more values to look up than hashes to
/// scan.
pub(crate) const FARTHEST: u32 = 3;

/// All slot values with up to [`FARTHEST`] bits set, fewest bits first.
static MASKS: [u16; within(FARTHEST)] = masks();

/// Returns the number of 16-bit values with up to `bits` bits set.
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

/// Returns the values within `radius` of `value`, limited to [`FARTHEST`].
#[inline(always)]
pub(crate) fn around(value: u16, radius: u32) -> impl Iterator<Item = u16> {
    MASKS[..within(radius.min(FARTHEST))].iter().map(move |mask| value ^ mask)
}

/// Returns the radius within which the slot at `position` must be searched to find all hashes
/// within `radius`; `None` if the slot need not be searched.
///
/// Let `radius = slots * q + rest`. If the first `rest + 1` slots all differed by more than `q`
/// bits and the others by more than `q - 1`, the sum would exceed `radius`.
pub(crate) fn radius_of(position: usize, slots: usize, radius: u32) -> Option<u32> {
    let slots = slots.max(1) as u32;
    let (share, rest) = (radius / slots, radius % slots);
    if position as u32 <= rest { Some(share) } else { share.checked_sub(1) }
}

/// The positions of the hashes for each value of one slot.
#[derive(Debug, Clone, Default)]
pub(crate) struct Slot {
    /// For each value, the start of its positions; one more for the end.
    starts: Vec<u32>,
    positions: Vec<u32>,
}

impl Slot {
    /// Counting sort: count each value, compute the start of each value, then place each hash.
    fn of<const WORDS: usize>(codes: &[Code<WORDS>], position: usize) -> Self {
        let mut starts = vec![0_u32; VALUES + 1];
        for code in codes {
            starts[usize::from(slot(code, position)) + 1] += 1;
        }
        for value in 0..VALUES {
            starts[value + 1] += starts[value];
        }
        let mut next = starts.clone();
        let mut positions = vec![0; codes.len()];
        for (at, code) in codes.iter().enumerate() {
            let next = &mut next[usize::from(slot(code, position))];
            positions[*next as usize] = at as u32;
            *next += 1;
        }
        Self { starts, positions }
    }

    /// Returns the positions of the hashes that have this value.
    #[inline(always)]
    pub(crate) fn with(&self, value: u16) -> &[u32] {
        let value = usize::from(value);
        self.positions
            .get(self.starts[value] as usize..self.starts[value + 1] as usize)
            .unwrap_or_default()
    }

    pub(crate) fn memory(&self) -> usize {
        size_of::<u32>() * (self.starts.capacity() + self.positions.capacity())
    }
}

/// Builds the slots of `codes` on up to `threads` threads; the result does not depend on their
/// number.
pub(crate) fn build<const WORDS: usize>(
    codes: &[Code<WORDS>],
    count: usize,
    threads: usize,
) -> Vec<Slot> {
    let slots: Vec<OnceLock<Slot>> = (0..count).map(|_| OnceLock::new()).collect();
    let next = AtomicUsize::new(0);
    let work = || {
        loop {
            let position = next.fetch_add(1, Ordering::Relaxed);
            let Some(slot) = slots.get(position) else { break };
            slot.get_or_init(|| Slot::of(codes, position));
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..threads.min(count) {
            // If no thread can be started, as in WebAssembly, this thread does the work.
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
    fn masks_contain_all_values_within_the_radius() {
        for radius in 0..=FARTHEST {
            let mut ours: Vec<u16> = around(0, radius).collect();
            ours.sort_unstable();
            let all: Vec<u16> =
                (0..=u16::MAX).filter(|value| value.count_ones() <= radius).collect();
            assert_eq!(ours, all);
        }
    }

    /// For every distribution of the differing bits over the slots, one slot is within its radius.
    #[test]
    fn at_least_one_slot_is_within_its_radius() {
        for slots in 1..=4_usize {
            for radius in 0..=12_u32 {
                let mut differing = vec![0_u32; slots];
                loop {
                    if differing.iter().sum::<u32>() <= radius {
                        let is_found = differing.iter().enumerate().any(|(position, &bits)| {
                            radius_of(position, slots, radius).is_some_and(|radius| bits <= radius)
                        });
                        assert!(is_found, "{differing:?} of {radius}");
                    }
                    let Some(position) = differing.iter().position(|&bits| bits < 12) else {
                        break;
                    };
                    differing[..position].fill(0);
                    differing[position] += 1;
                }
            }
        }
    }
}
