//! HEIC, AVIF and JPEG XL: the files of `conformance/vectors/stills` beside what Pillow makes of them, and thousands of their
//! mutants. `conformance/python/make_stills.py` wrote both.

#![cfg(all(feature = "heic", feature = "avif", feature = "jxl"))]
#![allow(clippy::unwrap_used)]

use std::path::PathBuf;

use ownprint::pixels::LimitKind;
use ownprint::{
    BitHash, Error, ExifOrientation, Fingerprint, Fingerprinter, HashAlgorithm, Limits, Orientation,
};
use serde_json::Value;

/// What has whole chroma, or none, has nothing that two decoders may round differently; of HEIC and JPEG XL.
const SAME_PIXELS: [&str; 5] =
    ["444.heic", "grey.heic", "lossless.jxl", "grey-lossless.jxl", "alpha-lossless.jxl"];
/// Bits by which PDQ may differ elsewhere.
const MOST_BITS: u32 = 2;

fn folder() -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "../../conformance/vectors/stills"].iter().collect()
}

fn read(name: &str) -> Vec<u8> {
    std::fs::read(folder().join(name)).unwrap()
}

fn expected() -> serde_json::Map<String, Value> {
    serde_json::from_slice(&read("expected.json")).unwrap()
}

fn fingerprinter() -> Fingerprinter {
    Fingerprinter::builder().hashes([HashAlgorithm::PDQ]).digests([]).rgb_md5(true)
}

fn pdq(fingerprint: &Fingerprint) -> &BitHash {
    &fingerprint.hash(HashAlgorithm::PDQ).unwrap().values[0]
}

#[test]
fn files_give_the_pixels_of_pillow_or_hashes_next_to_its_own() {
    let expected = expected();
    assert_eq!(expected.len(), 16);
    for (name, theirs) in &expected {
        let ours = fingerprinter().bytes(&read(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        let image = ours.image.as_ref().unwrap();
        assert_eq!(image.size.width, theirs["width"], "{name}");
        assert_eq!(image.size.height, theirs["height"], "{name}");
        if SAME_PIXELS.contains(&name.as_str()) {
            assert_eq!(image.rgb_md5.as_deref(), theirs["rgb_md5"].as_str(), "{name}");
        }
        let theirs = BitHash::from_hex(theirs["pdq"].as_str().unwrap()).unwrap();
        let bits = pdq(&ours).distance(&theirs).unwrap();
        println!("{name}: {bits} bits, exact: {}", image.deterministic);
        assert!(bits <= MOST_BITS, "{name}: {bits} bits");
        assert_eq!(image.deterministic, name != "lossy.jxl", "{name}");
        assert!(name.ends_with(image.format.unwrap().name()), "{name}");
    }
}

/// Alpha is no part of the image.
#[test]
fn alpha_is_dropped() {
    for (with, without) in
        [("alpha.heic", "420.heic"), ("alpha.avif", "420.avif"), ("alpha-lossless.jxl", "lossless.jxl")]
    {
        let [with, without] = [with, without].map(|name| fingerprinter().bytes(&read(name)).unwrap());
        assert_eq!(with.image.unwrap().rgb_md5, without.image.unwrap().rgb_md5);
    }
}

/// The container's turn, once: the file's EXIF block says the same.
#[test]
fn an_image_is_turned_once() {
    let turned = fingerprinter().bytes(&read("turned.avif")).unwrap();
    assert_eq!(turned.image.as_ref().unwrap().orientation, ExifOrientation::Rotated90);
    let stored = fingerprinter().orientation(Orientation::Ignore).bytes(&read("turned.avif")).unwrap();
    let upright = fingerprinter().bytes(&read("420.avif")).unwrap();
    assert!(pdq(&stored).distance(pdq(&upright)).unwrap() <= MOST_BITS);
    assert!(pdq(&turned).distance(pdq(&upright)).unwrap() > 60);
}

#[test]
fn what_is_over_a_limit_is_refused_before_anything_is_decoded() {
    for name in expected().keys() {
        let bytes = read(name);
        for limits in [
            Limits { width: 89, ..Limits::default() },
            Limits { height: 89, ..Limits::default() },
            Limits { pixels: 120 * 90 - 1, ..Limits::default() },
            Limits { memory: 120 * 90 * 3 - 1, ..Limits::default() },
            Limits { file_bytes: bytes.len() as u64 - 1, ..Limits::default() },
        ] {
            let error = fingerprinter().limits(limits).bytes(&bytes).unwrap_err();
            assert_eq!(error.code(), "limit-exceeded", "{name}, {limits:?}");
        }
    }
}

/// Up to 64 MiB are allowed to any file, so the size that each states is made larger, and nothing else of it.
#[test]
fn a_small_file_may_not_be_a_large_image() {
    const STATED: [u8; 8] = [0, 0, 0, 120, 0, 0, 0, 90];
    const LARGE: [u8; 8] = [0, 0, 0x27, 0x10, 0, 0, 0x27, 0x10];
    let mut tried = 0;
    for name in expected().keys() {
        let mut bytes = read(name);
        while let Some(at) = bytes.windows(8).position(|it| it == STATED) {
            bytes[at..at + 8].copy_from_slice(&LARGE);
            tried += 1;
        }
        // JPEG XL has its size in bits: `decode_limits.rs` writes one.
        if bytes == read(name) {
            assert!(name.ends_with("jxl"), "{name}");
            continue;
        }
        let error = fingerprinter().bytes(&bytes).unwrap_err();
        assert!(
            matches!(error, Error::LimitExceeded { kind: LimitKind::Expansion, allowed: 200, .. }),
            "{name}: {error}"
        );
        let generous = Limits { expansion: u32::MAX, ..Limits::default() };
        let error = fingerprinter().limits(generous).bytes(&bytes).unwrap_err();
        assert_eq!(error.code(), "damaged", "{name}: {error}");
    }
    assert!(tried > 8, "{tried}");
}

/// Whatever is cut off a file, the result is an error that says so, or the whole image where only metadata are missing.
#[test]
fn cut_files_are_errors() {
    for name in expected().keys() {
        let bytes = read(name);
        let whole = fingerprinter().bytes(&bytes).unwrap();
        for part in 1..40 {
            let cut = &bytes[..bytes.len() * part / 40];
            match fingerprinter().bytes(cut) {
                Ok(fingerprint) => assert_eq!(fingerprint.hashes, whole.hashes, "{name}, {part}/40"),
                Err(error) => assert!(is_typed(&error), "{name}, {part}/40: {error}"),
            }
        }
    }
}

#[test]
fn mutants_are_images_or_typed_errors() {
    println!("{:?}", mutants(20));
}

/// Ten thousand in all.
#[test]
#[ignore = "minutes"]
fn many_mutants_are_images_or_typed_errors() {
    println!("{:?}", mutants(640));
}

/// How many of so many mutants of each file were decoded, and how many refused.
fn mutants(of_each: u64) -> [usize; 2] {
    let limits = Limits { pixels: 1 << 20, memory: 64 << 20, ..Limits::default() };
    let mut counts = [0, 0];
    for (file, name) in expected().keys().enumerate() {
        let bytes = read(name);
        for seed in 0..of_each {
            let mutant = mutant(&bytes, (file as u64) << 32 | seed);
            match fingerprinter().limits(limits).bytes(&mutant) {
                Ok(fingerprint) => {
                    counts[0] += 1;
                    let size = fingerprint.image.unwrap().stored;
                    assert!(size.pixels() <= limits.pixels, "{name}, mutant {seed}");
                }
                Err(error) => {
                    counts[1] += 1;
                    assert!(is_typed(&error), "{name}, mutant {seed}: {error}");
                }
            }
        }
    }
    counts
}

fn is_typed(error: &Error) -> bool {
    matches!(
        error.code(),
        "truncated"
            | "damaged"
            | "unsupported-feature"
            | "unsupported-format"
            | "limit-exceeded"
            | "not-an-image"
    )
}

/// One to eight bytes changed, one bit or all of it, in the first half more often: there the structure is.
fn mutant(bytes: &[u8], seed: u64) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x2545_f491_4f6c_dd1d;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    let mut bytes = bytes.to_vec();
    for _ in 0..=next() % 8 {
        let within = if next() % 2 == 0 { bytes.len() } else { bytes.len() / 2 };
        let at = next() as usize % within;
        bytes[at] ^= if next() % 2 == 0 { 1 << (next() % 8) } else { next() as u8 };
    }
    bytes
}
