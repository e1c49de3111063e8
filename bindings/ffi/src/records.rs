//! Records in JSON and CSV, read and written.

use ownprint::exchange::{CsvRecords, CsvTable};
use ownprint::{Error, Selection};

use crate::error::caught;
use crate::variants::set_of;
use crate::{
    Decoder, Diagnostic, Digest, ImageInfo, OwnprintError, PerceptualHash, VariantHashes,
    VideoFingerprint,
};

/// The record of one file: its hashes and digests, or the error. One line of JSON, or one row of
/// CSV.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct FingerprintRecord {
    /// The file's path, or another name of the file.
    pub path: Option<String>,
    /// The decoded image; `None` for a file that was not decoded as an image.
    pub image: Option<ImageInfo>,
    /// The perceptual hashes, each algorithm once.
    pub hashes: Vec<PerceptualHash>,
    /// The hashes of the image's variants, if there are any.
    pub variants: Option<VariantHashes>,
    /// The video and the hashes of its frames, if there are any.
    pub video: Option<VideoFingerprint>,
    /// The digests, each algorithm once.
    pub digests: Vec<Digest>,
    /// The warnings; their messages are empty if the record was read from CSV.
    pub warnings: Vec<Diagnostic>,
    /// Which decoder made the pixels. With `Platform`, another device may compute other bits.
    pub decoder: Decoder,
    /// The revision of the decoder of this library that made the pixels, if it is known.
    pub decoder_revision: Option<u32>,
    /// Why the hashes are missing, or the file could not be read.
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

/// Returns the record as JSON, on one line without a line break.
///
/// # Errors
/// `unknown-algorithm`, `invalid-hash`, `not-comparable`, `invalid-record` for values that the
/// reader would refuse.
#[uniffi::export]
pub fn write_record(record: &FingerprintRecord) -> Result<String, OwnprintError> {
    caught(|| Ok(record.to_core()?.to_json()))
}

/// Returns the records of a CSV table, in its order.
///
/// # Errors
/// `invalid-record`, with line and column.
#[uniffi::export]
pub fn read_csv(table: &[u8]) -> Result<Vec<FingerprintRecord>, OwnprintError> {
    caught(|| CsvRecords::new(table).map(|record| Ok(record?.into())).collect())
}

/// Returns the header of a CSV table with columns for these hashes, digests and variants, with its
/// line break.
///
/// # Errors
/// `unknown-algorithm`, `unknown-variant`, `invalid-variants`.
#[uniffi::export]
pub fn csv_header(
    algorithms: &[String],
    variants: Option<Vec<String>>,
) -> Result<String, OwnprintError> {
    caught(|| Ok(table(algorithms, variants)?.header()))
}

/// Returns the row of a record in such a table, with its line break. Hashes and digests without a
/// column are skipped.
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
    /// Converts the record to the core's, and checks it with the core's reader.
    fn to_core(&self) -> Result<ownprint::exchange::FingerprintRecord, Error> {
        let mut record = ownprint::exchange::FingerprintRecord::default();
        record.path.clone_from(&self.path);
        record.image = self.image.as_ref().map(ImageInfo::to_core).transpose()?;
        record.hashes =
            self.hashes.iter().map(PerceptualHash::to_core).collect::<Result<_, _>>()?;
        record.variants = self.variants.as_ref().map(VariantHashes::to_core).transpose()?;
        record.video = self.video.as_ref().map(VideoFingerprint::to_core).transpose()?;
        record.digests = self.digests.iter().map(Digest::to_core).collect::<Result<_, _>>()?;
        record.warnings = self.warnings.iter().map(Diagnostic::to_core).collect();
        record.decoder = self.decoder.to_core(self.decoder_revision);
        record.error = self.error.as_ref().map(Diagnostic::to_core);
        Ok(ownprint::exchange::FingerprintRecord::from_json(&record.to_json())?)
    }
}

impl From<ownprint::exchange::FingerprintRecord> for FingerprintRecord {
    fn from(record: ownprint::exchange::FingerprintRecord) -> Self {
        let (decoder, decoder_revision) = Decoder::of(record.decoder);
        let decoded = |image| ImageInfo { decoder, ..ImageInfo::from(image) };
        Self {
            path: record.path,
            image: record.image.map(decoded),
            hashes: record.hashes.into_iter().map(PerceptualHash::from).collect(),
            variants: record.variants.map(VariantHashes::from),
            video: record.video.map(VideoFingerprint::from),
            digests: record.digests.into_iter().map(Digest::from).collect(),
            warnings: record.warnings.into_iter().map(Diagnostic::from).collect(),
            decoder,
            decoder_revision,
            error: record.error.map(Diagnostic::from),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Fingerprinter, Options};

    /// Records with a video, with variants, and of an image that a platform decoded.
    const RECORDS: [&str; 3] = [
        r#"{"path":"a.mp4","schema":1,"hashes":{},"video":{"format":"mp4","codec":"h264","width":1280,"height":720,"frames":90,"frame_rate":"30000/1001","damaged":true,"vpdq":[{"frame":0,"seconds":0,"hex":"8c739cdb99cb579246da24d2d84b98cb9f9c06901690e4c3e96b8b6bdf0c55b4","quality":98},{"frame":30,"seconds":1.001,"hex":"b241f21934344db0e9a068fb9267924714340cb44d2ee8fbf2efb24fb37f0d34","quality":0}]},"digests":{},"warnings":[],"decoder":{"name":"ownprint","revision":7}}"#,
        r#"{"path":"a.png","schema":1,"hashes":{},"variants":{"set":"compact","hashes":[{"variant":"original","hex":"8c739cdb99cb579246da24d2d84b98cb9f9c06901690e4c3e96b8b6bdf0c55b4","quality":98}],"skipped":[{"variant":"mirror","reason":"near","to":"original","distance":2},{"variant":"crop:4","reason":"quality","quality":49}]},"digests":{},"warnings":[]}"#,
        r#"{"schema":1,"format":"heic","width":3,"height":2,"orientation":6,"stored_width":2,"stored_height":3,"orientation_applied":false,"hashes":{},"digests":{},"warnings":[{"code":"damaged","message":"m"}],"decoder":{"name":"platform"},"deterministic":false}"#,
    ];

    #[test]
    fn records_round_trip() {
        for text in RECORDS {
            assert_eq!(write_record(&read_record(text).unwrap()).unwrap(), text);
        }
        let video = read_record(RECORDS[0]).unwrap().video.unwrap();
        assert_eq!((video.frame_rate.numerator, video.frame_rate.denominator), (30_000, 1001));
        assert_eq!(
            (video.vpdq.len(), video.vpdq[1].feature.seconds, video.damaged),
            (2, 1.001, true)
        );
    }

    #[test]
    fn computed_fingerprints_round_trip() {
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
            video: fingerprint.video,
            digests: fingerprint.digests,
            warnings: fingerprint.warnings,
            decoder: Decoder::Ownprint,
            decoder_revision: fingerprint.decoder_revision,
            error: None,
        };
        let set = record.variants.clone().unwrap();
        assert_eq!((set.hashes.len(), set.skipped.len()), (3, 1));
        assert_eq!(read_record(&write_record(&record).unwrap()).unwrap(), record);
        let row = csv_row(&names, variants.clone(), &record).unwrap();
        let table = csv_header(&names, variants).unwrap() + &row;
        // A CSV table has the hashes of a set, but not its skipped variants, and no decoder.
        let set = VariantHashes { skipped: Vec::new(), ..set };
        let in_table = FingerprintRecord {
            variants: Some(set.clone()),
            decoder_revision: None,
            ..record.clone()
        };
        assert_eq!(read_csv(table.as_bytes()).unwrap(), [in_table]);
        let comparison = crate::compare_variants(&set, &set.hashes[1].hex).unwrap();
        assert_eq!((comparison.variant.as_deref(), comparison.distance), (Some("mirror"), 0));
        let warnings = vec![Diagnostic { code: "No Code".to_owned(), message: String::new() }];
        let OwnprintError::Failed { code, detail } =
            write_record(&FingerprintRecord { warnings, ..record }).unwrap_err();
        assert_eq!(code, "invalid-record", "{detail}");
    }
}
