//! Builds the conformance kit as a Python package.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::files;
use crate::process::{Outcome, root, run, target_folder};
use crate::python::{self, pip};

/// Returns the folder of the kit.
pub(crate) fn folder() -> PathBuf {
    root().join("conformance/kit")
}

/// `cargo xtask package kit`: builds the wheel, which is the same for every machine.
pub(crate) fn package() -> Outcome {
    files::list(&[wheel(&environment()?)?])
}

/// Builds the wheel and installs it into an empty environment. Returns the program.
pub(crate) fn install() -> Outcome<PathBuf> {
    let python = environment()?;
    let wheel = wheel(&python)?;
    run(pip(&python).args(["--no-index"]).arg(wheel))?;
    Ok(python.with_file_name("ownprint-conformance-kit"))
}

fn environment() -> Outcome<PathBuf> {
    python::empty_environment("python-kit")
}

fn wheel(python: &Path) -> Outcome<PathBuf> {
    let out = target_folder().join("kit-wheel");
    if out.exists() {
        files::remove_folder(&out)?;
    }
    let mut build = Command::new(python);
    build.args(["-m", "pip", "wheel", "--quiet", "--disable-pip-version-check", "--no-deps"]);
    run(build.arg("--wheel-dir").arg(&out).arg(folder()))?;
    files::entries(&out)?.pop().ok_or_else(|| "pip built no wheel".to_owned())
}
