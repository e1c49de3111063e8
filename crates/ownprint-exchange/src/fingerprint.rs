//! The record of one file, with names that do not depend on the language.

use ownprint_hash::{Digest, HashAlgorithm, PerceptualHash, VariantHashes, VideoFingerprint};
use ownprint_pixels::ImageInfo;

use super::members::Members;

/// A warning or an error of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// The stable code, in kebab case.
    pub code: String,
    /// A sentence for people; empty if the format does not store it (warnings in CSV).
    pub message: String,
}

/// Which decoder turned a file into the pixels that were hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Decoder {
    /// A decoder that is compiled into this library, the same on every device.
    Ownprint {
        /// Raised when a version of the decoder returns other pixels for any file. Two records of
        /// one file with the same revision have the same hashes. From 1 to 2,147,483,647, which
        /// every language has as an integer.
        revision: u32,
    },
    /// The decoder of a browser or an operating system, which differs between systems and versions.
    Platform,
}

impl Decoder {
    pub(super) const OWNPRINT: &'static str = "ownprint";
    pub(super) const PLATFORM: &'static str = "platform";
    #[cfg(feature = "read")]
    pub(super) const LARGEST_REVISION: u32 = i32::MAX as u32;
}

/// The record of one file: its fingerprint, or the error. The command line writes it as a line of
/// `jsonl` or a row of CSV.
///
/// ```
/// use ownprint_exchange::FingerprintRecord;
///
/// let mut record = FingerprintRecord::default();
/// record.path = Some("note.txt".to_owned());
/// let text = record.to_json();
/// assert_eq!(text, r#"{"path":"note.txt","schema":1,"hashes":{},"digests":{},"warnings":[]}"#);
/// # #[cfg(feature = "read")]
/// assert_eq!(FingerprintRecord::from_json(&text)?, record);
/// # Ok::<(), ownprint_exchange::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct FingerprintRecord {
    /// The path of the file, or another name.
    pub path: Option<String>,
    /// Information about the image; `None` if no image was decoded.
    pub image: Option<ImageInfo>,
    /// The perceptual hashes, in the order of the record, each algorithm once.
    pub hashes: Vec<PerceptualHash>,
    /// The hashes of the image's variants, if they were requested.
    pub variants: Option<VariantHashes>,
    /// The video and the hashes of its frames, if there is one.
    pub video: Option<VideoFingerprint>,
    /// The digests, in the order of the record, each algorithm once.
    pub digests: Vec<Digest>,
    /// Warnings about this result.
    pub warnings: Vec<Diagnostic>,
    /// Which decoder made the pixels of the image or video; `None` for bare pixels, or if it is
    /// not known. With [`Decoder::Platform`] another device may compute other bits: the record then
    /// has the member `"deterministic":false`, and [`ImageInfo::deterministic`] of its image is
    /// `false`.
    pub decoder: Option<Decoder>,
    /// Why the image or video could not be decoded, or the file not be read.
    pub error: Option<Diagnostic>,
}

impl FingerprintRecord {
    /// The version of the JSON format, its member `schema`. `docs/records.md` states what a version
    /// guarantees.
    pub const SCHEMA: u32 = 1;

    /// Returns `true` if another machine may decode other pixels.
    fn is_nondeterministic(&self) -> bool {
        self.decoder == Some(Decoder::Platform)
            || self.image.as_ref().is_some_and(|image| !image.deterministic)
    }

    #[cfg(feature = "read")]
    pub(super) fn set_nondeterministic(&mut self) {
        if let Some(image) = &mut self.image {
            image.deterministic = false;
        }
    }

    /// Returns the hash of one algorithm, if the record has it.
    #[must_use]
    pub fn hash(&self, algorithm: HashAlgorithm) -> Option<&PerceptualHash> {
        self.hashes.iter().find(|hash| hash.algorithm == algorithm)
    }

    /// Returns the record as the text of a JSON object, on one line.
    ///
    /// Members in this order: `path` (if there is one), `schema` (1), `format`, `width`, `height`
    /// (as hashed), `orientation` (as the file states it, 1 to 8), `stored_width`, `stored_height`,
    /// `orientation_applied`, `damaged` (only if true), `rgb_md5` (if requested), `hashes`,
    /// `variants` and `video` (if requested), `digests`, `warnings`, `error` (if the image or video
    /// could not be decoded, or the file not be read), `decoder` (if an image or a video was
    /// decoded: `name`, which is `ownprint` or `platform`, and the `revision` of `ownprint`),
    /// `deterministic` (only if false: another machine may compute other bits). A record without an
    /// image has nothing between `schema` and `hashes`.
    ///
    /// Under schema 1 these members keep their names, types and meanings; algorithms, formats and
    /// codes may be added.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut text = String::new();
        let mut object = Members::open(&mut text, '{');
        if let Some(path) = &self.path {
            object.text("path", path);
        }
        object.bare("schema", Self::SCHEMA);
        if let Some(image) = &self.image {
            object.image(image);
        }
        object.hashes(&self.hashes);
        object.sets(self.variants.as_ref(), self.video.as_ref());
        object.digests(&self.digests);
        object.warnings(&self.warnings);
        if let Some(error) = &self.error {
            error.write(object.inner("error", '{'));
        }
        object.decoder(self.decoder);
        if self.is_nondeterministic() {
            object.bare("deterministic", false);
        }
        object.close('}');
        text
    }
}

impl Diagnostic {
    /// Returns the diagnostic as the text of a JSON object with `code` and `message`, on one line.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut text = String::new();
        self.write(Members::open(&mut text, '{'));
        text
    }

    pub(super) fn write(&self, mut diagnostic: Members<'_>) {
        diagnostic.text("code", &self.code);
        diagnostic.text("message", &self.message);
        diagnostic.close('}');
    }
}
