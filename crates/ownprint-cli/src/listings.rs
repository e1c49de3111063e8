//! `ownprint formats` and `ownprint algorithms`: what this build can do, as the library states it.

use std::fmt::Write;

use ownprint::{DigestAlgorithm, Format, HashAlgorithm, Limits};
use serde_json::{Value, json};

use crate::arguments::TextOrJson;

pub(crate) fn formats(format: TextOrJson) -> String {
    if format == TextOrJson::Json {
        return lines_of(&capabilities()["formats"]);
    }
    let mut text = String::from("FORMAT  WHAT IS DONE WITH IT      EXACT\n");
    for format in Format::ALL {
        let done = if format.is_decodable() { "decoded and hashed" } else { "recognised; digests only" };
        let exact = if format.is_always_deterministic() { "always" } else { "lossless images" };
        let _ = writeln!(text, "{format:<6}  {done:<24}  {exact}");
    }
    let limits = Limits::default();
    let _ = writeln!(
        text,
        "\nExact: the same pixels of a file, and so the same hashes, on every machine.\n\
         A file is known by its first bytes, never by its name. Any other file gets its digests.\n\
         A build decodes the formats whose features it has, which are named as the formats.\n\
         Limits, unless others are set: {} MiB a file, {} pixels a side, {} million pixels, {} MiB of\n\
         memory, {} decoded bytes for each byte of the file.",
        limits.file_bytes >> 20,
        limits.width,
        limits.pixels / 1_000_000,
        limits.memory >> 20,
        limits.expansion
    );
    text
}

pub(crate) fn algorithms(format: TextOrJson) -> String {
    if format == TextOrJson::Json {
        let mut all = capabilities();
        return lines_of(&json!({ "hashes": all["hashes"].take(), "digests": all["digests"].take() }));
    }
    let width = HashAlgorithm::all().map(|hash| hash.name().len()).max().unwrap_or_default();
    let mut text = format!("{:<width$}   BITS  MATCH AT\n", "HASH");
    for hash in HashAlgorithm::all() {
        let bits = match hash.hashes() {
            Some(1) => hash.bits().to_string(),
            Some(hashes) => format!("{hashes}x{}", hash.bits()),
            None => format!("Nx{}", hash.bits()),
        };
        let _ = writeln!(text, "{hash:<width$}  {bits:>5}  {:>8}", format!("<= {}", hash.threshold()));
        let _ = writeln!(text, "  equals {}", hash.reference());
    }
    let _ = writeln!(text, "\n{:<width$}   BITS", "DIGEST");
    for digest in DigestAlgorithm::ALL {
        let _ = writeln!(text, "{digest:<width$}  {:>5}", digest.bits());
    }
    text
}

fn capabilities() -> Value {
    serde_json::from_str(&ownprint::capabilities()).unwrap_or_default()
}

fn lines_of(value: &Value) -> String {
    format!("{value:#}\n")
}
