//! `cargo xtask coverage`: what sets of variants find, and how they were chosen.

use std::process::Command;

use crate::files::build_programs;
use crate::process::{Outcome, command, root, run};
use crate::python;

/// `words` are folders of images besides `OWNPRINT_CORPUS`, and the options of `conformance/python/coverage.py`.
pub(crate) fn coverage(words: &[&str]) -> Outcome {
    let programs = build_programs()?;
    run(&mut command("cargo build --profile checks --package ownprint-conformance --bin hash-variants"))?;
    let mut measure = Command::new(python::interpreter()?);
    measure.arg(root().join("conformance/python/coverage.py")).arg("--programs").arg(programs);
    run(measure.args(words))
}
