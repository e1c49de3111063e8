//! The entries of a list.

use ownprint_hash::{BitHash, Digest, HashAlgorithm, Quality, Variant, VpdqFeature};

/// One hash of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ListedHash {
    /// The algorithm.
    pub algorithm: HashAlgorithm,
    /// The hash, [`HashAlgorithm::bits`] bits.
    pub value: BitHash,
    /// The quality, if the list contains it.
    pub quality: Option<Quality>,
    /// The path or name of the image, if the list contains it.
    pub name: Option<String>,
    /// The variant of the image, if the record has a set of variants.
    pub variant: Option<Variant>,
    /// The line number, from 1; the first line if a row has several.
    pub line: u64,
}

impl ListedHash {
    /// Returns `false` if the list says that the quality is below 50. Such a hash identifies no
    /// image, and must not be compared.
    #[must_use]
    pub fn is_reliable(&self) -> bool {
        self.quality.is_none_or(Quality::is_reliable)
    }
}

/// One digest of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ListedDigest {
    /// The digest with its algorithm.
    pub digest: Digest,
    /// The path or name of the file, if the list contains it.
    pub name: Option<String>,
    /// The line number, from 1; the first line if a row has several.
    pub line: u64,
}

/// One video of a list.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ListedVideo {
    /// The hashes of its frames.
    pub features: Vec<VpdqFeature>,
    /// The path or name of the video, if the list contains it.
    pub name: Option<String>,
    /// The line number, from 1; the first line if a row has several.
    pub line: u64,
}

/// A hash, a digest or a video of a list.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum ListEntry {
    /// A perceptual hash.
    Hash(ListedHash),
    /// A digest.
    Digest(ListedDigest),
    /// A video with the hashes of its frames.
    Video(ListedVideo),
}

impl ListEntry {
    pub(super) fn name_mut(&mut self) -> &mut Option<String> {
        match self {
            Self::Hash(hash) => &mut hash.name,
            Self::Digest(digest) => &mut digest.name,
            Self::Video(video) => &mut video.name,
        }
    }

    /// Returns the hash, or `None` for a digest or a video.
    #[must_use]
    pub fn into_hash(self) -> Option<ListedHash> {
        match self {
            Self::Hash(hash) => Some(hash),
            Self::Digest(_) | Self::Video(_) => None,
        }
    }
}
