//! Hashes pixmaps through the API for decoded pixels. Takes paths of `P6` files on standard input
//! or as arguments, and prints one JSON object per line, in the format of `ownprint hash --format
//! jsonl`.
//!
//! Computes all PDQ hashes. `hash-raw --algorithms NAMES PATH…` computes the named hashes.
//!
//! `hash-raw --rounded-each-time PATH…` prints the values of the readable oracle with luma that is
//! rounded after every operation, like in the C++ and Java sources.

use std::error::Error;
use std::io::{BufRead, Write, stdin, stdout};

use ownprint::{ExifOrientation, Fingerprinter, HashAlgorithm, PixelFormat, Pixels};
use ownprint_conformance::{Raw, expected, ppm};
use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let pdq = HashAlgorithm::all().filter(|algorithm| algorithm.base_name().starts_with("pdq"));
    let builder = Fingerprinter::builder().rgb_md5(true).hashes(pdq);
    let fingerprinter = builder.clone().build();
    match arguments.as_slice() {
        [] => stdin().lock().lines().try_for_each(|path| print(&fingerprinter, &path?)),
        [flag, paths @ ..] if flag == "--rounded-each-time" => {
            paths.iter().try_for_each(|path| print_rounded_each_time(path))
        }
        [flag, names, paths @ ..] if flag == "--algorithms" => {
            let named = builder.selection(names.parse()?).build();
            paths.iter().try_for_each(|path| print(&named, path))
        }
        paths => paths.iter().try_for_each(|path| print(&fingerprinter, path)),
    }
}

fn print(fingerprinter: &Fingerprinter, path: &str) -> Result<(), Box<dyn Error>> {
    let raw = read(path)?;
    let pixels = Pixels::new(&raw.rgb, raw.width, raw.height, PixelFormat::Rgb8)?;
    let fingerprint = fingerprinter.fingerprint_pixels(&pixels, ExifOrientation::Normal)?;
    let mut object: Value = serde_json::from_str(&fingerprint.to_json())?;
    object["path"] = json!(path);
    writeln!(stdout(), "{object}")?;
    Ok(())
}

fn print_rounded_each_time(path: &str) -> Result<(), Box<dyn Error>> {
    let hashes = expected::to_json(&expected::hashes_rounded_each_time(&read(path)?));
    writeln!(stdout(), "{}", json!({ "path": path, "hashes": hashes }))?;
    Ok(())
}

fn read(path: &str) -> Result<Raw, Box<dyn Error>> {
    Ok(ppm::read(&std::fs::read(path)?).ok_or_else(|| format!("{path} is not a P6 pixmap"))?)
}
