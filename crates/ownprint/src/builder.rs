//! The options of a fingerprinter.

use ownprint_hash::{DigestAlgorithm, HashAlgorithm, Selection, VariantSet, VpdqOptions};
use ownprint_pixels::{Limits, Orientation};

use crate::fingerprinter::Fingerprinter;

/// The options of a [`Fingerprinter`].
///
/// Defaults: PDQ, MD5, SHA-256 and BLAKE3; the EXIF orientation is applied; damaged files are refused.
///
/// ```
/// use ownprint::{DigestAlgorithm, Fingerprinter, HashAlgorithm, Limits};
///
/// let fingerprinter = Fingerprinter::builder()
///     .hashes([HashAlgorithm::PDQ])
///     .digests([DigestAlgorithm::Sha256])
///     .limits(Limits { pixels: 50_000_000, ..Limits::default() })
///     .build();
/// assert_eq!(fingerprinter.selection().hashes, [HashAlgorithm::PDQ]);
/// ```
#[derive(Debug, Clone)]
pub struct FingerprinterBuilder {
    pub(crate) selection: Selection,
    pub(crate) orientation: Orientation,
    pub(crate) limits: Limits,
    pub(crate) accept_damaged: bool,
    pub(crate) rgb_md5: bool,
    pub(crate) vpdq: VpdqOptions,
}

impl Default for FingerprinterBuilder {
    fn default() -> Self {
        let mut selection = Selection::default();
        selection.hashes = vec![HashAlgorithm::PDQ];
        selection.digests = vec![DigestAlgorithm::Md5, DigestAlgorithm::Sha256, DigestAlgorithm::Blake3];
        Self {
            selection,
            orientation: Orientation::Apply,
            limits: Limits::default(),
            accept_damaged: false,
            rgb_md5: false,
            vpdq: VpdqOptions::default(),
        }
    }
}

impl FingerprinterBuilder {
    /// Sets the perceptual hashes to compute. Without any, nothing is decoded unless variants or videos need it.
    #[must_use]
    pub fn hashes(mut self, hashes: impl IntoIterator<Item = HashAlgorithm>) -> Self {
        self.selection.hashes = hashes.into_iter().collect();
        self
    }

    /// Sets the digests to compute.
    #[must_use]
    pub fn digests(mut self, digests: impl IntoIterator<Item = DigestAlgorithm>) -> Self {
        self.selection.digests = digests.into_iter().collect();
        self
    }

    /// Sets the variants of the image whose PDQ hashes to compute too. Default: none. See [`VariantSet`].
    #[must_use]
    pub fn variants(mut self, variants: Option<VariantSet>) -> Self {
        self.selection.variants = variants;
        self
    }

    /// Requests vPDQ of videos with these options, or no hashes of videos. Default: none. Needs the feature `video`.
    #[must_use]
    pub fn vpdq(mut self, options: Option<VpdqOptions>) -> Self {
        self.selection.vpdq = options.is_some();
        self.vpdq = options.unwrap_or_default();
        self
    }

    /// Sets hashes, digests, variants and vPDQ together, in place of what was set before.
    #[must_use]
    pub fn selection(mut self, selection: Selection) -> Self {
        self.selection = selection;
        self
    }

    /// Sets how frames of videos are chosen if the [selection](Self::selection) requests vPDQ.
    #[must_use]
    pub fn vpdq_options(mut self, options: VpdqOptions) -> Self {
        self.vpdq = options;
        self
    }

    /// Sets whether the EXIF orientation is applied before hashing. Default: it is.
    #[must_use]
    pub fn orientation(mut self, orientation: Orientation) -> Self {
        self.orientation = orientation;
        self
    }

    /// Sets the limits that files and pixels are checked against.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Sets whether a damaged JPEG or video is hashed as far as it can be decoded, with a warning. Default: it is refused.
    #[must_use]
    pub fn accept_damaged(mut self, accept: bool) -> Self {
        self.accept_damaged = accept;
        self
    }

    /// Sets whether the MD5 of the hashed RGB bytes is computed: it tells a decoder's difference from a hasher's.
    #[must_use]
    pub fn rgb_md5(mut self, rgb_md5: bool) -> Self {
        self.rgb_md5 = rgb_md5;
        self
    }

    /// Returns the fingerprinter.
    #[must_use]
    pub fn build(self) -> Fingerprinter {
        Fingerprinter { options: self }
    }
}
