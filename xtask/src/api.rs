//! `cargo xtask api`: writes the reports of the public declarations, which tests compare.

use crate::formats::Formats;
use crate::kotlin::maven;
use crate::process::{Outcome, command, run};
use crate::{kotlin, web};

/// Builds the npm and the Kotlin package, and writes `bindings/wasm/api.txt` and
/// `bindings/kotlin/api/ownprint.api`.
pub(crate) fn write() -> Outcome {
    let write = ("OWNPRINT_WRITE_API", "1");
    web::package()?;
    let mut npm = command("node --test tests/api.test.mjs");
    run(npm.current_dir(web::package_folder()).envs([write]))?;
    kotlin::prepare(&Formats::all())?;
    let mut tests = maven(&kotlin::folder());
    run(tests.args(["test-compile", "surefire:test", "-Dtest=ApiTest"]).envs([write]))
}
