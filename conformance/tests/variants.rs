//! Compares the hashes of variants with the committed vectors and with the readable oracle.

#![allow(clippy::unwrap_used)]

use std::fs;

use ownprint::hash::VariantHashes;
use ownprint::{ExifOrientation, Fingerprinter, PixelFormat, Pixels, VariantSet};
use ownprint_conformance::{Recipe, vectors};
use ownprint_oracle::variants as oracle;
use serde_json::Value;

fn variants(recipe: &Recipe, set: VariantSet) -> (VariantHashes, Value) {
    let raw = recipe.paint();
    let pixels = Pixels::new(&raw.rgb, raw.width, raw.height, PixelFormat::Rgb8).unwrap();
    let fingerprinter = Fingerprinter::builder().variants(Some(set)).build();
    let fingerprint = fingerprinter.fingerprint_pixels(&pixels, ExifOrientation::Normal).unwrap();
    let record: Value = serde_json::from_str(&fingerprint.to_json()).unwrap();
    (fingerprint.image().unwrap().variants.clone().unwrap(), record["variants"].clone())
}

#[test]
fn hashes_of_variants_equal_the_vectors() {
    let file: Value =
        serde_json::from_slice(&fs::read(vectors::folder().join("variants.json")).unwrap())
            .unwrap();
    let images = file["images"].as_array().unwrap();
    let listed: Vec<String> = vectors::variant_images().iter().map(ToString::to_string).collect();
    let recipes: Vec<&str> = images.iter().map(|it| it["recipe"].as_str().unwrap()).collect();
    assert_eq!(recipes, listed);
    for image in images {
        let recipe: Recipe = image["recipe"].as_str().unwrap().parse().unwrap();
        let sets = image["variants"].as_object().unwrap();
        assert_eq!(sets.keys().collect::<Vec<_>>(), ["wide", vectors::EVERY_EDIT]);
        for (set, expected) in sets {
            let (_, record) = variants(&recipe, set.parse().unwrap());
            assert_eq!(&record, expected, "{recipe} {set}");
        }
    }
}

/// If a coefficient is this close to the median, rounding may decide its bit: the samples, up to
/// 255, are `f32`.
const UNDECIDED: f64 = 0.01;

#[test]
fn every_edit_equals_the_oracle() {
    let sizes = [
        (120, 90),
        (77, 130),
        (301, 199),
        (700, 520),
        (513, 512),
        (1300, 900),
        (1000, 60),
        (64, 64),
    ];
    let mut compared = 0;
    for (seed, (width, height)) in (1..).zip(sizes) {
        let recipe: Recipe = format!("photo:{seed}:{width}x{height}").parse().unwrap();
        let raw = recipe.paint();
        let names = VariantSet::new(
            [VariantSet::wide(), vectors::EVERY_EDIT.parse().unwrap()]
                .iter()
                .flat_map(|set: &VariantSet| {
                    // The second set repeats some variants of the first.
                    set.variants().to_vec()
                })
                .collect::<std::collections::BTreeSet<_>>(),
        );
        let (set, _) = variants(&recipe, names.unwrap().with_min_distance(0));
        for hash in set.hashes.iter().skip(1) {
            let name = hash.variant.to_string();
            let defined = oracle::hash(&raw.rgb, width, height, &name).unwrap();
            let bytes = hash.value.as_bytes();
            for (index, (bit, margin)) in defined.bits.iter().zip(&defined.margins).enumerate() {
                let given = bytes[index / 8] >> (7 - index % 8) & 1 == 1;
                assert!(
                    given == *bit || *margin < UNDECIDED,
                    "{recipe} {name}: bit {index}, {margin}"
                );
                compared += u32::from(*margin >= UNDECIDED);
            }
            assert!(hash.quality.value().abs_diff(defined.quality) <= 1, "{recipe} {name}");
        }
    }
    // 70 variants of 8 images, with nearly all bits of each.
    assert!(compared > 8 * 60 * 240, "{compared} bits");
}

#[test]
fn a_border_is_detected_and_trim_hashes_the_image_without_it() {
    let (width, height) = (400_u32, 300_u32);
    let bare = Recipe { kind: ownprint_conformance::Kind::Photo, seed: 5, width, height };
    let inner = bare.paint();
    let hash_of = |rgb: &[u8], width, height, set: &str| {
        let pixels = Pixels::new(rgb, width, height, PixelFormat::Rgb8).unwrap();
        let fingerprinter = Fingerprinter::builder().variants(Some(set.parse().unwrap())).build();
        let fingerprint =
            fingerprinter.fingerprint_pixels(&pixels, ExifOrientation::Normal).unwrap();
        fingerprint.image().unwrap().variants.clone().unwrap()
    };
    let alone = hash_of(&inner.rgb, width, height, "trim");
    assert_eq!(alone.hashes.len(), 1, "a landscape has no border");
    for (left, above, right, below) in
        [(40, 30, 40, 30), (0, 70, 0, 70), (90, 0, 10, 0), (0, 0, 0, 24)]
    {
        let (outer_width, outer_height) = (width + left + right, height + above + below);
        let mut framed = vec![250; (outer_width * outer_height * 3) as usize];
        for (y, row) in inner.rgb.chunks_exact(3 * width as usize).enumerate() {
            let start = 3 * ((y + above as usize) * outer_width as usize + left as usize);
            framed[start..start + row.len()].copy_from_slice(row);
        }
        let set = hash_of(&framed, outer_width, outer_height, "trim,trim+mirror");
        let names: Vec<String> = set.hashes.iter().map(|hash| hash.variant.to_string()).collect();
        assert_eq!(names, ["original", "trim", "trim+mirror"]);
        let distance =
            |hash: usize| set.hashes[hash].value.distance(&alone.hashes[0].value).unwrap();
        assert!(
            distance(1) <= 10 && distance(0) > 31,
            "{left} {above}: {} {}",
            distance(1),
            distance(0)
        );
        let defined =
            oracle::hash(&framed, outer_width as usize, outer_height as usize, "trim").unwrap();
        let bits = defined
            .bits
            .chunks(8)
            .map(|bits| bits.iter().fold(0, |byte, bit| byte << 1 | u8::from(*bit)));
        assert_eq!(bits.collect::<Vec<u8>>(), set.hashes[1].value.as_bytes());
    }
}
