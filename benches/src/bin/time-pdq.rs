//! Times PDQ on decoded pixels: `time-pdq WIDTH HEIGHT RUNS` prints the milliseconds of each run, a line a run.

use std::time::Instant;

use ownprint::{Error, Fingerprinter, HashAlgorithm, Orientation};
use ownprint_benches::{noise, pixels};

fn main() -> Result<(), Error> {
    let mut arguments = std::env::args().skip(1).map(|argument| argument.parse::<u32>());
    let mut next = |default| arguments.next().and_then(Result::ok).unwrap_or(default);
    let (width, height, runs) = (next(4000), next(3000), next(10));
    let rgb = noise(width, height);
    let fingerprinter = Fingerprinter::new().algorithms([HashAlgorithm::PDQ]).digests([]);
    let view = pixels(&rgb, width, height)?;
    for _ in 0..runs {
        let start = Instant::now();
        let fingerprint = fingerprinter.pixels(&view, Orientation::Upright)?;
        let elapsed = start.elapsed();
        std::hint::black_box(fingerprint);
        println!("{:.4}", elapsed.as_secs_f64() * 1000.0);
    }
    Ok(())
}
