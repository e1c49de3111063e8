//! Times selections of hashes on 4000x3000 pixels of noise, on one thread. `time-hashes NAMES…`
//! prints a line `NAMES<tab>MILLISECONDS` for each selection: the fastest of ten runs.

use std::time::Instant;

use ownprint::{Error, ExifOrientation, Fingerprinter, Selection};
use ownprint_benches::{noise, pixels};

const RUNS: usize = 10;

fn main() -> Result<(), Error> {
    let (width, height) = (4000, 3000);
    let rgb = noise(width, height);
    let view = pixels(&rgb, width, height)?;
    for names in std::env::args().skip(1) {
        let selection: Selection = names.parse()?;
        let fingerprinter = Fingerprinter::builder().selection(selection).build();
        let mut fastest = f64::INFINITY;
        for _ in 0..RUNS {
            let start = Instant::now();
            fingerprinter.fingerprint_pixels(&view, ExifOrientation::Normal)?;
            fastest = fastest.min(start.elapsed().as_secs_f64() * 1000.0);
        }
        println!("{names}\t{fastest:.1}");
    }
    Ok(())
}
