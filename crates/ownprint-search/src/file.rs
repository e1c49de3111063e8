//! Saves an index of hashes to a file, loads it into memory, and opens it where it is.
//!
//! The format is in `docs/search.md`: a header of 512 bytes, the columns of the index
//! ([`crate::sections`]), the checksums of their blocks, and a checksum of the header and these
//! checksums. A file is read without building anything again.

use std::io::{Read, Write};
use std::num::NonZero;
use std::sync::Arc;

use ownprint_hash::HashAlgorithm;

use crate::error::{Error, invalid, truncated};
use crate::index::Index;
use crate::mapping::{BLOCK, Bytes, Mapping, SUM};
use crate::payloads::{GROUP, Payloads};
use crate::saved::{MARK, SavedFile, beginning};
use crate::sections::{Reader, Sections, Shape, Writer, root};
use crate::video_index::VideoIndex;

/// The length of the header. The shape is at its end.
const HEADER: usize = 512;

impl Index {
    /// The magic bytes at the start of a saved index of any kind. As in PNG, they detect converted
    /// line endings.
    pub const MARK: &'static [u8; 16] = MARK;

    /// Saves the index: hashes, texts, slots, checksums. Removed entries are not saved, and pending
    /// entries are compacted first, which takes as much memory as the index.
    ///
    /// ```
    /// use std::num::NonZero;
    ///
    /// use ownprint_hash::{BitHash, HashAlgorithm};
    /// use ownprint_search::Index;
    ///
    /// let mut index = Index::new(HashAlgorithm::PDQ)?;
    /// index.insert(&BitHash::from_bytes(&[7; 32]), "seven")?;
    /// let mut file = Vec::new();
    /// index.save(&mut file)?;
    /// let loaded = Index::load(file.as_slice(), NonZero::<usize>::MIN)?;
    /// assert_eq!(loaded.payload(0), Some("seven"));
    /// # Ok::<(), ownprint_search::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Io`] if the writer fails; [`Error::InvalidIndex`] if the index was
    /// [opened](Self::open) from a damaged file.
    pub fn save(&self, mut writer: impl Write) -> Result<(), Error> {
        let (hashes, payloads) = self.parts();
        let is_renumbered = payloads.present() == payloads.len() && hashes.pending() == 0;
        if !is_renumbered {
            return self.renumbered()?.save(writer);
        }
        let shape = Shape { text: payloads.text.len(), ..hashes.shape() };
        let header = header(&self.algorithm().name(), &shape);
        writer.write_all(&header)?;
        let mut columns = Writer::new(&mut writer);
        hashes.write_hashes(&mut columns)?;
        columns.column(&payloads.starts)?;
        columns.column(&payloads.ends)?;
        columns.column(&payloads.text)?;
        hashes.write_slots(&mut columns)?;
        columns.finish(&header)
    }

    /// Loads an index that was [saved](Self::save) into memory, and verifies it. Entries have the
    /// numbers that they were saved with: from 0, in insertion order. Memory is allocated only for
    /// data that the file contains.
    ///
    /// `threads` is not used: nothing is built.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidIndex`] if the file is not an index of hashes, has another version, is
    /// truncated or altered, or has trailing bytes; [`Error::Hash`] if this build does not have the
    /// algorithm; [`Error::Io`] if the reader fails.
    pub fn load(reader: impl Read, threads: NonZero<usize>) -> Result<Self, Error> {
        let _ = threads;
        let mut file = SavedFile::open(reader)?;
        let name = file.header()?;
        if name == VideoIndex::NAME {
            return Err(invalid("it is an index of videos, not of hashes"));
        }
        Self::read(file, &name)
    }

    /// Opens an index that was [saved](Self::save) by mapping its file into memory, read-only. This
    /// takes milliseconds, because only the header and the checksums are read. Processes that open
    /// the same file share its memory.
    ///
    /// Each block of 8 KiB is compared with its checksum before its first use. A query that reaches
    /// a damaged block fails, and all later queries do. [`verify`](Self::verify) compares all
    /// blocks. Changes of the index are made in memory, never in the file.
    ///
    /// The file must not be changed while the index is open: replace it by renaming a new file. A
    /// shared advisory lock is held. If the file is truncated nevertheless, the operating system may
    /// end the process.
    ///
    /// # Errors
    ///
    /// Those of [`load`](Self::load); [`Error::Io`] if the path is not a regular file, or another
    /// process has locked it.
    #[cfg(feature = "mmap")]
    pub fn open(path: impl AsRef<std::path::Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        // A pipe would wait for its other end.
        if !std::fs::metadata(path)?.is_file() {
            let error = std::io::Error::other("it is not a regular file");
            return Err(Error::Io(error));
        }
        if std::fs::metadata(path)?.len() == 0 {
            return Err(truncated(std::io::ErrorKind::UnexpectedEof.into()));
        }
        Self::open_bytes(mmap_guard::map_file(path)?)
    }

    /// Opens an index in the bytes of a file, as [`open`](Self::open) does, without copying them.
    /// They must be the same at each call of `as_ref`. Bytes that do not begin at a multiple of
    /// eight are copied.
    ///
    /// # Errors
    ///
    /// Those of [`load`](Self::load).
    pub fn open_bytes(bytes: impl AsRef<[u8]> + Send + Sync + 'static) -> Result<Self, Error> {
        let start = bytes.as_ref().as_ptr();
        if start.align_offset(size_of::<u64>()) != 0 || cfg!(target_endian = "big") {
            return Self::load(bytes.as_ref(), NonZero::<usize>::MIN);
        }
        Self::map(Box::new(bytes))
    }

    /// Compares everything with the checksums of the file that the index was
    /// [opened](Self::open) from, on up to `threads` threads, and checks that its parts fit
    /// together. An index in memory is valid.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidIndex`] if the file is altered or damaged.
    pub fn verify(&self, threads: NonZero<usize>) -> Result<(), Error> {
        let Some(mapping) = self.mapping() else { return Ok(()) };
        mapping.verify(threads.get())?;
        self.check_consistency()
    }

    /// Uses the bytes of a file where they are.
    fn map(bytes: Bytes) -> Result<Self, Error> {
        let all = (*bytes).as_ref();
        let mut file = SavedFile::open(all)?;
        let name = file.header()?;
        if name == VideoIndex::NAME {
            return Err(invalid("it is an index of videos, not of hashes"));
        }
        let algorithm: HashAlgorithm = name.parse()?;
        let (header, shape) = read_header(&mut file.into_inner(), &name)?;
        let truncated = || truncated(std::io::ErrorKind::UnexpectedEof.into());
        let length = shape.length(algorithm.bits())?.ok_or_else(truncated)?;
        let sums = HEADER.checked_add(length).ok_or_else(truncated)?;
        let end = length.div_ceil(BLOCK).checked_mul(SUM).and_then(|it| it.checked_add(sums));
        let end = end.ok_or_else(truncated)?;
        let expected = all.get(end..).ok_or_else(truncated)?;
        let sums_of_blocks = all.get(sums..end).unwrap_or_default();
        if expected.len() > SUM {
            return Err(invalid("there are bytes after its end"));
        }
        if expected.len() < SUM {
            return Err(truncated());
        }
        if expected != root(&header, sums_of_blocks).as_bytes() {
            return Err(invalid("the checksum does not match: the file was altered or damaged"));
        }
        let mapping = Arc::new(Mapping::new(bytes, HEADER..sums, sums));
        Self::of_sections(algorithm, &shape, &mut Sections::Mapped(mapping, HEADER))
    }

    /// Reads what follows the beginning.
    pub(crate) fn read(file: SavedFile<impl Read>, name: &str) -> Result<Self, Error> {
        let algorithm: HashAlgorithm = name.parse()?;
        let mut inner = file.into_inner();
        let (header, shape) = read_header(&mut inner, name)?;
        // The division is checked before anything is allocated.
        shape.length(algorithm.bits())?;
        let mut sections = Sections::Read(Box::new(Reader::new(&mut inner)));
        let index = Self::of_sections(algorithm, &shape, &mut sections)?;
        if let Sections::Read(reader) = sections {
            reader.finish(&header)?;
        }
        index.check_consistency()?;
        Ok(index)
    }

    fn of_sections(
        algorithm: HashAlgorithm,
        shape: &Shape,
        file: &mut Sections<'_>,
    ) -> Result<Self, Error> {
        let mut index = Self::new(algorithm)?;
        let hashes = index.hashes_mut();
        hashes.read_hashes(shape, file)?;
        let starts = file.column(shape.entries.div_ceil(GROUP))?;
        let payloads = Payloads::of(starts, file.column(shape.entries)?, file.column(shape.text)?);
        hashes.read_slots(shape, file)?;
        index.set_payloads(payloads);
        Ok(index)
    }

    fn check_consistency(&self) -> Result<(), Error> {
        let (hashes, payloads) = self.parts();
        if hashes.is_consistent() && payloads.is_consistent() {
            return Ok(());
        }
        Err(invalid("its parts do not fit together"))
    }
}

/// Returns the header of an index.
fn header(name: &str, shape: &Shape) -> Vec<u8> {
    let mut header = beginning(name);
    header.resize(HEADER - Shape::BYTES, 0);
    header.extend_from_slice(&shape.to_bytes());
    header
}

/// Reads what follows the beginning of a header, and returns the whole header.
fn read_header(reader: &mut impl Read, name: &str) -> Result<(Vec<u8>, Shape), Error> {
    let mut rest = vec![0; HEADER - beginning(name).len()];
    reader.read_exact(&mut rest).map_err(truncated)?;
    let shape = rest.last_chunk().map(Shape::from_bytes);
    let shape = shape.unwrap_or_else(|| Err(invalid("it has no sizes")))?;
    let header = header(name, &shape);
    if !header.ends_with(&rest) {
        return Err(invalid("there are bytes between its name and its sizes"));
    }
    Ok((header, shape))
}
