//! `cargo xtask bench-kotlin`: the core directly and through the Kotlin package, side by side in one run.
//!
//! As in [`bench_peers`](crate::bench_peers), the two take turns, each turn gives a ratio, and the median of the ratios counts.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::bench_peers::{camera_jpeg, machine, median, numbers};
use crate::process::{Outcome, command, quiet_output, run, target_folder};
use crate::{kotlin, python};

const TURNS: usize = 7;

pub(crate) fn bench_kotlin() -> Outcome {
    let python = python::interpreter()?;
    run(&mut command("cargo build --release --package ownprint-benches --bins"))?;
    run(&mut command("cargo build --release --package ownprint-conformance --bin paint"))?;
    let programs = target_folder().join("release");
    let jpeg = camera_jpeg(&programs, &python, 1)?.display().to_string();
    let java = Java::new()?;
    let rust = || Command::new(programs.join("time-doors"));
    let mut rows = Vec::new();
    for (name, arguments) in [
        ("12-megapixel JPEG by its path, defaults", vec!["path", jpeg.as_str(), "11"]),
        ("4000x3000 RGB in a direct buffer, `pdq`", vec!["pixels", "21"]),
    ] {
        let (mut direct, mut through, mut ratios, mut memory) = (vec![], vec![], vec![], [0.0, 0.0]);
        for _ in 0..TURNS {
            let ours = quiet_output(rust().args(&arguments))?;
            let theirs = quiet_output(java.command().args(&arguments))?;
            memory = [peak_mebibytes(&ours), peak_mebibytes(&theirs)];
            let (ours, theirs) = (median(&mut numbers(&ours)), median(&mut numbers(&theirs)));
            ratios.push((theirs / ours - 1.0) * 100.0);
            direct.push(ours);
            through.push(theirs);
        }
        let (direct, through, ratio) = (median(&mut direct), median(&mut through), median(&mut ratios));
        let [here, there] = memory;
        rows.push(format!("| {name} | {direct:.1} | {through:.1} | {ratio:.1} % | {here:.0} | {there:.0} |"));
    }
    println!("\nMachine: {}, medians of {TURNS} turns.\n", machine());
    println!("| | core, ms | through Kotlin, ms | more by | process of the core, MiB | of Java, MiB |");
    println!("|---|---|---|---|---|---|");
    println!("{}", rows.join("\n"));
    Ok(())
}

/// The timing program of the package's tests.
struct Java {
    classes: String,
}

impl Java {
    fn new() -> Outcome<Self> {
        kotlin::prepare()?;
        let list: PathBuf = kotlin::folder().join("target/test-classpath");
        let mut compile = kotlin::maven(&kotlin::folder());
        compile.args([
            "test-compile",
            "dependency:build-classpath",
            "-Dmdep.outputFile=target/test-classpath",
        ]);
        run(&mut compile)?;
        let libraries = fs::read_to_string(&list).map_err(|error| format!("{}: {error}", list.display()))?;
        Ok(Self {
            classes: ["target/test-classes", "target/classes", &libraries].join(kotlin::PATH_SEPARATOR),
        })
    }

    fn command(&self) -> Command {
        let mut java = command("java -cp");
        java.arg(&self.classes).arg("org.ownprint.TimeDoorsKt").current_dir(kotlin::folder());
        java
    }
}

fn peak_mebibytes(printed: &str) -> f64 {
    let kibibytes = printed.lines().find_map(|line| line.strip_prefix("memory ")?.parse::<f64>().ok());
    kibibytes.unwrap_or(f64::NAN) / 1024.0
}
