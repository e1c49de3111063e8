//! Times the entry points of the core, as the baseline for the bindings. Runs once for each line on
//! standard input.

use std::error::Error;
use std::time::Instant;

use crate::{noise, peak_kibibytes, pixels};
use ownprint::{ExifOrientation, Fingerprinter, HashAlgorithm};

const USAGE: &str = "usage: path FILE | pixels";

/// Runs `time-entry-points` and `time-entry-points-wiping`, which differ in their allocator.
///
/// # Errors
/// Returns an error for other arguments than `path FILE` or `pixels`, and the errors of the core.
pub fn time_entry_points() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["path", file] => {
            let fingerprinter = Fingerprinter::default();
            time(|| fingerprinter.fingerprint_file(file))?;
        }
        ["pixels"] => {
            let fingerprinter =
                Fingerprinter::builder().hashes([HashAlgorithm::PDQ]).digests([]).build();
            let rgb = noise(4000, 3000);
            let view = pixels(&rgb, 4000, 3000)?;
            time(|| fingerprinter.fingerprint_pixels(&view, ExifOrientation::Normal))?;
        }
        _ => return Err(USAGE.into()),
    }
    if let Some(kibibytes) = peak_kibibytes() {
        println!("memory {kibibytes}");
    }
    Ok(())
}

fn time<T>(work: impl Fn() -> Result<T, ownprint::Error>) -> Result<(), Box<dyn Error>> {
    for line in std::io::stdin().lines() {
        line?;
        let start = Instant::now();
        std::hint::black_box(work()?);
        println!("{:.4}", start.elapsed().as_secs_f64() * 1000.0);
    }
    Ok(())
}
