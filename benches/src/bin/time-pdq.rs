//! Times PDQ of decoded pixels. `time-pdq WIDTH HEIGHT RUNS [VARIANTS]` prints the milliseconds of
//! each run on a line of its own. If a set of variants is named, it computes these too. On Linux it
//! also prints `memory KIB`: the memory that hashing allocated in addition to the pixels.

use std::time::Instant;

use ownprint::{Error, ExifOrientation, Fingerprinter, HashAlgorithm, VariantSet};
use ownprint_benches::{blocks, noise, peak_kibibytes, pixels};

fn main() -> Result<(), Error> {
    let mut arguments = std::env::args().skip(1).map(|argument| argument.parse::<u32>());
    let mut next = |default| arguments.next().and_then(Result::ok).unwrap_or(default);
    let (width, height, runs) = (next(4000), next(3000), next(10));
    let variants = std::env::args().nth(4).map(|set| set.parse::<VariantSet>()).transpose()?;
    let rgb = if variants.is_some() { blocks(width, height) } else { noise(width, height) };
    let fingerprinter = Fingerprinter::builder()
        .hashes([HashAlgorithm::PDQ])
        .digests([])
        .variants(variants)
        .build();
    let view = pixels(&rgb, width, height)?;
    let before = peak_kibibytes();
    for _ in 0..runs {
        let start = Instant::now();
        let fingerprint = fingerprinter.fingerprint_pixels(&view, ExifOrientation::Normal)?;
        let elapsed = start.elapsed();
        std::hint::black_box(fingerprint);
        println!("{:.4}", elapsed.as_secs_f64() * 1000.0);
    }
    if let (Some(before), Some(after)) = (before, peak_kibibytes()) {
        println!("memory {}", after - before);
    }
    Ok(())
}
