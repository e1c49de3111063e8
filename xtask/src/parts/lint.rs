//! What a reader would complain of before a test does.

use super::SuiteResult;
use crate::process::{Outcome, command, output, run};

/// The features of `ownprint` that stand alone.
const FEATURES: [&str; 14] = [
    "jpeg",
    "png",
    "gif",
    "webp",
    "bmp",
    "tiff",
    "pnm",
    "heic",
    "avif",
    "jxl",
    "imagehash",
    "img-hash",
    "records",
    "video",
];

/// Workspaces with lockfiles of their own, which no command on the main workspace looks at.
const OTHER_WORKSPACES: [&str; 2] = ["conformance/img_hash", "fuzz"];

pub(super) fn lint() -> Outcome<SuiteResult> {
    run(&mut command("cargo fmt --all --check"))?;
    for workspace in OTHER_WORKSPACES {
        let manifest = format!("--manifest-path {workspace}/Cargo.toml");
        run(&mut command(&format!("cargo fmt {manifest} --check")))?;
        // A dependency that the core gains is missing in their lockfiles: said here, not an hour later.
        output(&mut command(&format!("cargo metadata --locked --format-version 1 {manifest}")))?;
    }
    run(&mut command("cargo clippy --workspace --all-targets -- -D warnings"))?;
    run(&mut command(
        "cargo clippy --package ownprint-conformance --features write --all-targets -- -D warnings",
    ))?;
    run(command("cargo doc --workspace --no-deps").env("RUSTDOCFLAGS", "-D warnings"))?;
    let bare = "cargo clippy --package ownprint --lib --no-default-features";
    run(&mut command(&format!("{bare} -- -D warnings")))?;
    for feature in FEATURES {
        run(&mut command(&format!("{bare} --features {feature} -- -D warnings")))?;
    }
    Ok(SuiteResult::Passed)
}
