//! Records in JSON and CSV, read and written.

use ownprint::{CsvRecords, CsvTable, Error, Orientation, Quality, Selection, Size};

use crate::error::caught;
use crate::variants::set_of;
use crate::{Decoder, Digest, Notice, OwnprintError, PerceptualHash, Picture, VariantHashes};

/// What came of one file: its fingerprint, or why there is none; a line of the command line's `jsonl`, a row of its CSV.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct FingerprintRecord {
    /// The file's path, or another name for it.
    pub path: Option<String>,
    /// The picture, or nothing for a file that is no picture that was decoded.
    pub picture: Option<Picture>,
    /// The perceptual hashes, each algorithm once.
    pub hashes: Vec<PerceptualHash>,
    /// The hashes of the picture's edited forms, where there are some.
    pub variants: Option<VariantHashes>,
    /// The digests, each algorithm once.
    pub digests: Vec<Digest>,
    /// What a person should know about this result; of a table in CSV without sentences.
    pub warnings: Vec<Notice>,
    /// Whether a browser or an operating system decoded the picture: another device may get other bits.
    pub by_platform: bool,
    /// Why there is no result. With it, nothing but the path is written.
    pub error: Option<Notice>,
}

/// Reads one record from JSON, strictly.
///
/// # Errors
/// `invalid-record`, with line and column.
#[uniffi::export]
pub fn read_record(text: &str) -> Result<FingerprintRecord, OwnprintError> {
    caught(|| Ok(ownprint::FingerprintRecord::from_json(text)?.into()))
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

/// The row of a record in such a table, with the line's end. Hashes and digests that have no column are left out.
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
    fn to_core(&self) -> Result<ownprint::FingerprintRecord, Error> {
        let mut record = ownprint::FingerprintRecord::default();
        record.path.clone_from(&self.path);
        record.picture = self.picture.as_ref().map(Picture::to_core).transpose()?;
        record.hashes = self.hashes.iter().map(PerceptualHash::to_core).collect::<Result<_, _>>()?;
        record.variants = self.variants.as_ref().map(VariantHashes::to_core).transpose()?;
        record.digests = self.digests.iter().map(Digest::to_core).collect::<Result<_, _>>()?;
        record.warnings = self.warnings.iter().map(Notice::to_core).collect();
        record.by_platform = self.by_platform;
        record.error = self.error.as_ref().map(Notice::to_core);
        ownprint::FingerprintRecord::from_json(&record.to_json())
    }
}

impl From<ownprint::FingerprintRecord> for FingerprintRecord {
    fn from(record: ownprint::FingerprintRecord) -> Self {
        let decoder = if record.by_platform { Decoder::Platform } else { Decoder::Ownprint };
        let decoded = |picture| Picture { decoder, ..Picture::from(picture) };
        Self {
            path: record.path,
            picture: record.picture.map(decoded),
            hashes: record.hashes.into_iter().map(PerceptualHash::from).collect(),
            variants: record.variants.map(VariantHashes::from),
            digests: record.digests.into_iter().map(Digest::from).collect(),
            warnings: record.warnings.into_iter().map(Notice::from).collect(),
            by_platform: record.by_platform,
            error: record.error.map(Notice::from),
        }
    }
}

impl From<ownprint::Notice> for Notice {
    fn from(notice: ownprint::Notice) -> Self {
        Self { code: notice.code, explanation: notice.message }
    }
}

impl Notice {
    fn to_core(&self) -> ownprint::Notice {
        ownprint::Notice { code: self.code.clone(), message: self.explanation.clone() }
    }
}

impl Picture {
    fn to_core(&self) -> Result<ownprint::Picture, Error> {
        let mut picture = ownprint::Picture::known(
            self.format.as_deref().map(str::parse).transpose()?,
            Size { width: self.stored_width, height: self.stored_height },
            Size { width: self.width, height: self.height },
            Orientation::from_exif(self.orientation),
            self.pixels.parse()?,
        );
        picture.damaged = self.damaged;
        picture.exact = self.exact;
        picture.rgb_md5.clone_from(&self.rgb_md5);
        Ok(picture)
    }
}

impl PerceptualHash {
    fn to_core(&self) -> Result<ownprint::PerceptualHash, Error> {
        let algorithm: ownprint::HashAlgorithm = self.algorithm.parse()?;
        let values = self.hex.iter().map(|hex| algorithm.parse_hash(hex)).collect::<Result<_, _>>()?;
        ownprint::PerceptualHash::known(algorithm, values, self.quality.map(Quality::new))
    }
}

impl Digest {
    fn to_core(&self) -> Result<ownprint::Digest, Error> {
        ownprint::Digest::known(self.algorithm.parse()?, &self.hex)
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
            picture: fingerprint.picture,
            hashes: fingerprint.hashes,
            variants: fingerprint.variants,
            digests: fingerprint.digests,
            warnings: fingerprint.warnings,
            by_platform: false,
            error: None,
        };
        let set = record.variants.clone().unwrap();
        assert_eq!((set.hashes.len(), set.left_out.len()), (3, 1));
        assert_eq!(read_record(&write_record(&record).unwrap()).unwrap(), record);
        let row = csv_row(&names, variants.clone(), &record).unwrap();
        let table = csv_header(&names, variants).unwrap() + &row;
        // A table has the hashes of a set, and not what it left out.
        let set = VariantHashes { left_out: Vec::new(), ..set };
        let in_table = FingerprintRecord { variants: Some(set.clone()), ..record.clone() };
        assert_eq!(read_csv(table.as_bytes()).unwrap(), [in_table]);
        let comparison = crate::compare_variants(&set, &set.hashes[1].hex).unwrap();
        assert_eq!((comparison.variant.as_deref(), comparison.distance), (Some("mirror"), 0));
        let warnings = vec![Notice { code: "No Code".to_owned(), explanation: String::new() }];
        let OwnprintError::Failed { code, explanation } =
            write_record(&FingerprintRecord { warnings, ..record }).unwrap_err();
        assert_eq!(code, "invalid-record", "{explanation}");
    }
}
