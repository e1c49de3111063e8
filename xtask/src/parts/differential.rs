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
    run(&mut command("cargo build --release --package ownprint-cli"))?;
    differential.arg("--command-line").arg(target_folder().join("release/ownprint"));
    run(&mut differential)?;
    run(Command::new(&python)
        .current_dir(root())
        .arg("conformance/python/differential_records.py")
        .arg("--programs")
        .arg(target_folder().join("release")))?;
    run(imagehash()?.args(["--ordinary", "60", "--ties", "90"]))?;
    Ok(conformance::corpus_verdict())
}

/// Thousands of pictures against `PyPI` `ImageHash`; the regions of its crop-resistant hash take seconds a picture there,
/// so fewer for those.
pub(super) fn thousands() -> Outcome {
    run(imagehash()?.args(["--ordinary", "2000", "--ties", "2000", "--without", "crop-resistant"]))?;
    run(imagehash()?.args(["--ordinary", "300", "--ties", "300", "--only", "crop-resistant"]))
}

fn imagehash() -> Outcome<Command> {
    let (python, pillow_13) = (python::interpreter()?, python::interpreter_with_pillow_13()?);
    run(&mut command("cargo build --release --package ownprint-conformance --bins"))?;
    let mut differential = Command::new(&python);
    differential
        .current_dir(root())
        .arg("conformance/python/differential_imagehash.py")
        .arg("--programs")
        .arg(target_folder().join("release"))
        .arg("--pillow-13")
        .arg(pillow_13);
    Ok(differential)
}
