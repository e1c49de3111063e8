//! What must hold of any bytes, over the committed corpus; `cargo xtask fuzz` goes on where this ends.

use super::SuiteResult;
use crate::process::{Outcome, command, run, target_folder};

pub(super) fn corpus() -> Outcome<SuiteResult> {
    let mut test = command("cargo test --manifest-path fuzz/Cargo.toml --locked");
    run(test.env("CARGO_TARGET_DIR", target_folder().join("fuzz")))?;
    Ok(SuiteResult::Passed)
}
