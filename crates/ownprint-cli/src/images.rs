//! A run over files: fingerprints of any number of them, in order, as they are ready.

use std::io::{self, Write};
use std::num::NonZero;
use std::path::PathBuf;
use std::sync::atomic::Ordering;

use ownprint::exchange::FingerprintRecord;
use ownprint::{BitHash, Error, Fingerprint, Fingerprinter, Quality};

use crate::arguments::ImageArguments;
use crate::ordered::in_order;
use crate::paths::{Found, Walk, read_paths};
use crate::progress::Progress;
use crate::{messages, source};

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

    /// The hash of an image for which one of a single value was asked for, with its quality.
    pub(crate) fn hash(&self) -> Option<(&BitHash, Option<Quality>)> {
        let hash = self.result.as_ref().ok()?.hashes.first()?;
        Some((hash.values.first()?, hash.quality))
    }
}

/// How a run ended.
#[derive(Debug)]
pub(crate) struct Tally {
    pub(crate) failed: u64,
    paths: u64,
    skipped_folders: u64,
    recursive: bool,
}

/// Fingerprints every file that `arguments` name and hands each over in turn; what fails is also said on standard error.
pub(crate) fn each(
    arguments: &ImageArguments,
    fingerprinter: Fingerprinter,
    progress: &Progress,
    take: impl FnMut(&Entry) -> io::Result<()>,
) -> io::Result<Tally> {
    if arguments.stdin_paths {
        let end = if arguments.null { b'\0' } else { b'\n' };
        let walk = Walk::new(read_paths(end), arguments.recursive);
        return over(walk, fingerprinter, arguments, progress, take);
    }
    let walk = || Walk::new(arguments.paths.clone().into_iter().map(Ok), arguments.recursive);
    progress.count(walk());
    over(walk(), fingerprinter, arguments, progress, take)
}

fn over(
    walk: Walk<impl Iterator<Item = io::Result<PathBuf>> + Send + 'static>,
    fingerprinter: Fingerprinter,
    arguments: &ImageArguments,
    progress: &Progress,
    mut take: impl FnMut(&Entry) -> io::Result<()>,
) -> io::Result<Tally> {
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
    let (mut paths, mut failed) = (0_u64, 0_u64);
    for entry in in_order(threads(arguments), walk, work)? {
        paths += 1;
        take(&entry)?;
        if let Err(error) = &entry.result {
            failed += 1;
            progress.aside(|| messages::say(&messages::failure(&entry.path, error, &arguments.decoding)));
        }
        progress.advance();
    }
    progress.finish();
    let skipped_folders = skipped_folders.load(Ordering::Relaxed);
    Ok(Tally { failed, paths, skipped_folders, recursive: arguments.recursive })
}

fn threads(arguments: &ImageArguments) -> usize {
    match arguments.threads {
        Some(threads) => threads.into(),
        None => std::thread::available_parallelism().map_or(1, NonZero::get),
    }
}

/// Writes text in one piece, so that a reader, or someone who interrupts, never has half a line.
pub(crate) fn write_whole(progress: &Progress, text: &str) -> io::Result<()> {
    if text.is_empty() {
        return Ok(());
    }
    progress.aside(|| {
        let mut stdout = io::stdout().lock();
        stdout.write_all(text.as_bytes())?;
        stdout.flush()
    })
}

impl Tally {
    /// Says what nobody would see in the results themselves.
    pub(crate) fn summarise(&self) {
        let Self { paths, failed, skipped_folders, recursive } = *self;
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
}

fn skipped(folders: u64, recursive: bool) -> String {
    match (recursive, folders) {
        (false, 1) => "1 folder inside was skipped; --recursive goes into it".to_owned(),
        (false, _) => format!("{folders} folders inside were skipped; --recursive goes into them"),
        (true, 1) => "1 link to a folder was not followed; name that folder itself to have it".to_owned(),
        (true, _) => format!(
            "{folders} links to folders were not followed; name those folders themselves to have them"
        ),
    }
}
