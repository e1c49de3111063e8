//! Fingerprints a batch of files: on several threads, with results in input order.

use std::io::{self, Write};
use std::num::NonZero;
use std::path::PathBuf;
use std::sync::atomic::Ordering;

use ownprint::exchange::FingerprintRecord;
use ownprint::hash::{VariantHashes, VpdqFeature};
use ownprint::{BitHash, Error, Fingerprint, Fingerprinter, Quality};

use crate::arguments::{DecodingArguments, FileArguments};
use crate::ordered::in_order;
use crate::paths::{ExpandedPaths, FoundFile, PathList};
use crate::progress::Progress;
use crate::{messages, source};

/// One path and its result.
#[derive(Debug)]
pub(crate) struct FileResult {
    pub(crate) path: PathBuf,
    /// The fingerprint, or why the file could not be read.
    pub(crate) fingerprint: Result<Fingerprint, Error>,
}

impl FileResult {
    /// Returns the record: of a file that could not be read, only the path and the error.
    pub(crate) fn to_record(&self) -> FingerprintRecord {
        let mut record = match &self.fingerprint {
            Ok(fingerprint) => fingerprint.to_record(),
            Err(error) => {
                let mut record = FingerprintRecord::default();
                record.error = Some(error.into());
                record
            }
        };
        record.path = Some(self.path.to_string_lossy().into_owned());
        record
    }

    /// Returns the first hash of the image and its quality.
    pub(crate) fn first_hash(&self) -> Option<(&BitHash, Option<Quality>)> {
        let hash = self.fingerprint.as_ref().ok()?.image().ok()?.hashes.first()?;
        Some((hash.values.first()?, hash.quality))
    }

    /// Returns the hashes of the frames of a video.
    pub(crate) fn features(&self) -> Option<Vec<VpdqFeature>> {
        let video = self.fingerprint.as_ref().ok()?.video().ok()?;
        Some(video.vpdq.iter().map(|frame| frame.feature.clone()).collect())
    }

    /// Returns the hashes of the image's variants, if they were requested.
    pub(crate) fn variants(&self) -> Option<&VariantHashes> {
        self.fingerprint.as_ref().ok()?.image().ok()?.variants.as_ref()
    }

    /// Returns what standard error says of this file if it failed.
    fn failure(&self, decoding: &DecodingArguments) -> Option<String> {
        match &self.fingerprint {
            Ok(fingerprint) => messages::undecodable(&self.path, fingerprint, decoding),
            Err(error) => Some(messages::unreadable(&self.path, error)),
        }
    }
}

/// The counts of a batch.
#[derive(Debug)]
pub(crate) struct Summary {
    pub(crate) failed: u64,
    files: u64,
    skipped_folders: u64,
    recursive: bool,
}

/// Fingerprints every file that `arguments` name and passes each result to `take` in input order.
/// Failures are printed on standard error.
pub(crate) fn fingerprint_files(
    arguments: &FileArguments,
    paths: PathList,
    fingerprinter: Fingerprinter,
    progress: &Progress,
    mut take: impl FnMut(&FileResult) -> io::Result<()>,
) -> io::Result<Summary> {
    if let PathList::Arguments(paths) = &paths {
        let paths = PathList::Arguments(paths.clone());
        progress.count(ExpandedPaths::new(paths, arguments.recursive));
    }
    let files = ExpandedPaths::new(paths, arguments.recursive);
    let skipped_folders = files.skipped_folders();
    let bytes_read = progress.bytes_read();
    let work = move |file: FoundFile| {
        let mut counted = 0;
        let count = |progress: ownprint::Progress| {
            bytes_read.fetch_add(progress.bytes - counted, Ordering::Relaxed);
            counted = progress.bytes;
        };
        let fingerprint = match file.error {
            Some(error) => Err(error),
            None => source::fingerprint(&fingerprinter, &file.path, count),
        };
        FileResult { path: file.path, fingerprint }
    };
    let (mut files_done, mut failed) = (0_u64, 0_u64);
    for result in in_order(threads(arguments), files, work)? {
        files_done += 1;
        take(&result)?;
        if let Some(message) = result.failure(&arguments.decoding) {
            failed += 1;
            progress.suspend(|| messages::print(&message));
        }
        progress.advance();
    }
    progress.finish();
    let skipped_folders = skipped_folders.load(Ordering::Relaxed);
    Ok(Summary { failed, files: files_done, skipped_folders, recursive: arguments.recursive })
}

fn threads(arguments: &FileArguments) -> usize {
    match arguments.threads {
        Some(threads) => threads.into(),
        None => std::thread::available_parallelism().map_or(1, NonZero::get),
    }
}

/// Writes text with one call, so that an interruption never leaves an incomplete line.
pub(crate) fn write_whole(progress: &Progress, text: &str) -> io::Result<()> {
    if text.is_empty() {
        return Ok(());
    }
    progress.suspend(|| {
        let mut stdout = io::stdout().lock();
        stdout.write_all(text.as_bytes())?;
        stdout.flush()
    })
}

impl Summary {
    /// Prints on standard error what the results themselves do not show.
    pub(crate) fn print(&self) {
        let Self { files, failed, skipped_folders, recursive } = *self;
        if files == 0 {
            messages::print("no files found");
        }
        if failed > 0 && files > 1 {
            messages::print(&format!("{failed} of {files} files failed"));
        }
        if skipped_folders > 0 {
            messages::print(&skipped(skipped_folders, recursive));
        }
    }
}

fn skipped(folders: u64, recursive: bool) -> String {
    match (recursive, folders) {
        (false, 1) => "1 subfolder was skipped; use --recursive to include it".to_owned(),
        (false, _) => format!("{folders} subfolders were skipped; use --recursive to include them"),
        (true, 1) => {
            "1 link to a folder was not followed; pass that folder itself to include it".to_owned()
        }
        (true, _) => {
            format!(
                "{folders} links to folders were not followed; pass those folders to include them"
            )
        }
    }
}
