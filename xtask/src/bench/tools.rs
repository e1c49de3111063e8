//! What the tables share: the programs, turns, and numbers in their output.

use std::path::PathBuf;
use std::process::Command;

use crate::process::{Outcome, quiet_output, root, target_folder};

/// Number of times that each program runs.
pub(super) const TURNS: usize = 7;

/// The programs that print the measurements of a table.
pub(super) struct Bench {
    /// The folder of the timing programs.
    pub(super) programs: PathBuf,
    /// The Python interpreter with the other implementations.
    pub(super) python: PathBuf,
}

impl Bench {
    pub(super) fn program(&self, name: &str) -> Command {
        Command::new(self.programs.join(name))
    }

    pub(super) fn script(&self, name: &str) -> Command {
        let mut script = Command::new(&self.python);
        script.arg(root().join("benches/peers").join(name));
        script
    }
}

/// Returns the first two lines of a Markdown table.
pub(super) fn table(header: &str) -> String {
    format!("| {header} |\n{}|\n", "|---".repeat(header.split(" | ").count()))
}

pub(super) fn with(mut command: Command, arguments: &[&str]) -> Command {
    command.args(arguments);
    command
}

/// Runs programs alternately, and returns the output of each program in each turn.
pub(super) fn turns(programs: &[&dyn Fn() -> Command]) -> Outcome<Vec<Vec<String>>> {
    some_turns(TURNS, programs)
}

pub(super) fn some_turns(
    turns: usize,
    programs: &[&dyn Fn() -> Command],
) -> Outcome<Vec<Vec<String>>> {
    let mut printed = vec![Vec::new(); programs.len()];
    for _ in 0..turns {
        for (program, printed) in programs.iter().zip(&mut printed) {
            printed.push(quiet_output(&mut program())?);
        }
    }
    Ok(printed)
}

/// Returns the median of the medians of the turns.
pub(super) fn middle(printed: &[String]) -> f64 {
    median(printed.iter().map(|text| median(numbers(text))).collect())
}

/// Returns the median ratio of the times of `printed` to those of `base`.
pub(super) fn ratio(printed: &[String], base: &[String]) -> f64 {
    let pairs = printed.iter().zip(base);
    median(pairs.map(|(text, base)| median(numbers(text)) / median(numbers(base))).collect())
}

/// Returns the number at `index` in the output of each turn.
pub(super) fn column(printed: &[String], index: usize) -> Vec<f64> {
    printed.iter().filter_map(|text| numbers(text).get(index).copied()).collect()
}

/// Returns the folder of the input files.
pub(super) fn folder() -> PathBuf {
    target_folder().join("bench-peers")
}

/// Returns the number after a word at the start of a line.
pub(super) fn named(printed: &str, word: &str) -> Option<f64> {
    printed.lines().find_map(|line| line.strip_prefix(word)?.trim().parse().ok())
}

/// Returns all numbers in the output, except in lines that begin with a word.
pub(super) fn numbers(text: &str) -> Vec<f64> {
    let lines = text.lines().filter(|line| !line.starts_with(char::is_alphabetic));
    lines.flat_map(str::split_whitespace).filter_map(|word| word.parse().ok()).collect()
}

pub(super) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
