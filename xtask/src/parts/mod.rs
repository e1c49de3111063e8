//! The test suites: their names, their order, and the table at the end.

mod conformance;
mod deny;
pub(crate) mod differential;
mod fuzz;
pub(crate) mod img_hash;
mod kotlin;
mod lint;
mod machines;
mod swift;
pub(crate) mod web;

use std::fs::File;
use std::time::{Duration, Instant};

use crate::process::{Outcome, command, log_to, run, say, target_folder};
use crate::{files, targets};

struct Part {
    name: &'static str,
    about: &'static str,
    runs: Runs,
    run: fn() -> Outcome<SuiteResult>,
}

/// Where a part has its place when none is named.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Runs {
    /// One after the other.
    InOrder,
    /// The same, beside those: they wait for browsers, installers and linkers more than they compute.
    Beside,
    WhenNamed,
}

/// How a part ended when it did not fail.
enum SuiteResult {
    Passed,
    /// Something was skipped for want of something that this machine has not; it is named.
    PassedBut(String),
}

const PARTS: &[Part] = &[
    part("lint", "formatting, clippy, documentation, every combination of features", lint::lint),
    part(
        "core",
        "the tests of every crate, `conformance` among them, documentation examples, the tables",
        core,
    ),
    // Of the same crates with other features everything would be compiled twice.
    part(
        "conformance",
        "vectors, published hashes, properties against the readable oracle, without the rest of `core`",
        conformance::usual,
    )
    .that(Runs::WhenNamed),
    part(
        "fuzz",
        "every fuzz target over its committed corpus and a fixed number of changes to it",
        fuzz::corpus,
    ),
    part(
        "differential",
        "live against PyPI pdqhash and ImageHash over generated images and OWNPRINT_CORPUS",
        differential::differential,
    ),
    part(
        "img-hash",
        "live against the crate img_hash 3.2.0 over generated images and OWNPRINT_CORPUS",
        img_hash::differential,
    ),
    part("aarch64", "the same vectors on a second architecture, under qemu", machines::aarch64),
    part("wasm32", "the same vectors in WebAssembly, with and without SIMD, under node", machines::wasm32),
    part("web", "the npm package in browsers, Node and bundlers; the page of examples/web", web::test)
        .that(Runs::Beside),
    part(
        "kotlin",
        "the Kotlin package on the JVM, shrunk, and as a new user tries it; the Android package",
        kotlin::test,
    )
    .that(Runs::Beside),
    part("swift", "the Swift package with Swift's own test runner, and its example", swift::test)
        .that(Runs::Beside),
    part("msrv", "the oldest Rust that we promise to build with", msrv),
    part(
        "deny",
        "licences, bans and sources of dependencies (and advisories where they can be had)",
        deny::deny,
    ),
    part(
        "slow",
        "10 GB through the digests, properties by the ten thousand, thousands of images against ImageHash and img_hash",
        conformance::slow,
    )
    .that(Runs::WhenNamed),
];

const fn part(name: &'static str, about: &'static str, run: fn() -> Outcome<SuiteResult>) -> Part {
    Part { name, about, runs: Runs::InOrder, run }
}

impl Part {
    const fn that(self, runs: Runs) -> Self {
        Self { runs, ..self }
    }
}

/// `cargo xtask test [PART]...`: goes on after a part that fails, and fails in the end.
pub(crate) fn test(names: &[&str]) -> Outcome {
    if names.contains(&"--list") {
        for part in PARTS {
            let note = if part.runs == Runs::WhenNamed { " (when named)" } else { "" };
            println!("{:12} {}{note}", part.name, part.about);
        }
        return Ok(());
    }
    if let Some(unknown) = names.iter().find(|name| PARTS.iter().all(|part| part.name != **name)) {
        return Err(format!("there is no part `{unknown}`; `cargo xtask test --list` names them"));
    }
    let rows = if names.is_empty() {
        usual()?
    } else {
        run_in_order(PARTS.iter().filter(|part| names.contains(&part.name)))
    };
    summarise(&rows)
}

/// What a part's name, result and time are.
type Row = (&'static str, Outcome<SuiteResult>, Duration);

/// All that are run when none is named, in two rows at once. The second one's output comes when both are done.
fn usual() -> Outcome<Vec<Row>> {
    let which = |runs| PARTS.iter().filter(move |part| part.runs == runs);
    let folder = target_folder().join("xtask");
    files::create_folder(&folder)?;
    let path = folder.join("beside.log");
    let log = File::create(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let names: Vec<_> = which(Runs::Beside).map(|part| part.name).collect();
    println!(
        "{} run beside the others; what they print comes at the end, until then: {}",
        names.join(", "),
        path.display()
    );
    let (mut rows, beside) = std::thread::scope(|scope| {
        let beside = scope.spawn(|| {
            log_to(log);
            run_in_order(which(Runs::Beside))
        });
        (run_in_order(which(Runs::InOrder)), beside.join())
    });
    println!("{}", String::from_utf8_lossy(&files::read(&path)?));
    rows.extend(beside.map_err(|_| "xtask itself panicked".to_owned())?);
    Ok(rows)
}

fn run_in_order(parts: impl Iterator<Item = &'static Part>) -> Vec<Row> {
    let mut rows = Vec::new();
    for part in parts {
        say(&format!("\n=== {}: {}", part.name, part.about));
        let start = Instant::now();
        let outcome = (part.run)();
        if let Err(message) = &outcome {
            say(&format!("{} failed: {message}", part.name));
        }
        rows.push((part.name, outcome, start.elapsed()));
    }
    rows
}

fn summarise(rows: &[Row]) -> Outcome {
    println!("\n{:12} {:>7}  result", "part", "seconds");
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
    if failed == 0 { Ok(()) } else { Err(format!("{failed} of {} parts failed", rows.len())) }
}

fn core() -> Outcome<SuiteResult> {
    let mut tests = command("cargo test --workspace --no-fail-fast");
    tests.args(EXCLUDED_TOOLS);
    if !targets::has_strace() {
        run(&mut tests)?;
        return Ok(SuiteResult::PassedBut("no strace here: system calls were not looked at".to_owned()));
    }
    run(tests.env("OWNPRINT_STRACE", "required"))?;
    Ok(conformance::corpus_result())
}

/// Build tools that drive other people's generators: they have no tests of their own, and the oldest Rust of what they depend
/// on.
const EXCLUDED_TOOLS: [&str; 4] = ["--exclude", "ownprint-wasm-pack", "--exclude", "ownprint-ffi-bindgen"];

/// The `rust-version` of `Cargo.toml`, with a patch version for rustup.
const OLDEST_RUST: &str = "1.89.0";

fn msrv() -> Outcome<SuiteResult> {
    targets::add_toolchain(OLDEST_RUST)?;
    run(command(&format!("rustup run {OLDEST_RUST} cargo check --workspace")).args(EXCLUDED_TOOLS))?;
    Ok(SuiteResult::Passed)
}
