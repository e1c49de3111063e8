//! The core's values as records of the foreign languages. Names, ranges and meanings are the core's.

use ownprint::{Error, Orientation};

use crate::variants::set_of;
use crate::{Limits, VariantHashes};

/// Everything that was computed of one image or file.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Fingerprint {
    /// The image, or nothing for a file that is no image this build decodes; such a file has digests only.
    pub image: Option<ImageInfo>,
    /// The perceptual hashes, in the capabilities's order.
    pub hashes: Vec<PerceptualHash>,
    /// The hashes of the image's edited forms, where they were asked for.
    pub variants: Option<VariantHashes>,
    /// The digests of the file's bytes, in the capabilities's order; none for bare pixels.
    pub digests: Vec<Digest>,
    /// What a person should know about this result.
    pub warnings: Vec<Diagnostic>,
}

/// What is known of a decoded image.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct ImageInfo {
    /// The file format's stable name; nothing for bare pixels.
    pub format: Option<String>,
    /// Pixels a row, as hashed.
    pub width: u32,
    /// Rows, as hashed.
    pub height: u32,
    /// The orientation that the file or the caller states, as EXIF numbers it: 1 to 8.
    pub orientation: u16,
    /// Pixels a row, as stored.
    pub stored_width: u32,
    /// Rows, as stored.
    pub stored_height: u32,
    /// Which way round the pixels were hashed: `upright` or `stored`.
    pub pixels: String,
    /// Whether only part of the file could be decoded; always false unless damaged files were accepted.
    pub damaged: bool,
    /// MD5 of the hashed RGB bytes as 32 hexadecimal digits, where it was asked for.
    pub rgb_md5: Option<String>,
    /// Who decoded the image. This library says `Ownprint` of files, and of pixels, which it takes as they are; a
    /// package that had the system decode a file says `Platform`.
    pub decoder: Decoder,
    /// Whether every device computes the same bits from this file: not so where the system decoded it, nor of lossy JPEG XL.
    pub deterministic: bool,
}

/// Who turned a file into pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum Decoder {
    /// The decoders compiled into this library, the same everywhere.
    Ownprint,
    /// The operating system's, which differ between systems and their versions.
    Platform,
}

/// An image's hash under one algorithm, with what makes it meaningful.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct PerceptualHash {
    /// The algorithm's stable name.
    pub algorithm: String,
    /// The hashes in lower-case hexadecimal digits: one, eight of a dihedral set, or as many as the image has regions.
    pub hex: Vec<String>,
    /// How much the image has to recognise, 0 to 100, where the algorithm says it. Exchanges discard below 50.
    pub quality: Option<u8>,
}

/// The digest of a file's bytes.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Digest {
    /// The algorithm's stable name.
    pub algorithm: String,
    /// Lower-case hexadecimal digits.
    pub hex: String,
}

/// A warning: a stable code, and a sentence.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Diagnostic {
    /// The stable name of this kind of warning, in kebab case.
    pub code: String,
    /// What a person should know.
    pub explanation: String,
}

/// How far apart two hashes of one algorithm are.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Comparison {
    /// The algorithm both hashes come from.
    pub algorithm: String,
    /// Bits that differ.
    pub distance: u32,
    /// Bits a hash.
    pub bits: u32,
    /// The distance up to which two hashes are taken for the same image.
    pub threshold: u32,
    /// Whether the distance is within the threshold.
    pub is_match: bool,
    /// The distance in words.
    pub verdict: String,
    /// The name of the variant that was the nearest, where a set of them was compared.
    pub variant: Option<String>,
}

/// What to compute, and over what. What is skipped keeps the core's default.
#[derive(Debug, Clone, Default, PartialEq, Eq, uniffi::Record)]
#[allow(clippy::struct_excessive_bools, reason = "named arguments in the foreign languages")]
pub struct Options {
    /// Hashes and digests by their stable names; `all` is every one.
    #[uniffi(default = None)]
    pub algorithms: Option<Vec<String>>,
    /// The `pdq` hashes of the image's likely edits too: the name of a set that is ready (`compact`, `standard`, `wide`), or
    /// the names of variants.
    #[uniffi(default = None)]
    pub variants: Option<Vec<String>>,
    /// Computes no hash, whatever was chosen: for files of any kind and length.
    #[uniffi(default = false)]
    pub digests_only: bool,
    /// Hashes pixels the way the file stores them, not upright.
    #[uniffi(default = false)]
    pub stored: bool,
    /// Hashes damaged files as far as they can be decoded, with a warning, instead of refusing them.
    #[uniffi(default = false)]
    pub accept_damaged: bool,
    /// Adds the MD5 of the hashed RGB bytes.
    #[uniffi(default = false)]
    pub rgb_md5: bool,
    /// What an image may ask for.
    #[uniffi(default = None)]
    pub limits: Option<Limits>,
}

/// What a build can do.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Capabilities {
    /// The perceptual hashes.
    pub hashes: Vec<HashAlgorithm>,
    /// The digests.
    pub digests: Vec<DigestAlgorithm>,
    /// The file formats that are recognised.
    pub formats: Vec<FileFormat>,
    /// The names of what is computed unless told otherwise.
    pub defaults: Vec<String>,
}

/// What is known of a perceptual hash before it runs.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct HashAlgorithm {
    /// The stable name.
    pub name: String,
    /// Bits a hash.
    pub bits: u32,
    /// Hashes an image; nothing where the image decides.
    pub hashes: Option<u32>,
    /// The distance up to which two hashes are taken for the same image.
    pub threshold: u32,
    /// The implementation that this equals bit for bit.
    pub reference: String,
}

/// What is known of a digest.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct DigestAlgorithm {
    /// The stable name.
    pub name: String,
    /// Bits a digest.
    pub bits: u32,
}

/// A file format that is recognised.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct FileFormat {
    /// The stable name.
    pub name: String,
    /// Whether this build decodes it.
    pub decoded: bool,
}

impl From<ownprint::Fingerprint> for Fingerprint {
    fn from(fingerprint: ownprint::Fingerprint) -> Self {
        Self {
            image: fingerprint.image.map(ImageInfo::from),
            hashes: fingerprint.hashes.into_iter().map(PerceptualHash::from).collect(),
            variants: fingerprint.variants.map(VariantHashes::from),
            digests: fingerprint.digests.into_iter().map(Digest::from).collect(),
            warnings: fingerprint.warnings.into_iter().map(Diagnostic::from).collect(),
        }
    }
}

impl From<ownprint::ImageInfo> for ImageInfo {
    fn from(image: ownprint::ImageInfo) -> Self {
        Self {
            format: image.format.map(|format| format.name().to_owned()),
            width: image.size.width,
            height: image.size.height,
            orientation: image.orientation.to_exif(),
            stored_width: image.stored.width,
            stored_height: image.stored.height,
            pixels: image.order.name().to_owned(),
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

impl From<ownprint::Warning> for Diagnostic {
    fn from(warning: ownprint::Warning) -> Self {
        Self { code: warning.code().to_owned(), explanation: warning.to_string() }
    }
}

impl From<ownprint::hash::Comparison> for Comparison {
    fn from(comparison: ownprint::hash::Comparison) -> Self {
        Self {
            algorithm: comparison.algorithm.name().into_owned(),
            distance: comparison.distance,
            bits: count(comparison.algorithm.bits()),
            threshold: comparison.algorithm.threshold(),
            is_match: comparison.is_match(),
            verdict: comparison.verdict().to_owned(),
            variant: None,
        }
    }
}

impl Options {
    /// The core's own form of these options.
    pub(crate) fn to_fingerprinter(&self) -> Result<ownprint::Fingerprinter, Error> {
        let mut fingerprinter = ownprint::Fingerprinter::builder();
        if let Some(names) = &self.algorithms {
            fingerprinter = fingerprinter.selection(match names.as_slice() {
                [] => ownprint::Selection::default(),
                names => names.join(",").parse()?,
            });
        }
        if let Some(names) = &self.variants {
            fingerprinter = fingerprinter.variants(Some(set_of(names)?));
        }
        if self.digests_only {
            fingerprinter = fingerprinter.hashes([]).variants(None);
        }
        if self.stored {
            fingerprinter = fingerprinter.orientation(Orientation::Ignore);
        }
        let limits = self.limits.as_ref().map(Limits::to_core).unwrap_or_default();
        Ok(fingerprinter.limits(limits).accept_damaged(self.accept_damaged).rgb_md5(self.rgb_md5))
    }
}

impl Capabilities {
    pub(crate) fn of_this_build() -> Self {
        let defaults = ownprint::Fingerprinter::builder();
        Self {
            hashes: ownprint::HashAlgorithm::all().map(HashAlgorithm::from).collect(),
            digests: ownprint::DigestAlgorithm::ALL.map(DigestAlgorithm::from).to_vec(),
            formats: ownprint::Format::ALL.map(FileFormat::from).to_vec(),
            defaults: defaults.selection().names().map(|name| name.into_owned()).collect(),
        }
    }
}

impl From<ownprint::HashAlgorithm> for HashAlgorithm {
    fn from(hash: ownprint::HashAlgorithm) -> Self {
        Self {
            name: hash.name().into_owned(),
            bits: count(hash.bits()),
            hashes: hash.hashes().map(count),
            threshold: hash.threshold(),
            reference: hash.reference().to_owned(),
        }
    }
}

impl From<ownprint::DigestAlgorithm> for DigestAlgorithm {
    fn from(digest: ownprint::DigestAlgorithm) -> Self {
        Self { name: digest.name().to_owned(), bits: count(digest.bits()) }
    }
}

impl From<ownprint::Format> for FileFormat {
    fn from(format: ownprint::Format) -> Self {
        Self { name: format.name().to_owned(), decoded: format.is_decodable() }
    }
}

/// Bits and hashes of an algorithm, as foreign languages count.
fn count(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}
