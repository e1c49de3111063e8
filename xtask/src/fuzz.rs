//! `cargo xtask fuzz`: runs the fuzz targets with libFuzzer. `cargo xtask fuzz-cost`: measures what
//! files with a changed structure cost.

use std::fmt::Write;
use std::fs::File;
use std::process::Command;

use crate::files;
use crate::process::{Outcome, command, root, run, run_into, say, target_folder};
use crate::targets;

/// Limits that libFuzzer enforces. The targets limit decoded pixels to 8 MiB, so an allocation of
/// 160 MB has bypassed a limit.
const OPTIONS: &str =
    "-malloc_limit_mb=160 -rss_limit_mb=1024 -timeout=20 -max_len=65536 -print_final_stats=1";

/// Returns a cargo-fuzz command with assertions and overflow checks. `.cargo/config.toml` excludes
/// the AV1 decoder, whose own assertions take seconds per image. The option `--debug-assertions` of
/// cargo-fuzz would enable them everywhere.
fn cargo_fuzz(what: &str) -> Command {
    let mut fuzz =
        command(&format!("cargo +nightly fuzz {what} --release --features libfuzzer any"));
    for (setting, value) in
        [("DEBUG", "1"), ("DEBUG_ASSERTIONS", "true"), ("OVERFLOW_CHECKS", "true")]
    {
        fuzz.env(format!("CARGO_PROFILE_RELEASE_{setting}"), value);
    }
    fuzz
}

/// Fuzzes the named targets, or all, for the given number of seconds each.
pub(crate) fn fuzz(seconds: u32, wanted: &[String]) -> Outcome {
    targets::add_toolchain("nightly")?;
    targets::add_cargo_tool("fuzz")?;
    run(&mut cargo_fuzz("build"))?;
    let mut failed = 0;
    let mut table = format!("{:14} {:>12}  result\n", "target", "executions");
    // A test checks that each target has a corpus folder of the same name.
    for path in files::entries(root().join("fuzz/corpus"))? {
        let name = files::name(&path);
        if wanted.is_empty() || wanted.contains(&name) {
            let (executions, outcome) = fuzz_one(&name, seconds)?;
            failed += usize::from(outcome.is_err());
            let outcome = outcome.err().unwrap_or_else(|| "nothing found".to_owned());
            let _ = writeln!(table, "{name:14} {executions:>12}  {outcome}");
        }
    }
    println!("\n{table}");
    if failed == 0 {
        Ok(())
    } else {
        Err(format!("{failed} targets found something: see fuzz/artifacts"))
    }
}

/// Fuzzes one target, and returns its number of executions and the outcome.
fn fuzz_one(name: &str, seconds: u32) -> Outcome<(String, Outcome)> {
    let fuzz = root().join("fuzz");
    // libFuzzer writes new inputs to the first folder, which git ignores. It only reads the corpus.
    let found = fuzz.join("found").join(name);
    files::create_folder(&found)?;
    let log = fuzz.join("found").join(format!("{name}.log"));
    let written = File::create(&log).map_err(|error| format!("{}: {error}", log.display()))?;
    let mut target = cargo_fuzz("run");
    target.arg(&found).arg(fuzz.join("corpus").join(name)).arg("--").args(OPTIONS.split(' '));
    target.arg(format!("-max_total_time={seconds}")).env("OWNPRINT_FUZZ_TARGET", name);
    let outcome = run_into(&mut target, written);
    let said = files::read_text_lossy(&log)?;
    let lines: Vec<&str> = said.lines().collect();
    if outcome.is_err() {
        // The last lines contain the error and the stack trace.
        println!("{}", lines[lines.len().saturating_sub(60)..].join("\n"));
    }
    let executions =
        lines.iter().find_map(|line| line.strip_prefix("stat::number_of_executed_units:"));
    Ok((executions.unwrap_or("0").trim().to_owned(), outcome))
}

/// The formats that `fuzz-cost` changes.
const FORMATS: &[&str] = &[
    "jpeg", "png", "gif", "webp", "bmp", "tiff", "pnm", "heic", "avif", "jxl", "video", "hevc",
    "vp9", "vp8", "av1",
];

/// Opens files with a changed structure for this many seconds of processor time a format, and
/// prints a table. Files that cost too much stay in `fuzz/found/cost`.
pub(crate) fn fuzz_cost(seconds: u32, wanted: &[String]) -> Outcome {
    // Without debug assertions, as the library is used.
    run(&mut command("cargo build --release --package ownprint-fuzz --bin cost"))?;
    let folder = root().join("fuzz/found/cost");
    files::create_folder(&folder)?;
    let mut rows = String::new();
    let mut failed = Vec::new();
    let all: Vec<String> = FORMATS.iter().map(|format| (*format).to_owned()).collect();
    for format in if wanted.is_empty() { &all } else { wanted } {
        let log = folder.join(format!("{format}.log"));
        let written = File::create(&log).map_err(|error| format!("{}: {error}", log.display()))?;
        let mut program = Command::new(target_folder().join("release/cost"));
        program.arg(format).arg("--seconds").arg(seconds.to_string()).arg("--kept").arg(&folder);
        if let Some(corpus) = std::env::var_os("OWNPRINT_CORPUS") {
            program.arg("--seeds").arg(corpus);
        }
        say(&format!("+ cost {format} --seconds {seconds}, into {}", log.display()));
        // The AV1 decoder prints messages to standard error.
        let outcome = program.stdout(written).stderr(std::process::Stdio::null()).status();
        let said = files::read_text_lossy(&log)?;
        let row = said.lines().rfind(|line| line.starts_with("| `"));
        let _ = writeln!(rows, "{}", row.unwrap_or("no table"));
        if !outcome.is_ok_and(|status| status.success()) {
            failed.push(format.clone());
        }
    }
    println!(
        "\n| format | files | processor time, s (in the library) | hashed | findings | caught panics | \
         most memory, MiB (of the promise) | most time, s (of the promise) |\n\
         |---|---|---|---|---|---|---|---|\n{rows}"
    );
    if failed.is_empty() { Ok(()) } else { Err(format!("findings in {}", failed.join(", "))) }
}
