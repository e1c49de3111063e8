//! The values of the readable oracle for all PDQ algorithms.

use ownprint_oracle::pdq::{self as oracle, Plane};

use crate::Raw;

/// The name of an algorithm, its one or eight hashes, and the quality.
pub type Hashes = (&'static str, Vec<String>, u8);

/// A function that computes luma from RGB triples, width and height.
pub type Luma = fn(&[u8], usize, usize) -> Plane;

/// Returns the values that ownprint must compute.
#[must_use]
pub fn hashes(raw: &Raw) -> [Hashes; 4] {
    hashes_with(raw, oracle::luma)
}

/// Returns the values of the C++ and Java sources, which differ only in the rounding of luma.
#[must_use]
pub fn hashes_rounded_each_time(raw: &Raw) -> [Hashes; 4] {
    hashes_with(raw, oracle::luma_rounded_each_time)
}

fn hashes_with(raw: &Raw, luma: Luma) -> [Hashes; 4] {
    let (width, height) = (raw.width as usize, raw.height as usize);
    let full = luma(&raw.rgb, width, height);
    let (small, small_width, small_height) = oracle::nearest_512(&raw.rgb, width, height);
    let small = luma(&small, small_width, small_height);
    let one = |name, (hex, quality): (String, u8)| (name, vec![hex], quality);
    let eight = |name, (hex, quality): ([String; 8], u8)| (name, hex.to_vec(), quality);
    [
        one("pdq", oracle::hash_of_luma(full.clone())),
        one("pdq-512", oracle::hash_of_luma(small.clone())),
        eight("pdq-dihedral", oracle::hash_dihedral_of_luma(full)),
        eight("pdq-512-dihedral", oracle::hash_dihedral_of_luma(small)),
    ]
}

/// Formats the hashes like a JSON record: `{"pdq":{"hex":…,"quality":…},…}`, with a list for eight
/// hashes.
#[must_use]
pub fn to_json(hashes: &[Hashes]) -> serde_json::Value {
    let entry = |hex: &[String], quality: &u8| match hex {
        [hex] => serde_json::json!({ "hex": hex, "quality": quality }),
        eight => serde_json::json!({ "hex": eight, "quality": quality }),
    };
    hashes.iter().map(|(name, hex, quality)| ((*name).to_owned(), entry(hex, quality))).collect()
}
