//! Micro-benchmarks: `cargo bench -p ownprint-benches`.

#![allow(clippy::unwrap_used)]

use divan::Bencher;
use divan::counter::BytesCount;
use ownprint::{DigestAlgorithm, Digester, ExifOrientation, Fingerprinter, HashAlgorithm};
use ownprint_benches::{noise, pixels};

fn main() {
    divan::main();
}

const SIZES: [(u32, u32); 3] = [(512, 512), (1920, 1080), (4000, 3000)];

#[divan::bench(args = HashAlgorithm::all().map(|algorithm| algorithm.name()))]
fn twelve_megapixels(bencher: Bencher<'_, '_>, name: &str) {
    hash(bencher, name.parse().unwrap(), (4000, 3000), ExifOrientation::Normal);
}

#[divan::bench(args = SIZES)]
fn pdq(bencher: Bencher<'_, '_>, size: (u32, u32)) {
    hash(bencher, HashAlgorithm::PDQ, size, ExifOrientation::Normal);
}

/// Measures the cost of applying the EXIF orientation. A rotation by 90 degrees reads columns.
#[divan::bench(args = [1, 3, 6, 8])]
fn pdq_of_rotated_twelve_megapixels(bencher: Bencher<'_, '_>, exif: u16) {
    hash(bencher, HashAlgorithm::PDQ, (4000, 3000), ExifOrientation::from_exif(exif));
}

#[divan::bench(args = DigestAlgorithm::ALL.map(|algorithm| algorithm.name()))]
fn digest(bencher: Bencher<'_, '_>, name: &str) {
    let bytes = noise(1024, 1024);
    let algorithm = name.parse().unwrap();
    bencher.counter(BytesCount::of_slice(&bytes)).bench(|| {
        let mut digester = Digester::new(&[algorithm]);
        digester.update(&bytes);
        digester.finalize()
    });
}

fn hash(
    bencher: Bencher<'_, '_>,
    algorithm: HashAlgorithm,
    (width, height): (u32, u32),
    orientation: ExifOrientation,
) {
    let rgb = noise(width, height);
    let view = pixels(&rgb, width, height).unwrap();
    let fingerprinter = Fingerprinter::builder().hashes([algorithm]).build();
    bencher.bench(|| fingerprinter.fingerprint_pixels(&view, orientation).unwrap());
}
