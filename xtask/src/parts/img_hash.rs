//! ownprint beside the crate img_hash, which has a workspace and a lockfile of its own: `conformance/img_hash`.

use std::process::Command;

use super::{SuiteResult, conformance};
use crate::process::{Outcome, command, output, run, target_folder};

const PROGRAM: &str = "cargo run --release --locked --manifest-path conformance/img_hash/Cargo.toml --";

pub(super) fn differential() -> Outcome<SuiteResult> {
    program("differential")?;
    Ok(conformance::corpus_result())
}

/// Thousands of images.
pub(super) fn thousands() -> Outcome {
    program("differential 2000 2000 10")
}

/// Runs the program that holds the reference.
pub(crate) fn program(arguments: &str) -> Outcome {
    run(&mut prepared(arguments))
}

/// What it prints.
pub(crate) fn printed(arguments: &str) -> Outcome<String> {
    output(&mut prepared(arguments))
}

fn prepared(arguments: &str) -> Command {
    let mut program = command(&format!("{PROGRAM} {arguments}"));
    program.env("CARGO_TARGET_DIR", target_folder().join("img_hash"));
    program
}
