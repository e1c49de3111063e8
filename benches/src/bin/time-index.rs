//! Times the search index.
//!
//! `time-index make FOLDER HASHES QUERIES KIND` writes hashes and queries into the folder. KIND is
//! `random`, `clustered` (hundreds of hashes within 40 bits of each of many) or `flooded` (a tenth
//! are copies of three hashes, another tenth are two bits from them).
//!
//! `time-index run FOLDER RADIUS` builds an index of the hashes and searches it with every query,
//! on one thread, then with all queries on all threads. It writes a line `QUERY ENTRY DISTANCE` for
//! each hit to `found.txt`. It prints the lines `build MILLISECONDS`, `memory BYTES` (per hash),
//! `batch QUERIES` (a second), `open MILLISECONDS` (of the saved index), and the microseconds of
//! each query.
//!
//! `time-index crossover HASHES` prints the microseconds of a query by a scan and by a lookup of
//! slots, for one radius a line.

use std::error::Error;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::BufWriter;
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
        ["make", folder, hashes, queries, kind] => {
            make(Path::new(folder), hashes.parse()?, queries.parse()?, kind)
        }
        ["crossover", hashes] => crossover(hashes.parse()?),
        ["run", folder, radius] => run(Path::new(folder), radius.parse()?),
        _ => Err("time-index make FOLDER HASHES QUERIES random|clustered|flooded | run FOLDER \
                  RADIUS | crossover HASHES"
            .into()),
    }
}

/// Returns a generator of pseudorandom numbers.
fn numbers() -> impl FnMut() -> usize {
    let mut state = 1_u64;
    move || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize
    }
}

/// Writes hashes with the length of PDQ hashes, and queries. Even queries are random; odd queries
/// are one of the hashes with a maximum of 31 bits changed.
fn make(folder: &Path, hashes: usize, queries: usize, kind: &str) -> Result<(), Box<dyn Error>> {
    let mut number = numbers();
    let mut known: Vec<u8> = (0..hashes * BYTES).map(|_| (number() >> 7) as u8).collect();
    let (centres, others) = known.split_at_mut((hashes / 300 + 3).min(hashes) * BYTES);
    for (at, hash) in others.chunks_exact_mut(BYTES).enumerate() {
        let (of, changes) = match (kind, at % 10) {
            ("clustered", _) => (at % (centres.len() / BYTES), number() % 41),
            ("flooded", 0) => (number() % 3, 0),
            ("flooded", 1) => (number() % 3, 2),
            ("random" | "flooded", _) => continue,
            _ => return Err("the kind is random, clustered or flooded".into()),
        };
        hash.copy_from_slice(&centres[of * BYTES..][..BYTES]);
        for _ in 0..changes {
            hash[number() % BYTES] ^= 1 << (number() % 8);
        }
    }
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
    let start = Instant::now();
    let threads = std::thread::available_parallelism().unwrap_or(NonZero::<usize>::MIN);
    let batch = index.within_many(&queries, radius, threads)?.len();
    println!("batch {:.0}", batch as f64 / start.elapsed().as_secs_f64());
    let path = folder.join("saved.index");
    index.save(BufWriter::new(File::create(&path)?))?;
    drop(index);
    let start = Instant::now();
    let opened = Index::open(&path)?;
    println!("open {:.1}", start.elapsed().as_secs_f64() * 1e3);
    println!("first {:.1}", {
        let start = Instant::now();
        opened.within(&queries[0], radius)?;
        start.elapsed().as_secs_f64() * 1e3
    });
    fs::remove_file(&path)?;
    Ok(fs::write(folder.join("found.txt"), found)?)
}

/// Radii at which the methods are compared.
const RADII: [u32; 3] = [9, 31, 39];
const CROSSOVER_QUERIES: usize = 41;

/// Prints for each radius: `RADIUS`, the medians of a scan and of a lookup (`-` without slots), and
/// the one that the index chooses.
fn crossover(hashes: usize) -> Result<(), Box<dyn Error>> {
    let mut number = numbers();
    let mut hash = || {
        let bytes: Vec<u8> = (0..BYTES).map(|_| (number() >> 7) as u8).collect();
        BitHash::from_bytes(&bytes)
    };
    let queries: Vec<_> = (0..CROSSOVER_QUERIES).map(|_| hash()).collect();
    let entries = (0..hashes).map(|_| (hash(), String::new()));
    let index = Index::build(HashAlgorithm::PDQ, entries, NonZero::<usize>::MIN)?;
    for radius in RADII {
        let time = |by_scan: Option<bool>| -> Result<Option<f64>, Box<dyn Error>> {
            let mut times = Vec::new();
            for query in &queries {
                let start = Instant::now();
                let is_answered = match by_scan {
                    Some(by_scan) => index.within_by(query, radius, by_scan)?.is_some(),
                    None => index.within(query, radius).map(|_| true)?,
                };
                if !is_answered {
                    return Ok(None);
                }
                times.push(start.elapsed().as_secs_f64() * 1e6);
            }
            times.sort_by(f64::total_cmp);
            Ok(times.get(times.len() / 2).copied())
        };
        let text = |time: Option<f64>| time.map_or("-".to_owned(), |time| format!("{time:.1}"));
        let [scan, lookup, chosen] = [time(Some(true))?, time(Some(false))?, time(None)?].map(text);
        println!("{radius} {scan} {lookup} {chosen}");
    }
    Ok(())
}
