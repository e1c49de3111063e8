//! `ownprint hash`: fingerprints of any number of files, in order, as they are ready.

use std::io::{self, Write};
use std::num::NonZero;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::atomic::Ordering;

use clap::CommandFactory;
use clap::error::ErrorKind;
use ownprint::{Error, Fingerprint, FingerprintRecord, Fingerprinter, HashAlgorithm, Selection};

use crate::arguments::{Arguments, HashArguments, OutputFormat};
use crate::ordered::in_order;
use crate::output::{self, Output};
use crate::paths::{Found, Walk, read_paths};
use crate::progress::Progress;
use crate::{messages, source};

/// The status when some paths failed.
const SOME_FAILED: u8 = 1;

/// One path and what became of it.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) path: PathBuf,
    pub(crate) result: Result<Fingerprint, Error>,
}

impl Entry {
    pub(crate) fn record(&self) -> FingerprintRecord {
        FingerprintRecord::new(self.path.to_string_lossy(), &self.result)
    }
}

pub(crate) fn run(arguments: &HashArguments) -> io::Result<ExitCode> {
    check(arguments).unwrap_or_else(|complaint| usage_error(&complaint));
    let selection = selection(arguments);
    let fingerprinter =
        arguments.decoding.fingerprinter().select(selection.clone()).rgb_md5(arguments.rgb_md5);
    let output = output::of(arguments.format, &selection);
    let progress = Progress::new();
    if arguments.stdin_paths {
        let end = if arguments.null { b'\0' } else { b'\n' };
        let walk = Walk::new(read_paths(end), arguments.recursive);
        return hash(walk, fingerprinter, arguments, output, &progress);
    }
    let walk = || Walk::new(arguments.paths.clone().into_iter().map(Ok), arguments.recursive);
    progress.count(walk());
    hash(walk(), fingerprinter, arguments, output, &progress)
}

/// What the shape of the arguments alone cannot forbid.
fn check(arguments: &HashArguments) -> Result<(), String> {
    let from_standard_input =
        arguments.paths.iter().filter(|path| path.as_os_str() == source::STANDARD_INPUT).count();
    if from_standard_input > 1 {
        return Err("standard input can be read only once: give - a single time".to_owned());
    }
    // Clap waives a requirement on an argument that another one rules out, so this is no `requires`.
    if arguments.null && !arguments.stdin_paths {
        return Err("--null says how paths on standard input end: give --stdin-paths with it".to_owned());
    }
    if arguments.format == OutputFormat::Threatexchange {
        let carried = |hash: &HashAlgorithm| hash.threatexchange_signal().is_some();
        let fits = arguments
            .algorithms
            .as_ref()
            .is_none_or(|selection| selection.digests.is_empty() && selection.hashes.iter().all(carried));
        if !fits || arguments.rgb_md5 {
            let names: Vec<_> = HashAlgorithm::all().filter(carried).map(HashAlgorithm::name).collect();
            return Err(format!("--format threatexchange carries nothing but {}", names.join(", ")));
        }
    }
    Ok(())
}

fn usage_error(complaint: &str) {
    Arguments::command().error(ErrorKind::ArgumentConflict, complaint).exit()
}

fn selection(arguments: &HashArguments) -> Selection {
    match (&arguments.algorithms, arguments.format) {
        (Some(selection), _) => selection.clone(),
        (None, OutputFormat::Threatexchange) => {
            Selection { hashes: vec![HashAlgorithm::PDQ], digests: Vec::new() }
        }
        (None, _) => Fingerprinter::new().selection().clone(),
    }
}

fn threads(arguments: &HashArguments) -> usize {
    match arguments.threads {
        Some(threads) => threads.into(),
        None => std::thread::available_parallelism().map_or(1, NonZero::get),
    }
}

fn hash(
    walk: Walk<impl Iterator<Item = io::Result<PathBuf>> + Send + 'static>,
    fingerprinter: Fingerprinter,
    arguments: &HashArguments,
    mut output: Box<dyn Output>,
    progress: &Progress,
) -> io::Result<ExitCode> {
    let skipped_folders = walk.skipped();
    let bytes_read = progress.bytes_read();
    let work = move |found: Found| {
        let mut so_far = 0;
        let read = |bytes| {
            bytes_read.fetch_add(bytes - so_far, Ordering::Relaxed);
            so_far = bytes;
        };
        let result = match found.problem {
            Some(problem) => Err(problem),
            None => source::fingerprint(&fingerprinter, &found.path, read),
        };
        Entry { path: found.path, result }
    };
    write_whole(progress, &output.begin())?;
    let (mut paths, mut failed) = (0_u64, 0_u64);
    for entry in in_order(threads(arguments), walk, work)? {
        paths += 1;
        let (text, note) = output.entry(&entry);
        write_whole(progress, &text)?;
        if let Err(error) = &entry.result {
            failed += 1;
            progress.aside(|| messages::say(&messages::failure(&entry.path, error, &arguments.decoding)));
        }
        if let Some(note) = note {
            progress.aside(|| messages::say(&format!("{}: {note}", messages::shown(&entry.path))));
        }
        progress.advance();
    }
    progress.finish();
    write_whole(progress, &output.end())?;
    summarise(paths, failed, skipped_folders.load(Ordering::Relaxed), arguments.recursive);
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::from(SOME_FAILED) })
}

/// Writes text in one piece, so that a reader, or someone who interrupts, never has half a line.
fn write_whole(progress: &Progress, text: &str) -> io::Result<()> {
    if text.is_empty() {
        return Ok(());
    }
    progress.aside(|| {
        let mut stdout = io::stdout().lock();
        stdout.write_all(text.as_bytes())?;
        stdout.flush()
    })
}

/// Says what nobody would see in the results themselves.
fn summarise(paths: u64, failed: u64, skipped_folders: u64, recursive: bool) {
    if paths == 0 {
        messages::say("there were no files to fingerprint");
    }
    if failed > 0 && paths > 1 {
        messages::say(&format!("{failed} of {paths} files could not be fingerprinted; the others were"));
    }
    if skipped_folders > 0 {
        messages::say(&skipped(skipped_folders, recursive));
    }
}

fn skipped(folders: u64, recursive: bool) -> String {
    match (recursive, folders) {
        (false, 1) => "1 folder inside was left out; --recursive goes into it".to_owned(),
        (false, _) => format!("{folders} folders inside were left out; --recursive goes into them"),
        (true, 1) => "1 link to a folder was not followed; name that folder itself to have it".to_owned(),
        (true, _) => format!(
            "{folders} links to folders were not followed; name those folders themselves to have them"
        ),
    }
}
