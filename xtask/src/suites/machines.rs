//! Hashes the same images on other processors. Their output must equal the output of this machine.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::result::SuiteResult;
use crate::files::build_programs;
use crate::mobile;
use crate::process::{Outcome, command, output, root, run, succeeds, target_folder};
use crate::targets::{self, in_node};

const BUILD: &str = "cargo build --package ownprint-conformance --bin print-hashes";

/// Larger files of a corpus are skipped, because an emulator takes ten times as long.
const FOLDERS: [&str; 3] =
    ["conformance/vectors/images", "conformance/vectors/stills", "examples/images"];

pub(super) fn aarch64() -> Outcome<SuiteResult> {
    let target = "aarch64-unknown-linux-musl";
    targets::add_target(target)?;
    let emulator = targets::aarch64_emulator()?;
    // The linker and start-up files of Rust make a C toolchain for the target unnecessary.
    run(command(&format!("{BUILD} --target {target}")).env(
        "CARGO_TARGET_AARCH64_UNKNOWN_LINUX_MUSL_RUSTFLAGS",
        "-C linker=rust-lld -C link-self-contained=yes",
    ))?;
    let program = target_folder().join(target).join("debug/print-hashes");
    let mut foreign = emulator.map_or_else(
        || Command::new(&program),
        |emulator| {
            let mut command = Command::new(emulator);
            command.arg(&program);
            command
        },
    );
    compare("aarch64", &here()?, &output(with_folders(&mut foreign))?)?;
    Ok(SuiteResult::Passed)
}

/// Hashes the committed images on the device that `adb` is connected to.
pub(super) fn android() -> Outcome<SuiteResult> {
    const TARGET: &str = "x86_64-linux-android";
    const FOLDER: &str = "/data/local/tmp/ownprint";
    targets::add_target(TARGET)?;
    let linker = mobile::ndk_linker(TARGET).ok_or("no Android NDK was found")?;
    let mut build = command(&format!("{BUILD} --target {TARGET}"));
    run(build.env("CARGO_TARGET_X86_64_LINUX_ANDROID_LINKER", linker))?;
    run(&mut command(&format!("adb shell rm -rf {FOLDER}")))?;
    for folder in FOLDERS {
        run(&mut command(&format!("adb shell mkdir -p {FOLDER}/{folder}")))?;
        run(command("adb push").arg(format!("{folder}/.")).arg(format!("{FOLDER}/{folder}")))?;
    }
    let program = target_folder().join(TARGET).join("debug/print-hashes");
    run(command("adb push").arg(program).arg(FOLDER))?;
    let mut here = Command::new(build_programs()?.join("print-hashes"));
    let here = output(here.current_dir(root()).args(FOLDERS))?;
    let line =
        format!("cd {FOLDER} && chmod +x print-hashes && ./print-hashes {}", FOLDERS.join(" "));
    compare("android", &here, &output(command("adb shell").arg(line))?)?;
    Ok(SuiteResult::Passed)
}

pub(super) fn wasm32() -> Outcome<SuiteResult> {
    wasm("wasm32 with simd128", "-C target-feature=+simd128")
}

/// Modules without SIMD are tested with the vectors in the `web` suite.
pub(super) fn wasm32_without_simd() -> Outcome<SuiteResult> {
    wasm("wasm32", "")
}

fn wasm(name: &str, flags: &str) -> Outcome<SuiteResult> {
    const TARGET: &str = "wasm32-wasip1";
    targets::add_target(TARGET)?;
    let mut build = command(&format!("{BUILD} --target {TARGET}"));
    run(build.env("CARGO_TARGET_WASM32_WASIP1_RUSTFLAGS", flags))?;
    if !succeeds("node --version") {
        return Ok(SuiteResult::PassedBut("built but not run: Node is not installed".to_owned()));
    }
    let program = target_folder().join(TARGET).join("debug/print-hashes.wasm");
    compare(name, &here()?, &output(with_folders(&mut in_node(&program)))?)?;
    Ok(SuiteResult::Passed)
}

/// Returns the output of this machine.
fn here() -> Outcome<String> {
    output(with_folders(&mut Command::new(build_programs()?.join("print-hashes"))))
}

fn with_folders(command: &mut Command) -> &mut Command {
    command.current_dir(root()).args(folders())
}

/// Returns the folders of the committed images and of the photographs in the corpus, if there is
/// one.
fn folders() -> Vec<PathBuf> {
    let corpus = std::env::var("OWNPRINT_CORPUS").ok().filter(|corpus| !corpus.is_empty());
    let photographs = corpus.map(|corpus| Path::new(&corpus).join("pdq/bridge-mods"));
    FOLDERS
        .iter()
        .map(PathBuf::from)
        .chain(photographs)
        .filter(|folder| fs::exists(root().join(folder)).unwrap_or_default())
        .collect()
}

fn compare(name: &str, here: &str, there: &str) -> Outcome {
    let differing: Vec<(&str, &str)> =
        here.lines().zip(there.lines()).filter(|(a, b)| a != b).collect();
    for (a, b) in differing.iter().take(5) {
        eprintln!("here:  {a}\nthere: {b}");
    }
    let (ours, theirs) = (here.lines().count(), there.lines().count());
    println!("{name}: {ours} lines here, {theirs} there, {} differ", differing.len());
    if differing.is_empty() && ours == theirs && ours > 0 {
        return Ok(());
    }
    Err(format!("{name} and this machine give different results: {} lines differ", differing.len()))
}
