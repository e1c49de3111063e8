//! The record of one file: what came of it, by name.

use super::members::Members;
use crate::{
    Digest, Error, Fingerprint, HashAlgorithm, ImageInfo, PerceptualHash, VariantHashes, VideoFingerprint,
    Warning,
};

/// A warning or an error as records carry it: for programs and for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// The stable name, in kebab case.
    pub code: String,
    /// A sentence; empty where the form has no place for it (CSV's warnings).
    pub message: String,
}

impl From<&Warning> for Diagnostic {
    fn from(warning: &Warning) -> Self {
        Self { code: warning.code().to_owned(), message: warning.to_string() }
    }
}

impl From<&Error> for Diagnostic {
    fn from(error: &Error) -> Self {
        Self { code: error.code().to_owned(), message: error.to_string() }
    }
}

/// What came of one file: its fingerprint, or why there is none; a line of the command line's `jsonl`, a row of its CSV.
///
/// ```
/// use ownprint::{DigestAlgorithm, FingerprintRecord, Fingerprinter};
///
/// let result = Fingerprinter::new().digests([DigestAlgorithm::Md5]).bytes(b"not an image");
/// let record = FingerprintRecord::new("note.txt", &result);
/// let text = record.to_json();
/// assert!(text.starts_with(r#"{"path":"note.txt","schema":1,"hashes":{},"digests":{"md5":""#));
/// # #[cfg(feature = "records")]
/// assert_eq!(FingerprintRecord::from_json(&text)?, record);
/// # Ok::<(), ownprint::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct FingerprintRecord {
    /// The file's path, or another name for it.
    pub path: Option<String>,
    /// The image, or `None` for a file that is no image that was decoded.
    pub image: Option<ImageInfo>,
    /// The perceptual hashes, in the record's order, each algorithm once.
    pub hashes: Vec<PerceptualHash>,
    /// The hashes of the image's edited forms, where there are some.
    pub variants: Option<VariantHashes>,
    /// The video and the hashes of its frames, where there are some.
    pub video: Option<VideoFingerprint>,
    /// The digests, in the record's order, each algorithm once.
    pub digests: Vec<Digest>,
    /// What a person should know about this result.
    pub warnings: Vec<Diagnostic>,
    /// Whether a browser or an operating system decoded the image, not this library: another device may get other bits
    /// (the members `"decoder":"platform"` and `"deterministic":false`, which the npm package writes). An image that is read with it
    /// is not [exact](ImageInfo::deterministic).
    pub by_platform: bool,
    /// Why there is no result. With it, nothing but the path is written, and a record that is read has nothing else.
    pub error: Option<Diagnostic>,
}

impl FingerprintRecord {
    /// The version of the JSON form, its member `schema`. What the number promises is in `docs/records.md`.
    pub const SCHEMA: u32 = 1;

    /// The record of what came of the file `path`.
    #[must_use]
    pub fn new(path: impl Into<String>, result: &Result<Fingerprint, Error>) -> Self {
        let record = match result {
            Ok(fingerprint) => Self::from(fingerprint),
            Err(error) => Self { error: Some(error.into()), ..Self::default() },
        };
        Self { path: Some(path.into()), ..record }
    }

    /// Whether another machine may get other pixels of the file.
    fn is_nondeterministic(&self) -> bool {
        self.by_platform || self.image.as_ref().is_some_and(|image| !image.deterministic)
    }

    #[cfg(feature = "records")]
    pub(super) fn set_nondeterministic(&mut self) {
        if let Some(image) = &mut self.image {
            image.deterministic = false;
        }
    }

    /// The hash of one algorithm, if the record has it.
    #[must_use]
    pub fn hash(&self, algorithm: HashAlgorithm) -> Option<&PerceptualHash> {
        self.hashes.iter().find(|hash| hash.algorithm == algorithm)
    }

    /// The record as the text of a JSON object, on one line: `path`, then the members of [`Fingerprint::to_json`], with
    /// `decoder` before `exact` where a platform decoded the image; or `path`, `schema` and `error`.
    ///
    /// What [`from_json`](Self::from_json) reads of it is this record again, except where both an error and a result stand
    /// in it.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut text = String::new();
        let mut object = Members::open(&mut text, '{');
        if let Some(path) = &self.path {
            object.text("path", path);
        }
        object.bare("schema", Self::SCHEMA);
        if let Some(error) = &self.error {
            error.write(object.inner("error", '{'));
        } else {
            object.image_and_hashes(self.image.as_ref(), &self.hashes);
            object.sets(self.variants.as_ref(), self.video.as_ref());
            object.digests(&self.digests);
            let mut warnings = object.inner("warnings", '[');
            for warning in &self.warnings {
                warning.write(warnings.inner_item('{'));
            }
            warnings.close(']');
            if self.by_platform {
                object.text("decoder", "platform");
            }
            if self.is_nondeterministic() {
                object.bare("deterministic", false);
            }
        }
        object.close('}');
        text
    }
}

impl From<&Fingerprint> for FingerprintRecord {
    fn from(fingerprint: &Fingerprint) -> Self {
        Self {
            image: fingerprint.image.clone(),
            hashes: fingerprint.hashes.clone(),
            variants: fingerprint.variants.clone(),
            video: fingerprint.video.clone(),
            digests: fingerprint.digests.clone(),
            warnings: fingerprint.warnings.iter().map(Diagnostic::from).collect(),
            ..Self::default()
        }
    }
}

impl Diagnostic {
    fn write(&self, mut diagnostic: Members<'_>) {
        diagnostic.text("code", &self.code);
        diagnostic.text("message", &self.message);
        diagnostic.close('}');
    }
}
