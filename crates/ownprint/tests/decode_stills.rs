//! HEIC, AVIF and JPEG XL: compares the files of `conformance/vectors/stills` with the decoders of
//! Pillow, and decodes thousands of altered files. `conformance/python/make_stills.py` wrote the
//! files and the expected hashes.

#![cfg(all(feature = "heic", feature = "avif", feature = "jxl"))]
#![allow(clippy::unwrap_used)]

mod decode_files;

use std::path::PathBuf;

use decode_files::heif::{Codec, HeifFile, size};
use ownprint::decode::Error;
use ownprint::pixels::LimitKind;
use ownprint::{
    BitHash, DigestAlgorithm, ExifOrientation, Fingerprint, Fingerprinter, FingerprinterBuilder,
    HashAlgorithm, ImageFingerprint, Limits, Orientation, PixelFormat, Pixels, Warning,
};
use serde_json::Value;

/// HEIC, which is converted as libheif does, and lossless JPEG XL.
const SAME_PIXELS: [&str; 8] = [
    "420.heic",
    "444.heic",
    "grey.heic",
    "alpha.heic",
    "10-bit.heic",
    "lossless.jxl",
    "grey-lossless.jxl",
    "alpha-lossless.jxl",
];
/// The maximum of bits by which the PDQ of other files may differ.
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

fn fingerprinter() -> FingerprinterBuilder {
    Fingerprinter::builder()
        .hashes([HashAlgorithm::PDQ])
        .digests([DigestAlgorithm::Md5])
        .rgb_md5(true)
}

/// Fingerprints a file and verifies that its digest is present, whether or not it can be decoded.
fn fingerprint(fingerprinter: FingerprinterBuilder, bytes: &[u8]) -> Fingerprint {
    let fingerprint = fingerprinter.build().fingerprint_bytes(bytes).unwrap();
    assert!(fingerprint.digest(DigestAlgorithm::Md5).is_some());
    fingerprint
}

fn image(fingerprinter: FingerprinterBuilder, bytes: &[u8]) -> Result<ImageFingerprint, Error> {
    fingerprint(fingerprinter, bytes).image().cloned()
}

fn pdq(image: &ImageFingerprint) -> BitHash {
    image.pdq().unwrap().hash
}

#[test]
fn pixels_equal_those_of_pillow_or_hashes_are_similar() {
    let expected = expected();
    assert_eq!(expected.len(), 17);
    for (name, theirs) in &expected {
        let ours =
            image(fingerprinter(), &read(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        let image = &ours.info;
        assert_eq!(image.size.width, theirs["width"], "{name}");
        assert_eq!(image.size.height, theirs["height"], "{name}");
        if SAME_PIXELS.contains(&name.as_str()) {
            assert_eq!(image.rgb_md5.as_deref(), theirs["rgb_md5"].as_str(), "{name}");
        }
        let theirs = BitHash::from_hex(theirs["pdq"].as_str().unwrap()).unwrap();
        let bits = pdq(&ours).distance(&theirs).unwrap();
        println!("{name}: {bits} bits, exact: {}", image.deterministic);
        assert!(bits <= MOST_BITS, "{name}: {bits} bits");
        assert_eq!(image.deterministic, !name.ends_with("lossy.jxl"), "{name}");
        assert!(name.ends_with(image.format.unwrap().name()), "{name}");
    }
}

/// The files of `conformance/python/make_frames.py` contain a pattern, then another image.
#[test]
fn several_frames_or_pages_give_the_first_and_a_warning() {
    let pattern: Vec<u8> = (0..16_u32)
        .flat_map(|y| (0..24_u32).map(move |x| (x, y)))
        .flat_map(|(x, y)| [x * 10, y * 15, (x / 8 + y / 8) % 2 * 200].map(|value| value as u8))
        .collect();
    let pixels = Pixels::new(&pattern, 24, 16, PixelFormat::Rgb8).unwrap();
    let lossless =
        fingerprinter().build().fingerprint_pixels(&pixels, ExifOrientation::Normal).unwrap();
    let lossless = lossless.image().unwrap();
    for name in ["pages.tiff", "animated.jxl", "two.mpo", "animated.avif"] {
        let bytes = std::fs::read(folder().join("../frames").join(name)).unwrap();
        let fingerprint = fingerprint(fingerprinter(), &bytes);
        assert_eq!(fingerprint.warnings(), [Warning::FirstFrameOnly], "{name}");
        let image = fingerprint.image().unwrap();
        if ["pages.tiff", "animated.jxl"].contains(&name) {
            assert_eq!(
                (&image.info.rgb_md5, &image.hashes),
                (&lossless.info.rgb_md5, &lossless.hashes)
            );
        }
        assert_eq!((image.info.size.width, image.info.size.height), (24, 16), "{name}");
    }
}

/// libavif does not decode them (ISO/IEC 23000-22, 7.3.11.4.2).
#[test]
fn avif_grids_that_miaf_forbids_are_refused_by_name() {
    let refused = |file: &HeifFile| image(fingerprinter(), &file.bytes()).unwrap_err();
    let small = HeifFile::grid(Codec::Av1, (2, 1), 32, |at| at + 2);
    assert!(refused(&small).to_string().contains("fewer than 64 pixels"));
    let mut odd = HeifFile::grid(Codec::Av1, (2, 1), 64, |at| at + 2);
    assert!(image(fingerprinter(), &odd.bytes()).is_ok());
    let width = odd.data.len() - 8;
    odd.data[width..][..4].copy_from_slice(&127_u32.to_be_bytes());
    odd.properties[2] = size(127, 64);
    assert!(refused(&odd).to_string().contains("odd size"));
    assert_eq!(refused(&odd).code(), "unsupported-feature");
}

/// Alpha is dropped.
/// Another operating point has another size. The decoder would return the first.
#[test]
fn other_operating_points_are_refused_by_name() {
    let with = |point: u8| {
        let mut bytes = read("420.avif");
        let at = bytes.windows(4).position(|kind| kind == b"pixi").unwrap();
        bytes[at..at + 5].copy_from_slice(&[b'a', b'1', b'o', b'p', point]);
        fingerprint(fingerprinter(), &bytes)
    };
    assert!(with(0).image().is_ok());
    assert_eq!(with(2).image().unwrap_err().code(), "unsupported-feature");
}

#[test]
fn alpha_is_dropped() {
    for (with, without) in [
        ("alpha.heic", "420.heic"),
        ("alpha.avif", "420.avif"),
        ("alpha-lossless.jxl", "lossless.jxl"),
    ] {
        let [with, without] =
            [with, without].map(|name| image(fingerprinter(), &read(name)).unwrap());
        assert_eq!(with.info.rgb_md5, without.info.rgb_md5);
    }
}

/// The rotation of the container is applied once, although the EXIF block of the file contains it
/// too.
#[test]
fn the_rotation_is_applied_once() {
    let file = read("turned.avif");
    let applied = image(fingerprinter(), &file).unwrap();
    assert_eq!(applied.info.orientation, ExifOrientation::Rotated90);
    let ignored = image(fingerprinter().orientation(Orientation::Ignore), &file).unwrap();
    let unrotated = image(fingerprinter(), &read("420.avif")).unwrap();
    assert!(pdq(&ignored).distance(&pdq(&unrotated)).unwrap() <= MOST_BITS);
    assert!(pdq(&applied).distance(&pdq(&unrotated)).unwrap() > 60);
}

#[test]
fn limits_are_checked_before_decoding() {
    for name in expected().keys() {
        let bytes = read(name);
        for limits in [
            Limits { width: 89, ..Limits::default() },
            Limits { height: 89, ..Limits::default() },
            Limits { pixels: 120 * 90 - 1, ..Limits::default() },
            Limits { memory: 120 * 90 * 3 - 1, ..Limits::default() },
            Limits { file_bytes: bytes.len() as u64 - 1, ..Limits::default() },
        ] {
            let error = image(fingerprinter().limits(limits), &bytes).unwrap_err();
            assert_eq!(error.code(), "limit-exceeded", "{name}, {limits:?}");
        }
    }
}

/// Files may have 60 megapixels whatever their length, so only the size in each header is
/// increased.
#[test]
fn the_expansion_limit_rejects_small_files_of_large_images() {
    const STATED: [u8; 8] = [0, 0, 0, 120, 0, 0, 0, 90];
    const LARGE: [u8; 8] = [0, 0, 0x27, 0x10, 0, 0, 0x27, 0x10];
    let mut tried = 0;
    for name in expected().keys() {
        let mut bytes = read(name);
        while let Some(at) = bytes.windows(8).position(|it| it == STATED) {
            bytes[at..at + 8].copy_from_slice(&LARGE);
            tried += 1;
        }
        // The size of JPEG XL is not aligned to bytes; `decode_limits.rs` has a test of it.
        if bytes == read(name) {
            assert!(name.ends_with("jxl"), "{name}");
            continue;
        }
        let strict = Limits { expansion: 20_000, ..Limits::default() };
        let error = image(fingerprinter().limits(strict), &bytes).unwrap_err();
        assert!(
            matches!(
                error,
                Error::LimitExceeded { kind: LimitKind::Expansion, allowed: 20_000, .. }
            ),
            "{name}: {error}"
        );
        let generous = Limits { expansion: u32::MAX, ..Limits::default() };
        let error = image(fingerprinter().limits(generous), &bytes).unwrap_err();
        assert_eq!(error.code(), "damaged", "{name}: {error}");
    }
    assert!(tried > 8, "{tried}");
}

/// A truncated file is an error, or the complete image if only metadata are missing.
#[test]
fn truncated_files_are_errors_or_complete_images() {
    for name in expected().keys() {
        let bytes = read(name);
        let whole = image(fingerprinter(), &bytes).unwrap();
        for part in 1..40 {
            let cut = &bytes[..bytes.len() * part / 40];
            match image(fingerprinter(), cut) {
                Ok(image) => assert_eq!(image.hashes, whole.hashes, "{name}, {part}/40"),
                Err(error) => assert!(is_typed(&error), "{name}, {part}/40: {error}"),
            }
        }
    }
}

#[test]
fn altered_files_are_decoded_or_give_typed_errors() {
    println!("{:?}", mutants(20));
}

/// Ten thousand altered files in total.
#[test]
#[ignore = "takes minutes; `cargo xtask test slow` runs it"]
fn many_altered_files_are_decoded_or_give_typed_errors() {
    println!("{:?}", mutants(640));
}

/// Returns how many altered files were decoded and how many were rejected.
fn mutants(of_each: u64) -> [usize; 2] {
    let limits = Limits { pixels: 1 << 20, memory: 64 << 20, ..Limits::default() };
    let mut counts = [0, 0];
    for (file, name) in expected().keys().enumerate() {
        let bytes = read(name);
        for seed in 0..of_each {
            let mutant = mutant(&bytes, (file as u64) << 32 | seed);
            match image(fingerprinter().limits(limits), &mutant) {
                Ok(image) => {
                    counts[0] += 1;
                    let size = image.info.stored;
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

/// Returns the file with one to eight bytes altered, mostly in the first half, which contains the
/// headers.
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
