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
        assert_eq!(sets.keys().collect::<Vec<_>>(), ["wide", "query", vectors::EVERY_EDIT]);
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

/// Paints `inner` on a page of `luma`, with the image's edges in the direction (cosine, sine) and
/// its center at `middle`.
fn on_page(
    inner: &[u8],
    (width, height): (u32, u32),
    (page_width, page_height): (u32, u32),
    middle: (f64, f64),
    (cosine, sine): (f64, f64),
    luma: u8,
) -> Vec<u8> {
    let (mut page, ground) = (Vec::new(), [luma; 3]);
    for y in 0..page_height {
        for x in 0..page_width {
            let (right, down) = (f64::from(x) + 0.5 - middle.0, f64::from(y) + 0.5 - middle.1);
            let across = right * cosine + down * sine + f64::from(width) / 2.0;
            let below = down * cosine - right * sine + f64::from(height) / 2.0;
            let is_inside = (0.0..f64::from(width)).contains(&across)
                && (0.0..f64::from(height)).contains(&below);
            let start = 3 * (below as usize * width as usize + across as usize);
            page.extend(if is_inside { &inner[start..start + 3] } else { &ground });
        }
    }
    page
}

#[test]
fn an_image_on_a_page_is_found_and_deskewed() {
    let (width, height) = (400_u32, 300_u32);
    let bare = Recipe { kind: ownprint_conformance::Kind::Photo, seed: 5, width, height };
    let inner = bare.paint();
    let alone = variants(&bare, "mirror".parse().unwrap()).0.hashes[0].clone();
    let straight = (1.0, 0.0);
    // Sine and cosine of 3.7, -8.8 and 30.5 degrees.
    let [little, more, much] = [(0.9979, 0.0645), (0.9882, -0.153), (0.8616, 0.5075)];
    for (size, middle, direction, luma, name) in [
        ((500, 900), (250.0, 400.0), straight, 255, "trim:background"),
        ((1400, 700), (500.0, 350.0), straight, 30, "trim:background"),
        ((420, 320), (210.0, 160.0), little, 0, "deskew"),
        ((400, 300), (200.0, 150.0), more, 255, "deskew"),
        ((600, 600), (300.0, 300.0), much, 0, "deskew"),
    ] {
        let mut page = on_page(&inner.rgb, (width, height), size, middle, direction, luma);
        // A line of another shade, as text is, that does not touch the image.
        if name == "trim:background" {
            for x in 30..200 {
                for y in 20..60 {
                    page[3 * (y * size.0 as usize + x)..][..3].fill(128);
                }
            }
        }
        let pixels = Pixels::new(&page, size.0, size.1, PixelFormat::Rgb8).unwrap();
        let set = VariantSet::query();
        let fingerprinter = Fingerprinter::builder().variants(Some(set)).build();
        let fingerprint =
            fingerprinter.fingerprint_pixels(&pixels, ExifOrientation::Normal).unwrap();
        let set = fingerprint.image().unwrap().variants.clone().unwrap();
        let found = set.hashes.iter().find(|hash| hash.variant.to_string() == name).unwrap();
        let distance = found.value.distance(&alone.value).unwrap();
        let unchanged = set.hashes[0].value.distance(&alone.value).unwrap();
        assert!(distance <= 24 && unchanged > 31, "{size:?} {name}: {distance} {unchanged}");
        let mirrored = format!("{name}+mirror");
        assert!(set.hashes.iter().any(|hash| hash.variant.to_string() == mirrored));
        let defined = oracle::hash(&page, size.0 as usize, size.1 as usize, name).unwrap();
        let bytes = found.value.as_bytes();
        for (index, (bit, margin)) in defined.bits.iter().zip(&defined.margins).enumerate() {
            let given = bytes[index / 8] >> (7 - index % 8) & 1 == 1;
            assert!(given == *bit || *margin < UNDECIDED, "{size:?} {name}: {index}, {margin}");
        }
    }
}
