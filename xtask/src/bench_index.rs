//! Searching a million hashes: ours and faiss side by side, with the same answers.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use crate::bench_peers::{Bench, TURNS, median, named, numbers};
use crate::files;
use crate::process::{Outcome, quiet_output as quietly, root, target_folder};

const HASHES: u32 = 1_000_000;
const QUERIES: u32 = 400;
const RADIUS: u32 = 31;

/// Who searches: a name for people, the word of `time_faiss.py`, where it writes what it found.
const SEARCHERS: [(&str, Option<&str>, &str); 3] = [
    ("ours", None, "found.txt"),
    (
        "faiss-cpu 1.15.1, IndexBinaryMultiHash as python-threatexchange has it",
        Some("multi"),
        "found-multi.txt",
    ),
    ("faiss-cpu 1.15.1, IndexBinaryFlat", Some("flat"), "found-flat.txt"),
];

/// What one searcher took, a turn each.
#[derive(Default, Clone)]
struct Times {
    query: Vec<f64>,
    build: Vec<f64>,
    memory: Vec<f64>,
}

pub(crate) fn table(Bench { programs, python }: &Bench) -> Outcome<String> {
    let folder = target_folder().join("bench-peers");
    files::create_folder(&folder)?;
    let [hashes, queries, radius] = [HASHES, QUERIES, RADIUS].map(|number| number.to_string());
    quietly(Command::new(programs.join("time-index")).arg("make").arg(&folder).args([hashes, queries]))?;
    let mut times = vec![Times::default(); SEARCHERS.len()];
    for _ in 0..TURNS {
        for ((_, kind, _), times) in SEARCHERS.iter().zip(&mut times) {
            let mut ours = Command::new(programs.join("time-index"));
            let mut theirs = Command::new(python);
            let search = match kind {
                None => ours.arg("run").arg(&folder),
                Some(kind) => theirs.arg(root().join("benches/peers/time_faiss.py")).arg(&folder).arg(kind),
            };
            let printed = quietly(search.arg(&radius))?;
            times.query.push(median(&mut numbers(&printed)));
            times.build.extend(named(&printed, "build "));
            times.memory.extend(named(&printed, "memory "));
        }
    }
    same_answers(&folder)?;
    let mut table = format!(
        "| {HASHES} hashes of 256 bits, radius {RADIUS} | a query, µs | beside ours | building, ms | bytes a hash |\n|---|---|---|---|---|\n"
    );
    let ours = times.first().map(|times| times.query.clone()).unwrap_or_default();
    for ((name, _, _), times) in SEARCHERS.iter().zip(&mut times) {
        let mut ratios: Vec<f64> =
            times.query.iter().zip(&ours).map(|(theirs, ours)| theirs / ours).collect();
        let (ratio, query) = (median(&mut ratios), median(&mut times.query));
        let (build, memory) = (median(&mut times.build), median(&mut times.memory));
        let _ = writeln!(table, "| {name} | {query:.0} | {ratio:.1}x | {build:.0} | {memory:.0} |");
    }
    Ok(table)
}

/// A fast answer that is another one is none.
fn same_answers(folder: &Path) -> Outcome {
    let found = SEARCHERS.map(|(_, _, file)| files::read_text(folder.join(file)));
    let [ours, multi, flat] = found;
    let flat = flat?;
    if flat.is_empty() || ours? != flat || multi? != flat {
        return Err(format!("the searchers found different hashes: see found*.txt in {}", folder.display()));
    }
    Ok(())
}
