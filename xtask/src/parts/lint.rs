//! What a reader would complain of before a test does.

use super::Verdict;
use crate::process::{Outcome, command, run};

/// The features of `ownprint` that stand alone.
const FEATURES: [&str; 10] =
    ["jpeg", "png", "gif", "webp", "bmp", "tiff", "pnm", "imagehash", "img-hash", "records"];

pub(super) fn lint() -> Outcome<Verdict> {
    run(&mut command("cargo fmt --all --check"))?;
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
    Ok(Verdict::Passed)
}
