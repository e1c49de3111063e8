//! One object shared by sixteen threads returns the same results as in one thread.

#![allow(clippy::unwrap_used)]

use ownprint::search::Index;
use ownprint::{
    ExifOrientation, Fingerprint, Fingerprinter, HashAlgorithm, PixelFormat, Pixels, Selection,
};

const THREADS: u32 = 16;

/// Returns an image that depends on the seed.
fn fingerprint(fingerprinter: &Fingerprinter, seed: u32) -> Fingerprint {
    let (width, height) = (96, 80);
    let rgb: Vec<u8> =
        (0..width * height * 3_u32).map(|at| (at.wrapping_mul(seed * 2 + 7) >> 3) as u8).collect();
    let pixels = Pixels::new(&rgb, width, height, PixelFormat::Rgb8).unwrap();
    fingerprinter.fingerprint_pixels(&pixels, ExifOrientation::Normal).unwrap()
}

#[test]
fn sixteen_threads_share_a_fingerprinter() {
    let fingerprinter =
        Fingerprinter::builder().selection(Selection::everything()).rgb_md5(true).build();
    let of = |seed| fingerprint(&fingerprinter, seed);
    let alone: Vec<_> = (0..THREADS).map(of).collect();
    std::thread::scope(|scope| {
        for start in 0..THREADS {
            let (of, alone) = (&of, &alone);
            scope.spawn(move || {
                for offset in 0..4 {
                    let seed = (start + offset) % THREADS;
                    assert_eq!(of(seed), alone[seed as usize]);
                }
            });
        }
    });
}

#[test]
fn sixteen_threads_search_an_index() {
    let algorithm = HashAlgorithm::PDQ;
    let fingerprinter = Fingerprinter::builder().hashes([algorithm]).build();
    let pdq = |seed| fingerprint(&fingerprinter, seed).image().unwrap().pdq().unwrap().hash;
    let hashes: Vec<_> = (0..200).map(pdq).collect();
    let mut index = Index::new(algorithm).unwrap();
    for hash in &hashes {
        index.insert(hash, "").unwrap();
    }
    let alone: Vec<_> = hashes.iter().map(|hash| index.within(hash, 90).unwrap()).collect();
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                for (hash, hits) in hashes.iter().zip(&alone) {
                    assert_eq!(index.within(hash, 90).unwrap(), *hits);
                }
            });
        }
    });
}
