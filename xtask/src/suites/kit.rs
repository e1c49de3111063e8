//! Tests the conformance kit as its wheel installs it: the vectors are current, PyPI pdqhash and
//! ImageHash and our programs pass, and a copy of our hasher with a defect fails.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::result::SuiteResult;
use crate::files::{self, build_programs};
use crate::process::{Outcome, command, output, root, run, say, target_folder};
use crate::{kit, python};

/// Algorithms of each family, which the command line must compute.
const ALGORITHMS: [&str; 6] =
    ["pdq", "pdq-512", "phash", "whash:16", "img-hash-mean:8x8:dct", "blockhash:16x16"];

/// The seeded defect: samples are taken one row and one column too early.
const SOURCE: &str = "crates/ownprint-hash/src/pdq/boxes.rs";
const CORRECT: &str = "(2 * sample + 1) * length / (2 * SIDE)";
const SEEDED: &str = "(2 * sample * length / (2 * SIDE)).max(1) - 1";

pub(super) fn test() -> Outcome<SuiteResult> {
    let python = python::interpreter()?;
    run(Command::new(&python)
        .arg(root().join("conformance/python/kit_vectors.py"))
        .arg("--check"))?;
    let installed = kit::install()?;
    let kit = |algorithm| kit(&installed, algorithm);
    let place = output(Command::new(&installed).arg("--folder"))?;
    let adapters = Path::new(place.trim()).join("adapters");
    for (adapter, algorithm) in [
        ("pdqhash_python.py", "pdq"),
        ("pdqhash_python.py", "pdq-512"),
        ("imagehash_python.py", "phash:16"),
    ] {
        run(kit(algorithm).arg(&python).arg(adapters.join(adapter)).arg(algorithm))?;
    }
    let program = build_programs()?.join("ownprint");
    for algorithm in ALGORITHMS {
        let adapter = adapters.join("ownprint_cli.py");
        run(kit(algorithm).arg(&python).arg(adapter).arg(&program).arg(algorithm))?;
    }
    // The kit must find a defect of one sample, and pass the same copy without it.
    let seeded = target_folder().join("kit");
    copy_hasher(&seeded)?;
    run(kit("pdq").arg(build_copy(&seeded)?))?;
    seed(&seeded.join(SOURCE))?;
    let found = report(&installed, &build_copy(&seeded)?)?;
    // Not even an off-by-one changes an image of 64x64 pixels, which is not sampled.
    let exact = count(&found, "exact")?;
    let images = count(&found, "images")?;
    say(&format!("the copy with the defect: {exact} of {images} hashes are exact"));
    if exact * 2 < images {
        Ok(SuiteResult::Passed)
    } else {
        Err("the kit did not find the defect".to_owned())
    }
}

/// Returns the test program of the kit; the command of the implementation follows.
fn kit(installed: &Path, algorithm: &str) -> Command {
    let mut kit = Command::new(installed);
    kit.args(["--algorithm", algorithm, "--input"]);
    // The copy of the hasher reads pixmaps, which all adapters of this suite can read.
    kit.args(["ppm", "--"]);
    kit
}

/// Copies the crates that hash, and the program that runs them, into a workspace of their own.
fn copy_hasher(to: &Path) -> Outcome {
    if to.exists() {
        files::remove_folder(to)?;
    }
    for name in ["crates/ownprint-hash", "crates/ownprint-pixels"] {
        files::create_folder(to.join("crates"))?;
        run(command("cp -R").arg(root().join(name)).arg(to.join("crates")))?;
    }
    run(command("cp -R")
        .arg(kit::folder().join("adapters/ownprint-hash"))
        .arg(to.join("program")))?;
    files::copy(root().join("Cargo.lock"), to.join("Cargo.lock"))?;
    let manifest = files::read_text(root().join("Cargo.toml"))?;
    // Everything that the crates inherit, and the profile of the tests.
    let after = |heading| manifest.split_once(heading).map_or("", |(_, after)| after);
    let shared = after("[workspace.package]").split("[profile.").next().unwrap_or_default();
    let members = "[workspace]\nresolver = \"3\"\nmembers = [\"crates/*\", \"program\"]";
    let profile = after("[profile.dev]");
    files::write(
        to.join("Cargo.toml"),
        format!("{members}\n\n[workspace.package]{shared}[profile.dev]{profile}"),
    )
}

/// Replaces the correct expression by the wrong one.
fn seed(source: &Path) -> Outcome {
    let text = files::read_text(source)?;
    if text.matches(CORRECT).count() != 1 {
        return Err(format!("{SOURCE} does not contain `{CORRECT}` once; choose another defect"));
    }
    files::write(source, text.replace(CORRECT, SEEDED))
}

/// Builds the copy, and returns its program.
fn build_copy(workspace: &Path) -> Outcome<PathBuf> {
    let mut build = command("cargo build --offline --package kit-ownprint-hash --config");
    build.arg(root().join(".cargo/config.toml")).current_dir(workspace);
    run(build.env("CARGO_TARGET_DIR", target_folder()))?;
    let program = format!("kit-ownprint-hash{}", std::env::consts::EXE_SUFFIX);
    Ok(target_folder().join("debug").join(program))
}

/// Returns the report of the program, whose exit status says that hashes differ.
fn report(installed: &Path, program: &Path) -> Outcome<serde_json::Value> {
    let mut kit = Command::new(installed);
    kit.args(["--algorithm", "pdq", "--input", "ppm", "--json", "--"]).arg(program);
    say(&format!("+ {}", program.display()));
    let done = kit.output().map_err(|error| error.to_string())?;
    if done.status.code() != Some(1) {
        return Err(format!("the kit ended with {} for the copy with the defect", done.status));
    }
    serde_json::from_slice(&done.stdout).map_err(|error| error.to_string())
}

fn count(report: &serde_json::Value, name: &str) -> Outcome<u64> {
    report
        .pointer(&format!("/all/{name}"))
        .and_then(serde_json::Value::as_u64)
        .ok_or_else(|| format!("the report has no number `{name}`"))
}
