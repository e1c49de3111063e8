//! Opens files with a changed structure and fails when one costs more than promised.
//!
//! `cargo xtask fuzz-cost` builds and starts this program. It starts itself again as a child that
//! opens the files, so that an abort, an endless loop or a lack of memory ends only the child.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "the library starts no program and writes no file; this one does both"
)]

use std::process::ExitCode;

use clap::Parser;

mod report;
mod worker;

/// Opens files with a changed structure and fails when one costs more than promised.
#[derive(Debug, Clone, Parser)]
struct Arguments {
    /// The format of the files.
    format: String,
    /// Processor time of all files.
    #[arg(long, default_value_t = 60.0)]
    seconds: f64,
    /// Seed of the changes.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Folders of valid files, in addition to the corpus.
    #[arg(long)]
    seeds: Vec<std::path::PathBuf>,
    /// The folder for files that cost too much.
    #[arg(long, default_value = "fuzz/found/cost")]
    kept: std::path::PathBuf,
    /// Measure these files only, and print what each costs.
    #[arg(long)]
    files: Vec<std::path::PathBuf>,
    /// Open the files: the program sets this for its child.
    #[arg(long, hide = true)]
    worker: bool,
}

#[global_allocator]
static ALLOCATOR: peak_alloc::PeakAlloc = peak_alloc::PeakAlloc;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if !arguments.files.is_empty() {
        worker::measure_files(&arguments);
        ExitCode::SUCCESS
    } else if arguments.worker {
        worker::run(&arguments);
        ExitCode::SUCCESS
    } else {
        report::run(&arguments)
    }
}
