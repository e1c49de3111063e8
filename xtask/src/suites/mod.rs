//! The test suites: their names, their order, and the table at the end.

mod c;
pub(crate) mod conformance;
pub(crate) mod deny;
pub(crate) mod differential;
mod fuzz;
pub(crate) mod img_hash;
mod kit;
mod kotlin;
mod lint;
mod machines;
mod package;
mod python;
mod result;
mod scale;
mod swift;
pub(crate) mod web;
mod wheels;
mod workflows;

use std::fs::File;
use std::time::{Duration, Instant};

use self::result::{SuiteResult, corpus_result};
use crate::files::{self, WORKSPACE};
use crate::process::{Outcome, command, log_to, run, say, target_folder};
use crate::{metadata, release, targets};

struct Suite {
    name: &'static str,
    about: &'static str,
    runs: Runs,
    run: fn() -> Outcome<SuiteResult>,
}

/// How a suite runs if no suite is named.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Runs {
    /// In order, after the previous suite.
    InOrder,
    /// In order, in parallel with the suites of `InOrder`. These suites mostly wait for browsers,
    /// installers and linkers.
    InParallel,
    Never,
}

const SUITES: &[Suite] = &[
    suite(
        "lint",
        "formatting, words, import cycles, clippy, documentation, each feature alone",
        lint::lint,
    ),
    suite("sources", "words and import cycles alone, a part of `lint`", lint::sources)
        .that(Runs::Never),
    suite(
        "core",
        "the tests of every crate, the fuzz corpus, documentation examples, the tables",
        core,
    ),
    // With a subset of the crates, other features would be enabled and everything compiled twice.
    suite(
        "conformance",
        "the tests of the conformance crate, a part of `core`",
        conformance::usual,
    )
    .that(Runs::Never),
    suite(
        "package",
        "`cargo package` of every published crate, and the tests in the packages",
        package::test,
    ),
    suite(
        "fuzz",
        "every fuzz target over its corpus and changes to it, a part of `core`",
        fuzz::corpus,
    )
    .that(Runs::Never),
    suite(
        "differential",
        "comparison with PyPI pdqhash, ImageHash, PyAV and others",
        differential::differential,
    ),
    suite("kit", "the conformance kit: PyPI pdqhash passes, a seeded defect is found", kit::test),
    suite("img-hash", "comparison with the crate img_hash 3.2.0", img_hash::differential),
    suite("aarch64", "the same vectors on aarch64, under qemu", machines::aarch64),
    suite(
        "android",
        "the same vectors on a connected Android device or emulator",
        machines::android,
    )
    .that(Runs::Never),
    suite("wasm32", "the same vectors in WebAssembly with SIMD, under node", machines::wasm32),
    suite(
        "web",
        "the npm package in browsers, Node and bundlers; the page of examples/web",
        web::test,
    )
    .that(Runs::InParallel),
    suite(
        "frameworks",
        "the npm package in bundlers, frameworks and runtimes, whose table is in its README",
        web::frameworks,
    )
    .that(Runs::Never),
    suite(
        "kotlin",
        "the Kotlin package on the JVM, its example, the Android package",
        kotlin::test,
    )
    .that(Runs::InParallel),
    suite("swift", "the Swift package, and its example", swift::test).that(Runs::InParallel),
    suite(
        "c",
        "the C library under sanitizers, as C and C++; the examples in C, Go and Ruby",
        c::test,
    ),
    suite("python", "the Python package: its wheel, types, drop-in modules, threads", python::test),
    suite(
        "wheels",
        "the published wheels: each Python, free-threaded, aarch64 under qemu, from source",
        wheels::test,
    )
    .that(Runs::Never),
    suite("scale", "hashes in an engine: the example of DuckDB", scale::duckdb),
    suite(
        "scale-all",
        "the examples of Ray Data, Spark, DuckDB and PostgreSQL, in local mode",
        scale::all,
    )
    .that(Runs::Never),
    suite("msrv", "build with the oldest supported Rust", msrv),
    suite("workflows", "actionlint and zizmor over .github", workflows),
    suite("deny", "licences, bans, sources and advisories of dependencies", deny::deny),
    suite(
        "release",
        "the packages of other suites in local registries; a program in each language",
        release,
    )
    .that(Runs::Never),
    suite(
        "search",
        "the search index against a list, to a million hashes; `core` has a sample",
        search,
    )
    .that(Runs::Never),
    suite(
        "slow",
        "exhaustive versions of sampled tests: 10 GB of digests, thousands of images",
        conformance::slow,
    )
    .that(Runs::Never),
];

const fn suite(
    name: &'static str,
    about: &'static str,
    run: fn() -> Outcome<SuiteResult>,
) -> Suite {
    Suite { name, about, runs: Runs::InOrder, run }
}

impl Suite {
    const fn that(self, runs: Runs) -> Self {
        Self { runs, ..self }
    }
}

pub(crate) fn names() -> Vec<&'static str> {
    SUITES.iter().map(|suite| suite.name).collect()
}

/// `cargo xtask test --list`.
pub(crate) fn list() {
    for suite in SUITES {
        let note = if suite.runs == Runs::Never { " (when named)" } else { "" };
        println!("{:12} {}{note}", suite.name, suite.about);
    }
}

/// `cargo xtask test [SUITE]...`: runs all suites, also after a failure, and then returns an error.
pub(crate) fn test(names: &[String]) -> Outcome {
    let rows = if names.is_empty() {
        all()?
    } else {
        run_in_order(SUITES.iter().filter(|suite| names.iter().any(|name| name == suite.name)))
    };
    summarise(&rows)
}

/// The name, result and duration of a suite.
type Row = (&'static str, Outcome<SuiteResult>, Duration);

/// Runs the default suites on two threads. The output of the second thread is printed at the end.
fn all() -> Outcome<Vec<Row>> {
    let which = |runs| SUITES.iter().filter(move |suite| suite.runs == runs);
    let folder = target_folder().join("xtask");
    files::create_folder(&folder)?;
    let path = folder.join("parallel.log");
    let log = File::create(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let names: Vec<_> = which(Runs::InParallel).map(|suite| suite.name).collect();
    println!(
        "{} run in parallel; their output is in {} until the end",
        names.join(", "),
        path.display()
    );
    let (mut rows, parallel) = std::thread::scope(|scope| {
        let parallel = scope.spawn(|| {
            log_to(log);
            run_in_order(which(Runs::InParallel))
        });
        (run_in_order(which(Runs::InOrder)), parallel.join())
    });
    println!("{}", String::from_utf8_lossy(&files::read(&path)?));
    rows.extend(parallel.map_err(|_| "xtask itself panicked".to_owned())?);
    Ok(rows)
}

fn run_in_order(suites: impl Iterator<Item = &'static Suite>) -> Vec<Row> {
    let mut rows = Vec::new();
    for suite in suites {
        say(&format!("\n=== {}: {}", suite.name, suite.about));
        let start = Instant::now();
        let outcome = (suite.run)();
        if let Err(message) = &outcome {
            say(&format!("{} failed: {message}", suite.name));
        }
        rows.push((suite.name, outcome, start.elapsed()));
    }
    rows
}

fn summarise(rows: &[Row]) -> Outcome {
    println!("\n{:12} {:>7}  result", "suite", "seconds");
    for (name, outcome, time) in rows {
        let result = match outcome {
            Ok(SuiteResult::Passed) => "passed".to_owned(),
            Ok(SuiteResult::PassedBut(why)) => format!("passed; {why}"),
            Err(message) => format!("FAILED: {message}"),
        };
        println!("{name:12} {:>7.1}  {result}", time.as_secs_f64());
    }
    let failed = rows.iter().filter(|(_, outcome, _)| outcome.is_err()).count();
    println!("{} passed, {failed} failed", rows.len() - failed);
    if failed == 0 { Ok(()) } else { Err(format!("{failed} of {} suites failed", rows.len())) }
}

fn workflows() -> Outcome<SuiteResult> {
    workflows::test(&names())
}

fn release() -> Outcome<SuiteResult> {
    release::dry_run(true)?;
    Ok(SuiteResult::Passed)
}

fn core() -> Outcome<SuiteResult> {
    let mut tests = command("cargo test --no-fail-fast");
    tests.args(WORKSPACE);
    if !targets::has_strace() {
        run(&mut tests)?;
        return Ok(SuiteResult::PassedBut(
            "strace is not installed; system calls were not checked".to_owned(),
        ));
    }
    run(tests.env("OWNPRINT_STRACE", "required"))?;
    Ok(corpus_result())
}

fn search() -> Outcome<SuiteResult> {
    run(&mut command("cargo test --package ownprint-search --all-features -- --include-ignored"))?;
    Ok(SuiteResult::Passed)
}

/// The `rust-version` of `Cargo.toml`, with a patch version for rustup.
const OLDEST_RUST: &str = "1.89.0";

/// Checks the published crates with the oldest supported Rust, without their tests.
fn msrv() -> Outcome<SuiteResult> {
    targets::add_toolchain(OLDEST_RUST)?;
    let mut check = command(&format!("rustup run {OLDEST_RUST} cargo check"));
    for package in metadata::published()? {
        check.args(["--package", &package.name]);
    }
    run(check.args(["--package", "ownprint-ffi", "--package", "ownprint-wasm"]).args([
        "--package",
        "ownprint-python",
        "--package",
        "ownprint-c",
    ]))?;
    Ok(SuiteResult::Passed)
}
