//! The child: changes files, opens them, and prints a line about each.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use cpu_time::ProcessTime;
use ownprint_fuzz::cost::{Allowed, Cost, measure, record_panics, take_panics};
use ownprint_fuzz::structure::{Rng, changed, format_of_video};

use crate::Arguments;

/// Longer seeds would take most of the time.
const LONGEST_SEED: u64 = 300_000;
/// Longer changed files are not changed again.
const LONGEST_CHANGED: usize = 60_000;
/// Changed files that are changed again.
const POOL: usize = 400;
/// Files that are kept of one kind of finding.
const KEPT: usize = 12;

/// The file that a child writes each input to, before it opens the input.
pub(crate) fn current(arguments: &Arguments) -> PathBuf {
    arguments.kept.join(format!("current.{}", arguments.format))
}

pub(crate) fn run(arguments: &Arguments) {
    record_panics();
    fs::create_dir_all(&arguments.kept).expect("the folder for findings can be created");
    let mut numbers = Rng::new(arguments.seed);
    let seeds = seeds(arguments);
    let mut pool = Pool { files: seeds.clone(), seeds: seeds.len(), ..Pool::default() };
    let mut kept = Kept::default();
    let mut measured = 0.0;
    let current = current(arguments);
    // Unchanged files come first.
    let mut first = seeds.into_iter();
    for index in 0_u64.. {
        // A defect of a change is printed to standard error, and is no finding.
        let change = || changed(&arguments.format, &pool.files, &mut numbers);
        let bytes = first.next().map_or_else(|| catch_unwind(AssertUnwindSafe(change)).ok(), Some);
        let Some(bytes) = bytes else { continue };
        fs::write(&current, &bytes).expect("the input can be written");
        let allowed = match index % 64 {
            63 => Allowed::Default,
            0 | 31 => Allowed::Moderate,
            _ => Allowed::Little,
        };
        let start = ProcessTime::now();
        let cost = measure(&bytes, allowed, (index ^ index >> 5) % 2 == 1, 1.0);
        measured += start.elapsed().as_secs_f64();
        let panics = take_panics();
        println!(
            "{}",
            line(&cost, measured, &panics.iter().map(String::as_str).collect::<Vec<_>>())
        );
        for (kind, text) in &cost.findings {
            if let Some(path) = kept.keep(arguments, kind, &bytes) {
                println!("finding\t{kind}\t{text}; {}\t{}", cost.detail, path.display());
            }
        }
        if allowed == Allowed::Little {
            kept.keep_worst(arguments, &cost, &bytes);
        }
        pool.offer(bytes, &cost, panics.first().map_or("", String::as_str), &mut numbers);
    }
}

/// Returns the line about one file, which the parent adds to its table.
fn line(cost: &Cost, measured: f64, panics: &[&str]) -> String {
    format!(
        "file\t{}\t{}\t{:.4}\t{:.4}\t{:.4}\t{:.3}\t{:.2}\t{}",
        cost.outcome,
        cost.memory,
        cost.memory_ratio,
        cost.seconds,
        cost.time_ratio,
        measured,
        ProcessTime::now().as_duration().as_secs_f64(),
        panics.join(" ")
    )
}

/// Prints the cost of the named files.
pub(crate) fn measure_files(arguments: &Arguments) {
    record_panics();
    for path in &arguments.files {
        let bytes = fs::read(path).expect("a readable file");
        for (allowed, tolerant) in
            [(Allowed::Little, false), (Allowed::Moderate, true), (Allowed::Default, false)]
        {
            let cost = measure(&bytes, allowed, tolerant, 1.0);
            println!(
                "{} {allowed:?} tolerant={tolerant}: {} ({}), {:.1} MiB ({:.2}), {:.3} s ({:.2}) {:?} {:?}",
                path.display(),
                cost.outcome,
                cost.detail,
                cost.memory as f64 / f64::from(1 << 20),
                cost.memory_ratio,
                cost.seconds,
                cost.time_ratio,
                cost.findings,
                take_panics()
            );
        }
    }
}

/// The committed corpus of the format, and the files of other folders that have its signature.
fn seeds(arguments: &Arguments) -> Vec<Vec<u8>> {
    let name = match &arguments.format[..] {
        "video" | "hevc" | "vp9" | "vp8" | "av1" => "video".to_owned(),
        format => format!("decode-{format}"),
    };
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(name);
    let mut paths = Vec::new();
    collect(&corpus, &mut paths);
    arguments.seeds.iter().for_each(|folder| collect(folder, &mut paths));
    paths.sort();
    let is_short =
        |path: &PathBuf| fs::metadata(path).is_ok_and(|metadata| metadata.len() <= LONGEST_SEED);
    let files = paths.iter().filter(|path| is_short(path)).filter_map(|path| fs::read(path).ok());
    files.filter(|bytes| is_of(&arguments.format, bytes)).collect()
}

fn is_of(format: &str, bytes: &[u8]) -> bool {
    match ownprint::decode::probe(bytes) {
        Some(found) => found.name() == format,
        None => ownprint::decode::is_video(bytes) && format_of_video(bytes) == format,
    }
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() { collect(&path, paths) } else { paths.push(path) }
    }
}

/// Files to change: the seeds, and changed files that led to another outcome or cost much.
#[derive(Default)]
struct Pool {
    files: Vec<Vec<u8>>,
    seeds: usize,
    seen: BTreeSet<String>,
    most: (f64, f64),
}

impl Pool {
    fn offer(&mut self, bytes: Vec<u8>, cost: &Cost, panic: &str, numbers: &mut Rng) {
        if bytes.len() > LONGEST_CHANGED || !cost.findings.is_empty() {
            return;
        }
        // Numbers in the text of an error do not make it another error.
        let text = format!("{panic}{}", cost.detail);
        let text: String = text.chars().filter(|letter| !letter.is_ascii_digit()).collect();
        let is_new = self.seen.len() < 10_000 && self.seen.insert(text);
        let is_costly = cost.memory_ratio > self.most.0 || cost.time_ratio > self.most.1;
        let is_hashed = cost.outcome == "hashed" && numbers.one_in(16);
        self.most.0 = self.most.0.max(cost.memory_ratio);
        self.most.1 = self.most.1.max(cost.time_ratio);
        if !(is_new || is_costly || is_hashed) {
            return;
        }
        if self.files.len() < self.seeds + POOL {
            self.files.push(bytes);
        } else {
            let at = self.seeds + numbers.below(POOL);
            self.files[at] = bytes;
        }
    }
}

/// Files that were kept: findings, and those that came closest to the promise.
#[derive(Default)]
struct Kept {
    kinds: BTreeMap<&'static str, usize>,
    worst: (f64, f64),
}

impl Kept {
    fn keep(&mut self, arguments: &Arguments, kind: &'static str, bytes: &[u8]) -> Option<PathBuf> {
        let count = self.kinds.entry(kind).or_default();
        *count += 1;
        if *count > KEPT {
            return None;
        }
        let name = format!("{}-{kind}-{}-{count}", arguments.format, arguments.seed);
        let path = arguments.kept.join(name);
        fs::write(&path, bytes).expect("a finding can be kept");
        Some(path)
    }

    fn keep_worst(&mut self, arguments: &Arguments, cost: &Cost, bytes: &[u8]) {
        let format = &arguments.format;
        for (kind, ratio, worst) in [
            ("memory", cost.memory_ratio, &mut self.worst.0),
            ("time", cost.time_ratio, &mut self.worst.1),
        ] {
            if ratio > worst.max(0.2) {
                *worst = ratio;
                let path = arguments.kept.join(format!("worst-{kind}.{format}"));
                fs::write(path, bytes).expect("a file can be kept");
            }
        }
        std::io::stdout().flush().expect("the parent reads");
    }
}
