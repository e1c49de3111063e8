//! The files that paths stand for: named paths, lists of paths, folders.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use ownprint::Error;

use crate::source::{STANDARD_INPUT, is_standard_input};

/// A file to fingerprint, or a path that could not be listed.
#[derive(Debug)]
pub(crate) struct FoundFile {
    pub(crate) path: PathBuf,
    pub(crate) error: Option<Error>,
}

impl FoundFile {
    fn new(path: PathBuf) -> Self {
        Self { path, error: None }
    }

    fn failed(path: PathBuf, error: io::Error) -> Self {
        Self { path, error: Some(error.into()) }
    }
}

/// The paths that the command line names.
#[derive(Debug)]
pub(crate) enum PathList {
    /// Arguments.
    Arguments(std::vec::IntoIter<PathBuf>),
    /// The content of a file, or of standard input.
    File(PathReader),
}

impl PathList {
    /// Opens the list of paths in the file `name`, or on standard input for `-`.
    pub(crate) fn open(name: &Path, terminator: Terminator) -> io::Result<Self> {
        // Not the lock of standard input: it cannot be sent to another thread.
        let reader: Box<dyn Read + Send> = if name == Path::new(STANDARD_INPUT) {
            Box::new(io::stdin())
        } else {
            Box::new(File::open(name)?)
        };
        let reader = BufReader::new(reader);
        Ok(Self::File(PathReader { name: name.to_owned(), reader: Some(reader), terminator }))
    }
}

impl Iterator for PathList {
    type Item = Result<PathBuf, FoundFile>;

    fn next(&mut self) -> Option<Self::Item> {
        match self {
            Self::Arguments(paths) => paths.next().map(Ok),
            Self::File(reader) => reader.next(),
        }
    }
}

/// What ends each path of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Terminator {
    /// LF or CR LF.
    Line,
    /// A NUL byte.
    Nul,
}

/// Reads paths from a list. Empty lines are skipped. `-` is a file of that name here.
pub(crate) struct PathReader {
    name: PathBuf,
    /// `None` after an error: a reader that failed once may fail forever.
    reader: Option<BufReader<Box<dyn Read + Send>>>,
    terminator: Terminator,
}

impl std::fmt::Debug for PathReader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PathReader").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Iterator for PathReader {
    type Item = Result<PathBuf, FoundFile>;

    fn next(&mut self) -> Option<Self::Item> {
        let end = if self.terminator == Terminator::Nul { b'\0' } else { b'\n' };
        loop {
            let mut path = Vec::new();
            match self.reader.as_mut()?.read_until(end, &mut path) {
                Ok(0) => return None,
                Ok(_) => {}
                Err(error) => {
                    self.reader = None;
                    return Some(Err(FoundFile::failed(self.name.clone(), error)));
                }
            }
            if path.last() == Some(&end) {
                path.pop();
            }
            if self.terminator == Terminator::Line && path.last() == Some(&b'\r') {
                path.pop();
            }
            if path == STANDARD_INPUT.as_bytes() {
                path = b"./-".to_vec();
            }
            if !path.is_empty() {
                return Some(Ok(PathBuf::from(from_bytes(path))));
            }
        }
    }
}

/// The listed paths, each folder replaced by its files in the order of their names.
///
/// Only the folders that lead to the current file are held in memory.
#[derive(Debug)]
pub(crate) struct ExpandedPaths {
    paths: PathList,
    recursive: bool,
    /// The remaining members of each open folder, innermost last.
    folders: Vec<std::vec::IntoIter<Member>>,
    skipped_folders: Arc<AtomicU64>,
}

impl ExpandedPaths {
    pub(crate) fn new(paths: PathList, recursive: bool) -> Self {
        Self { paths, recursive, folders: Vec::new(), skipped_folders: Arc::default() }
    }

    /// Returns the count of skipped folders, which grows during iteration.
    pub(crate) fn skipped_folders(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.skipped_folders)
    }

    /// Returns the next file of the innermost folder that has one.
    fn next_member(&mut self) -> Option<FoundFile> {
        while let Some(folder) = self.folders.last_mut() {
            let Some(member) = folder.next() else {
                self.folders.pop();
                continue;
            };
            match member.kind {
                Kind::File => return Some(FoundFile::new(member.path)),
                Kind::Folder if self.recursive => {
                    if let Err(error) = self.enter(&member.path) {
                        return Some(FoundFile::failed(member.path, error));
                    }
                }
                Kind::Folder | Kind::LinkToFolder => {
                    self.skipped_folders.fetch_add(1, Ordering::Relaxed);
                }
            }
        }
        None
    }

    fn enter(&mut self, folder: &Path) -> io::Result<()> {
        let mut members = std::fs::read_dir(folder)?
            .map(|entry| Member::new(&entry?))
            .collect::<io::Result<Vec<_>>>()?;
        members.sort_unstable_by(|a, b| a.path.file_name().cmp(&b.path.file_name()));
        self.folders.push(members.into_iter());
        Ok(())
    }
}

impl Iterator for ExpandedPaths {
    type Item = FoundFile;

    fn next(&mut self) -> Option<FoundFile> {
        loop {
            if let Some(file) = self.next_member() {
                return Some(file);
            }
            let path = match self.paths.next()? {
                Ok(path) => path,
                Err(failed) => return Some(failed),
            };
            if is_standard_input(&path) || !path.is_dir() {
                return Some(FoundFile::new(path));
            }
            if let Err(error) = self.enter(&path) {
                return Some(FoundFile::failed(path, error));
            }
        }
    }
}

/// An entry of a folder.
#[derive(Debug)]
struct Member {
    path: PathBuf,
    kind: Kind,
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    /// Anything but a folder. Whether it can be read is found out when it is opened.
    File,
    Folder,
    /// Not followed: it may lead back to a folder that contains it.
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

#[cfg(unix)]
fn from_bytes(bytes: Vec<u8>) -> OsString {
    std::os::unix::ffi::OsStringExt::from_vec(bytes)
}

#[cfg(not(unix))]
fn from_bytes(bytes: Vec<u8>) -> OsString {
    String::from_utf8_lossy(&bytes).into_owned().into()
}
