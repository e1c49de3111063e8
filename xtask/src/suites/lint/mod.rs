//! Static checks: formatting, replaced words, import cycles, clippy, documentation.

mod crates;
mod modules;
mod words;

use std::collections::BTreeMap;
use std::path::Path;

use super::result::SuiteResult;
use crate::process::{Outcome, command, output, root, run, say};
use crate::{metadata, video_formats};

/// `true` if the check fails the suite, `false` if it is only reported.
const WORDS_FAIL: bool = true;
const CYCLES_FAIL: bool = true;

/// A separate workspace with its own lockfile, which commands on the main workspace do not read.
const OTHER_WORKSPACE: &str = "--manifest-path conformance/img_hash/Cargo.toml";

pub(super) fn lint() -> Outcome<SuiteResult> {
    sources()?;
    run(&mut command("cargo fmt --all --check"))?;
    run(&mut command(&format!("cargo fmt {OTHER_WORKSPACE} --check")))?;
    // Detects early that a new dependency of the core is missing in that lockfile.
    output(&mut command(&format!("cargo metadata --locked --format-version 1 {OTHER_WORKSPACE}")))?;
    run(&mut command("cargo clippy --workspace --all-targets -- -D warnings"))?;
    run(&mut command(
        "cargo clippy --package ownprint-conformance --features write --all-targets -- -D warnings",
    ))?;
    run(command("cargo doc --workspace --no-deps").env("RUSTDOCFLAGS", "-D warnings"))?;
    features()?;
    Ok(SuiteResult::Passed)
}

/// Checks each published library without features, and with each feature alone.
fn features() -> Outcome {
    for package in
        metadata::packages()?.iter().filter(|package| package.is_published && package.is_library)
    {
        let bare = format!("cargo clippy --package {} --lib --no-default-features", package.name);
        run(&mut command(&format!("{bare} -- -D warnings")))?;
        for feature in package.features.iter().filter(|feature| *feature != "default") {
            run(&mut command(&format!("{bare} --features {feature} -- -D warnings")))?;
        }
    }
    Ok(())
}

/// Checks replaced words, dependencies between modules and between crates, and the list of videos
/// in docs/formats.md.
pub(super) fn sources() -> Outcome<SuiteResult> {
    report("replaced words (docs/glossary.md)", &words::violations()?, WORDS_FAIL)?;
    let packages = metadata::packages()?;
    let mut cycles = crates::violations(&packages);
    for package in &packages {
        let found = modules::rust_cycles(&package.folder.join("src"))?;
        cycles.extend(found.into_iter().map(|cycle| format!("{}: {cycle}", package.name)));
    }
    let client = "bindings/wasm/client";
    let found = modules::typescript_cycles(&root().join(client))?;
    cycles.extend(found.into_iter().map(|cycle| format!("{client}: {cycle}")));
    report("import cycles and dependencies that point up", &cycles, CYCLES_FAIL)?;
    video_formats::check()?;
    Ok(SuiteResult::Passed)
}

/// Prints the violations and their number per folder.
fn report(what: &str, found: &[String], fails: bool) -> Outcome {
    if found.is_empty() {
        return Ok(());
    }
    let mut folders = BTreeMap::new();
    for line in found {
        say(line);
        let path = Path::new(line.split(':').next().unwrap_or_default());
        let folder = path.iter().take(2).collect::<std::path::PathBuf>();
        *folders.entry(folder).or_insert(0) += 1;
    }
    for (folder, count) in folders {
        say(&format!("{count:6}  {}", folder.display()));
    }
    let summary = format!("{} {what}", found.len());
    if fails {
        return Err(summary);
    }
    say(&format!("{summary}: reported only, not a failure"));
    Ok(())
}
