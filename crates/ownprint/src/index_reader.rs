//! Adds the hashes or the videos of a list to an index.

use std::io::BufRead;

use ownprint_exchange::{HashList, HashListReader, ListEntry, ListedHash};
use ownprint_hash::{BitHash, HashAlgorithm};
use ownprint_search::{Index, VideoIndex};

use crate::error::Error;

/// Adds the hashes of a [`HashList`] in any format to an index, and returns their number.
///
/// Hashes of other algorithms than that of the index are skipped, and hashes with a quality below
/// 50, which would match unrelated images. The payload of a hash is its name in the list;
/// [`Index::payload_of`] defines the payload of variants. If a line is invalid, no hash is added.
///
/// ```
/// use ownprint::HashAlgorithm;
/// use ownprint::search::Index;
///
/// let mut index = Index::new(HashAlgorithm::PDQ)?;
/// let list = format!("pdq {}\n", "0f".repeat(32));
/// assert_eq!(ownprint::insert_list(&mut index, list.as_bytes())?, 1);
/// # Ok::<(), ownprint::Error>(())
/// ```
///
/// # Errors
/// [`Error::Exchange`] with line and column; [`Error::Io`] of the reader.
pub fn insert_list(index: &mut Index, list: impl BufRead) -> Result<usize, Error> {
    let mut entries = Vec::new();
    for listed in HashList::detecting(list) {
        entries.extend(entry(index.algorithm(), listed?));
    }
    insert_entries(index, entries)
}

/// Adds the videos of a list to an index, and returns their number.
///
/// The list has records with videos (JSON lines or CSV), the lines of vPDQ, or the JSON of
/// python-threatexchange; hashes of images are skipped. The payload of a video is its name in the
/// list. If a line is invalid, no video is added.
///
/// ```
/// use ownprint::search::VideoIndex;
///
/// let mut index = VideoIndex::new()?;
/// let list = format!("0,98,{},0.000\n25,98,{},1.000\n", "0f".repeat(32), "55".repeat(32));
/// assert_eq!(ownprint::insert_videos(&mut index, list.as_bytes())?, 1);
/// assert_eq!(index.frames(), 2);
/// # Ok::<(), ownprint::Error>(())
/// ```
///
/// # Errors
/// [`Error::Exchange`] with line and column; [`Error::Io`] of the reader; [`Error::Search`] if the
/// index is full.
pub fn insert_videos(index: &mut VideoIndex, list: impl BufRead) -> Result<usize, Error> {
    let mut list = HashList::detecting(list);
    let mut videos = Vec::new();
    while let Some(entry) = list.next_entry() {
        if let ListEntry::Video(video) = entry? {
            videos.push((video.features, video.name.unwrap_or_default()));
        }
    }
    let count = videos.len();
    index.extend(videos)?;
    Ok(count)
}

/// Reads a list of hashes that arrives in pieces, and adds the hashes to an [`Index`].
///
/// Memory holds the hashes, not the text of the list.
///
/// ```
/// use ownprint::search::Index;
/// use ownprint::{HashAlgorithm, IndexReader};
///
/// let mut index = Index::new(HashAlgorithm::PDQ)?;
/// let mut reader = IndexReader::new(index.algorithm());
/// for piece in [b"pdq ".as_slice(), "0f".repeat(32).as_bytes()] {
///     reader.update(piece)?;
/// }
/// assert_eq!(reader.finalize(&mut index)?, 1);
/// # Ok::<(), ownprint::Error>(())
/// ```
#[derive(Debug)]
pub struct IndexReader {
    algorithm: HashAlgorithm,
    list: HashListReader,
    entries: Vec<(BitHash, String)>,
}

impl IndexReader {
    /// Returns a reader of the hashes of `algorithm`.
    #[must_use]
    pub fn new(algorithm: HashAlgorithm) -> Self {
        Self { algorithm, list: HashListReader::detecting(), entries: Vec::new() }
    }

    /// Adds the next bytes of the list; pieces may have any length.
    ///
    /// # Errors
    /// [`Error::Exchange`] with line and column. After an error, the list cannot be added.
    pub fn update(&mut self, bytes: &[u8]) -> Result<(), Error> {
        for listed in self.list.update(bytes)? {
            self.entries.extend(entry(self.algorithm, listed));
        }
        Ok(())
    }

    /// Adds the hashes to an index, as [`insert_list`] does, and returns their number.
    ///
    /// # Errors
    /// [`Error::Exchange`] with line and column; [`Error::Hash`] if the index has another
    /// algorithm. No hash is added then.
    pub fn finalize(self, index: &mut Index) -> Result<usize, Error> {
        let Self { algorithm, list, mut entries } = self;
        if algorithm != index.algorithm() {
            let detail = format!(
                "the index has {} hashes, the list was read for {algorithm}",
                index.algorithm()
            );
            return Err(ownprint_hash::Error::NotComparable { detail }.into());
        }
        entries.extend(list.finalize()?.into_iter().filter_map(|listed| entry(algorithm, listed)));
        insert_entries(index, entries)
    }
}

fn insert_entries(index: &mut Index, entries: Vec<(BitHash, String)>) -> Result<usize, Error> {
    let count = entries.len();
    index.extend(entries)?;
    Ok(count)
}

/// Returns the entry of a hash; `None` if it has another algorithm or too low a quality.
fn entry(algorithm: HashAlgorithm, listed: ListedHash) -> Option<(BitHash, String)> {
    (listed.algorithm == algorithm && listed.is_reliable()).then(|| {
        let name = listed.name.unwrap_or_default();
        (listed.value, Index::payload_of(name, listed.variant.as_ref()))
    })
}
