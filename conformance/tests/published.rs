//! Hashes that other people published of images they published, where `OWNPRINT_CORPUS` names the
//! folder with both.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::HashMap;
use std::fs;
use std::path::PathBuf;

use ownprint::{BitHash, Fingerprinter, HashAlgorithm, ImageFingerprint, Orientation};

/// A row of `PUBLISHED_HASHES.tsv`: file, algorithm, hash, quality, where it was published.
struct Published {
    file: String,
    hash: BitHash,
    source: String,
}

/// `None`, after saying so, where there is no corpus.
fn corpus() -> Option<PathBuf> {
    let corpus =
        std::env::var_os("OWNPRINT_CORPUS").filter(|corpus| !corpus.is_empty()).map(PathBuf::from);
    if corpus.is_none() {
        eprintln!("skipped: OWNPRINT_CORPUS names no folder of images");
    }
    corpus
}

fn published(corpus: &std::path::Path) -> Vec<Published> {
    let table = fs::read_to_string(corpus.join("PUBLISHED_HASHES.tsv")).unwrap();
    let rows = table.lines().skip(1).map(|line| line.split('\t').collect::<Vec<_>>());
    rows.filter(|fields| fields[1] == "pdq")
        .map(|fields| Published {
            file: fields[0].to_owned(),
            hash: BitHash::from_hex(fields[2]).unwrap(),
            source: fields[4].to_owned(),
        })
        .collect()
}

fn fingerprints(corpus: &std::path::Path, rows: &[Published]) -> HashMap<String, ImageFingerprint> {
    let hasher = Fingerprinter::builder()
        .hashes(HashAlgorithm::all().filter(|it| it.base_name().starts_with("pdq")))
        .orientation(Orientation::Ignore)
        .digests([])
        .build();
    let mut fingerprints = HashMap::new();
    for row in rows {
        fingerprints.entry(row.file.clone()).or_insert_with(|| {
            let fingerprint = hasher.fingerprint_file(corpus.join(&row.file)).unwrap();
            fingerprint.image().unwrap_or_else(|error| panic!("{}: {error}", row.file)).clone()
        });
    }
    fingerprints
}

fn distance(image: &ImageFingerprint, algorithm: HashAlgorithm, row: &Published) -> u32 {
    image.hash(algorithm).unwrap().values[0].distance(&row.hash).unwrap()
}

/// Meta's WebAssembly build publishes its own test values; it reduces to 512x512 first.
#[test]
fn the_webassembly_builds_hashes_are_ours() {
    let Some(corpus) = corpus() else { return };
    let mut rows = published(&corpus);
    rows.retain(|row| row.source.contains("PDQMD5TestData.csv"));
    let fingerprints = fingerprints(&corpus, &rows);
    let mut differing = Vec::new();
    for row in &rows {
        match distance(&fingerprints[&row.file], HashAlgorithm::PDQ_512, row) {
            0 => {}
            distance => differing.push((row.file.as_str(), distance)),
        }
    }
    println!(
        "{} rows, {} equal, differing: {differing:?}",
        rows.len(),
        rows.len() - differing.len()
    );
    assert!(rows.len() >= 15, "{} rows", rows.len());
    // The build decodes with ImageMagick. `sharpen-a-lot.jpg` comes out two bits away with every
    // decoder tried here, Pillow's among them; `wee.jpg` (34x42) with ours only, which rounds
    // its cosine transform otherwise than libjpeg: from Pillow's pixels its hash is the
    // published one.
    let known = [("pdq/misc/wee.jpg", 2), ("pdq/bridge-mods/sharpen-a-lot.jpg", 2)];
    assert!(differing.iter().all(|row| known.contains(row)), "{differing:?}");
}

/// The other published values come from an older C++ decoder, Java at full resolution, and a Python
/// program that shrinks with another filter: each is near one of our two pipelines. The turned
/// bridges are files of their own.
#[test]
fn every_other_published_hash_is_near() {
    let Some(corpus) = corpus() else { return };
    let mut rows = published(&corpus);
    rows.retain(|row| !row.source.contains("PDQMD5TestData.csv"));
    let fingerprints = fingerprints(&corpus, &rows);
    let mut far = Vec::new();
    let mut compared = 0;
    for row in &rows {
        let image = &fingerprints[&row.file];
        let quality = image.hash(HashAlgorithm::PDQ).unwrap().quality.unwrap();
        if quality.value() < 80 {
            println!("{}: quality {quality}, not compared", row.file);
            continue;
        }
        let [full, reduced] = [HashAlgorithm::PDQ, HashAlgorithm::PDQ_512]
            .map(|algorithm| distance(image, algorithm, row));
        println!("{} pdq {full} pdq-512 {reduced} ({})", row.file, row.source);
        compared += 1;
        if full.min(reduced) > 10 {
            far.push((&row.file, full, reduced, &row.source));
        }
    }
    assert!(compared >= 30, "{compared} rows");
    assert!(far.is_empty(), "{far:#?}");
}
