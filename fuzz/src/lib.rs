//! What must hold of any bytes at all: each target is a function that panics where it does not.
//!
//! libFuzzer calls them with bytes of its own making (`cargo xtask fuzz`); the test in
//! `tests/corpus.rs` with the committed corpus and a fixed number of changes to it, on any
//! compiler.

mod decoding;
mod pixels;
mod texts;

/// The name of a target, which is also its folder in `corpus/`, and its function.
pub type Target = (&'static str, fn(&[u8]));

/// The targets.
pub const TARGETS: &[Target] = &[
    ("decode-jpeg", |bytes| decoding::decode("jpeg", bytes)),
    ("decode-png", |bytes| decoding::decode("png", bytes)),
    ("decode-gif", |bytes| decoding::decode("gif", bytes)),
    ("decode-webp", |bytes| decoding::decode("webp", bytes)),
    ("decode-bmp", |bytes| decoding::decode("bmp", bytes)),
    ("decode-tiff", |bytes| decoding::decode("tiff", bytes)),
    ("decode-pnm", |bytes| decoding::decode("pnm", bytes)),
    ("decode-heic", |bytes| decoding::decode("heic", bytes)),
    ("decode-avif", |bytes| decoding::decode("avif", bytes)),
    ("decode-jxl", |bytes| decoding::decode("jxl", bytes)),
    ("video", decoding::video),
    ("every-hash", decoding::every_hash),
    ("pieces", decoding::pieces),
    ("pixels", pixels::every_layout),
    ("pdq-oracle", pixels::pdq_as_the_oracle),
    ("variants", pixels::variants),
    ("hashes", texts::hashes),
    ("names", texts::names),
    ("lists", texts::lists),
    ("records", texts::records),
    ("index", texts::index),
];
