//! The committed header is the one that cbindgen generates, and unsafe code is where it belongs.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::fs;
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn sources(folder: &Path) -> Vec<(String, String)> {
    let mut files: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let source = |path: PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        (name, fs::read_to_string(path).unwrap())
    };
    files.into_iter().map(source).collect()
}

/// `cargo xtask header` sets the variable, and the test writes the header.
#[test]
fn the_header_is_up_to_date() {
    let path = folder().join("include/ownprint.h");
    let config = cbindgen::Config::from_file(folder().join("cbindgen.toml")).unwrap();
    let mut generated = Vec::new();
    let builder = cbindgen::Builder::new().with_config(config);
    // In this order, so that a type is declared before its first use.
    let sources =
        ["error", "library", "options", "fingerprinter", "fingerprint", "stream", "hash", "index"];
    let builder = sources
        .iter()
        .fold(builder, |builder, name| builder.with_src(folder().join(format!("src/{name}.rs"))));
    builder.generate().unwrap().write(&mut generated);
    if std::env::var_os("OWNPRINT_WRITE_HEADER").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, &generated).unwrap();
    }
    let committed = fs::read(&path).unwrap_or_default();
    assert!(
        String::from_utf8(generated) == String::from_utf8(committed),
        "include/ownprint.h is out of date; `cargo xtask header` writes it"
    );
}

/// Outside of `memory.rs`, the word stands only in the attribute of exported functions.
#[test]
fn only_the_conversions_are_unsafe() {
    for (name, text) in sources(&folder().join("src")) {
        let lines = text.lines().map(str::trim).filter(|line| !line.starts_with("//"));
        for line in lines.filter(|line| line.contains("unsafe") && name != "memory.rs") {
            assert_eq!(line, "#[unsafe(no_mangle)]", "{name}");
        }
    }
}
