//! ownprint beside the crate img_hash, which has a workspace and a lockfile of its own: `conformance/img_hash`.

use super::{Verdict, conformance};
use crate::process::{Outcome, command, run, target_folder};

const PROGRAM: &str = "cargo run --release --locked --manifest-path conformance/img_hash/Cargo.toml --";

pub(super) fn differential() -> Outcome<Verdict> {
    program("differential")?;
    Ok(conformance::corpus_verdict())
}

/// Runs the program that holds the reference.
pub(crate) fn program(arguments: &str) -> Outcome {
    let folder = target_folder().join("img_hash");
    run(command(&format!("{PROGRAM} {arguments}")).env("CARGO_TARGET_DIR", folder))
}
