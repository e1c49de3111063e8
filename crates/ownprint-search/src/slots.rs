//! The hashes by the values of their slots.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::code::Code;
use crate::column::Column;
use crate::layout::Layout;
use crate::threads;

/// The hashes by the prefixes of one slot.
#[derive(Default)]
pub(crate) struct Slot {
    /// For each prefix, the start of its bucket; one more for the end.
    pub(crate) starts: Column<u32>,
    /// Bucket by bucket, the tag of each hash and below it the position. The first slot has none:
    /// its buckets are ranges of positions.
    pub(crate) values: Column<u32>,
}

impl Slot {
    /// Counting sort: count each prefix, compute the start of each bucket, then place each hash.
    fn of<const WORDS: usize>(codes: &[Code<WORDS>], layout: Layout, slot: usize) -> Self {
        let mut starts = vec![0_u32; layout.buckets() + 1];
        for code in codes {
            starts[layout.key(code, slot).0 as usize + 1] += 1;
        }
        for bucket in 0..layout.buckets() {
            starts[bucket + 1] += starts[bucket];
        }
        if slot == 0 {
            return Self { starts: starts.into(), values: Column::default() };
        }
        let mut next = starts.clone();
        let mut values = vec![0; codes.len()];
        for (at, code) in codes.iter().enumerate() {
            let (prefix, tag) = layout.key(code, slot);
            let next = &mut next[prefix as usize];
            values[*next as usize] = tagged(layout, tag, at);
            *next += 1;
        }
        Self { starts: starts.into(), values: values.into() }
    }

    pub(crate) fn memory(&self) -> usize {
        self.starts.memory() + self.values.memory()
    }

    /// Returns `true` if the buckets divide this many hashes.
    pub(crate) fn is_consistent(&self, layout: Layout, hashes: usize) -> bool {
        let starts = self.starts.all();
        let mask = position_mask(layout);
        starts.first() == Some(&0)
            && starts.last().is_some_and(|&end| end as usize == hashes)
            && starts.is_sorted()
            && self.values.all().iter().all(|value| ((value & mask) as usize) < hashes)
    }
}

fn tagged(layout: Layout, tag: u32, position: usize) -> u32 {
    position as u32 | tag.checked_shl(layout.position_bits()).unwrap_or(0)
}

/// Returns the bits of a value that are the position of a hash.
pub(crate) fn position_mask(layout: Layout) -> u32 {
    u32::MAX >> (32 - layout.position_bits())
}

/// Builds the slots of `codes`, which are in ascending order, on up to `threads` threads; the result
/// does not depend on their number.
pub(crate) fn build<const WORDS: usize>(
    codes: &[Code<WORDS>],
    layout: Layout,
    threads: usize,
) -> Vec<Slot> {
    let slots: Vec<OnceLock<Slot>> = (0..layout.slots()).map(|_| OnceLock::new()).collect();
    let next = AtomicUsize::new(0);
    threads::run(threads.min(slots.len()), || {
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let Some(slot) = slots.get(number) else { break };
            slot.get_or_init(|| Slot::of(codes, layout, number));
        }
    });
    slots.into_iter().filter_map(OnceLock::into_inner).collect()
}
