//! Linear scans: the comparison of hashes with one query or with many.
//!
//! These functions are inlined into the instruction set that `dispatch!` selects, and written so
//! that the compiler turns them into vector code (a vector population count on AVX-512 and NEON).

use crate::code::{Code, distance};

/// Number of hashes that many queries are compared with before the next hashes are read. They fit
/// into the first-level cache.
const BLOCK: usize = 256;

/// From this number of queries, the words of a block are transposed.
const MIN_TRANSPOSED: usize = 3;

/// The position of a hash and its distance from a query.
pub(crate) type Found = (u32, u32);

/// Adds the position and the distance of every hash within `radius` of each query to the list with
/// the same position.
#[inline(always)]
pub(crate) fn scan<const WORDS: usize>(
    codes: &[Code<WORDS>],
    queries: &[Code<WORDS>],
    radius: u32,
    found: &mut [Vec<Found>],
) {
    if queries.len() < MIN_TRANSPOSED {
        for (query, found) in queries.iter().zip(found) {
            scan_one(codes, 0, query, radius, found);
        }
        return;
    }
    let (blocks, rest) = codes.as_chunks::<BLOCK>();
    for (number, block) in blocks.iter().enumerate() {
        let words = transposed(block);
        for (query, found) in queries.iter().zip(&mut *found) {
            if is_any_near(&words, query, radius) {
                scan_one(block, number * BLOCK, query, radius, found);
            }
        }
    }
    for (query, found) in queries.iter().zip(found) {
        scan_one(rest, blocks.len() * BLOCK, query, radius, found);
    }
}

/// Most hashes are too far after half of their words.
#[inline(always)]
fn scan_one<const WORDS: usize>(
    codes: &[Code<WORDS>],
    first: usize,
    query: &Code<WORDS>,
    radius: u32,
    found: &mut Vec<Found>,
) {
    for (at, code) in codes.iter().enumerate() {
        let half: u32 =
            code.iter().zip(query).take(WORDS.div_ceil(2)).map(|(a, b)| (a ^ b).count_ones()).sum();
        if half <= radius {
            let distance = distance(code, query);
            if distance <= radius {
                found.push(((first + at) as u32, distance));
            }
        }
    }
}

#[inline(always)]
fn transposed<const WORDS: usize>(block: &[Code<WORDS>; BLOCK]) -> [[u64; BLOCK]; WORDS] {
    let mut words = [[0; BLOCK]; WORDS];
    for (word, values) in words.iter_mut().enumerate() {
        for (value, code) in values.iter_mut().zip(block) {
            *value = code.get(word).copied().unwrap_or(0);
        }
    }
    words
}

/// Returns `true` if a hash of the block may be within `radius`. Like [`scan_one`], it compares
/// half of the words first.
#[inline(always)]
fn is_any_near<const WORDS: usize>(
    words: &[[u64; BLOCK]; WORDS],
    query: &Code<WORDS>,
    radius: u32,
) -> bool {
    let radius = u64::from(radius);
    let mut sums = [0_u64; BLOCK];
    let (first, second) = words.split_at(WORDS.div_ceil(2));
    let (query_first, query_second) = query.split_at(WORDS.div_ceil(2));
    let mut nearest = add(&mut sums, first, query_first);
    if nearest <= radius && !second.is_empty() {
        nearest = add(&mut sums, second, query_second);
    }
    nearest <= radius
}

/// Adds the distances in these words, and returns the smallest sum.
#[inline(always)]
fn add(sums: &mut [u64; BLOCK], words: &[[u64; BLOCK]], query: &[u64]) -> u64 {
    for (values, query) in words.iter().zip(query) {
        for (sum, value) in sums.iter_mut().zip(values) {
            *sum += u64::from((value ^ query).count_ones());
        }
    }
    sums.iter().fold(u64::MAX, |least, &sum| least.min(sum))
}
