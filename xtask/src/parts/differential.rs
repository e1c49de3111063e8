//! ownprint beside the reference implementations, over the same pixels, now.

use std::process::Command;

use super::{Verdict, conformance};
use crate::process::{Outcome, command, root, run, target_folder};
use crate::python;

pub(super) fn differential() -> Outcome<Verdict> {
    let python = python::interpreter()?;
    run(&mut command("cargo build --release --package ownprint-conformance --bins"))?;
    let mut differential = Command::new(&python);
    differential
        .current_dir(root())
        .arg("conformance/python/differential_pdq.py")
        .arg("--programs")
        .arg(target_folder().join("release"));
    if root().join("crates/ownprint-cli/Cargo.toml").exists() {
        run(&mut command("cargo build --release --package ownprint-cli"))?;
        differential.arg("--command-line").arg(target_folder().join("release/ownprint"));
    }
    run(&mut differential)?;
    Ok(conformance::corpus_verdict())
}
