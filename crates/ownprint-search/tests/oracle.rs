//! The index against a plain list: random, clustered and flooded sets, all radii, several numbers
//! of threads, in memory and from a file.
//!
//! `cargo xtask test search` runs the ignored tests too.

#![allow(missing_docs, clippy::unwrap_used)]

use std::num::NonZero;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Weak};

use ownprint_hash::{BitHash, HashAlgorithm};
use ownprint_search::{Index, SharedIndex};

/// A pseudorandom generator (S. Vigna's `SplitMix64`).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    fn hash(&mut self) -> [u8; 32] {
        std::array::from_fn(|_| self.next() as u8)
    }

    /// Changes `changes` bits, some perhaps twice.
    fn near(&mut self, mut hash: [u8; 32], changes: usize) -> [u8; 32] {
        for _ in 0..changes {
            hash[self.below(32)] ^= 1 << self.below(8);
        }
        hash
    }
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    Random,
    /// Groups of hundreds of hashes that differ by up to 40 bits.
    Clustered,
    /// A tenth are copies of three hashes, another tenth differ from them by two bits, and a fifth
    /// agree in all but the last bits.
    Flooded,
}

fn set(kind: Kind, count: usize, numbers: &mut Numbers) -> Vec<[u8; 32]> {
    let centres: Vec<_> = (0..count / 300 + 3).map(|_| numbers.hash()).collect();
    let hash = |at: usize| match kind {
        Kind::Random => numbers.hash(),
        Kind::Clustered => {
            let changes = numbers.below(41);
            numbers.near(centres[at % centres.len()], changes)
        }
        Kind::Flooded => match at % 10 {
            0 => centres[numbers.below(3)],
            1 => numbers.near(centres[at % 3], 2),
            2 | 3 => {
                let mut hash = [0; 32];
                hash[28..].copy_from_slice(&(numbers.next() as u32).to_le_bytes());
                hash
            }
            _ => numbers.hash(),
        },
    };
    (0..count).map(hash).collect()
}

fn words(hash: &[u8; 32]) -> [u64; 4] {
    std::array::from_fn(|word| u64::from_ne_bytes(*hash[8 * word..].first_chunk().unwrap()))
}

/// Returns the distance of every hash and its number, nearest first.
fn list(hashes: &[[u64; 4]], query: &[u8; 32]) -> Vec<(u32, u32)> {
    let query = words(query);
    let distance =
        |hash: &[u64; 4]| hash.iter().zip(query).map(|(a, b)| (a ^ b).count_ones()).sum::<u32>();
    let mut all: Vec<_> = hashes.iter().zip(0..).map(|(hash, at)| (distance(hash), at)).collect();
    all.sort_unstable();
    all
}

fn check(kind: Kind, count: usize, queries: usize) {
    let mut numbers = Numbers(count as u64);
    let hashes = set(kind, count, &mut numbers);
    let threads = |count| NonZero::new(count).unwrap();
    let entries = hashes.iter().zip(0..);
    let entries = entries.map(|(hash, at): (_, u32)| (BitHash::from_bytes(hash), at.to_string()));
    let index = Index::build(HashAlgorithm::PDQ, entries, threads(2)).unwrap();
    let mut file = Vec::new();
    index.save(&mut file).unwrap();
    let loaded = Index::load(file.as_slice(), threads(1)).unwrap();
    let plain: Vec<_> = hashes.iter().map(words).collect();
    let queries: Vec<_> = (0..queries)
        .map(|number| match number % 3 {
            0 => numbers.hash(),
            1 => numbers.near([0; 32], 5),
            _ => {
                let hash = hashes[numbers.below(count)];
                let changes = numbers.below(36);
                numbers.near(hash, changes)
            }
        })
        .collect();
    let parsed: Vec<_> = queries.iter().map(|hash| BitHash::from_bytes(hash)).collect();
    let lists: Vec<_> = queries.iter().map(|query| list(&plain, query)).collect();
    // Large sets are found whole too often.
    let radii: Vec<u32> = match count {
        0..1_000 => (0..=256).collect(),
        _ => (0..=64).chain([80, 100, 128, 256]).collect(),
    };
    for (number, radius) in radii.into_iter().chain([31, 31, 31]).enumerate() {
        let number = number % queries.len();
        let (query, near) = (&parsed[number], &lists[number]);
        let expected = &near[..near.partition_point(|(distance, _)| *distance <= radius)];
        for index in [&index, &loaded] {
            let hits = index.within(query, radius).unwrap();
            let found: Vec<_> = hits.iter().map(|hit| (hit.distance, hit.entry)).collect();
            assert_eq!(found, expected, "{kind:?} {count}, query {number}, radius {radius}");
            assert!(hits.iter().all(|hit| hit.payload == hit.entry.to_string()));
            for by_scan in [true, false] {
                let by = index.within_by(query, radius, by_scan).unwrap();
                assert!(by.is_none_or(|by| by == hits), "{kind:?} {count} {number} {radius}");
            }
        }
        let distinct = index.distinct_within(query, radius).unwrap();
        let counted: usize = distinct.iter().map(|hit| hit.count).sum();
        assert_eq!(counted, expected.len());
        assert!(distinct.iter().all(|hit| hit.count > 0));
    }
    for radius in [0, 9, 20, 31, 39, 80] {
        let expected: Vec<_> =
            parsed.iter().map(|query| index.within(query, radius).unwrap()).collect();
        for count in 1..=5 {
            let many = index.within_many(&parsed, radius, threads(count)).unwrap();
            assert!(many == expected, "{kind:?} {count} threads, radius {radius}");
        }
        let eight = &parsed[..8.min(parsed.len())];
        let mut any: Vec<_> = eight
            .iter()
            .enumerate()
            .flat_map(|(at, query)| {
                let hits = index.within(query, radius).unwrap();
                hits.into_iter().map(move |hit| (hit.entry, hit.distance, at))
            })
            .collect();
        any.sort_unstable();
        any.dedup_by_key(|(entry, _, _)| *entry);
        let mut found: Vec<_> = index
            .within_any(eight, radius)
            .unwrap()
            .iter()
            .map(|(at, hit)| (hit.entry, hit.distance, *at))
            .collect();
        found.sort_unstable();
        assert_eq!(found, any);
    }
    for wanted in [0, 1, 5, 130] {
        let nearest = index.nearest_many(&parsed, wanted, threads(3)).unwrap();
        for (hits, near) in nearest.iter().zip(&lists) {
            let found: Vec<_> = hits.iter().map(|hit| (hit.distance, hit.entry)).collect();
            assert_eq!(found, near[..wanted.min(near.len())], "{kind:?} {count}, {wanted} nearest");
        }
    }
    assert_eq!(index.within_many(&[], 31, threads(2)).unwrap(), Vec::<Vec<_>>::new());
}

#[test]
fn answers_equal_those_of_a_list() {
    for kind in [Kind::Random, Kind::Clustered, Kind::Flooded] {
        check(kind, 700, 9);
        check(kind, 17_500, 9);
    }
}

#[test]
#[ignore = "minutes: cargo xtask test search"]
fn answers_equal_those_of_a_list_at_scale() {
    for kind in [Kind::Random, Kind::Clustered, Kind::Flooded] {
        for count in [1, 2, 16_384, 16_385, 70_000, 300_000, 1_100_000] {
            check(kind, count, 24);
        }
    }
}

/// The eight positions of an image have little in common, so a flood of one of them is counted.
#[test]
fn floods_are_counted_and_bounded() {
    let mut numbers = Numbers(3);
    let hashes = set(Kind::Flooded, 60_000, &mut numbers);
    let mut index = Index::new(HashAlgorithm::PDQ).unwrap();
    index.extend(hashes.iter().map(|hash| (BitHash::from_bytes(hash), String::new()))).unwrap();
    let repeated = index.repeated(1_000).unwrap();
    assert_eq!(repeated.len(), 3);
    for (hash, count) in &repeated {
        let copies = hashes.iter().filter(|other| other.as_slice() == hash.as_bytes()).count();
        assert_eq!(*count, copies);
        let distinct = index.distinct_within(hash, 0).unwrap();
        assert_eq!((distinct.len(), distinct[0].count), (1, copies));
    }
    // Pending and removed entries count too.
    let (hash, count) = &repeated[0];
    index.insert(hash, "pending").unwrap();
    let removed = index.within(hash, 0).unwrap()[0].entry;
    index.remove(removed);
    index.insert(hash, "pending").unwrap();
    let distinct = index.distinct_within(hash, 0).unwrap();
    assert_eq!((distinct.len(), distinct[0].count), (1, count + 1));
    assert_eq!(index.repeated(1_000).unwrap()[0].1, count + 1);
}

/// Returns the resident memory of this process in bytes, on Linux.
fn resident() -> Option<usize> {
    let pages = std::fs::read_to_string("/proc/self/statm").ok()?;
    pages.split_whitespace().nth(1)?.parse::<usize>().ok().map(|pages| pages * 4_096)
}

/// Replaces an index a thousand times while readers search it. Every answer is that of one whole
/// index, no replaced index remains, and memory does not grow.
#[test]
fn an_index_is_replaced_a_thousand_times_under_readers() {
    const SWAPS: u32 = 1_000;
    let index = |version: u32| {
        let mut numbers = Numbers(1);
        let entries =
            (0..2_000).map(|_| (BitHash::from_bytes(&numbers.hash()), version.to_string()));
        Index::build(HashAlgorithm::PDQ, entries, NonZero::<usize>::MIN).unwrap()
    };
    let mut numbers = Numbers(1);
    let queries: Vec<_> = (0..50).map(|_| BitHash::from_bytes(&numbers.hash())).collect();
    let shared = SharedIndex::new(index(0));
    let is_done = AtomicBool::new(false);
    let searches = [const { AtomicUsize::new(0) }; 3];
    let mut replaced: Vec<Weak<Index>> = Vec::new();
    let mut memory = None;
    std::thread::scope(|scope| {
        for count in &searches {
            let (shared, is_done, queries) = (&shared, &is_done, &queries);
            scope.spawn(move || {
                let mut last = 0;
                while !is_done.load(Ordering::Relaxed) {
                    let snapshot = shared.snapshot();
                    let version: u32 = snapshot.payload(0).unwrap().parse().unwrap();
                    assert!(version >= last, "{version} after {last}");
                    last = version;
                    for query in queries {
                        let hits = snapshot.within(query, 31).unwrap();
                        assert_eq!(hits[0].payload, version.to_string());
                    }
                    count.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        for version in 1..=SWAPS {
            let before = searches.each_ref().map(|count| count.load(Ordering::Relaxed));
            replaced.push(Arc::downgrade(&shared.replace(index(version))));
            if version == SWAPS / 4 {
                memory = resident();
            }
            // At times all readers are awaited, so that they search many of the versions.
            while version % 20 == 0
                && searches
                    .iter()
                    .zip(before)
                    .any(|(it, before)| it.load(Ordering::Relaxed) == before)
            {
                std::thread::yield_now();
            }
            let alive = replaced.iter().filter(|it| it.strong_count() > 0).count();
            assert!(alive <= searches.len(), "{alive} replaced indexes remain");
        }
        is_done.store(true, Ordering::Relaxed);
    });
    assert!(replaced.iter().all(|it| it.strong_count() == 0));
    assert_eq!(shared.snapshot().payload(0), Some("1000"));
    if let (Some(before), Some(after)) = (memory, resident()) {
        // 750 indexes of 200 kB would be 150 MB.
        assert!(after < before + (32 << 20), "{before} grew to {after} bytes");
    }
}
