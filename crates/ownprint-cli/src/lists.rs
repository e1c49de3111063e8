//! Reads lists of hashes, in any format, into an index of hashes and an index of videos.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek};
use std::num::NonZero;
use std::path::{Path, PathBuf};

use ownprint::exchange::{HashList, ListEntry, ListFormat, SkippedRows};
use ownprint::hash::{Digest, VpdqFeature};
use ownprint::search::{Index, SavedIndex, VideoIndex};
use ownprint::{BitHash, DigestAlgorithm, Error, HashAlgorithm, Quality, exchange};

use crate::arguments::{FORMATS, ListArguments};
use crate::{messages, source};

/// The hashes, videos and digests of lists.
#[derive(Debug)]
pub(crate) struct Known {
    /// The perceptual hashes of images.
    pub(crate) index: Index,
    /// The videos.
    pub(crate) videos: VideoIndex,
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
    /// The same, and videos.
    HashesAndVideos,
    /// The same, and the digests of lists whose format is not that of records.
    Everything,
    /// Digests of this algorithm.
    Digests(DigestAlgorithm),
    /// Videos.
    Videos,
}

impl Wanted {
    fn has_hashes(self) -> bool {
        !matches!(self, Self::Digests(_) | Self::Videos)
    }

    fn has_videos(self) -> bool {
        matches!(self, Self::HashesAndVideos | Self::Everything | Self::Videos)
    }
}

/// Reads all of `lists`; `-` is a list on standard input. `quality` is the lowest quality of the
/// frames of videos.
///
/// # Errors
/// Returns a message that names the list.
pub(crate) fn read(
    lists: &[PathBuf],
    arguments: &ListArguments,
    wanted: Wanted,
    quality: Quality,
) -> Result<Known, String> {
    let threads = std::thread::available_parallelism().unwrap_or(NonZero::<usize>::MIN);
    if lists.iter().filter(|path| source::is_standard_input(path)).count() > 1 {
        return Err(source::READ_ONCE.to_owned());
    }
    let (mut indexes, mut video_indexes) = (Vec::new(), Vec::new());
    let mut files = Vec::new();
    for path in lists {
        let failed = |error: Error| failure(path, &error);
        if source::is_standard_input(path) {
            files.push((path, Box::new(io::stdin()) as Box<dyn Read>));
            continue;
        }
        let mut file = source::open_regular(path).map_err(|error| failed(error.into()))?;
        if is_index(&mut file).map_err(|error| failed(error.into()))? {
            let index = SavedIndex::open(path, threads);
            match index.map_err(|error| failed(error.into()))? {
                SavedIndex::Hashes(index) => indexes.push((path, index)),
                SavedIndex::Videos(index) => video_indexes.push((path, index)),
                _ => return Err(format!("{}: an unknown index", messages::shown(path))),
            }
        } else {
            files.push((path, Box::new(file)));
        }
    }
    let first = indexes.first().map(|(_, index)| index.algorithm());
    let algorithm = match wanted {
        Wanted::Hashes(Some(algorithm)) => algorithm,
        _ => first.unwrap_or(HashAlgorithm::PDQ),
    };
    check_kinds(wanted, algorithm, &indexes, &video_indexes, quality)?;
    let mut known = Entries::new(algorithm, wanted);
    for (path, file) in files {
        known.add(path, file, arguments)?;
    }
    let Entries { hashes, videos, digests, .. } = known;
    let index = merged(algorithm, indexes, hashes, threads).map_err(|error| error.to_string())?;
    let videos = merged_videos(quality, video_indexes, videos, threads)
        .map_err(|error| error.to_string())?;
    Ok(Known { index, videos, digests })
}

/// Refuses indexes of another kind, and of frames of a higher quality, than what is wanted.
fn check_kinds(
    wanted: Wanted,
    algorithm: HashAlgorithm,
    indexes: &[(&PathBuf, Index)],
    videos: &[(&PathBuf, VideoIndex)],
    quality: Quality,
) -> Result<(), String> {
    if let (Some((path, _)), false) = (videos.first(), wanted.has_videos()) {
        return Err(format!("{}: this is an index of videos", messages::shown(path)));
    }
    if let (Some((path, index)), Wanted::Videos) = (indexes.first(), wanted) {
        let (shown, algorithm) = (messages::shown(path), index.algorithm());
        return Err(format!("{shown}: this is an index of {algorithm} hashes, not of videos"));
    }
    if let Some((path, index)) = indexes.iter().find(|(_, index)| index.algorithm() != algorithm) {
        let (shown, found) = (messages::shown(path), index.algorithm());
        return Err(format!("{shown}: this is an index of {found} hashes, not of {algorithm}"));
    }
    if let Some((path, index)) = videos.iter().find(|(_, index)| index.quality() > quality) {
        let (shown, lowest) = (messages::shown(path), index.quality());
        return Err(format!(
            "{shown}: it has only frames of quality {lowest} and higher; the option is \
             --frame-quality"
        ));
    }
    Ok(())
}

/// Returns an index of the entries of indexes and lists. A single index is returned as it is.
fn merged(
    algorithm: HashAlgorithm,
    mut indexes: Vec<(&PathBuf, Index)>,
    mut entries: Vec<(BitHash, String)>,
    threads: NonZero<usize>,
) -> Result<Index, ownprint::search::Error> {
    if let (true, [_]) = (entries.is_empty(), indexes.as_slice())
        && let Some((_, index)) = indexes.pop()
    {
        return Ok(index);
    }
    for (_, index) in indexes {
        index.each(|_, hash, name| entries.push((hash.clone(), name.to_owned())))?;
    }
    Index::build(algorithm, entries, threads)
}

/// Returns an index of the videos of indexes and lists. A single index is returned as it is.
fn merged_videos(
    quality: Quality,
    mut indexes: Vec<(&PathBuf, VideoIndex)>,
    mut videos: Vec<(Vec<VpdqFeature>, String)>,
    threads: NonZero<usize>,
) -> Result<VideoIndex, ownprint::search::Error> {
    if let (true, [_]) = (videos.is_empty(), indexes.as_slice())
        && let Some((_, index)) = indexes.pop()
    {
        return Ok(index);
    }
    for (_, index) in indexes {
        index.each(|_, features, name| videos.push((features, name.to_owned())))?;
    }
    VideoIndex::build(quality, videos, threads)
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

/// Whether an entry of a list is compared.
enum Taken {
    Yes,
    /// It is not wanted.
    No,
    /// Its quality is too low.
    LowQuality,
}

/// The entries of the lists that were read so far.
#[derive(Debug)]
struct Entries {
    algorithm: HashAlgorithm,
    wanted: Wanted,
    hashes: Vec<(BitHash, String)>,
    videos: Vec<(Vec<VpdqFeature>, String)>,
    digests: BTreeMap<(DigestAlgorithm, String), Vec<String>>,
}

impl Entries {
    fn new(algorithm: HashAlgorithm, wanted: Wanted) -> Self {
        let (hashes, videos) = (Vec::new(), Vec::new());
        Self { algorithm, wanted, hashes, videos, digests: BTreeMap::new() }
    }

    /// Adds the entries of a list, each with its name in the list, or else with list and line.
    fn add(
        &mut self,
        path: &Path,
        file: Box<dyn Read>,
        arguments: &ListArguments,
    ) -> Result<(), String> {
        let reader = BufReader::new(file);
        let mut list = match arguments.list_format {
            Some(format) => HashList::new(reader, format),
            None => HashList::detecting(reader),
        };
        if arguments.skip_invalid {
            list = list.skip_invalid();
        }
        let (mut taken, mut others, mut low_quality) = (0_u64, 0_u64, 0_u64);
        while let Some(entry) = list.next_entry() {
            let entry = entry.map_err(|error| failed(path, &error, list.format()))?;
            match self.take(entry, path, list.format()) {
                Taken::Yes => taken += 1,
                Taken::No => others += 1,
                Taken::LowQuality => low_quality += 1,
            }
        }
        if low_quality > 0 {
            let skipped = messages::skipped_low_quality(low_quality);
            messages::print(&format!("{}: {skipped}", messages::shown(path)));
        }
        report_skipped(path, list.skipped());
        let valid = taken + others + low_quality;
        if valid == 0 && list.skipped().count() > 0 {
            return Err(format!("{}: no row of this list is valid", messages::shown(path)));
        }
        if taken == 0 && low_quality == 0 && others > 0 {
            messages::print(&self.none_taken(path, others));
        }
        Ok(())
    }

    /// Adds an entry if it is wanted, and returns whether it was.
    fn take(&mut self, entry: ListEntry, path: &Path, format: Option<ListFormat>) -> Taken {
        let name = |name: Option<String>, line| {
            name.unwrap_or_else(|| format!("{}:{line}", path.to_string_lossy()))
        };
        match entry {
            ListEntry::Hash(hash)
                if self.wanted.has_hashes() && hash.algorithm == self.algorithm =>
            {
                if !hash.is_reliable() {
                    return Taken::LowQuality;
                }
                let name = name(hash.name, hash.line);
                self.hashes.push((hash.value, Index::payload_of(name, hash.variant.as_ref())));
            }
            ListEntry::Video(video) if self.wanted.has_videos() => {
                self.videos.push((video.features, name(video.name, video.line)));
            }
            ListEntry::Digest(listed) if self.wants(listed.digest.algorithm, format) => {
                let key = (listed.digest.algorithm, listed.digest.to_hex());
                self.digests.entry(key).or_default().push(name(listed.name, listed.line));
            }
            _ => return Taken::No,
        }
        Taken::Yes
    }

    fn wants(&self, algorithm: DigestAlgorithm, format: Option<ListFormat>) -> bool {
        match self.wanted {
            Wanted::Hashes(_) | Wanted::HashesAndVideos | Wanted::Videos => false,
            // Records have the digests of images whose hashes are compared already.
            Wanted::Everything => !matches!(format, Some(ListFormat::JsonLines | ListFormat::Csv)),
            Wanted::Digests(wanted) => wanted == algorithm,
        }
    }

    fn none_taken(&self, path: &Path, others: u64) -> String {
        let wanted = match self.wanted {
            Wanted::Digests(algorithm) => format!("{algorithm} digest"),
            Wanted::Videos => "video".to_owned(),
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
