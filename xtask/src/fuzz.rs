//! `cargo xtask fuzz`: every target with libFuzzer, for so many seconds each.

use std::fmt::Write;
use std::fs::File;

use crate::files;
use crate::process::{Outcome, command, root, run, run_into};
use crate::targets;

const NIGHTLY: &str = "nightly";

/// `--seconds N [TARGET]...`: all targets where none is named.
pub(crate) fn fuzz(words: &[&str]) -> Outcome {
    let (seconds, wanted) = match words {
        ["--seconds", seconds, wanted @ ..] => {
            (seconds.parse::<u32>().map_err(|error| error.to_string())?, wanted)
        }
        _ => return Err("cargo xtask fuzz --seconds N [TARGET]...".to_owned()),
    };
    targets::add_toolchain(NIGHTLY)?;
    targets::add_cargo_tool("fuzz")?;
    let toolchain = format!("+{NIGHTLY}");
    // Otherwise cargo-fuzz turns debug assertions on everywhere, whatever the profile says.
    let build = ["fuzz", "build", "--release", "--features", "libfuzzer", "any"];
    run(command("cargo").arg(&toolchain).args(build))?;
    let mut failed = 0;
    let mut table = format!("{:14} {:>12}  result\n", "target", "executions");
    for name in names()?.iter().filter(|name| wanted.is_empty() || wanted.contains(&name.as_str())) {
        let (executions, outcome) = fuzz_one(&toolchain, name, seconds)?;
        failed += usize::from(outcome.is_err());
        let outcome = outcome.err().unwrap_or_else(|| "nothing found".to_owned());
        let _ = writeln!(table, "{name:14} {executions:>12}  {outcome}");
    }
    println!("\n{table}");
    if failed == 0 { Ok(()) } else { Err(format!("{failed} targets found something: see fuzz/artifacts")) }
}

/// How many inputs one target was given, and what became of them.
fn fuzz_one(toolchain: &str, name: &str, seconds: u32) -> Outcome<(u64, Outcome)> {
    let fuzz = root().join("fuzz");
    // What libFuzzer finds goes into a folder that is not committed; the corpus is read only.
    let found = fuzz.join("found").join(name);
    files::create_folder(&found)?;
    let log = fuzz.join("found").join(format!("{name}.log"));
    let written = File::create(&log).map_err(|error| format!("{}: {error}", log.display()))?;
    let mut target = command("cargo");
    target.arg(toolchain).args(["fuzz", "run", "--release", "--features", "libfuzzer", "any"]);
    target.arg(&found).arg(fuzz.join("corpus").join(name)).arg("--");
    // The limits of the targets allow 8 MiB of decoded pixels: what takes twenty times as much in one piece has passed a limit by.
    target.args([
        "-malloc_limit_mb=160",
        "-rss_limit_mb=1024",
        "-timeout=20",
        "-max_len=65536",
        "-print_final_stats=1",
    ]);
    target.arg(format!("-max_total_time={seconds}")).env("OWNPRINT_FUZZ_TARGET", name);
    let outcome = run_into(&mut target, written);
    let said = files::read_text_lossy(&log)?;
    let lines: Vec<&str> = said.lines().collect();
    if outcome.is_err() {
        // As much of the end as tells what happened.
        println!("{}", lines[lines.len().saturating_sub(60)..].join("\n"));
    }
    let executions = lines.iter().find_map(|line| line.strip_prefix("stat::number_of_executed_units:"));
    Ok((executions.and_then(|count| count.trim().parse().ok()).unwrap_or(0), outcome))
}

/// The names are those of the folders of the corpus: the test beside it holds that each target has one.
fn names() -> Outcome<Vec<String>> {
    Ok(files::entries(root().join("fuzz/corpus"))?.iter().map(|path| files::name(path)).collect())
}
