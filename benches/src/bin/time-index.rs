//! Times the search index.
//!
//! `time-index make FOLDER HASHES QUERIES` writes random hashes and queries into the folder.
//! `time-index run FOLDER RADIUS` builds an index of the hashes and searches it with every query,
//! on one thread. It writes a line `QUERY ENTRY DISTANCE` for each hit to `found.txt`. It prints
//! the lines `build MILLISECONDS`, `memory BYTES` (per hash), and the microseconds of each query.

use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::num::NonZero;
use std::path::Path;
use std::time::Instant;

use ownprint::search::Index;
use ownprint::{BitHash, HashAlgorithm};

const BYTES: usize = 32;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["make", folder, hashes, queries] => {
            make(Path::new(folder), hashes.parse()?, queries.parse()?)
        }
        ["run", folder, radius] => run(Path::new(folder), radius.parse()?),
        _ => Err("time-index make FOLDER HASHES QUERIES | time-index run FOLDER RADIUS".into()),
    }
}

/// Writes random hashes with the length of PDQ hashes, and queries. Even queries are random; odd
/// queries are one of the hashes with a maximum of 31 bits changed.
fn make(folder: &Path, hashes: usize, queries: usize) -> Result<(), Box<dyn Error>> {
    let mut state = 1_u64;
    let mut number = move || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize
    };
    let mut known: Vec<u8> = (0..hashes * BYTES).map(|_| (number() >> 7) as u8).collect();
    fs::write(folder.join("hashes.bin"), &known)?;
    let mut asked = Vec::new();
    for query in 0..queries {
        if query % 2 == 0 {
            asked.extend((0..BYTES).map(|_| (number() >> 7) as u8));
        } else {
            let start = number() % hashes * BYTES;
            let hash = &mut known[start..start + BYTES];
            for _ in 0..number() % 32 {
                hash[number() % BYTES] ^= 1 << (number() % 8);
            }
            asked.extend_from_slice(hash);
        }
    }
    Ok(fs::write(folder.join("queries.bin"), asked)?)
}

fn run(folder: &Path, radius: u32) -> Result<(), Box<dyn Error>> {
    let read = |name| -> std::io::Result<Vec<BitHash>> {
        Ok(fs::read(folder.join(name))?.chunks_exact(BYTES).map(BitHash::from_bytes).collect())
    };
    let (hashes, queries) = (read("hashes.bin")?, read("queries.bin")?);
    let count = hashes.len();
    let entries: Vec<_> = hashes.into_iter().map(|hash| (hash, String::new())).collect();
    let start = Instant::now();
    let index = Index::build(HashAlgorithm::PDQ, entries, NonZero::<usize>::MIN)?;
    println!("build {:.0}", start.elapsed().as_secs_f64() * 1e3);
    println!("memory {}", index.memory() / count.max(1));
    let mut found = String::new();
    for (number, query) in queries.iter().enumerate() {
        let start = Instant::now();
        let hits = index.within(query, radius)?;
        println!("{:.1}", start.elapsed().as_secs_f64() * 1e6);
        for hit in hits {
            writeln!(found, "{number} {} {}", hit.entry, hit.distance)?;
        }
    }
    Ok(fs::write(folder.join("found.txt"), found)?)
}
