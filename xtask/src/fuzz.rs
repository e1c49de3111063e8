//! `cargo xtask fuzz`: every target with libFuzzer, for so many seconds each.

use std::fs;

use crate::files;
use crate::process::{Outcome, command, root, run, succeeds};
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
    if !succeeds("cargo fuzz --version") {
        run(&mut command("cargo install --locked cargo-fuzz"))?;
    }
    let fuzz = root().join("fuzz");
    let toolchain = format!("+{NIGHTLY}");
    run(command("cargo").arg(&toolchain).args(["fuzz", "build", "--features", "libfuzzer", "any"]))?;
    let mut rows = Vec::new();
    for name in names()? {
        if !wanted.is_empty() && !wanted.contains(&name.as_str()) {
            continue;
        }
        // What libFuzzer finds goes into a folder that is not committed; the corpus is read only.
        let found = fuzz.join("found").join(&name);
        files::create_folder(&found)?;
        let mut target = command("cargo");
        target.arg(&toolchain).args(["fuzz", "run", "--features", "libfuzzer", "any"]);
        target.arg(&found).arg(fuzz.join("corpus").join(&name)).arg("--");
        target.args(["-rss_limit_mb=2048", "-timeout=20", "-max_len=65536", "-print_final_stats=1"]);
        target.arg(format!("-max_total_time={seconds}")).env("OWNPRINT_FUZZ_TARGET", &name);
        rows.push((name, run(&mut target)));
    }
    println!("\n{:14} result", "target");
    for (name, outcome) in &rows {
        println!("{name:14} {}", outcome.as_ref().err().map_or("nothing found", String::as_str));
    }
    match rows.iter().filter(|(_, outcome)| outcome.is_err()).count() {
        0 => Ok(()),
        failed => Err(format!("{failed} targets found something: see fuzz/artifacts")),
    }
}

/// The names are those of the folders of the corpus: the test beside it holds that each target has one.
fn names() -> Outcome<Vec<String>> {
    let corpus = root().join("fuzz/corpus");
    let entries = fs::read_dir(&corpus).map_err(|error| format!("{}: {error}", corpus.display()))?;
    let mut names: Vec<String> =
        entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    Ok(names)
}
