//! Tests `examples/scale`: hashes inside engines that run on many machines, in their local mode.

use std::path::Path;
use std::process::Command;

use super::result::SuiteResult;
use crate::process::{Outcome, root, run};
use crate::{python, targets, wheels};

/// Runs the example of `DuckDB`, which needs no server.
pub(super) fn duckdb() -> Outcome<SuiteResult> {
    test(&python::interpreter_of_package()?, &[])
}

/// Runs the examples of all engines.
pub(super) fn all() -> Outcome<SuiteResult> {
    let python = python::interpreter_of_engines()?;
    if !Path::new("/usr/lib/postgresql").exists() && !targets::is_on_path("initdb") {
        targets::install_packages(&["postgresql"])?;
    }
    let missing = targets::install_programs(&[(&["java"], "openjdk-17-jre-headless")]);
    if !missing.is_empty() {
        return Err(format!("Spark needs Java 17 or newer; install {}", missing.join(", ")));
    }
    test(&python, &["--all-engines"])
}

fn test(python: &Path, arguments: &[&str]) -> Outcome<SuiteResult> {
    let wheel = wheels::for_tests(&python::interpreter_of_package()?)?;
    run(python::pip(python).args(["--force-reinstall", "--no-deps"]).arg(&wheel))?;
    let ruff = python::interpreter_of_package()?.with_file_name("ruff");
    for check in [&["check", "--no-cache"][..], &["format", "--no-cache", "--check"]] {
        run(Command::new(&ruff).args(check).arg(root().join("examples/scale")))?;
    }
    run(Command::new(python)
        .current_dir(root().join("examples/scale"))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .args(["-m", "pytest", "--quiet", "-p", "no:cacheprovider", "tests"])
        .args(arguments))?;
    Ok(SuiteResult::Passed)
}
