//! Lists of hashes, in whichever form, as an index.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek};
use std::num::NonZero;
use std::path::{Path, PathBuf};

use ownprint::exchange::HashList;
use ownprint::search::Index;
use ownprint::{BitHash, Error, HashAlgorithm};

use crate::{messages, source};

/// The hashes of `algorithm` in all of `lists`; where none is named, of the index among them, or PDQ's.
///
/// # Errors
/// Which list could not be used, and why.
pub(crate) fn index(lists: &[PathBuf], algorithm: Option<HashAlgorithm>) -> Result<Index, String> {
    let threads = std::thread::available_parallelism().unwrap_or(NonZero::<usize>::MIN);
    let mut saved = Vec::new();
    let mut written = Vec::new();
    for path in lists {
        let failed = |error: Error| failure(path, &error);
        let mut file = source::open_regular(path).map_err(|error| failed(error.into()))?;
        if is_index(&mut file).map_err(|error| failed(error.into()))? {
            saved.push((path, Index::load(BufReader::new(file), threads).map_err(failed)?));
        } else {
            written.push((path, file));
        }
    }
    let first = saved.first().map(|(_, index)| index.algorithm());
    let algorithm = algorithm.or(first).unwrap_or(HashAlgorithm::PDQ);
    if let Some((path, index)) = saved.iter().find(|(_, index)| index.algorithm() != algorithm) {
        let has = index.algorithm();
        return Err(format!(
            "{}: an index of {has} hashes, and {algorithm} is looked for",
            messages::shown(path)
        ));
    }
    if written.is_empty()
        && saved.len() == 1
        && let Some((_, index)) = saved.pop()
    {
        return Ok(index);
    }
    let mut entries: Vec<(BitHash, String)> = Vec::new();
    for (_, index) in saved {
        index.each(|_, hash, name| entries.push((hash.clone(), name.to_owned())));
    }
    for (path, file) in written {
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

/// Adds the hashes of `algorithm`, each under the name that the list has for it, or where it stands.
fn read(
    path: &Path,
    file: File,
    algorithm: HashAlgorithm,
    entries: &mut Vec<(BitHash, String)>,
) -> Result<(), Error> {
    let (before, mut others) = (entries.len(), 0_u64);
    for listed in HashList::sniffed(BufReader::new(file)) {
        let listed = listed?;
        if listed.algorithm == algorithm {
            let place = || format!("{}:{}", path.to_string_lossy(), listed.line);
            let name = listed.name.unwrap_or_else(place);
            entries.push((listed.value, Index::payload_of(name, listed.variant.as_ref())));
        } else {
            others += 1;
        }
    }
    if entries.len() == before && others > 0 {
        messages::say(&format!(
            "{}: none of its {others} hashes is a {algorithm} hash; --algorithm chooses another",
            messages::shown(path)
        ));
    }
    Ok(())
}
