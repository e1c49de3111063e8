//! Records in JSON and CSV, read and written.

use ownprint::exchange::{CsvRecords, CsvTable};
use ownprint::{Error, ExifOrientation, Quality, Selection, Size};

use crate::error::caught;
use crate::variants::set_of;
use crate::{Decoder, Diagnostic, Digest, ImageInfo, OwnprintError, PerceptualHash, VariantHashes};

/// What came of one file: its fingerprint, or why there is none; a line of the command line's `jsonl`, a row of its CSV.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct FingerprintRecord {
    /// The file's path, or another name for it.
    pub path: Option<String>,
    /// The image, or nothing for a file that is no image that was decoded.
    pub image: Option<ImageInfo>,
    /// The perceptual hashes, each algorithm once.
    pub hashes: Vec<PerceptualHash>,
    /// The hashes of the image's edited forms, where there are some.
    pub variants: Option<VariantHashes>,
    /// The digests, each algorithm once.
    pub digests: Vec<Digest>,
    /// What a person should know about this result; of a table in CSV without sentences.
    pub warnings: Vec<Diagnostic>,
    /// Whether a browser or an operating system decoded the image: another device may get other bits.
    pub by_platform: bool,
    /// Why there is no result. With it, nothing but the path is written.
    pub error: Option<Diagnostic>,
}

/// Reads one record from JSON, strictly.
///
/// # Errors
/// `invalid-record`, with line and column.
#[uniffi::export]
pub fn read_record(text: &str) -> Result<FingerprintRecord, OwnprintError> {
    caught(|| Ok(ownprint::exchange::FingerprintRecord::from_json(text)?.into()))
}

/// The record as JSON on one line, without its end.
///
/// # Errors
/// `unknown-algorithm`, `invalid-hash`, `not-comparable`, `invalid-record` for what a reader would not take.
#[uniffi::export]
pub fn write_record(record: &FingerprintRecord) -> Result<String, OwnprintError> {
    caught(|| Ok(record.to_core()?.to_json()))
}

/// The records of a table in CSV, in its order.
///
/// # Errors
/// `invalid-record`, with line and column.
#[uniffi::export]
pub fn read_csv(table: &[u8]) -> Result<Vec<FingerprintRecord>, OwnprintError> {
    caught(|| CsvRecords::new(table).map(|record| record.map(FingerprintRecord::from)).collect())
}

/// The header of a table in CSV with columns for these hashes and digests, and for these variants, with the line's end.
///
/// # Errors
/// `unknown-algorithm`, `unknown-variant`, `invalid-variants`.
#[uniffi::export]
pub fn csv_header(algorithms: &[String], variants: Option<Vec<String>>) -> Result<String, OwnprintError> {
    caught(|| Ok(table(algorithms, variants)?.header()))
}

/// The row of a record in such a table, with the line's end. Hashes and digests that have no column are skipped.
///
/// # Errors
/// Those of [`write_record`].
#[uniffi::export]
pub fn csv_row(
    algorithms: &[String],
    variants: Option<Vec<String>>,
    record: &FingerprintRecord,
) -> Result<String, OwnprintError> {
    caught(|| Ok(table(algorithms, variants)?.row(&record.to_core()?)))
}

fn table(algorithms: &[String], variants: Option<Vec<String>>) -> Result<CsvTable, Error> {
    let mut selection: Selection = algorithms.join(",").parse()?;
    selection.variants = variants.map(|names| set_of(&names)).transpose()?;
    Ok(CsvTable::new(&selection))
}

impl FingerprintRecord {
    /// The core's own form, which its own reader takes.
    fn to_core(&self) -> Result<ownprint::exchange::FingerprintRecord, Error> {
        let mut record = ownprint::exchange::FingerprintRecord::default();
        record.path.clone_from(&self.path);
        record.image = self.image.as_ref().map(ImageInfo::to_core).transpose()?;
        record.hashes = self.hashes.iter().map(PerceptualHash::to_core).collect::<Result<_, _>>()?;
        record.variants = self.variants.as_ref().map(VariantHashes::to_core).transpose()?;
        record.digests = self.digests.iter().map(Digest::to_core).collect::<Result<_, _>>()?;
        record.warnings = self.warnings.iter().map(Diagnostic::to_core).collect();
        record.by_platform = self.by_platform;
        record.error = self.error.as_ref().map(Diagnostic::to_core);
        ownprint::exchange::FingerprintRecord::from_json(&record.to_json())
    }
}

impl From<ownprint::exchange::FingerprintRecord> for FingerprintRecord {
    fn from(record: ownprint::exchange::FingerprintRecord) -> Self {
        let decoder = if record.by_platform { Decoder::Platform } else { Decoder::Ownprint };
        let decoded = |image| ImageInfo { decoder, ..ImageInfo::from(image) };
        Self {
            path: record.path,
            image: record.image.map(decoded),
            hashes: record.hashes.into_iter().map(PerceptualHash::from).collect(),
            variants: record.variants.map(VariantHashes::from),
            digests: record.digests.into_iter().map(Digest::from).collect(),
            warnings: record.warnings.into_iter().map(Diagnostic::from).collect(),
            by_platform: record.by_platform,
            error: record.error.map(Diagnostic::from),
        }
    }
}

impl From<ownprint::exchange::Diagnostic> for Diagnostic {
    fn from(diagnostic: ownprint::exchange::Diagnostic) -> Self {
        Self { code: diagnostic.code, explanation: diagnostic.message }
    }
}

impl Diagnostic {
    fn to_core(&self) -> ownprint::exchange::Diagnostic {
        ownprint::exchange::Diagnostic { code: self.code.clone(), message: self.explanation.clone() }
    }
}

impl ImageInfo {
    fn to_core(&self) -> Result<ownprint::ImageInfo, Error> {
        let mut image = ownprint::ImageInfo::from_parts(
            self.format.as_deref().map(str::parse).transpose()?,
            Size { width: self.stored_width, height: self.stored_height },
            Size { width: self.width, height: self.height },
            ExifOrientation::from_exif(self.orientation),
            self.pixels.parse()?,
        );
        image.damaged = self.damaged;
        image.deterministic = self.deterministic;
        image.rgb_md5.clone_from(&self.rgb_md5);
        Ok(image)
    }
}

impl PerceptualHash {
    fn to_core(&self) -> Result<ownprint::PerceptualHash, Error> {
        let algorithm: ownprint::HashAlgorithm = self.algorithm.parse()?;
        let values = self.hex.iter().map(|hex| algorithm.parse_hash(hex)).collect::<Result<_, _>>()?;
        ownprint::PerceptualHash::from_parts(algorithm, values, self.quality.map(Quality::new))
    }
}

impl Digest {
    fn to_core(&self) -> Result<ownprint::Digest, Error> {
        ownprint::Digest::from_parts(self.algorithm.parse()?, &self.hex)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Fingerprinter, Options};

    #[test]
    fn what_the_library_computes_is_written_and_read() {
        let mut file = b"P5 80 80 255\n".to_vec();
        file.extend((0..80 * 80).map(|at| (at % 80 * (at / 80) / 5) as u8));
        let names = ["pdq", "pdq-dihedral", "phash:16", "crop-resistant", "md5"].map(str::to_owned);
        let variants = Some(vec!["mirror".to_owned(), "crop:4".to_owned(), "crop:4.1".to_owned()]);
        let options = Options {
            algorithms: Some(names.to_vec()),
            variants: variants.clone(),
            rgb_md5: true,
            ..Options::default()
        };
        let fingerprinter = Fingerprinter::new(&options).unwrap();
        let fingerprint = fingerprinter.fingerprint_bytes(&file, None, None).unwrap();
        let record = FingerprintRecord {
            path: Some("a, \"b\".pgm".to_owned()),
            image: fingerprint.image,
            hashes: fingerprint.hashes,
            variants: fingerprint.variants,
            digests: fingerprint.digests,
            warnings: fingerprint.warnings,
            by_platform: false,
            error: None,
        };
        let set = record.variants.clone().unwrap();
        assert_eq!((set.hashes.len(), set.skipped.len()), (3, 1));
        assert_eq!(read_record(&write_record(&record).unwrap()).unwrap(), record);
        let row = csv_row(&names, variants.clone(), &record).unwrap();
        let table = csv_header(&names, variants).unwrap() + &row;
        // A table has the hashes of a set, and not what it skipped.
        let set = VariantHashes { skipped: Vec::new(), ..set };
        let in_table = FingerprintRecord { variants: Some(set.clone()), ..record.clone() };
        assert_eq!(read_csv(table.as_bytes()).unwrap(), [in_table]);
        let comparison = crate::compare_variants(&set, &set.hashes[1].hex).unwrap();
        assert_eq!((comparison.variant.as_deref(), comparison.distance), (Some("mirror"), 0));
        let warnings = vec![Diagnostic { code: "No Code".to_owned(), explanation: String::new() }];
        let OwnprintError::Failed { code, explanation } =
            write_record(&FingerprintRecord { warnings, ..record }).unwrap_err();
        assert_eq!(code, "invalid-record", "{explanation}");
    }
}
