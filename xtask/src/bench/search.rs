//! The tables of the search index.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use super::tools::{Bench, folder, median, middle, named, numbers, ratio, some_turns, table, with};
use crate::files;
use crate::process::{Outcome, quiet_output};

/// What a comparison with faiss searches.
pub(super) struct Search {
    hashes: &'static str,
    queries: &'static str,
    kind: &'static str,
    turns: usize,
    others: &'static [Other],
}

/// The argument of `time_faiss.py`, the name in the table, and whether it finds every hash.
type Other = (&'static str, &'static str, bool);

const MULTI: Other = (
    "multi",
    "faiss-cpu 1.15.1, IndexBinaryMultiHash with python-threatexchange's parameters",
    true,
);
const FLAT: Other = ("flat", "faiss-cpu 1.15.1, IndexBinaryFlat", true);
const HNSW: Other = ("hnsw", "faiss-cpu 1.15.1, IndexBinaryHNSW, ten nearest", false);

const RADIUS: &str = "31";

pub(super) const MILLION: Search = Search {
    hashes: "1000000",
    queries: "400",
    kind: "random",
    turns: 3,
    others: &[MULTI, FLAT, HNSW],
};

/// Without HNSW, which takes hours to build.
pub(super) const TEN_MILLION: Search =
    Search { hashes: "10000000", queries: "400", kind: "random", turns: 3, others: &[MULTI, FLAT] };

/// Numbers of hashes at which a scan and a lookup are compared.
const SIZES: [usize; 9] =
    [1_000, 3_000, 10_000, 17_000, 30_000, 100_000, 300_000, 1_000_000, 10_000_000];

/// Compares the search index with faiss. All must find the same hashes, except HNSW, whose share of
/// them is printed.
pub(super) fn peers(bench: &Bench, search: &Search) -> Outcome<String> {
    let folder = folder();
    files::create_folder(&folder)?;
    let made = [search.hashes, search.queries, search.kind];
    quiet_output(bench.program("time-index").arg("make").arg(&folder).args(made))?;
    let ours = || {
        let mut command = bench.program("time-index");
        command.arg("run").arg(&folder).arg(RADIUS);
        command
    };
    let others: Vec<_> =
        search.others.iter().map(|(kind, _, _)| faiss(bench, &folder, kind)).collect();
    let mut programs: Vec<&dyn Fn() -> Command> = vec![&ours];
    programs.extend(others.iter().map(|it| it as &dyn Fn() -> Command));
    let printed = some_turns(search.turns, &programs)?;
    let ours = found(&folder, "found.txt")?;
    let mut names = vec![("ownprint", 1.0)];
    for (kind, name, is_exact) in search.others {
        let theirs = found(&folder, &format!("found-{kind}.txt"))?;
        let shared = theirs.iter().filter(|line| ours.binary_search(line).is_ok()).count();
        // A time only counts if the answer is correct.
        if ours.is_empty() || shared != theirs.len() || (*is_exact && theirs != ours) {
            return Err(format!(
                "the search programs found different hashes; see found*.txt in {}",
                folder.display()
            ));
        }
        names.push((name, shared as f64 / ours.len() as f64));
    }
    let mut table = table(&format!(
        "{} {} hashes of 256 bits, radius {RADIUS} | query, µs | 99th percentile, µs | ratio to \
         ownprint | batch, queries/s | found | building, ms | bytes per hash",
        search.hashes, search.kind
    ));
    for ((name, recall), texts) in names.into_iter().zip(&printed) {
        let all = |word| median(texts.iter().filter_map(|text| named(text, word)).collect());
        let slowest = median(texts.iter().map(|text| percentile(numbers(text), 0.99)).collect());
        let _ = writeln!(
            table,
            "| {name} | {:.0} | {slowest:.0} | {:.1}x | {:.0} | {:.1} % | {:.0} | {:.0} |",
            middle(texts),
            ratio(texts, &printed[0]),
            all("batch "),
            recall * 100.0,
            all("build "),
            all("memory ")
        );
    }
    let ours = |word| median(printed[0].iter().filter_map(|text| named(text, word)).collect());
    let _ = writeln!(
        table,
        "\nownprint opens the saved index in {:.1} ms; the first query takes {:.1} ms.",
        ours("open "),
        ours("first ")
    );
    Ok(table)
}

fn faiss<'a>(bench: &'a Bench, folder: &'a Path, kind: &'a str) -> impl Fn() -> Command + 'a {
    move || {
        let mut search = bench.script("time_faiss.py");
        search.arg(folder).args([kind, RADIUS]);
        search
    }
}

/// Returns the lines of a file of hits, sorted.
fn found(folder: &Path, file: &str) -> Outcome<Vec<String>> {
    let mut lines: Vec<_> =
        files::read_text(folder.join(file))?.lines().map(str::to_owned).collect();
    lines.sort_unstable();
    Ok(lines)
}

fn percentile(mut values: Vec<f64>, share: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get((values.len() as f64 * share) as usize).copied().unwrap_or(f64::NAN)
}

/// Compares a scan with a lookup of slots. `docs/plot_search.py` draws the table.
pub(super) fn crossover(bench: &Bench) -> Outcome<String> {
    let mut table = table("hashes | radius | scan, µs | lookup, µs | chosen, µs");
    for size in SIZES {
        let printed = quiet_output(&mut with(
            bench.program("time-index"),
            &["crossover", &size.to_string()],
        ))?;
        for line in printed.lines() {
            let _ = writeln!(table, "| {size} | {} |", line.replace(' ', " | "));
        }
    }
    Ok(table)
}
