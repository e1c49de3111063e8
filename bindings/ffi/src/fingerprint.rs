//! The results of a call: images, hashes, digests, warnings.

use ownprint::{Error, Quality, Size};

use crate::{ExifOrientation, VariantHashes, VideoFingerprint};

/// The hashes and digests of one image or file.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct Fingerprint {
    /// The decoded image; `None` for a file that this build does not decode as an image.
    pub image: Option<ImageInfo>,
    /// The perceptual hashes, in the order of `Capabilities::hashes`.
    pub hashes: Vec<PerceptualHash>,
    /// The hashes of the image's variants, if requested.
    pub variants: Option<VariantHashes>,
    /// The video and the hashes of its frames, if requested and if this build decodes videos.
    pub video: Option<VideoFingerprint>,
    /// The digests of the file's bytes, in the order of `Capabilities::digests`; none for pixels.
    pub digests: Vec<Digest>,
    /// The warnings about this result.
    pub warnings: Vec<Diagnostic>,
    /// The revision of the decoder of this library that made the pixels of the image or video;
    /// `None` for pixels. Two results of one file with the same revision have the same hashes.
    pub decoder_revision: Option<u32>,
    /// Why requested hashes are missing: the file is damaged, truncated, or exceeds a limit. The
    /// digests are there all the same.
    pub error: Option<Diagnostic>,
}

/// The properties of a decoded image.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct ImageInfo {
    /// The stable name of the file format; `None` for pixels.
    pub format: Option<String>,
    /// Pixels in a row, as hashed.
    pub width: u32,
    /// Number of rows, as hashed.
    pub height: u32,
    /// The orientation that the file or the caller states.
    pub orientation: ExifOrientation,
    /// Pixels in a row, as stored.
    pub stored_width: u32,
    /// Number of rows, as stored.
    pub stored_height: u32,
    /// Whether the orientation was applied before hashing.
    pub orientation_applied: bool,
    /// Whether only part of the file could be decoded; always false unless damaged files were
    /// accepted.
    pub damaged: bool,
    /// MD5 of the hashed RGB bytes in 32 hexadecimal digits, if requested.
    pub rgb_md5: Option<String>,
    /// Which decoder made the pixels. This library returns `Ownprint` for files and for pixels; a
    /// package that had the system decode a file sets `Platform`.
    pub decoder: Decoder,
    /// Whether every device computes the same bits from this file. False for an image that the
    /// system decoded, and for lossy JPEG XL.
    pub deterministic: bool,
}

/// Which decoder turned a file into pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum Decoder {
    /// The decoders compiled into this library, the same on every device.
    Ownprint,
    /// The decoder of the operating system or browser, which differs between systems and versions.
    Platform,
}

/// The hash of an image under one algorithm.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct PerceptualHash {
    /// The stable name of the algorithm.
    pub algorithm: String,
    /// The hashes in lowercase hexadecimal digits: one, eight of a dihedral set, or one for each
    /// region of the image.
    pub hex: Vec<String>,
    /// The quality of the image, 0 to 100, for algorithms that compute it. Exchanges discard
    /// hashes below 50.
    pub quality: Option<u8>,
}

/// The digest of a file's bytes.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Digest {
    /// The stable name of the algorithm.
    pub algorithm: String,
    /// The digest in lowercase hexadecimal digits.
    pub hex: String,
}

/// A warning or an error: a stable code, and a sentence.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Diagnostic {
    /// The stable code, in kebab case.
    pub code: String,
    /// A sentence for people; empty for warnings that were read from CSV.
    pub message: String,
}

impl Decoder {
    /// Returns the decoder of a record, and its revision. Without one it is that of this library,
    /// as for pixels.
    pub(crate) fn of(decoder: Option<ownprint::exchange::Decoder>) -> (Self, Option<u32>) {
        match decoder {
            Some(ownprint::exchange::Decoder::Platform) => (Self::Platform, None),
            Some(ownprint::exchange::Decoder::Ownprint { revision }) => {
                (Self::Ownprint, Some(revision))
            }
            _ => (Self::Ownprint, None),
        }
    }

    /// Returns the decoder as the core's records have it; `None` if there is no revision to state.
    pub(crate) fn to_core(self, revision: Option<u32>) -> Option<ownprint::exchange::Decoder> {
        match self {
            Self::Platform => Some(ownprint::exchange::Decoder::Platform),
            Self::Ownprint => {
                revision.map(|revision| ownprint::exchange::Decoder::Ownprint { revision })
            }
        }
    }
}

impl From<ownprint::Fingerprint> for Fingerprint {
    fn from(fingerprint: ownprint::Fingerprint) -> Self {
        let record = fingerprint.into_record();
        Self {
            image: record.image.map(ImageInfo::from),
            hashes: record.hashes.into_iter().map(PerceptualHash::from).collect(),
            variants: record.variants.map(VariantHashes::from),
            video: record.video.map(VideoFingerprint::from),
            digests: record.digests.into_iter().map(Digest::from).collect(),
            warnings: record.warnings.into_iter().map(Diagnostic::from).collect(),
            decoder_revision: Decoder::of(record.decoder).1,
            error: record.error.map(Diagnostic::from),
        }
    }
}

impl From<ownprint::ImageInfo> for ImageInfo {
    fn from(image: ownprint::ImageInfo) -> Self {
        Self {
            format: image.format.map(|format| format.name().to_owned()),
            width: image.size.width,
            height: image.size.height,
            orientation: image.orientation.into(),
            stored_width: image.stored.width,
            stored_height: image.stored.height,
            orientation_applied: image.orientation_applied,
            damaged: image.damaged,
            rgb_md5: image.rgb_md5,
            decoder: Decoder::Ownprint,
            deterministic: image.deterministic,
        }
    }
}

impl From<ownprint::PerceptualHash> for PerceptualHash {
    fn from(hash: ownprint::PerceptualHash) -> Self {
        Self {
            algorithm: hash.algorithm.name().into_owned(),
            hex: hash.values.iter().map(|value| value.to_hex()).collect(),
            quality: hash.quality.map(|quality| quality.value()),
        }
    }
}

impl From<ownprint::Digest> for Digest {
    fn from(digest: ownprint::Digest) -> Self {
        Self { algorithm: digest.algorithm.name().to_owned(), hex: digest.to_hex() }
    }
}

impl From<ownprint::exchange::Diagnostic> for Diagnostic {
    fn from(diagnostic: ownprint::exchange::Diagnostic) -> Self {
        Self { code: diagnostic.code, message: diagnostic.message }
    }
}

impl Diagnostic {
    pub(crate) fn to_core(&self) -> ownprint::exchange::Diagnostic {
        ownprint::exchange::Diagnostic { code: self.code.clone(), message: self.message.clone() }
    }
}

impl ImageInfo {
    pub(crate) fn to_core(&self) -> Result<ownprint::ImageInfo, Error> {
        let mut image = ownprint::ImageInfo::from_parts(
            self.format.as_deref().map(str::parse).transpose()?,
            Size { width: self.stored_width, height: self.stored_height },
            Size { width: self.width, height: self.height },
            self.orientation.into(),
            self.orientation_applied,
        );
        image.damaged = self.damaged;
        image.deterministic = self.deterministic;
        image.rgb_md5.clone_from(&self.rgb_md5);
        Ok(image)
    }
}

impl PerceptualHash {
    pub(crate) fn to_core(&self) -> Result<ownprint::PerceptualHash, Error> {
        let algorithm: ownprint::HashAlgorithm = self.algorithm.parse()?;
        let values =
            self.hex.iter().map(|hex| algorithm.parse_hash(hex)).collect::<Result<_, _>>()?;
        Ok(ownprint::PerceptualHash::from_parts(algorithm, values, self.quality.map(Quality::new))?)
    }
}

impl Digest {
    pub(crate) fn to_core(&self) -> Result<ownprint::Digest, Error> {
        Ok(ownprint::Digest::from_parts(self.algorithm.parse()?, &self.hex)?)
    }
}
