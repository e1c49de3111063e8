//! `cargo xtask thresholds`: what each algorithm's threshold finds, and what it confuses.

use std::process::Command;

use crate::process::{Outcome, command, root, run, target_folder};
use crate::python;

pub(crate) fn thresholds() -> Outcome {
    let python = python::interpreter()?;
    run(&mut command("cargo build --release --package ownprint-cli"))?;
    run(Command::new(python)
        .arg(root().join("conformance/python/thresholds.py"))
        .arg("--command-line")
        .arg(target_folder().join("release/ownprint")))
}
