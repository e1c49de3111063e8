//! The hashes and digests of one file or image.

use ownprint_decode as decode;
use ownprint_exchange::{Decoder, Diagnostic, FingerprintRecord};
use ownprint_hash::{
    BitHash, Digest, DigestAlgorithm, HashAlgorithm, PerceptualHash, Quality, VariantHashes,
    VideoFingerprint,
};
use ownprint_pixels::ImageInfo;

use crate::error::Error;
use crate::warning::Warning;

/// The hashes and digests of one file, or of pixels.
///
/// Digests never depend on decoding: a file that cannot be decoded still has its digests, and
/// [`image`](Self::image) and [`video`](Self::video) return the reason why hashes are missing.
///
/// ```
/// use ownprint::{DigestAlgorithm, decode};
///
/// let fingerprint = ownprint::fingerprint_bytes(b"not an image")?;
/// assert!(fingerprint.digest(DigestAlgorithm::Sha256).is_some());
/// assert_eq!(fingerprint.image().unwrap_err(), decode::Error::NotAnImage);
/// # Ok::<(), ownprint::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Fingerprint {
    pub(crate) image: Result<ImageFingerprint, decode::Error>,
    pub(crate) video: Result<VideoFingerprint, decode::Error>,
    pub(crate) digests: Vec<Digest>,
    pub(crate) warnings: Vec<Warning>,
    /// Whether the file is a video, decoded or not.
    pub(crate) is_video: bool,
}

impl Fingerprint {
    /// Returns the digest of one algorithm if it was requested. Pixels have no digests.
    #[must_use]
    pub fn digest(&self, algorithm: DigestAlgorithm) -> Option<&Digest> {
        self.digests.iter().find(|digest| digest.algorithm == algorithm)
    }

    /// Returns the requested digests of the file, in the order of [`DigestAlgorithm::ALL`].
    #[must_use]
    pub fn digests(&self) -> &[Digest] {
        &self.digests
    }

    /// Returns the image and its hashes.
    ///
    /// # Errors
    /// [`NotRequested`](decode::Error::NotRequested), [`NotAnImage`](decode::Error::NotAnImage), or
    /// the reason why the image could not be decoded.
    pub fn image(&self) -> Result<&ImageFingerprint, decode::Error> {
        self.image.as_ref().map_err(decode::Error::clone)
    }

    /// Returns the video and the hashes of its frames.
    ///
    /// # Errors
    /// [`NotRequested`](decode::Error::NotRequested), [`NotAVideo`](decode::Error::NotAVideo), or
    /// the reason why the video could not be decoded.
    pub fn video(&self) -> Result<&VideoFingerprint, decode::Error> {
        self.video.as_ref().map_err(decode::Error::clone)
    }

    /// Returns `true` if the first bytes of the file are those of a video container, whether or not
    /// its hashes were requested and this build decodes it.
    #[must_use]
    pub fn is_video(&self) -> bool {
        self.is_video
    }

    /// Returns the warnings about this result.
    #[must_use]
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    /// Returns the reason why requested hashes are missing, unless it is a
    /// [warning](Self::warnings).
    ///
    /// If digests were requested, a file of another kind or of an unsupported format is a warning
    /// and no failure.
    #[must_use]
    pub fn failure(&self) -> Option<&decode::Error> {
        let is_failure = |error: &&decode::Error| match error {
            decode::Error::NotRequested => false,
            decode::Error::NotAVideo => self.digests.is_empty() && self.lacks_requested_video(),
            decode::Error::NotAnImage => self.digests.is_empty() && self.video.is_err(),
            decode::Error::UnsupportedFormat { .. } | decode::Error::UnsupportedVideo { .. } => {
                self.digests.is_empty()
            }
            _ => true,
        };
        // The error of a video is more specific than the error that the file is no image.
        let errors = [self.video.as_ref().err(), self.image.as_ref().err()];
        errors.into_iter().flatten().find(is_failure)
    }

    /// Returns this fingerprint, or its [failure](Self::failure) as an error.
    ///
    /// # Errors
    /// [`Error::Decode`] if requested hashes are missing.
    pub fn into_complete(self) -> Result<Self, Error> {
        match self.failure() {
            Some(error) => Err(error.clone().into()),
            None => Ok(self),
        }
    }

    /// Adds the warnings about missing hashes to a file that has digests. `wants_image` is whether
    /// image hashes were requested.
    pub(crate) fn warn_of_missing(&mut self, wants_image: bool) {
        if self.digests.is_empty() {
            return;
        }
        match (&self.video, &self.image) {
            (Err(decode::Error::UnsupportedVideo { detail }), _) => {
                self.warnings.push(Warning::UnsupportedVideo(detail.clone()));
            }
            (Ok(_), _) => {}
            _ if self.lacks_requested_video() => self.warnings.push(Warning::NotAVideo),
            (_, Err(decode::Error::NotAnImage)) if !self.has_video_failure() => {
                let is_video = self.is_video && wants_image;
                self.warnings.push(if is_video {
                    Warning::VideoNotRequested
                } else {
                    Warning::NotAnImage
                });
            }
            (_, Err(decode::Error::UnsupportedFormat { format })) => {
                self.warnings.push(Warning::UnsupportedFormat(*format));
            }
            _ => {}
        }
    }

    /// Returns `true` if only the hashes of a video were requested, and the file is not a video.
    fn lacks_requested_video(&self) -> bool {
        matches!(
            (&self.video, &self.image),
            (Err(decode::Error::NotAVideo), Err(decode::Error::NotRequested))
        )
    }

    fn has_video_failure(&self) -> bool {
        !matches!(self.video, Ok(_) | Err(decode::Error::NotRequested | decode::Error::NotAVideo))
    }

    /// Returns the revision of the decoder that made the pixels of the image or video; `None` for
    /// bare pixels and for files that were not decoded.
    ///
    /// Two fingerprints of one file with the same revision have the same hashes.
    #[must_use]
    pub fn decoder_revision(&self) -> Option<u32> {
        match (&self.image, &self.video) {
            (Ok(image), _) => image.info.format.and_then(decode::image_decoder_revision),
            (Err(_), Ok(video)) => decode::video_decoder_revision(&video.codec),
            (Err(_), Err(_)) => None,
        }
    }

    /// Returns the record of this fingerprint, without a path.
    #[must_use]
    pub fn to_record(&self) -> FingerprintRecord {
        self.clone().into_record()
    }

    /// Returns the record of this fingerprint, without a path and without a copy of the hashes.
    #[must_use]
    pub fn into_record(self) -> FingerprintRecord {
        let mut record = FingerprintRecord::default();
        record.error = self.failure().map(|error| {
            let message = match error {
                decode::Error::NotAnImage if self.is_video => NOT_AN_IMAGE_BUT_A_VIDEO.to_owned(),
                error => error.to_string(),
            };
            Diagnostic { code: error.code().to_owned(), message }
        });
        record.decoder = self.decoder_revision().map(|revision| Decoder::Ownprint { revision });
        if let Ok(image) = self.image {
            record.image = Some(image.info);
            record.hashes = image.hashes;
            record.variants = image.variants;
        }
        record.video = self.video.ok();
        record.digests = self.digests;
        record.warnings = self.warnings.iter().map(Into::into).collect();
        record
    }

    /// Returns the record as a JSON object on one line; see [`FingerprintRecord::to_json`].
    ///
    /// ```
    /// use ownprint::{DigestAlgorithm, Fingerprinter};
    ///
    /// let fingerprinter = Fingerprinter::builder().digests([DigestAlgorithm::Md5]).build();
    /// let fingerprint = fingerprinter.fingerprint_bytes(b"not an image")?;
    /// let json = fingerprint.to_json();
    /// assert!(json.starts_with(r#"{"schema":1,"hashes":{},"digests":{"md5":"f4d3390ee8"#));
    /// # Ok::<(), ownprint::Error>(())
    /// ```
    #[must_use]
    pub fn to_json(&self) -> String {
        self.to_record().to_json()
    }
}

/// The message of the error [`NotAnImage`](decode::Error::NotAnImage) about a video.
const NOT_AN_IMAGE_BUT_A_VIDEO: &str =
    "not an image but a video, and only image hashes were requested; request vpdq";

/// Serializes the [record](Fingerprint::to_record).
#[cfg(feature = "serde")]
impl serde::Serialize for Fingerprint {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_record().serialize(serializer)
    }
}

/// An image and its hashes.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ImageFingerprint {
    /// The properties of the image.
    pub info: ImageInfo,
    /// The requested perceptual hashes, in the order of [`HashAlgorithm`].
    pub hashes: Vec<PerceptualHash>,
    /// The hashes of the variants of the image, if a set was requested.
    pub variants: Option<VariantHashes>,
}

impl ImageFingerprint {
    /// Returns the hash of one algorithm, if it was requested.
    #[must_use]
    pub fn hash(&self, algorithm: HashAlgorithm) -> Option<&PerceptualHash> {
        self.hashes.iter().find(|hash| hash.algorithm == algorithm)
    }

    /// Returns the PDQ hash, if it was requested.
    #[must_use]
    pub fn pdq(&self) -> Option<PdqHash> {
        let PerceptualHash { values, quality, .. } = self.hash(HashAlgorithm::PDQ)?;
        Some(PdqHash { hash: values.first()?.clone(), quality: (*quality)? })
    }
}

/// A PDQ hash and its quality.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PdqHash {
    /// The hash, 256 bits.
    pub hash: BitHash,
    /// The quality, which measures the detail in the image. Exchanges discard hashes of a quality
    /// below 50.
    pub quality: Quality,
}
