//! Compares ownprint with the crate `img_hash`, in the separate workspace `conformance/img_hash`.

use std::process::Command;

use super::result::{SuiteResult, corpus_result};
use crate::process::{Outcome, command, output, run, target_folder};

pub(super) fn differential() -> Outcome<SuiteResult> {
    program("differential")?;
    Ok(corpus_result())
}

/// Runs the program that links the reference implementation.
pub(crate) fn program(arguments: &str) -> Outcome {
    run(&mut prepared("", arguments))
}

/// Returns the output of a release build of the program, for measurements.
pub(crate) fn printed(arguments: &str) -> Outcome<String> {
    output(&mut prepared("--release", arguments))
}

/// Uses the target folder of the main workspace, so that common dependencies are compiled only
/// once.
fn prepared(profile: &str, arguments: &str) -> Command {
    const MANIFEST: &str = "conformance/img_hash/Cargo.toml";
    let mut program =
        command(&format!("cargo run {profile} --locked --manifest-path {MANIFEST} -- {arguments}"));
    program.env("CARGO_TARGET_DIR", target_folder());
    program
}
