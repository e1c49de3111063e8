//! ownprint compared with the crate `img_hash`, which has a workspace and a lockfile of its own:
//! `conformance/img_hash`.

use std::process::Command;

use super::result::{SuiteResult, corpus_result};
use crate::process::{Outcome, command, output, run, target_folder};

pub(super) fn differential() -> Outcome<SuiteResult> {
    program("differential")?;
    Ok(corpus_result())
}

/// Runs the program that holds the reference.
pub(crate) fn program(arguments: &str) -> Outcome {
    run(&mut prepared("", arguments))
}

/// Returns what it prints, built as a release: it measures.
pub(crate) fn printed(arguments: &str) -> Outcome<String> {
    output(&mut prepared("--release", arguments))
}

/// In the target folder of the workspace: the decoders are those of the tests, compiled once.
fn prepared(profile: &str, arguments: &str) -> Command {
    const MANIFEST: &str = "conformance/img_hash/Cargo.toml";
    let mut program =
        command(&format!("cargo run {profile} --locked --manifest-path {MANIFEST} -- {arguments}"));
    program.env("CARGO_TARGET_DIR", target_folder());
    program
}
