//! The test suites: their names, their order, and the table at the end.

mod conformance;
mod deny;
mod differential;
mod fuzz;
pub(crate) mod img_hash;
mod kotlin;
mod lint;
mod machines;
mod swift;
pub(crate) mod web;

use std::time::{Duration, Instant};

use crate::process::{Outcome, command, run};
use crate::targets;

struct Part {
    name: &'static str,
    about: &'static str,
    /// Whether it runs when no part is named.
    is_usual: bool,
    run: fn() -> Outcome<Verdict>,
}

/// How a part ended when it did not fail.
enum Verdict {
    Passed,
    /// Something was left out for want of something that this machine has not; it is named.
    PassedBut(String),
}

const PARTS: &[Part] = &[
    part("lint", "formatting, clippy, documentation, every combination of features", lint::lint),
    part("core", "the tests of every crate, documentation examples, the tables", core),
    part(
        "conformance",
        "vectors, published hashes, properties against the readable oracle",
        conformance::usual,
    ),
    part(
        "fuzz",
        "every fuzz target over its committed corpus and a fixed number of changes to it",
        fuzz::corpus,
    ),
    part(
        "differential",
        "live against PyPI pdqhash and ImageHash over generated pictures and OWNPRINT_CORPUS",
        differential::differential,
    ),
    part(
        "img-hash",
        "live against the crate img_hash 3.2.0 over generated pictures and OWNPRINT_CORPUS",
        img_hash::differential,
    ),
    part("aarch64", "the same vectors on a second architecture, under qemu", machines::aarch64),
    part("wasm32", "the same vectors in WebAssembly, with and without SIMD, under node", machines::wasm32),
    part("web", "the npm package in browsers, Node and bundlers; the page of examples/web", web::test),
    part(
        "kotlin",
        "the Kotlin package on the JVM, shrunk, and as a new user tries it; the Android package",
        kotlin::test,
    ),
    part("swift", "the Swift package with Swift's own test runner, and its example", swift::test),
    part("msrv", "the oldest Rust that we promise to build with", msrv),
    part(
        "deny",
        "licences, bans and sources of dependencies (and advisories where they can be had)",
        deny::deny,
    ),
    Part {
        is_usual: false,
        ..part(
            "slow",
            "10 GB through the digests, properties by the ten thousand, thousands of pictures against ImageHash and img_hash",
            conformance::slow,
        )
    },
];

const fn part(name: &'static str, about: &'static str, run: fn() -> Outcome<Verdict>) -> Part {
    Part { name, about, is_usual: true, run }
}

/// `cargo xtask test [PART]...`: goes on after a part that fails, and fails in the end.
pub(crate) fn test(names: &[&str]) -> Outcome {
    if names.contains(&"--list") {
        for part in PARTS {
            println!("{:12} {}{}", part.name, part.about, if part.is_usual { "" } else { " (when named)" });
        }
        return Ok(());
    }
    if let Some(unknown) = names.iter().find(|name| PARTS.iter().all(|part| part.name != **name)) {
        return Err(format!("there is no part `{unknown}`; `cargo xtask test --list` names them"));
    }
    let wanted =
        PARTS.iter().filter(|part| if names.is_empty() { part.is_usual } else { names.contains(&part.name) });
    let mut rows = Vec::new();
    for part in wanted {
        println!("\n=== {}: {}", part.name, part.about);
        let start = Instant::now();
        let outcome = (part.run)();
        if let Err(message) = &outcome {
            eprintln!("{} failed: {message}", part.name);
        }
        rows.push((part.name, outcome, start.elapsed()));
    }
    summarise(&rows)
}

fn summarise(rows: &[(&str, Outcome<Verdict>, Duration)]) -> Outcome {
    println!("\n{:12} {:>7}  result", "part", "seconds");
    for (name, outcome, time) in rows {
        let result = match outcome {
            Ok(Verdict::Passed) => "passed".to_owned(),
            Ok(Verdict::PassedBut(why)) => format!("passed; {why}"),
            Err(message) => format!("FAILED: {message}"),
        };
        println!("{name:12} {:>7.1}  {result}", time.as_secs_f64());
    }
    let failed = rows.iter().filter(|(_, outcome, _)| outcome.is_err()).count();
    println!("{} passed, {failed} failed", rows.len() - failed);
    if failed == 0 { Ok(()) } else { Err(format!("{failed} of {} parts failed", rows.len())) }
}

fn core() -> Outcome<Verdict> {
    run(command("cargo test --workspace").args(["--exclude", "ownprint-conformance"]).args(EXCLUDED_TOOLS))?;
    Ok(Verdict::Passed)
}

/// Build tools that drive other people's generators: they have no tests of their own, and the oldest Rust of what they depend
/// on.
const EXCLUDED_TOOLS: [&str; 4] = ["--exclude", "ownprint-wasm-pack", "--exclude", "ownprint-ffi-bindgen"];

/// The `rust-version` of `Cargo.toml`, with a patch version for rustup.
const OLDEST_RUST: &str = "1.89.0";

fn msrv() -> Outcome<Verdict> {
    targets::add_toolchain(OLDEST_RUST)?;
    run(command(&format!("rustup run {OLDEST_RUST} cargo check --workspace")).args(EXCLUDED_TOOLS))?;
    Ok(Verdict::Passed)
}
