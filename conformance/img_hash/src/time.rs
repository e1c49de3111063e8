//! Compares the speed of ownprint, img_hash and its successor, on one thread, alternately.

use std::time::Instant;

use ownprint::{ExifOrientation, Fingerprinter, HashAlgorithm, PixelFormat, Pixels};
use ownprint_conformance::{Kind, Recipe};

use crate::reference::{self, Request};

const TURNS: usize = 7;

/// Prints a table for a photograph of this size, with the medians of the times and of their ratios.
pub fn run(width: u32, height: u32) -> Result<(), Box<dyn std::error::Error>> {
    let raw = Recipe { kind: Kind::Photo, seed: 1, width, height }.paint();
    let pixels = Pixels::new(&raw.rgb, width, height, PixelFormat::Rgb8)?;
    let image = reference::image(&raw);
    let successor = decoders::RgbImage::from_raw(width, height, raw.rgb.clone())
        .ok_or("the buffer has a wrong size")?;
    println!(
        "| {width}x{height} | ownprint, ms | img_hash 3.2.0, ms | image_hasher 3.1.1, ms | ratio |"
    );
    println!("|---|---|---|---|---|");
    for request in reference::requests(&[(8, 8)], false) {
        let algorithm: HashAlgorithm = request.name().parse()?;
        let hasher = Fingerprinter::builder().hashes([algorithm]).build();
        let theirs = successor_of(&request);
        let mut rows: [Vec<f64>; 4] = Default::default();
        for _ in 0..TURNS {
            let ours =
                milliseconds(|| drop(hasher.fingerprint_pixels(&pixels, ExifOrientation::Normal)));
            let old = milliseconds(|| drop(request.hash(&image)));
            let new = milliseconds(|| drop(theirs.hash_image(&successor)));
            for (row, value) in rows.iter_mut().zip([ours, old, new, new / ours]) {
                row.push(value);
            }
        }
        let [ours, old, new, ratio] = rows.map(median);
        println!("| `{algorithm}` | {ours:.1} | {old:.1} | {new:.1} | {ratio:.1}x |");
    }
    let all = reference::requests(&[(8, 8)], false);
    let all = all
        .iter()
        .map(|request| request.name().parse())
        .collect::<Result<Vec<HashAlgorithm>, _>>()?;
    let hasher = Fingerprinter::builder().hashes(all).build();
    let ours = (0..TURNS).map(|_| {
        milliseconds(|| drop(hasher.fingerprint_pixels(&pixels, ExifOrientation::Normal)))
    });
    println!("| all nine in one pass | {:.1} | | | |", median(ours.collect()));
    Ok(())
}

fn successor_of(request: &Request) -> image_hasher::Hasher {
    use image_hasher::HashAlg::{Blockhash, DoubleGradient, Gradient, Mean, VertGradient};
    let algorithm = [Mean, Gradient, VertGradient, DoubleGradient, Blockhash][request.algorithm];
    let config = image_hasher::HasherConfig::new()
        .hash_alg(algorithm)
        .hash_size(request.width, request.height);
    if request.dct { config.preproc_dct() } else { config }.to_hasher()
}

fn milliseconds(work: impl FnOnce()) -> f64 {
    let start = Instant::now();
    work();
    start.elapsed().as_secs_f64() * 1000.0
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
