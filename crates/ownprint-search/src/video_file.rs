//! Saves an index of videos to a file, and loads it.
//!
//! After the header, whose name is `vpdq`: `u8` minimum quality, `u32` number of videos; for each
//! video, in insertion order, `u32` length and payload in UTF-8, `u32` number of frames; for each
//! frame the 32 bytes of its hash and `u8` quality, in ascending order of the hashes.

use std::io::{Read, Write};
use std::num::NonZero;

use ownprint_hash::{BitHash, HashAlgorithm, Quality, VpdqFeature};

use crate::error::{Error, invalid};
use crate::saved::SavedFile;
use crate::video_index::VideoIndex;

impl VideoIndex {
    /// The name of the hashes of videos, in the header of a file.
    pub(crate) const NAME: &'static str = "vpdq";

    /// Saves the index: version, videos with their hashes, checksum. Removed videos are not saved.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] if the writer fails.
    pub fn save(&self, writer: impl Write) -> Result<(), Error> {
        let mut file = SavedFile::create(writer, Self::NAME)?;
        file.write_all(&[self.quality().value()])?;
        file.write_all(&(self.len() as u32).to_le_bytes())?;
        let hashes = self.hashes();
        for (_, video) in self.videos() {
            file.write_payload(&video.payload)?;
            file.write_all(&video.frames.to_le_bytes())?;
            for entry in video.entries() {
                let hash = hashes.get(entry as usize).map(BitHash::as_bytes).unwrap_or_default();
                file.write_all(hash)?;
                file.write_all(&[self.quality_of(entry)])?;
            }
        }
        file.finish()
    }

    /// Loads an index that was [saved](Self::save), and compacts it on up to `threads` threads.
    /// Videos are renumbered from 0, in insertion order. Memory is allocated only for data that the
    /// file contains.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidIndex`] if the file is not an index of videos, has another version, is
    /// truncated or altered, or has trailing bytes; [`Error::Io`] if the reader fails.
    pub fn load(reader: impl Read, threads: NonZero<usize>) -> Result<Self, Error> {
        let mut file = SavedFile::open(reader)?;
        if file.header()? != Self::NAME {
            return Err(invalid("it is an index of hashes, not of videos"));
        }
        Self::read(file, threads)
    }

    /// Reads what follows the header.
    pub(crate) fn read(
        mut file: SavedFile<impl Read>,
        threads: NonZero<usize>,
    ) -> Result<Self, Error> {
        let [quality] = file.array()?;
        let mut index = Self::with_quality(quality_from(quality)?)?;
        for _ in 0..file.number()? {
            let payload = file.payload()?;
            let mut features: Vec<VpdqFeature> = Vec::new();
            for _ in 0..file.number()? {
                let hash: [u8; HASH_BYTES] = file.array()?;
                let hash = BitHash::of_length(HashAlgorithm::PDQ.bits(), &hash);
                let [quality] = file.array()?;
                let feature = VpdqFeature::new(hash, quality_from(quality)?, 0.0)?;
                // A saved index has no others, so a loaded one is saved as the same bytes.
                if feature.quality < index.quality() {
                    return Err(invalid("a quality is below the minimum"));
                }
                if features.last().is_some_and(|last| last.hash() >= feature.hash()) {
                    return Err(invalid("the hashes of a video are not in ascending order"));
                }
                features.push(feature);
            }
            index.push(&features, payload)?;
        }
        file.end()?;
        index.compact(threads);
        Ok(index)
    }
}

const HASH_BYTES: usize = 32;

fn quality_from(value: u8) -> Result<Quality, Error> {
    let quality = Quality::new(value);
    if quality.value() == value { Ok(quality) } else { Err(invalid("a quality is above 100")) }
}
