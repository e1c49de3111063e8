//! `cargo xtask bench-peers`: ours and theirs side by side in one run.
//!
//! Machines are shared and their speed drifts, so the two programs take turns, each turn gives a ratio, and the median
//! of the ratios is what counts.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::files::{self, build_timed_programs};
use crate::process::{Outcome, command, quiet_output as quietly, root, run, succeeds, target_folder};
use crate::targets::in_node;
use crate::{bench_hashes, bench_index, python, targets};

pub(crate) const TURNS: usize = 7;

/// Width, height, and how often ours and theirs run in a turn.
const SIZES: [(u32, u32, u32, u32); 3] = [(4000, 3000, 8, 2), (1920, 1080, 40, 5), (512, 512, 200, 40)];

/// What a table needs.
pub(crate) struct Bench {
    /// The folder of the timing programs.
    pub(crate) programs: PathBuf,
    /// The Python with the peers.
    pub(crate) python: PathBuf,
}

/// A table's name, and what measures it.
type Table = (&'static str, fn(&Bench) -> Outcome<String>);

const TABLES: [Table; 8] = [
    ("pdq", time_pixels),
    ("variants", time_variants),
    ("files", time_files),
    ("formats", time_formats),
    ("imagehash", bench_hashes::beside_imagehash),
    ("algorithms", bench_hashes::each_alone),
    ("img-hash", bench_hashes::beside_img_hash),
    ("index", bench_index::table),
];

/// Prints the tables that are named, or all.
pub(crate) fn bench_peers(wanted: &[&str]) -> Outcome {
    if let Some(unknown) = wanted.iter().find(|name| TABLES.iter().all(|(known, _)| known != *name)) {
        let known: Vec<&str> = TABLES.iter().map(|(name, _)| *name).collect();
        return Err(format!("there is no table {unknown}; there are {}", known.join(", ")));
    }
    let python = python::interpreter()?;
    let bench = Bench { programs: build_timed_programs()?, python };
    let mut tables = String::new();
    for (_, measure) in TABLES.iter().filter(|(name, _)| wanted.is_empty() || wanted.contains(name)) {
        let _ = writeln!(tables, "\n{}", measure(&bench)?);
    }
    println!("\nMachine: {}, one thread, medians of {TURNS} turns.\n{tables}", machine());
    Ok(())
}

fn time_pixels(Bench { programs, python }: &Bench) -> Outcome<String> {
    let webassembly = webassembly_program()?;
    let mut table = "\
| PDQ of decoded pixels | ours, ms | PyPI pdqhash 0.2.8, ms | faster by | wasm32 + simd128, ms | beside the pixels, KiB |
|---|---|---|---|---|---|
"
    .to_owned();
    for (width, height, our_runs, their_runs) in SIZES {
        let size = [width.to_string(), height.to_string()];
        let (mut ours, mut theirs, mut ratios, mut wasm, mut memory) = (vec![], vec![], vec![], vec![], 0.0);
        for _ in 0..TURNS {
            let printed =
                quietly(Command::new(programs.join("time-pdq")).args(&size).arg(our_runs.to_string()))?;
            let our = median(&mut numbers(&printed));
            memory = named(&printed, "memory ").unwrap_or(memory);
            let script = root().join("benches/peers/time_pdqhash.py");
            let their = quietly(Command::new(python).arg(script).args(&size).arg(their_runs.to_string()))?;
            let their = median(&mut numbers(&their));
            if let Some(program) = &webassembly {
                let printed = quietly(in_node(program).args(&size).arg(our_runs.to_string()))?;
                wasm.push(median(&mut numbers(&printed)));
            }
            ratios.push(their / our);
            ours.push(our);
            theirs.push(their);
        }
        let wasm = if wasm.is_empty() { "not run".to_owned() } else { format!("{:.2}", median(&mut wasm)) };
        let (ours, theirs, ratio) = (median(&mut ours), median(&mut theirs), median(&mut ratios));
        let _ = writeln!(
            table,
            "| {width}x{height} | {ours:.2} | {theirs:.1} | {ratio:.1}x | {wasm} | {memory} |"
        );
    }
    Ok(table)
}

/// One hash beside the set of 32, in turns.
fn time_variants(Bench { programs, .. }: &Bench) -> Outcome<String> {
    let webassembly = webassembly_program()?;
    let mut table = "\
| pixels to | `pdq`, ms | `wide`, ms | times | wasm32 + simd128: `pdq`, ms | `wide`, ms | times |
|---|---|---|---|---|---|---|
"
    .to_owned();
    for (width, height, runs, _) in SIZES {
        let size = [width.to_string(), height.to_string(), runs.to_string()];
        let native = beside_one_hash(&|| Command::new(programs.join("time-pdq")), &size)?;
        let wasm = match &webassembly {
            Some(program) => beside_one_hash(&|| in_node(program), &size)?,
            None => "not run | not run | not run".to_owned(),
        };
        let _ = writeln!(table, "| {width}x{height} | {native} | {wasm} |");
    }
    Ok(table)
}

/// The medians of one hash and of `wide`, and of the ratios of turns.
fn beside_one_hash(program: &dyn Fn() -> Command, size: &[String; 3]) -> Outcome<String> {
    let (mut one, mut set, mut ratios) = (vec![], vec![], vec![]);
    for _ in 0..TURNS {
        let alone = median(&mut numbers(&quietly(program().args(size))?));
        let with_set = median(&mut numbers(&quietly(program().args(size).arg("wide"))?));
        one.push(alone);
        set.push(with_set);
        ratios.push(with_set / alone);
    }
    Ok(format!("{:.2} | {:.2} | {:.2}x", median(&mut one), median(&mut set), median(&mut ratios)))
}

fn time_files(Bench { programs, python }: &Bench) -> Outcome<String> {
    let mut table = "\
| 12-megapixel JPEG to `pdq` | decoder alone, ms | everything, ms | beyond decoding |
|---|---|---|---|
"
    .to_owned();
    let upright = "upright";
    let turned = "to be turned by 90 degrees";
    for (quality, orientation, name) in [(95, 1, upright), (88, 1, upright), (95, 6, turned), (88, 6, turned)]
    {
        let jpeg = make_jpeg(programs, python, orientation, quality)?;
        let printed = quietly(Command::new(programs.join("time-jpeg")).arg(&jpeg).arg("21"))?;
        let pairs = printed.lines().map(numbers).filter(|pair| pair.len() == 2);
        let (mut alone, mut whole, mut shares) = (vec![], vec![], vec![]);
        for pair in pairs {
            alone.push(pair[0]);
            whole.push(pair[1]);
            shares.push((pair[1] / pair[0] - 1.0) * 100.0);
        }
        let (alone, whole, share) = (median(&mut alone), median(&mut whole), median(&mut shares));
        let bytes = fs::metadata(&jpeg).map_or(0, |metadata| metadata.len());
        let _ = writeln!(
            table,
            "| {:.1} MB, {name} | {alone:.0} | {whole:.0} | {share:.0} % |",
            bytes as f64 / 1e6
        );
    }
    Ok(table)
}

/// HEIC, AVIF, JPEG XL and a video, from file to hash.
fn time_formats(Bench { programs, python }: &Bench) -> Outcome<String> {
    let jpeg = camera_jpeg(programs, python)?;
    let mut time = Command::new(python);
    time.arg(root().join("benches/peers/time_formats.py")).arg(programs.join("ownprint"));
    quietly(time.arg(&jpeg).arg(folder()).arg(TURNS.to_string()))
}

/// [`camera_jpeg`] in the formats that npm has modules for, by their paths.
pub(crate) fn camera_stills(python: &Path, jpeg: &Path) -> Outcome<Vec<PathBuf>> {
    let mut make = Command::new(python);
    quietly(make.arg(root().join("benches/peers/make_formats.py")).arg(jpeg).arg(folder()))?;
    Ok(["photo.heic", "photo.avif", "photo.jxl"].map(|name| folder().join(name)).to_vec())
}

/// Where the files are that are timed.
fn folder() -> PathBuf {
    target_folder().join("bench-peers")
}

/// A JPEG of 12 megapixels and less than 2 MB, upright.
pub(crate) fn camera_jpeg(programs: &Path, python: &Path) -> Outcome<PathBuf> {
    make_jpeg(programs, python, 1, 88)
}

/// Makes a JPEG of 12 megapixels as a camera would write it, with an EXIF orientation and a quality.
fn make_jpeg(programs: &Path, python: &Path, orientation: u8, quality: u8) -> Outcome<PathBuf> {
    let folder = folder();
    files::create_folder(&folder)?;
    quietly(Command::new(programs.join("paint")).arg(&folder).arg("photo:1:4000x3000"))?;
    let jpeg = folder.join(format!("{quality}-{orientation}.jpg"));
    let mut make = Command::new(python);
    make.arg(root().join("benches/peers/make_jpeg.py")).arg(folder.join("photo-1-4000x3000.ppm"));
    quietly(make.arg(&jpeg).args([orientation, quality].map(|it| it.to_string())))?;
    Ok(jpeg)
}

/// The timing program for WebAssembly with SIMD, where node is there to run it.
fn webassembly_program() -> Outcome<Option<PathBuf>> {
    const TARGET: &str = "wasm32-wasip1";
    if !succeeds("node --version") {
        println!("node is not installed: WebAssembly is not timed");
        return Ok(None);
    }
    targets::add_target(TARGET)?;
    let folder = target_folder().join("simd128");
    let mut build = command(&format!(
        "cargo build --release --package ownprint-benches --bin time-pdq --target {TARGET}"
    ));
    run(build.env("RUSTFLAGS", "-C target-feature=+simd128").env("CARGO_TARGET_DIR", &folder))?;
    Ok(Some(folder.join(TARGET).join("release/time-pdq.wasm")))
}

/// The processor's name, as Linux tells it.
pub(crate) fn machine() -> String {
    let cpus = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = cpus.lines().find_map(|line| line.strip_prefix("model name")?.split(": ").nth(1));
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    format!("{} ({threads} virtual processors)", name.unwrap_or("unknown processor"))
}

/// The number behind a word at the start of a line.
pub(crate) fn named(printed: &str, word: &str) -> Option<f64> {
    printed.lines().find_map(|line| line.strip_prefix(word)?.trim().parse().ok())
}

/// The numbers that stand alone in words of a text.
pub(crate) fn numbers(text: &str) -> Vec<f64> {
    text.lines()
        .filter(|line| !line.starts_with("memory") && !line.starts_with("build"))
        .flat_map(str::split_whitespace)
        .filter_map(|word| word.parse().ok())
        .collect()
}

pub(crate) fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
