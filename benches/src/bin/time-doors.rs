//! Times the core's doors that the bindings are held against: `time-doors path FILE RUNS` and `time-doors pixels RUNS` print the
//! milliseconds of each run, a line a run, and on Linux, as `memory KIB`, the most memory that the process held.
//!
//! `path` computes what is computed unless told otherwise; `pixels` computes PDQ of 4000x3000 RGB pixels.

use std::error::Error;
use std::time::Instant;

use ownprint::{Fingerprinter, HashAlgorithm, Orientation};
use ownprint_benches::{noise, pixels};

const USAGE: &str = "usage: time-doors path FILE RUNS | time-doors pixels RUNS";

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["path", file, runs] => {
            let fingerprinter = Fingerprinter::new();
            time(runs, || fingerprinter.path(file))?;
        }
        ["pixels", runs] => {
            let fingerprinter = Fingerprinter::new().algorithms([HashAlgorithm::PDQ]).digests([]);
            let rgb = noise(4000, 3000);
            let view = pixels(&rgb, 4000, 3000)?;
            time(runs, || fingerprinter.pixels(&view, Orientation::Upright))?;
        }
        _ => return Err(USAGE.into()),
    }
    if let Some(kibibytes) = peak_kibibytes() {
        println!("memory {kibibytes}");
    }
    Ok(())
}

fn time<T>(runs: &str, work: impl Fn() -> Result<T, ownprint::Error>) -> Result<(), Box<dyn Error>> {
    for _ in 0..runs.parse::<u32>()? {
        let start = Instant::now();
        std::hint::black_box(work()?);
        println!("{:.4}", start.elapsed().as_secs_f64() * 1000.0);
    }
    Ok(())
}

/// The most memory that this process has held so far.
fn peak_kibibytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?.split_whitespace().next()?.parse().ok()
}
