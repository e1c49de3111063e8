//! `cargo xtask bench-kotlin`: compares the core with the Kotlin package in one run.
//!
//! The speed of a shared machine drifts. The programs therefore keep running and hash the image
//! alternately. Each turn gives a ratio, and the tables show the median of the ratios.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use super::{Bench, machine, median};
use crate::files::{self, build_timed_programs};
use crate::formats::Formats;
use crate::process::{Outcome, command, run};
use crate::{kotlin, python};

/// Measured turns. As many unmeasured turns run first, because the JVM compiles hot code at the
/// start.
const PAIRS: usize = 40;

pub(crate) fn bench() -> Outcome {
    let bench = Bench { programs: build_timed_programs()?, python: python::interpreter()? };
    let jpeg = bench.camera_jpeg()?.display().to_string();
    let java = Java::new()?;
    println!("\nMachine: {}, medians of {PAIRS} turns, the smallest in brackets.\n", machine());
    println!(
        "| | core, ms | with the package's allocator, ms | through Kotlin, ms | more than with that allocator | more than the core |"
    );
    println!("|---|---|---|---|---|---|");
    let mut memory = Vec::new();
    for (name, arguments) in [
        ("12-megapixel JPEG by its path, defaults", vec!["path", jpeg.as_str()]),
        ("4000x3000 RGB in a direct buffer, `pdq`", vec!["pixels"]),
    ] {
        let mut core = Runner::start(bench.program("time-entry-points").args(&arguments))?;
        let mut wiping = Runner::start(bench.program("time-entry-points-wiping").args(&arguments))?;
        let mut kotlin = Runner::start(java.command().args(&arguments))?;
        let mut times = [vec![], vec![], vec![]];
        for pair in 0..2 * PAIRS {
            let turns = [core.turn()?, wiping.turn()?, kotlin.turn()?];
            if pair >= PAIRS {
                times.iter_mut().zip(turns).for_each(|(times, turn)| times.push(turn));
            }
        }
        let [core_alone, wiped, through] = times.each_ref().map(|times| shown(times));
        let [to_wiping, to_core] = [1, 0].map(|base: usize| more(&times[base], &times[2]));
        println!("| {name} | {core_alone} | {wiped} | {through} | {to_wiping} | {to_core} |");
        let peaks = [core.finish()?, wiping.finish()?, kotlin.finish()?];
        memory.push(format!("| {name} | {:.0} | {:.0} | {:.0} |", peaks[0], peaks[1], peaks[2]));
    }
    println!(
        "\n| peak memory of the process, MiB | core | with the package's allocator | Java |\n|---|---|---|---|"
    );
    println!("{}", memory.join("\n"));
    Ok(())
}

/// Formats the median and the smallest time. The smallest is the least disturbed by other programs.
fn shown(times: &[f64]) -> String {
    format!("{:.1} ({:.1})", median(times.to_vec()), lowest(times))
}

/// Formats by how many percent `times` exceed `base`: the median of the turns, and the ratio of the
/// smallest times.
fn more(base: &[f64], times: &[f64]) -> String {
    let ratios: Vec<f64> = base.iter().zip(times).map(|(base, time)| time / base).collect();
    let [pairs, lowest] =
        [median(ratios), lowest(times) / lowest(base)].map(|ratio| (ratio - 1.0) * 100.0);
    format!("{pairs:.1} % ({lowest:.1} %)")
}

fn lowest(times: &[f64]) -> f64 {
    times.iter().copied().fold(f64::INFINITY, f64::min)
}

/// A running timing program.
struct Runner {
    process: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Runner {
    fn start(command: &mut Command) -> Outcome<Self> {
        let spawned = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let mut process = spawned.map_err(|error| error.to_string())?;
        let pipes = process.stdin.take().zip(process.stdout.take());
        let (input, output) = pipes.ok_or("a timing program has no pipes")?;
        Ok(Self { process, input, output: BufReader::new(output) })
    }

    /// Lets the program run once, and returns the milliseconds.
    fn turn(&mut self) -> Outcome<f64> {
        let mut line = String::new();
        let asked = self.input.write_all(b"\n").and_then(|()| self.output.read_line(&mut line));
        asked.map_err(|error| format!("a timing program ended: {error}"))?;
        line.trim().parse().map_err(|_| format!("a timing program printed `{line}`"))
    }

    /// Ends the program, and returns its peak memory in MiB.
    fn finish(mut self) -> Outcome<f64> {
        drop(self.input);
        let mut rest = String::new();
        let ended = self.output.read_to_string(&mut rest).and_then(|_| self.process.wait());
        ended.map_err(|error| error.to_string())?;
        let kibibytes =
            rest.lines().find_map(|line| line.strip_prefix("memory ")?.parse::<f64>().ok());
        Ok(kibibytes.unwrap_or(f64::NAN) / 1024.0)
    }
}

/// The class path of the timing program in the tests of the Kotlin package.
struct Java {
    classes: String,
}

impl Java {
    fn new() -> Outcome<Self> {
        kotlin::prepare(&Formats::default())?;
        let list: PathBuf = kotlin::folder().join("target/test-classpath");
        let mut compile = kotlin::maven(&kotlin::folder());
        compile.args([
            "test-compile",
            "dependency:build-classpath",
            "-Dmdep.outputFile=target/test-classpath",
        ]);
        run(&mut compile)?;
        let libraries = files::read_text(&list)?;
        Ok(Self {
            classes: ["target/test-classes", "target/classes", &libraries]
                .join(kotlin::PATH_SEPARATOR),
        })
    }

    fn command(&self) -> Command {
        let mut java = command("java -cp");
        java.arg(&self.classes).arg("org.ownprint.BenchmarkKt").current_dir(kotlin::folder());
        java
    }
}
