//! Reads lists of hashes, in any format, into an index.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek};
use std::num::NonZero;
use std::path::{Path, PathBuf};

use ownprint::exchange::{HashList, ListEntry, ListFormat, SkippedRows};
use ownprint::hash::Digest;
use ownprint::search::Index;
use ownprint::{BitHash, DigestAlgorithm, Error, HashAlgorithm, exchange};

use crate::arguments::{FORMATS, ListArguments};
use crate::{messages, source};

/// The hashes and digests of lists.
#[derive(Debug)]
pub(crate) struct Known {
    /// The perceptual hashes.
    pub(crate) index: Index,
    /// The names of each digest.
    pub(crate) digests: BTreeMap<(DigestAlgorithm, String), Vec<String>>,
}

impl Known {
    /// Returns the algorithms of the digests.
    pub(crate) fn digest_algorithms(&self) -> Vec<DigestAlgorithm> {
        let mut algorithms: Vec<_> = self.digests.keys().map(|(algorithm, _)| *algorithm).collect();
        algorithms.dedup();
        algorithms
    }

    /// Returns the names of a digest.
    pub(crate) fn names(&self, digest: &Digest) -> &[String] {
        self.digests
            .get(&(digest.algorithm, digest.to_hex()))
            .map(Vec::as_slice)
            .unwrap_or_default()
    }
}

/// What is taken from lists.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Wanted {
    /// Hashes of this algorithm. Default: the algorithm of the index among the lists, or PDQ.
    Hashes(Option<HashAlgorithm>),
    /// The same, and the digests of lists whose format is not that of records.
    HashesAndDigests,
    /// Digests of this algorithm.
    Digests(DigestAlgorithm),
}

/// Reads all of `lists`.
///
/// # Errors
/// Returns a message that names the list.
pub(crate) fn read(
    lists: &[PathBuf],
    arguments: &ListArguments,
    wanted: Wanted,
) -> Result<Known, String> {
    let threads = std::thread::available_parallelism().unwrap_or(NonZero::<usize>::MIN);
    let mut indexes = Vec::new();
    let mut files = Vec::new();
    for path in lists {
        let failed = |error: Error| failure(path, &error);
        let mut file = source::open_regular(path).map_err(|error| failed(error.into()))?;
        if is_index(&mut file).map_err(|error| failed(error.into()))? {
            let index =
                Index::load(BufReader::new(file), threads).map_err(|error| failed(error.into()))?;
            indexes.push((path, index));
        } else {
            files.push((path, file));
        }
    }
    let first = indexes.first().map(|(_, index)| index.algorithm());
    let algorithm = match wanted {
        Wanted::Hashes(Some(algorithm)) => algorithm,
        _ => first.unwrap_or(HashAlgorithm::PDQ),
    };
    if let Some((path, index)) = indexes.iter().find(|(_, index)| index.algorithm() != algorithm) {
        return Err(format!(
            "{}: this is an index of {} hashes, not of {algorithm}",
            messages::shown(path),
            index.algorithm()
        ));
    }
    let mut known = Entries { algorithm, wanted, hashes: Vec::new(), digests: BTreeMap::new() };
    for (path, file) in files {
        known.add(path, file, arguments)?;
    }
    let digests = known.digests;
    if known.hashes.is_empty()
        && indexes.len() == 1
        && let Some((_, index)) = indexes.pop()
    {
        return Ok(Known { index, digests });
    }
    let mut entries = known.hashes;
    for (_, index) in indexes {
        index.each(|_, hash, name| entries.push((hash.clone(), name.to_owned())));
    }
    let index = Index::build(algorithm, entries, threads).map_err(|error| error.to_string())?;
    Ok(Known { index, digests })
}

fn failure(path: &Path, error: &Error) -> String {
    format!("{}: {error}", messages::shown(path))
}

fn is_index(file: &mut File) -> io::Result<bool> {
    let mut start = Vec::new();
    file.by_ref().take(Index::MARK.len() as u64).read_to_end(&mut start)?;
    file.rewind()?;
    Ok(start == Index::MARK)
}

/// The entries of the lists that were read so far.
#[derive(Debug)]
struct Entries {
    algorithm: HashAlgorithm,
    wanted: Wanted,
    hashes: Vec<(BitHash, String)>,
    digests: BTreeMap<(DigestAlgorithm, String), Vec<String>>,
}

impl Entries {
    /// Adds the entries of a list, each with its name in the list, or else with list and line.
    fn add(&mut self, path: &Path, file: File, arguments: &ListArguments) -> Result<(), String> {
        let reader = BufReader::new(file);
        let mut list = match arguments.list_format {
            Some(format) => HashList::new(reader, format),
            None => HashList::detecting(reader),
        };
        if arguments.skip_invalid {
            list = list.skip_invalid();
        }
        let (mut taken, mut others) = (0_u64, 0_u64);
        while let Some(entry) = list.next_entry() {
            let entry = entry.map_err(|error| failed(path, &error, list.format()))?;
            if self.take(entry, path, list.format()) {
                taken += 1;
            } else {
                others += 1;
            }
        }
        report_skipped(path, list.skipped());
        if taken == 0 && others == 0 && list.skipped().count() > 0 {
            return Err(format!("{}: no row of this list is valid", messages::shown(path)));
        }
        if taken == 0 && others > 0 {
            messages::print(&self.none_taken(path, others));
        }
        Ok(())
    }

    /// Adds an entry if it is wanted, and returns whether it was.
    fn take(&mut self, entry: ListEntry, path: &Path, format: Option<ListFormat>) -> bool {
        let name = |name: Option<String>, line| {
            name.unwrap_or_else(|| format!("{}:{line}", path.to_string_lossy()))
        };
        match entry {
            ListEntry::Hash(hash)
                if !matches!(self.wanted, Wanted::Digests(_))
                    && hash.algorithm == self.algorithm =>
            {
                let name = name(hash.name, hash.line);
                self.hashes.push((hash.value, Index::payload_of(name, hash.variant.as_ref())));
            }
            ListEntry::Digest(listed) if self.wants(listed.digest.algorithm, format) => {
                let key = (listed.digest.algorithm, listed.digest.to_hex());
                self.digests.entry(key).or_default().push(name(listed.name, listed.line));
            }
            _ => return false,
        }
        true
    }

    fn wants(&self, algorithm: DigestAlgorithm, format: Option<ListFormat>) -> bool {
        match self.wanted {
            Wanted::Hashes(_) => false,
            // Records have the digests of images whose hashes are compared already.
            Wanted::HashesAndDigests => {
                !matches!(format, Some(ListFormat::JsonLines | ListFormat::Csv))
            }
            Wanted::Digests(wanted) => wanted == algorithm,
        }
    }

    fn none_taken(&self, path: &Path, others: u64) -> String {
        let wanted = match self.wanted {
            Wanted::Digests(algorithm) => format!("{algorithm} digest"),
            _ => format!("{} hash", self.algorithm),
        };
        format!(
            "{}: none of its {others} hashes is a {wanted}; use --algorithm to choose another",
            messages::shown(path)
        )
    }
}

/// Returns the message about an invalid list, with the option that may help.
fn failed(path: &Path, error: &exchange::Error, format: Option<ListFormat>) -> String {
    let remedy = match (error, format) {
        (exchange::Error::InvalidRecord { .. }, None) => {
            format!("; the option is --list-format: {FORMATS}")
        }
        _ => String::new(),
    };
    format!("{}: {error}{remedy}", messages::shown(path))
}

/// The number of skipped rows that are reported in full.
const REPORTED_ROWS: usize = 10;

fn report_skipped(path: &Path, skipped: &SkippedRows) {
    let shown = messages::shown(path);
    for row in skipped.rows().iter().take(REPORTED_ROWS) {
        let (line, column, detail) = (row.line, row.column, &row.detail);
        messages::print(&format!("{shown}: skipped line {line}, column {column}: {detail}"));
    }
    match skipped.count() {
        0 => {}
        1 => messages::print(&format!("{shown}: skipped 1 invalid row")),
        count => messages::print(&format!("{shown}: skipped {count} invalid rows")),
    }
}
