//! Comma-separated values (RFC 4180, with line feeds): a header, then one row per file.
//!
//! The columns depend only on the requested hashes and digests, not on the files.

use ownprint_hash::{DigestAlgorithm, HashAlgorithm, Selection, VariantHash, VideoFingerprint};
use ownprint_pixels::ImageInfo;

use crate::fingerprint::FingerprintRecord;
use crate::video;

/// The columns between `path` and the hashes.
pub(super) const IMAGE_COLUMNS: [&str; 9] = [
    "format",
    "width",
    "height",
    "orientation",
    "stored_width",
    "stored_height",
    "orientation_applied",
    "damaged",
    "rgb_md5",
];

/// The columns of a set of variants: names, hashes, qualities.
pub(super) const VARIANT_COLUMNS: [&str; 3] = ["variants", "variants_pdq", "variants_quality"];

/// The columns of a video: its properties, and its frames.
pub(super) const VIDEO_COLUMNS: [&str; 2] = ["video", "vpdq"];

/// The suffix of the name of a quality column.
pub(super) const QUALITY_SUFFIX: &str = "_quality";

/// Writes the header and the rows of a CSV table of [`FingerprintRecord`]s, with line ends.
///
/// Columns: `path`, `format`, `width`, `height`, `orientation`, `stored_width`, `stored_height`,
/// `orientation_applied`, `damaged`, `rgb_md5`; for each hash its name and its name with
/// `_quality`; `variants`, `variants_pdq` and `variants_quality` if variants were requested;
/// `video` and `vpdq` if they were requested; for each digest its name; `warnings`, `error_code`,
/// `error_message`. Several values of a hash, and several warning codes, are in one field,
/// separated by spaces.
///
/// A video is `mp4 h264 1280x720 90 30/1`: container, codec, size, number of frames, frame rate,
/// and `damaged` if it is. Its frames are `FRAME,QUALITY,HASH,SECONDS`, separated by spaces. Hashes
/// and digests without a column, and the messages of warnings, are omitted.
///
/// ```
/// use ownprint_exchange::{CsvTable, FingerprintRecord};
/// use ownprint_hash::{Digest, DigestAlgorithm, Selection};
///
/// let selection: Selection = "md5".parse()?;
/// let table = CsvTable::new(&selection);
/// assert!(table.header().ends_with(",rgb_md5,md5,warnings,error_code,error_message\n"));
/// let mut record = FingerprintRecord::default();
/// record.path = Some("note.txt".to_owned());
/// record.digests = vec![Digest::from_parts(DigestAlgorithm::Md5, "f4d3390ee84008b4b4192b3a93bfa089")?];
/// assert_eq!(table.row(&record), "note.txt,,,,,,,,,,f4d3390ee84008b4b4192b3a93bfa089,,,\n");
/// # Ok::<(), ownprint_hash::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CsvTable {
    hashes: Vec<HashAlgorithm>,
    has_variants: bool,
    has_video: bool,
    digests: Vec<DigestAlgorithm>,
    escapes_formulas: bool,
}

impl CsvTable {
    /// Creates a table with a column for each hash and digest of `selection`, in the order in which
    /// results are listed.
    #[must_use]
    pub fn new(selection: &Selection) -> Self {
        let mut hashes = selection.hashes.clone();
        hashes.sort();
        let digests =
            DigestAlgorithm::ALL.into_iter().filter(|it| selection.digests.contains(it)).collect();
        Self {
            hashes,
            has_variants: selection.variants.is_some(),
            has_video: selection.vpdq,
            digests,
            escapes_formulas: false,
        }
    }

    /// Sets whether an apostrophe is put before a field that a spreadsheet would take for a
    /// formula: one that begins with `=`, `+`, `-`, `@`, a tab or a carriage return. Only paths and
    /// messages can. A reader returns the field with the apostrophe. Default: `false`.
    #[must_use]
    pub fn escape_formulas(self, escape: bool) -> Self {
        Self { escapes_formulas: escape, ..self }
    }

    /// Returns the header: the names of the columns.
    #[must_use]
    pub fn header(&self) -> String {
        let mut columns: Vec<String> =
            ["path"].into_iter().chain(IMAGE_COLUMNS).map(str::to_owned).collect();
        for algorithm in &self.hashes {
            columns.extend([algorithm.to_string(), format!("{algorithm}{QUALITY_SUFFIX}")]);
        }
        if self.has_variants {
            columns.extend(VARIANT_COLUMNS.map(str::to_owned));
        }
        if self.has_video {
            columns.extend(VIDEO_COLUMNS.map(str::to_owned));
        }
        columns.extend(self.digests.iter().map(ToString::to_string));
        columns.extend(["warnings", "error_code", "error_message"].map(str::to_owned));
        row(&columns)
    }

    /// Returns the row of one record.
    #[must_use]
    pub fn row(&self, record: &FingerprintRecord) -> String {
        let mut fields = vec![text(record.path.as_ref())];
        fields.extend(image_fields(record.image.as_ref()));
        for &algorithm in &self.hashes {
            let hash = record.hash(algorithm);
            fields.push(hash.map_or_else(String::new, |hash| joined(hash.values.iter())));
            fields.push(text(hash.and_then(|hash| hash.quality)));
        }
        if self.has_variants {
            let set = record.variants.as_ref().map(|set| set.hashes.as_slice()).unwrap_or_default();
            fields.extend(variant_fields(set));
        }
        if self.has_video {
            fields.extend(record.video.as_ref().map(video_fields).unwrap_or_default());
        }
        for &algorithm in &self.digests {
            let digest = record.digests.iter().find(|digest| digest.algorithm == algorithm);
            fields.push(digest.map_or_else(String::new, |digest| digest.to_hex()));
        }
        fields.push(joined(record.warnings.iter().map(|warning| &warning.code)));
        let error = record.error.as_ref();
        fields.push(text(error.map(|error| &error.code)));
        fields.push(text(error.map(|error| &error.message)));
        if self.escapes_formulas {
            fields.iter_mut().filter(|field| is_formula(field)).for_each(|it| it.insert(0, '\''));
        }
        row(&fields)
    }
}

fn image_fields(image: Option<&ImageInfo>) -> [String; 9] {
    let Some(image) = image else { return Default::default() };
    [
        text(image.format),
        image.size.width.to_string(),
        image.size.height.to_string(),
        image.orientation.to_exif().to_string(),
        image.stored.width.to_string(),
        image.stored.height.to_string(),
        image.orientation_applied.to_string(),
        image.damaged.to_string(),
        text(image.rgb_md5.as_ref()),
    ]
}

fn variant_fields(set: &[VariantHash]) -> [String; 3] {
    [
        joined(set.iter().map(|hash| &hash.variant)),
        joined(set.iter().map(|hash| &hash.value)),
        joined(set.iter().map(|hash| hash.quality)),
    ]
}

fn video_fields(video: &VideoFingerprint) -> [String; 2] {
    [video::facts(video), video::frames_in_line(video)]
}

fn text(value: Option<impl ToString>) -> String {
    value.map_or_else(String::new, |value| value.to_string())
}

fn joined(values: impl Iterator<Item = impl ToString>) -> String {
    values.map(|value| value.to_string()).collect::<Vec<_>>().join(" ")
}

fn is_formula(field: &str) -> bool {
    field.starts_with(['=', '+', '-', '@', '\t', '\r'])
}

fn row(fields: &[String]) -> String {
    let fields: Vec<_> = fields.iter().map(|field| quoted(field)).collect();
    fields.join(",") + "\n"
}

fn quoted(field: &str) -> String {
    if field.contains([',', '"', '\n', '\r']) || field.starts_with(' ') || field.ends_with(' ') {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field.to_owned()
    }
}
