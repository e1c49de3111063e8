//! Writes `conformance/vectors/decoders.json` for `cargo xtask decoders`: the pixels that each
//! decoder returns for the repository's own files.
//!
//! Fails if pixels differ and the revision of their decoder is the same
//! (`crates/ownprint-decode/src/revision.rs`).

use std::error::Error;
use std::fs;

use ownprint_conformance::decoders;

fn main() -> Result<(), Box<dyn Error>> {
    if !decoders::is_complete() {
        return Err("this build does not decode every format and codec".into());
    }
    let current = decoders::current()?;
    if let Ok(text) = fs::read_to_string(decoders::path()) {
        let listed = decoders::from_json(&serde_json::from_str(&text)?)?;
        let changed = decoders::changed(&listed, &current);
        if !changed.is_empty() {
            let files = changed.join("\n");
            return Err(format!("raise the revision of the decoder first:\n{files}").into());
        }
    }
    let text = serde_json::to_string_pretty(&decoders::to_json(&current))? + "\n";
    Ok(fs::write(decoders::path(), text)?)
}
