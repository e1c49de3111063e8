//! Compares ownprint with every committed vector: painted, from its file, and streamed.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::fs;

use ownprint::hash::Comparison;
use ownprint::{
    BitHash, DigestAlgorithm, Digester, ExifOrientation, Fingerprint, Fingerprinter, HashAlgorithm,
    PixelFormat, Pixels, Selection,
};
use ownprint_conformance::{Recipe, ppm, records, vectors};
use serde_json::Value;

fn read(name: &str) -> Value {
    serde_json::from_slice(&fs::read(vectors::folder().join(name)).unwrap()).unwrap()
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().unwrap()
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap()
}

/// Returns a fingerprinter for everything in the vectors.
fn hasher_of(vectors: &Value) -> Fingerprinter {
    let names =
        list(vectors, "images").iter().flat_map(|it| it["hashes"].as_object().unwrap().keys());
    let selection =
        names.cloned().collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>().join(",");
    Fingerprinter::builder()
        .selection(selection.parse::<Selection>().unwrap())
        .rgb_md5(true)
        .build()
}

/// Panics if a hash of `record` differs from the vector.
fn assert_hashes(fingerprint: &Fingerprint, image: &Value) {
    let record: Value = serde_json::from_str(&fingerprint.to_json()).unwrap();
    let name = text(image, "name");
    assert_eq!(record["rgb_md5"], image["rgb_md5"], "{name}: the pixels differ");
    for (algorithm, expected) in image["hashes"].as_object().unwrap() {
        let ours = &record["hashes"][algorithm];
        assert_eq!(
            (&ours["hex"], &ours["quality"]),
            (&expected["hex"], &expected["quality"]),
            "{name} {algorithm}"
        );
    }
}

#[test]
fn hashes_equal_those_of_pdqhash() {
    let listed: Vec<Recipe> = vectors::images().into_iter().map(|(recipe, _)| recipe).collect();
    assert_images(&read("pdq.json"), &listed);
}

/// Checks that the vectors match the current output of the core. The tests of other languages
/// compare their bindings with these vectors.
#[test]
fn record_vectors_are_up_to_date() {
    assert_eq!(read(records::FILE), records::vectors(), "run `cargo xtask vectors`");
}

#[test]
fn hashes_equal_those_of_imagehash() {
    assert_images(&read("imagehash.json"), &vectors::imagehash_images());
}

/// Panics if the vectors do not contain exactly the `listed` images, or if the hash of a painted
/// image differs.
fn assert_images(vectors: &Value, listed: &[Recipe]) {
    let recorded: Vec<&str> =
        list(vectors, "images").iter().map(|image| text(image, "recipe")).collect();
    let listed: Vec<String> = listed.iter().map(ToString::to_string).collect();
    assert_eq!(recorded, listed, "run `cargo xtask vectors`");
    let hasher = hasher_of(vectors);
    for image in list(vectors, "images") {
        let raw = text(image, "recipe").parse::<Recipe>().unwrap().paint();
        let pixels = Pixels::new(&raw.rgb, raw.width, raw.height, PixelFormat::Rgb8).unwrap();
        assert_hashes(&hasher.fingerprint_pixels(&pixels, ExifOrientation::Normal).unwrap(), image);
    }
}

#[test]
fn committed_files_contain_the_painted_pixels() {
    let vectors = read("pdq.json");
    let hasher = hasher_of(&vectors);
    let mut files = 0;
    for image in list(&vectors, "images") {
        let Some(file) = image["file"].as_str() else { continue };
        let bytes = fs::read(vectors::folder().join(file)).unwrap();
        assert_hashes(&hasher.fingerprint_bytes(&bytes).unwrap(), image);
        if let Some(raw) = ppm::read(&bytes) {
            assert_eq!(raw, text(image, "recipe").parse::<Recipe>().unwrap().paint());
        }
        files += 1;
    }
    assert!(files >= 40, "{files} files");
}

#[test]
fn hashes_equal_those_of_img_hash() {
    let vectors = read("img-hash.json");
    let mut compared = 0;
    for image in list(&vectors, "images") {
        let raw =
            ppm::read(&fs::read(vectors::folder().join(text(image, "file"))).unwrap()).unwrap();
        let pixels = Pixels::new(&raw.rgb, raw.width, raw.height, PixelFormat::Rgb8).unwrap();
        let expected = image["hashes"].as_object().unwrap();
        let algorithms = expected.keys().map(|name| name.parse::<HashAlgorithm>().unwrap());
        let fingerprinter = Fingerprinter::builder().hashes(algorithms).build();
        let ours = fingerprinter.fingerprint_pixels(&pixels, ExifOrientation::Normal).unwrap();
        let ours = ours.image().unwrap();
        for (name, hex) in expected {
            let algorithm: HashAlgorithm = name.parse().unwrap();
            let hash = &ours.hash(algorithm).unwrap().values[0];
            assert_eq!(Some(hash.to_hex().as_str()), hex.as_str(), "{} {name}", image["file"]);
            assert_eq!(algorithm.parse_hash(&hash.to_hex()).unwrap(), *hash);
            compared += 1;
        }
        for (name, base64) in image["base64"].as_object().unwrap() {
            let hash = &ours.hash(name.parse().unwrap()).unwrap().values[0];
            assert_eq!(Some(hash.to_base64().as_str()), base64.as_str());
            assert_eq!(BitHash::from_base64(&hash.to_base64()).unwrap(), *hash);
        }
    }
    assert!(compared >= 1500, "{compared} hashes");
}

#[test]
fn digests_equal_the_known_answers() {
    let vectors = read("digests.json");
    let pattern = list(&vectors, "pattern").iter().map(|case| {
        let length = case["length"].as_u64().unwrap() as usize;
        (case, (0..=250).cycle().take(length).collect::<Vec<u8>>())
    });
    let messages = list(&vectors, "messages").iter().map(|case| {
        let repeat = case["repeat"].as_u64().unwrap() as usize;
        (case, text(case, "text").repeat(repeat).into_bytes())
    });
    for (case, bytes) in pattern.chain(messages) {
        let mut digester = Digester::new(&DigestAlgorithm::ALL);
        digester.update(&bytes);
        for digest in digester.finalize() {
            assert_eq!(
                digest.to_hex(),
                text(case, digest.algorithm.name()),
                "{} of {}",
                digest.algorithm,
                bytes.len()
            );
        }
    }
}

#[test]
fn distances_equal_the_known_answers() {
    let vectors = read("hex.json");
    for case in list(&vectors, "distance") {
        let [a, b] = ["a", "b"].map(|key| BitHash::from_hex(text(case, key)).unwrap());
        let comparison = Comparison::new(HashAlgorithm::PDQ, &a, &b).unwrap();
        assert_eq!(u64::from(comparison.distance), case["distance"].as_u64().unwrap(), "{case}");
        assert_eq!(comparison.is_match(), case["match"].as_bool().unwrap(), "{case}");
    }
}

#[test]
fn hexadecimal_is_parsed_and_printed_like_the_vectors() {
    let vectors = read("hex.json");
    for case in list(&vectors, "valid") {
        assert_eq!(BitHash::from_hex(text(case, "text")).unwrap().to_hex(), text(case, "printed"));
    }
    let zero = BitHash::from_hex(&"0".repeat(64)).unwrap();
    for case in list(&vectors, "invalid") {
        // A text with complete bytes but a wrong length parses as a hash, but not as a PDQ hash.
        let comparison = BitHash::from_hex(text(case, "text"))
            .and_then(|hash| Comparison::new(HashAlgorithm::PDQ, &hash, &zero));
        assert!(comparison.is_err(), "{case}");
    }
}

/// The expected values are those of `ImageHash` 4.3.2 with Pillow 12.3.0. One region of this narrow
/// image has no columns, and not more rows than the hash.
#[test]
fn a_region_without_columns_has_a_zero_hash() {
    let raw = "photo:21475:2x65".parse::<Recipe>().unwrap().paint();
    let pixels = Pixels::new(&raw.rgb, raw.width, raw.height, PixelFormat::Rgb8).unwrap();
    let fingerprinter = Fingerprinter::builder().hashes([HashAlgorithm::CROP_RESISTANT]).build();
    let fingerprint = fingerprinter.fingerprint_pixels(&pixels, ExifOrientation::Normal).unwrap();
    let hashes: Vec<String> =
        fingerprint.image().unwrap().hashes[0].values.iter().map(BitHash::to_hex).collect();
    let expected = [
        "007f0000ffff00ff",
        "74feffff52000041",
        "0010ffff00000000",
        "0000000000000000",
        "fffffa0094ae7fff",
        "0048ff1480005452",
    ];
    assert_eq!(hashes, expected);
}
