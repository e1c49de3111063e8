//! From the paths that were named to the files behind them, one after another.

use std::ffi::OsString;
use std::io::{self, BufRead};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use ownprint::Error;

use crate::source::STANDARD_INPUT;

/// A file to fingerprint, or a path at which no files could be found.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) path: PathBuf,
    pub(crate) problem: Option<Error>,
}

impl Found {
    fn file(path: PathBuf) -> Self {
        Self { path, problem: None }
    }

    fn problem(path: PathBuf, error: io::Error) -> Self {
        Self { path, problem: Some(error.into()) }
    }
}

/// Named paths, each folder among them replaced by its files in the order of their names.
///
/// Only the folders on the way to the current file are held in memory.
#[derive(Debug)]
pub(crate) struct Walk<Named> {
    named: Named,
    recursive: bool,
    /// What is left of every folder on the way, innermost last.
    folders: Vec<std::vec::IntoIter<Member>>,
    skipped: Arc<AtomicU64>,
}

impl<Named: Iterator<Item = io::Result<PathBuf>>> Walk<Named> {
    pub(crate) fn new(named: Named, recursive: bool) -> Self {
        Self { named, recursive, folders: Vec::new(), skipped: Arc::default() }
    }

    /// Counts the folders that were skipped, while the walk goes on elsewhere.
    pub(crate) fn skipped(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.skipped)
    }

    /// The next file of the innermost folder that has one.
    fn next_member(&mut self) -> Option<Found> {
        while let Some(folder) = self.folders.last_mut() {
            let Some(member) = folder.next() else {
                self.folders.pop();
                continue;
            };
            match member.kind {
                Kind::File => return Some(Found::file(member.path)),
                Kind::Folder if self.recursive => {
                    if let Err(error) = self.enter(&member.path) {
                        return Some(Found::problem(member.path, error));
                    }
                }
                Kind::Folder | Kind::LinkToFolder => {
                    self.skipped.fetch_add(1, Ordering::Relaxed);
                }
            }
        }
        None
    }

    fn enter(&mut self, folder: &Path) -> io::Result<()> {
        let mut members =
            std::fs::read_dir(folder)?.map(|entry| Member::new(&entry?)).collect::<io::Result<Vec<_>>>()?;
        members.sort_unstable_by(|a, b| a.path.file_name().cmp(&b.path.file_name()));
        self.folders.push(members.into_iter());
        Ok(())
    }
}

impl<Named: Iterator<Item = io::Result<PathBuf>>> Iterator for Walk<Named> {
    type Item = Found;

    fn next(&mut self) -> Option<Found> {
        loop {
            if let Some(found) = self.next_member() {
                return Some(found);
            }
            let path = match self.named.next()? {
                Ok(path) => path,
                Err(error) => return Some(Found::problem(PathBuf::from("(standard input)"), error)),
            };
            if path.as_os_str() == STANDARD_INPUT || !path.is_dir() {
                return Some(Found::file(path));
            }
            if let Err(error) = self.enter(&path) {
                return Some(Found::problem(path, error));
            }
        }
    }
}

/// What a folder holds.
#[derive(Debug)]
struct Member {
    path: PathBuf,
    kind: Kind,
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    /// Anything that is no folder; what cannot be read of it is found when it is opened.
    File,
    Folder,
    /// Not followed, for it may lead back to where it stands.
    LinkToFolder,
}

impl Member {
    fn new(entry: &std::fs::DirEntry) -> io::Result<Self> {
        let path = entry.path();
        let file_type = entry.file_type()?;
        let kind = if file_type.is_dir() {
            Kind::Folder
        } else if file_type.is_symlink() && path.is_dir() {
            Kind::LinkToFolder
        } else {
            Kind::File
        };
        Ok(Self { path, kind })
    }
}

/// Paths on standard input, each ended by `end`; empty ones are passed over. `-` is a file of that name here.
pub(crate) fn read_paths(end: u8) -> impl Iterator<Item = io::Result<PathBuf>> + Send {
    // A reader of its own: the lock of standard input cannot be held on another thread.
    let mut input = io::BufReader::new(io::stdin());
    std::iter::from_fn(move || {
        loop {
            let mut path = Vec::new();
            match input.read_until(end, &mut path) {
                Ok(0) => return None,
                Ok(_) => {}
                Err(error) => return Some(Err(error)),
            }
            if path.last() == Some(&end) {
                path.pop();
            }
            if cfg!(windows) && path.last() == Some(&b'\r') {
                path.pop();
            }
            if path == STANDARD_INPUT.as_bytes() {
                path = b"./-".to_vec();
            }
            if !path.is_empty() {
                return Some(Ok(PathBuf::from(from_bytes(path))));
            }
        }
    })
    .scan(false, |failed, path| {
        // A reader that failed once may fail for ever.
        let ended = std::mem::replace(failed, path.is_err());
        (!ended).then_some(path)
    })
}

#[cfg(unix)]
fn from_bytes(bytes: Vec<u8>) -> OsString {
    std::os::unix::ffi::OsStringExt::from_vec(bytes)
}

#[cfg(not(unix))]
fn from_bytes(bytes: Vec<u8>) -> OsString {
    String::from_utf8_lossy(&bytes).into_owned().into()
}
