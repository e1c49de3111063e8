//! Compares PDQ with the reference implementation on edge sizes and on images with many equal
//! values.

#![allow(clippy::unwrap_used)]

use ownprint::{ExifOrientation, Fingerprinter, HashAlgorithm, PixelFormat, Pixels};
use ownprint_oracle::pdq as oracle;

fn noise(seed: u64, width: u32, height: u32) -> Vec<u8> {
    let mut state = seed;
    (0..width * height * 3)
        .map(|_| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 56) as u8
        })
        .collect()
}

fn check(rgb: &[u8], width: u32, height: u32) {
    let (w, h) = (width as usize, height as usize);
    let pixels = Pixels::new(rgb, width, height, PixelFormat::Rgb8).unwrap();
    let fingerprint = Fingerprinter::builder()
        .hashes(HashAlgorithm::all().filter(|it| it.base_name().starts_with("pdq")))
        .build()
        .fingerprint_pixels(&pixels, ExifOrientation::Normal)
        .unwrap();
    let image = fingerprint.image().unwrap();
    let of = |algorithm| {
        let hash = image.hash(algorithm).unwrap();
        let hex: Vec<String> = hash.values.iter().map(|value| value.to_hex()).collect();
        (hex, hash.quality.unwrap().value())
    };
    let (hex, quality) = oracle::hash(rgb, w, h);
    assert_eq!(of(HashAlgorithm::PDQ), (vec![hex], quality), "pdq {width}x{height}");
    let (hex, quality) = oracle::hash_dihedral(rgb, w, h);
    assert_eq!(
        of(HashAlgorithm::PDQ_DIHEDRAL),
        (hex.to_vec(), quality),
        "pdq-dihedral {width}x{height}"
    );
    let (small, w, h) = oracle::nearest_512(rgb, w, h);
    let (hex, quality) = oracle::hash(&small, w, h);
    assert_eq!(of(HashAlgorithm::PDQ_512), (vec![hex], quality), "pdq-512 {width}x{height}");
}

#[test]
fn every_edge_size_equals_the_oracle() {
    let dimensions =
        [1, 4, 5, 6, 8, 31, 63, 64, 65, 100, 127, 128, 129, 255, 257, 511, 512, 513, 700];
    for (index, width) in dimensions.into_iter().enumerate() {
        for height in dimensions {
            check(&noise(index as u64, width, height), width, height);
        }
    }
    for (width, height) in [(1, 5000), (5000, 7), (6, 20000), (65535, 5), (1920, 1080)] {
        check(&noise(7, width, height), width, height);
    }
}
