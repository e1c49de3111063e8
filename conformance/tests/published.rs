//! Compares ownprint with published hashes of published images, if `OWNPRINT_CORPUS` names the
//! folder with both.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::HashMap;
use std::fs;
use std::path::PathBuf;

use ownprint::{BitHash, Fingerprinter, HashAlgorithm, ImageFingerprint, Orientation};

/// A row of `PUBLISHED_HASHES.tsv`: file, algorithm, hash, quality and source.
struct Published {
    file: String,
    hash: BitHash,
    source: String,
}

/// Returns the folder of the corpus. Prints a message and returns `None` if there is no corpus, or
/// if it has no published hashes.
fn corpus() -> Option<PathBuf> {
    let corpus = std::env::var_os("OWNPRINT_CORPUS")
        .map(PathBuf::from)
        .filter(|corpus| corpus.join("PUBLISHED_HASHES.tsv").is_file());
    if corpus.is_none() {
        eprintln!("skipped: OWNPRINT_CORPUS names no folder with PUBLISHED_HASHES.tsv");
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

/// Compares with the test values of Meta's WebAssembly build, which scales to 512x512 first.
#[test]
fn hashes_of_metas_webassembly_build_match() {
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
    // The build decodes with ImageMagick. `sharpen-a-lot.jpg` differs by two bits with every
    // decoder that was tried, including Pillow. `wee.jpg` (34x42) differs by two bits only with our
    // decoder, whose cosine transform rounds differently from libjpeg. Pillow's pixels give the
    // published hash.
    let known = [("pdq/misc/wee.jpg", 2), ("pdq/bridge-mods/sharpen-a-lot.jpg", 2)];
    assert!(differing.iter().all(|row| known.contains(row)), "{differing:?}");
}

/// The other published values come from an older C++ decoder, Java at full resolution, and a Python
/// program with another scaling filter. Each is similar to `pdq` or `pdq-512`. The rotated bridges
/// are separate files.
#[test]
fn every_other_published_hash_is_within_a_small_distance() {
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
