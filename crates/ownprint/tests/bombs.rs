//! Decompression bombs: each is rejected with little time and memory. `cargo xtask limits` prints
//! the table in `docs/limits.md`.
//!
//! Each file is opened by a child process, which is this test again, and which reports its
//! processor time and its peak memory.

#![cfg(all(target_os = "linux", feature = "decode"))]
#![allow(clippy::unwrap_used, clippy::panic)]

mod decode_files;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use decode_files::{common, optional};
use ownprint::Fingerprinter;
use ownprint::decode::Error;
use ownprint::pixels::LimitKind;

/// The maximum cost of rejecting a file: processor time, and memory in addition to the file.
const MILLISECONDS: f64 = 200.0;
const MEBIBYTES: f64 = 64.0;
/// The maximum cost of each megapixel that is hashed, in addition.
const MILLISECONDS_PER_MEGAPIXEL: f64 = 200.0;
const MEBIBYTES_PER_MEGAPIXEL: f64 = 3e6 / (1 << 20) as f64;
/// The factor for development builds, which are slower.
const PATIENCE: f64 = 20.0;

/// Names of files that state 16 megapixels, which no limit forbids, so that memory is allocated.
const MODERATE: &str = "4000x4000, within every limit";

/// The environment variable with the file that the child opens.
const FILE: &str = "OWNPRINT_BOMB";
/// The environment variable that `cargo xtask limits` sets, which uses a release build.
const STRICT: &str = "OWNPRINT_LIMITS";

fn patience() -> f64 {
    if std::env::var_os(STRICT).is_some() { 1.0 } else { PATIENCE }
}

#[test]
fn bombs_are_rejected_with_little_time_and_memory() {
    let mut trial = Trial::default();
    for (name, file) in bombs() {
        let path = std::env::temp_dir().join(format!("ownprint-bomb-{}", std::process::id()));
        std::fs::write(&path, &file).unwrap();
        let cost = Cost::of(&path);
        std::fs::remove_file(&path).unwrap();
        let is_right = (cost.outcome == "hashed") == name.ends_with("an image");
        let stated = if name.contains(MODERATE) { 16.0 } else { 0.0 };
        trial.tell(&name, &cost, is_right && cost.is_within(patience(), stated));
    }
    trial.end();
}

/// Malformed files of other projects, and the fuzzing corpus. All files are small, so none may cost
/// much.
#[test]
fn malformed_files_take_little_time_and_memory() {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus")];
    let corpus = std::env::var_os("OWNPRINT_CORPUS").map(PathBuf::from).unwrap_or_default();
    for name in ["bad", "reported"] {
        match corpus.join(name) {
            folder if folder.is_dir() => folders.push(folder),
            _ => println!("skipped: OWNPRINT_CORPUS names no folder with a folder `{name}`"),
        }
    }
    let mut trial = Trial::default();
    for folder in folders {
        for path in files_under(&folder) {
            let cost = Cost::of(&path);
            let name = format!("`{}`", path.strip_prefix(&folder).unwrap().display());
            // 2048x2048 pixels, for each of which the decoder holds five times as much as RGB.
            let is_layered = path.ends_with("jxl_lay_2048_400.jxl");
            let megapixels = if is_layered { 2.048 * 2.048 * 5.0 } else { 0.0 };
            trial.tell(&name, &cost, cost.is_within(patience(), megapixels));
        }
    }
    trial.end();
}

/// The child process: opens one file and reports the cost.
#[test]
#[ignore = "the other tests start it as a child process"]
fn child() {
    let Some(path) = std::env::var_os(FILE) else { return };
    let before = (processor_time(), most_memory());
    // Videos are hashed only on request.
    let mut selection = Fingerprinter::default().selection().clone();
    selection.vpdq = cfg!(feature = "video");
    let fingerprinter = Fingerprinter::builder().selection(selection).build();
    let fingerprint = fingerprinter.fingerprint_file(path).unwrap();
    assert_eq!(fingerprint.digests().len(), 3);
    let is_hashed = fingerprint.image().is_ok() || fingerprint.video().is_ok();
    let outcome = match fingerprint.failure() {
        None if is_hashed => "hashed".to_owned(),
        // A file without hashes that is no failure has a warning.
        None => fingerprint.warnings()[0].code().to_owned(),
        Some(Error::LimitExceeded { kind, .. }) => format!("limit-exceeded ({kind})"),
        Some(error) => error.code().to_owned(),
    };
    let pixels = fingerprint.image().map_or(0, |image| image.info.stored.pixels());
    let milliseconds = (processor_time() - before.0) / 1e6;
    println!("cost: {milliseconds}\t{}\t{pixels}\t{outcome}", most_memory() - before.1);
}

/// Prints a table of the files, and returns those that cost too much or were not rejected.
#[derive(Default)]
struct Trial {
    rows: String,
    failures: Vec<String>,
}

impl Trial {
    fn tell(&mut self, name: &str, cost: &Cost, is_well: bool) {
        let Cost { bytes, milliseconds, mebibytes, outcome, .. } = cost;
        writeln!(
            self.rows,
            "| {name} | {bytes} | {outcome} | {milliseconds:.1} | {mebibytes:.1} |"
        )
        .unwrap();
        if !is_well {
            self.failures.push(name.to_owned());
        }
    }

    fn end(self) {
        let Self { rows, failures } = self;
        println!(
            "\n| file | bytes | result | processor, ms | memory in addition to the file, MiB |"
        );
        println!("|---|---|---|---|---|\n{rows}");
        assert!(failures.is_empty(), "too costly or not rejected: {failures:?}");
    }
}

struct Cost {
    /// The length of the file.
    bytes: u64,
    milliseconds: f64,
    /// The file itself, which is in memory while it is decoded, is not counted.
    mebibytes: f64,
    /// Millions of pixels of the image, if it was hashed.
    megapixels: f64,
    outcome: String,
}

impl Cost {
    fn of(path: &Path) -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap());
        child.args(["child", "--exact", "--ignored", "--nocapture", "--test-threads=1"]);
        // The backtrace of a caught panic would cost 100 MiB, because the standard library reads
        // the debug information.
        let output = child.env(FILE, path).env("RUST_BACKTRACE", "0").output().unwrap();
        let printed = String::from_utf8(output.stdout).unwrap();
        let line = printed.lines().find_map(|line| line.split_once("cost: "));
        // A child that was killed, for example for lack of memory, has a row and counts as too
        // costly.
        let ended = format!("inf\t0\t0\t{}", output.status);
        let line = line.map_or(&ended[..], |(_, line)| line);
        let [milliseconds, kibibytes, pixels, outcome] = *line.split('\t').collect::<Vec<_>>()
        else {
            panic!("{line}")
        };
        let bytes = std::fs::metadata(path).unwrap().len();
        let file = bytes as f64 / (1 << 20) as f64;
        Self {
            bytes,
            milliseconds: milliseconds.parse().unwrap(),
            mebibytes: (kibibytes.parse::<f64>().unwrap() / 1024.0 - file).max(0.0),
            megapixels: pixels.parse::<f64>().unwrap() / 1e6,
            outcome: outcome.to_owned(),
        }
    }

    /// `stated` is the size in the header of a refused file, in megapixels.
    fn is_within(&self, patience: f64, stated: f64) -> bool {
        let megapixels = self.megapixels.max(stated);
        // The promise of docs/limits.md: as much for a megabyte as for a megapixel.
        let milliseconds =
            MILLISECONDS + MILLISECONDS_PER_MEGAPIXEL * (megapixels + self.bytes as f64 / 1e6);
        self.milliseconds <= milliseconds * patience
            && self.mebibytes <= MEBIBYTES + MEBIBYTES_PER_MEGAPIXEL * megapixels
    }
}

/// Returns the processor time of this thread in nanoseconds.
fn processor_time() -> f64 {
    let times = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    times.split_whitespace().next().unwrap().parse().unwrap()
}

/// Returns the peak memory of this process in KiB.
fn most_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

fn files_under(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
        .into_iter()
        .flat_map(|path| if path.is_dir() { files_under(&path) } else { vec![path] })
        .collect()
}

fn bombs() -> common::Bombs {
    let mut bombs = common::stills();
    assert!(bombs.len() > 50, "{}", bombs.len());
    bombs.extend(optional::stills());
    if cfg!(feature = "jxl") {
        bombs.extend(optional::jpeg_xl());
    }
    if cfg!(feature = "video") {
        bombs.extend(optional::videos());
    }
    bombs
}

/// The error names the limit that the file exceeds.
#[test]
fn a_high_expansion_ratio_exceeds_the_expansion_limit() {
    let mut files = common::expanding().into_iter();
    let (_, flat) = files.find(|(name, _)| name.starts_with("lossless WebP")).unwrap();
    let fingerprint = Fingerprinter::default().fingerprint_bytes(&flat).unwrap();
    let refused = fingerprint.image().unwrap_err();
    assert!(
        matches!(
            refused,
            Error::LimitExceeded { kind: LimitKind::Expansion, allowed: 100_000, .. }
        ),
        "{refused}"
    );
}
