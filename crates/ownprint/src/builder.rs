//! Builds a fingerprinter.

use ownprint_hash::{DigestAlgorithm, HashAlgorithm, Selection, VariantSet, VpdqOptions};
use ownprint_pixels::{Limits, Orientation};

use crate::fingerprinter::Fingerprinter;
use crate::options::Options;

/// Builds a [`Fingerprinter`].
///
/// Defaults: PDQ of an image, vPDQ of a video, MD5, SHA-256 and BLAKE3; the EXIF orientation is
/// applied; damaged files are rejected.
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
#[derive(Debug, Clone, Default)]
pub struct FingerprinterBuilder {
    options: Options,
    /// Whether the caller said if videos are hashed.
    is_vpdq_set: bool,
}

impl Fingerprinter {
    /// Returns a builder with the default options.
    #[must_use]
    pub fn builder() -> FingerprinterBuilder {
        FingerprinterBuilder::default()
    }
}

impl FingerprinterBuilder {
    /// Sets the perceptual hashes of images to compute.
    ///
    /// Without any, images are decoded only if variants or the MD5 of the pixels are requested.
    /// Videos are not hashed unless [`vpdq`](Self::vpdq) or [`selection`](Self::selection) requests
    /// it: who names hashes of images wants no others.
    #[must_use]
    pub fn hashes(mut self, hashes: impl IntoIterator<Item = HashAlgorithm>) -> Self {
        self.options.selection.hashes = hashes.into_iter().collect();
        self.options.selection.vpdq &= self.is_vpdq_set;
        self
    }

    /// Sets the digests to compute.
    #[must_use]
    pub fn digests(mut self, digests: impl IntoIterator<Item = DigestAlgorithm>) -> Self {
        self.options.selection.digests = digests.into_iter().collect();
        self
    }

    /// Sets the variants of the image, such as rotations, whose PDQ hashes are computed too.
    /// Default: none. See [`VariantSet`].
    #[must_use]
    pub fn variants(mut self, variants: Option<VariantSet>) -> Self {
        self.options.selection.variants = variants;
        self
    }

    /// Requests vPDQ hashes of videos with these options, or none. Default: one hash a second,
    /// unless [`hashes`](Self::hashes) names those of images. A build without the feature `video`
    /// reports videos as unsupported.
    #[must_use]
    pub fn vpdq(mut self, options: Option<VpdqOptions>) -> Self {
        self.is_vpdq_set = true;
        self.options.selection.vpdq = options.is_some();
        self.options.vpdq = options.unwrap_or_default();
        self
    }

    /// Sets hashes, digests, variants and vPDQ together, and replaces earlier settings of them.
    #[must_use]
    pub fn selection(mut self, selection: Selection) -> Self {
        self.options.selection = selection;
        self.is_vpdq_set = true;
        self
    }

    /// Sets how frames of videos are selected if the [selection](Self::selection) requests vPDQ.
    #[must_use]
    pub fn vpdq_options(mut self, options: VpdqOptions) -> Self {
        self.options.vpdq = options;
        self
    }

    /// Sets whether the EXIF orientation is applied before hashing. Default: apply.
    #[must_use]
    pub fn orientation(mut self, orientation: Orientation) -> Self {
        self.options.orientation = orientation;
        self
    }

    /// Sets the limits on files and pixels.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.options.limits = limits;
        self
    }

    /// Sets whether a damaged JPEG or video is hashed as far as it can be decoded, with a warning.
    /// Default: no.
    #[must_use]
    pub fn accept_damaged(mut self, accept: bool) -> Self {
        self.options.accept_damaged = accept;
        self
    }

    /// Sets whether the MD5 of the hashed RGB bytes is computed. Default: no.
    ///
    /// If two programs compute different hashes of a file, it shows whether their decoders or their
    /// hashers differ.
    #[must_use]
    pub fn rgb_md5(mut self, rgb_md5: bool) -> Self {
        self.options.rgb_md5 = rgb_md5;
        self
    }

    /// Returns the fingerprinter.
    #[must_use]
    pub fn build(self) -> Fingerprinter {
        Fingerprinter { options: self.options }
    }
}
