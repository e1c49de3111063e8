//! `ownprint formats` and `ownprint algorithms`: the capabilities of this build.

use std::fmt::Write;

use ownprint::decode::can_decode;
use ownprint::{DigestAlgorithm, Format, HashAlgorithm, Limits};
use serde_json::{Value, json};

use crate::arguments::TextOrJson;

pub(crate) fn formats(format: TextOrJson) -> String {
    if format == TextOrJson::Json {
        return lines_of(&capabilities()["formats"]);
    }
    let mut text = String::from("FORMAT  SUPPORT                   DETERMINISTIC\n");
    for format in Format::ALL {
        let support =
            if can_decode(format) { "decoded and hashed" } else { "recognized; digests only" };
        let deterministic =
            if format.is_always_deterministic() { "always" } else { "lossless images" };
        let _ = writeln!(text, "{format:<6}  {support:<24}  {deterministic}");
    }
    let limits = Limits::default();
    let _ = writeln!(
        text,
        "\nVideos: frames of MP4, MOV, WebM and Matroska files are hashed as vpdq.\n\
         Deterministic: a file has the same pixels, and so the same hashes, on every machine.\n\
         Formats are detected by the first bytes of a file, never by its name. Files in other formats\n\
         get digests.\n\
         Default limits: {} MiB a file, {} pixels wide and high, {} million pixels, {} MiB of memory,\n\
         {} decoded bytes for each byte of the file.",
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
        return lines_of(
            &json!({ "hashes": all["hashes"].take(), "digests": all["digests"].take() }),
        );
    }
    let width = HashAlgorithm::all().map(|hash| hash.name().len()).max().unwrap_or_default();
    let mut text = format!("{:<width$}   BITS  MATCH AT\n", "HASH");
    for hash in HashAlgorithm::all() {
        let bits = match hash.hashes() {
            Some(1) => hash.bits().to_string(),
            Some(hashes) => format!("{hashes}x{}", hash.bits()),
            None => format!("Nx{}", hash.bits()),
        };
        let _ =
            writeln!(text, "{hash:<width$}  {bits:>5}  {:>8}", format!("<= {}", hash.threshold()));
        let _ = writeln!(text, "  equals {}", hash.reference());
    }
    let frame = format!("Nx{}", HashAlgorithm::PDQ.bits());
    let _ = writeln!(text, "\n{:<width$}   BITS", "HASHES OF VIDEOS");
    let _ = writeln!(text, "{:<width$}  {frame:>5}", "vpdq");
    let _ = writeln!(text, "  equals the vPDQ of ThreatExchange: PDQ of frames");
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
