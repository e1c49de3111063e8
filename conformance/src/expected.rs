//! What the readable oracle says of an image, under every PDQ algorithm.

use ownprint_oracle::pdq::{self as oracle, Plane};

use crate::Raw;

/// An algorithm's name, its one or eight hashes, and the quality.
pub type Hashes = (&'static str, Vec<String>, u8);

/// How luma is computed from RGB triples, width and height.
pub type Luma = fn(&[u8], usize, usize) -> Plane;

/// The values ownprint must give.
#[must_use]
pub fn hashes(raw: &Raw) -> [Hashes; 4] {
    hashes_with(raw, oracle::luma)
}

/// The values of the C++ and Java sources: all the same but luma.
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

/// The hashes as a JSON record has them: `{"pdq":{"hex":…,"quality":…},…}`, eight hashes as a list.
#[must_use]
pub fn to_json(hashes: &[Hashes]) -> serde_json::Value {
    let entry = |hex: &[String], quality: &u8| match hex {
        [hex] => serde_json::json!({ "hex": hex, "quality": quality }),
        eight => serde_json::json!({ "hex": eight, "quality": quality }),
    };
    hashes.iter().map(|(name, hex, quality)| ((*name).to_owned(), entry(hex, quality))).collect()
}
