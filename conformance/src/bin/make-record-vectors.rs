//! Writes `conformance/vectors/records.json` for `cargo xtask vectors`.

use std::error::Error;
use std::fs;

use ownprint_conformance::{records, vectors};

fn main() -> Result<(), Box<dyn Error>> {
    let text = serde_json::to_string_pretty(&records::vectors())? + "\n";
    Ok(fs::write(vectors::folder().join(records::FILE), text)?)
}
