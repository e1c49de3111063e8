//! The options of a fingerprinter, with the defaults of every language.

use ownprint_hash::{DigestAlgorithm, HashAlgorithm, Selection, VpdqOptions};
use ownprint_pixels::{Limits, Orientation};

/// The options that [`FingerprinterBuilder`](crate::FingerprinterBuilder) sets.
#[derive(Debug, Clone)]
pub(crate) struct Options {
    pub(crate) selection: Selection,
    pub(crate) orientation: Orientation,
    pub(crate) limits: Limits,
    pub(crate) accept_damaged: bool,
    pub(crate) rgb_md5: bool,
    pub(crate) vpdq: VpdqOptions,
}

// In every build, also in those without a video decoder: the columns of a table and the names of
// the defaults are the same everywhere, and a video has a warning that says why it has no hashes.
impl Default for Options {
    fn default() -> Self {
        let digests = vec![DigestAlgorithm::Md5, DigestAlgorithm::Sha256, DigestAlgorithm::Blake3];
        Self {
            selection: Selection {
                hashes: vec![HashAlgorithm::PDQ],
                digests,
                variants: None,
                vpdq: true,
            },
            orientation: Orientation::Apply,
            limits: Limits::default(),
            accept_damaged: false,
            rgb_md5: false,
            vpdq: VpdqOptions::default(),
        }
    }
}
