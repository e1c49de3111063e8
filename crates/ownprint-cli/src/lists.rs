//! Reads lists of hashes, in any format, into an index.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek};
use std::num::NonZero;
use std::path::{Path, PathBuf};

use ownprint::exchange::HashList;
use ownprint::search::Index;
use ownprint::{BitHash, Error, HashAlgorithm};

use crate::{messages, source};

/// Returns an index of the hashes of `algorithm` in all of `lists`. Default: the algorithm of the
/// index among them, or PDQ.
///
/// # Errors
/// Returns a message that names the list.
pub(crate) fn index(lists: &[PathBuf], algorithm: Option<HashAlgorithm>) -> Result<Index, String> {
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
    let algorithm = algorithm.or(first).unwrap_or(HashAlgorithm::PDQ);
    if let Some((path, index)) = indexes.iter().find(|(_, index)| index.algorithm() != algorithm) {
        return Err(format!(
            "{}: this is an index of {} hashes, not of {algorithm}",
            messages::shown(path),
            index.algorithm()
        ));
    }
    if files.is_empty()
        && indexes.len() == 1
        && let Some((_, index)) = indexes.pop()
    {
        return Ok(index);
    }
    let mut entries: Vec<(BitHash, String)> = Vec::new();
    for (_, index) in indexes {
        index.each(|_, hash, name| entries.push((hash.clone(), name.to_owned())));
    }
    for (path, file) in files {
        read(path, file, algorithm, &mut entries).map_err(|error| failure(path, &error))?;
    }
    Index::build(algorithm, entries, threads).map_err(|error| error.to_string())
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

/// Adds the hashes of `algorithm`, each with its name in the list, or else with list and line.
fn read(
    path: &Path,
    file: File,
    algorithm: HashAlgorithm,
    entries: &mut Vec<(BitHash, String)>,
) -> Result<(), Error> {
    let (before, mut others) = (entries.len(), 0_u64);
    for listed in HashList::detecting(BufReader::new(file)) {
        let listed = listed?;
        if listed.algorithm == algorithm {
            let line = || format!("{}:{}", path.to_string_lossy(), listed.line);
            let name = listed.name.unwrap_or_else(line);
            entries.push((listed.value, Index::payload_of(name, listed.variant.as_ref())));
        } else {
            others += 1;
        }
    }
    if entries.len() == before && others > 0 {
        messages::print(&format!(
            "{}: none of its {others} hashes is a {algorithm} hash; use --algorithm to choose another",
            messages::shown(path)
        ));
    }
    Ok(())
}
