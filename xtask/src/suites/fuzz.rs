//! Runs the fuzz targets on the committed corpus. `cargo xtask fuzz` searches for new inputs.

use super::result::SuiteResult;
use crate::process::{Outcome, command, run};

pub(super) fn corpus() -> Outcome<SuiteResult> {
    run(&mut command("cargo test --package ownprint-fuzz"))?;
    Ok(SuiteResult::Passed)
}
