//! Measures the time of a JPEG fingerprint in addition to decoding. `time-jpeg FILE RUNS` prints
//! one line per run: the milliseconds of the decoder alone, and the milliseconds of the complete
//! fingerprint without digests. Both are measured alternately, because the speed of the machine
//! drifts.

use std::error::Error;
use std::time::{Duration, Instant};

use ownprint::{Fingerprinter, HashAlgorithm};
use zune_core::bytestream::ZCursor;
use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;
use zune_jpeg::JpegDecoder;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let file = arguments.next().ok_or("usage: time-jpeg FILE RUNS")?;
    let runs: usize = arguments.next().ok_or("usage: time-jpeg FILE RUNS")?.parse()?;
    let bytes = std::fs::read(file)?;
    let fingerprinter = Fingerprinter::builder().hashes([HashAlgorithm::PDQ]).digests([]).build();
    for _ in 0..runs {
        let decoding = decode(&bytes)?;
        let start = Instant::now();
        std::hint::black_box(fingerprinter.fingerprint_bytes(&bytes)?.into_complete()?);
        println!("{:.4} {:.4}", milliseconds(decoding), milliseconds(start.elapsed()));
    }
    Ok(())
}

fn decode(bytes: &[u8]) -> Result<Duration, Box<dyn Error>> {
    let start = Instant::now();
    let options = DecoderOptions::default()
        .set_strict_mode(true)
        .set_max_width(usize::MAX)
        .set_max_height(usize::MAX)
        .jpeg_set_out_colorspace(ColorSpace::RGB);
    let pixels = JpegDecoder::new_with_options(ZCursor::new(bytes), options)
        .decode()
        .map_err(|error| format!("{error:?}"))?;
    std::hint::black_box(&pixels);
    drop(pixels);
    Ok(start.elapsed())
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}
