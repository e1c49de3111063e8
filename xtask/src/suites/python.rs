//! Tests the Python package: builds the wheel, installs it, and runs its tests, the examples of its
//! documentation and the type checkers.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::result::{SuiteResult, corpus_result};
use crate::files::{self, fenced_blocks};
use crate::process::{Outcome, root, run};
use crate::python::{self, folder, pip};
use crate::wheels;

pub(super) fn test() -> Outcome<SuiteResult> {
    let python = python::interpreter_of_package()?;
    run(in_package(&python).args(["-m", "ruff", "check", "--no-cache", "."]))?;
    run(in_package(&python).args(["-m", "ruff", "format", "--no-cache", "--check", "."]))?;
    let wheel = wheels::for_tests(&python)?;
    new_user(&wheel)?;
    run(pip(&python).args(["--force-reinstall", "--no-deps"]).arg(&wheel))?;
    let pytest = || {
        let mut pytest = in_package(&python);
        pytest.args(["-m", "pytest", "--quiet", "-p", "no:cacheprovider"]);
        pytest
    };
    run(pytest().args(["tests"]))?;
    run(pytest().args(["--doctest-modules", "--pyargs", "ownprint"]))?;
    readme(&python)?;
    run(in_package(&python).args(["-m", "mypy", "--package", "ownprint"]))?;
    run(in_package(&python).args(["-m", "mypy", "tests/typed_example.py"]))?;
    run(in_package(&python).args(["-m", "mypy.stubtest", "ownprint._ownprint"]))?;
    Ok(match (corpus_result(), std::env::var_os("OWNPRINT_UPSTREAM")) {
        (SuiteResult::Passed, None) => SuiteResult::PassedBut(
            "OWNPRINT_UPSTREAM is not set: the tests of the replaced packages were not run"
                .to_owned(),
        ),
        (result, _) => result,
    })
}

/// Installs the wheel into an empty environment, without an index and without the programs of this
/// machine, and runs the first program of the README.
fn new_user(wheel: &Path) -> Outcome {
    new_user_of(&python::empty_environment("python-empty")?, wheel)
}

/// Installs the wheel as [`new_user`] does, into the empty environment of an interpreter.
pub(super) fn new_user_of(python: &Path, wheel: &Path) -> Outcome {
    let without_compiler = python.parent().ok_or("the environment has no folder")?;
    run(pip(python).args(["--no-index"]).arg(wheel).env("PATH", without_compiler))?;
    first_program(python)
}

/// Runs the first program of the README, which needs no other package.
pub(super) fn first_program(python: &Path) -> Outcome {
    let readme = files::read_text(folder().join("README.md"))?;
    let program =
        fenced_blocks(&readme, "python").next().ok_or("the README has no first program")?;
    run(Command::new(python).args(["-c", program]).current_dir(images()).env_clear())
}

/// Runs the programs of the README, which use numpy and other packages.
fn readme(python: &Path) -> Outcome {
    let readme = files::read_text(folder().join("README.md"))?;
    for program in fenced_blocks(&readme, "python") {
        run(Command::new(python).args(["-c", program]).current_dir(images()))?;
    }
    Ok(())
}

/// Returns the folder of the files that the programs of the README name.
fn images() -> PathBuf {
    root().join("examples/images")
}

/// Returns an interpreter that runs in the folder of the package, and imports the installed one.
pub(super) fn in_package(python: &Path) -> Command {
    let mut interpreter = Command::new(python);
    interpreter.current_dir(folder()).env("PYTHONDONTWRITEBYTECODE", "1");
    interpreter
}
