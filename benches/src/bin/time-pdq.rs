//! Times PDQ on decoded pixels: `time-pdq WIDTH HEIGHT RUNS` prints the milliseconds of each run, a line a run.

use std::time::Instant;

use ownprint::{Error, Fingerprinter, HashAlgorithm, Orientation, PixelFormat, Pixels};

fn main() -> Result<(), Error> {
    let mut arguments = std::env::args().skip(1).map(|argument| argument.parse::<u32>());
    let mut next = |default| arguments.next().and_then(Result::ok).unwrap_or(default);
    let (width, height, runs) = (next(4000), next(3000), next(10));
    let rgb = pixels(width, height);
    let fingerprinter = Fingerprinter::new().algorithms([HashAlgorithm::PDQ]).digests([]);
    let view = Pixels::new(&rgb, width, height, PixelFormat::Rgb8)?;
    for _ in 0..runs {
        let start = Instant::now();
        let fingerprint = fingerprinter.pixels(&view, Orientation::Upright)?;
        let elapsed = start.elapsed();
        std::hint::black_box(fingerprint);
        println!("{:.4}", elapsed.as_secs_f64() * 1000.0);
    }
    Ok(())
}

/// Any pixels will do: the time does not depend on them.
fn pixels(width: u32, height: u32) -> Vec<u8> {
    let mut state = 1u64;
    (0..u64::from(width) * u64::from(height) * 3)
        .map(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 56) as u8
        })
        .collect()
}
