//! Tests the npm package in browsers, Node and bundlers, and the page of `examples/web` in a
//! browser.

use std::path::PathBuf;
use std::process::Command;

use super::result::{SuiteResult, corpus_result};
use crate::files::{self, build_programs, programs_folder};
use crate::process::{Outcome, command, root, run, target_folder};
use crate::{targets, web};

/// The possible names of each program, and the Debian package that contains it.
const BROWSERS: [(&[&str], &str); 4] = [
    (&["chromium", "google-chrome"], "chromium"),
    (&["firefox-esr", "firefox"], "firefox-esr"),
    (&["WebKitWebDriver"], "webkit2gtk-driver"),
    (&["Xvfb"], "xvfb"),
];

pub(super) fn test() -> Outcome<SuiteResult> {
    let mut missing = prepare()?;
    if !install_deno() {
        missing.push("deno");
    }
    run(command("node_modules/.bin/tsc --project tests").current_dir(web::package_folder()))?;
    // The files run sequentially, because several browsers at once would disturb the measurements.
    let mut tests =
        command("node --test --test-concurrency=1 --test-timeout=900000 --test-reporter=spec");
    tests.env("CARGO_TARGET_DIR", target_folder()).env("OWNPRINT_PROGRAMS", programs_folder());
    let package = run(tests.args(test_files()?));
    let page = web::page_folder();
    web::install(&page)?;
    run(command("npm run --silent test").current_dir(page)).and(package)?;
    Ok(result(&missing))
}

/// Tries the package in every project of `tests/frameworks`, and writes the table of the README. It
/// installs dozens of packages, which takes longer than all other tests of the package.
pub(super) fn frameworks() -> Outcome<SuiteResult> {
    let missing = prepare()?;
    run(command("node tests/frameworks/run.mjs --write").current_dir(web::package_folder()))?;
    Ok(result(&missing))
}

/// Installs and builds everything that the tests and benchmarks need. Returns the names of missing
/// programs.
pub(crate) fn prepare() -> Outcome<Vec<&'static str>> {
    let missing = targets::install_programs(&BROWSERS);
    web::package()?;
    // The tests compare results of the package with those of the command line, on images from
    // `paint`.
    build_programs()?;
    Ok(missing)
}

/// Installs Deno if necessary, and returns `true` if it runs. Deno is not in the lock file of the
/// package, because some registries lack its binary for some platforms, and `npm ci` would fail.
fn install_deno() -> bool {
    const INSTALL: &str = "npm install --no-save --no-package-lock --no-fund --no-audit deno@2.9.6";
    let folder = root().join(".cache/deno");
    let program = folder.join("node_modules/.bin/deno");
    if !program.exists() {
        println!("installing deno into {}", folder.display());
        let install = || {
            files::create_folder(&folder)?;
            run(command(INSTALL).arg("--prefix").arg(&folder).current_dir(&folder))
        };
        if let Err(error) = install() {
            println!("{error}; the tests continue without it");
        }
    }
    Command::new(program).arg("--version").output().is_ok_and(|output| output.status.success())
}

fn test_files() -> Outcome<Vec<PathBuf>> {
    let mut files = files::entries(web::package_folder().join("tests"))?;
    files.retain(|path| files::name(path).ends_with(".test.mjs"));
    Ok(files)
}

fn result(missing: &[&str]) -> SuiteResult {
    let corpus = corpus_result();
    if missing.is_empty() {
        return corpus;
    }
    let mut words = format!("skipped because not installed: {}", missing.join(", "));
    if let SuiteResult::PassedBut(more) = corpus {
        words = format!("{words}; {more}");
    }
    SuiteResult::PassedBut(words)
}
