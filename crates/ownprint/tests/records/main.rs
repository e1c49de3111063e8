//! The exchange formats of fingerprints: written texts are read back, and invalid ones are rejected
//! with a position.

#![cfg(feature = "records")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test must stop at the first failure")]

mod cost;
mod documentation;
mod hostile;
mod pieces;
mod refused;
mod round_trip;
mod schema;
mod tolerant;
mod videos;

use ownprint::exchange::{Decoder, Error, FingerprintRecord, threatexchange};
use ownprint::hash::{VpdqFeature, VpdqFrame};
use ownprint::{
    ExifOrientation, Fingerprinter, HashAlgorithm, PixelFormat, Pixels, Quality, Selection, Size,
    VideoFingerprint,
};

/// A selection of all hashes and a set of variants.
fn everything() -> Selection {
    let variants = "mirror,crop:4,crop:4.1,border:4:white".parse().unwrap();
    Selection { variants: Some(variants), ..Selection::everything() }
}

/// Records of an image, an image of one colour, a file that is no image, and a file that could not
/// be decoded.
fn records() -> Vec<FingerprintRecord> {
    let everything = Fingerprinter::builder().selection(everything()).rgb_md5(true).build();
    let image: Vec<u8> = (0..80 * 60).map(|at: u32| (at * at / 7) as u8).collect();
    let pixels = Pixels::new(&image, 80, 60, PixelFormat::L8).unwrap();
    let mut file = b"P5 80 60 255\n".to_vec();
    file.extend(&image);
    let mut flat = b"P5 64 64 255\n".to_vec();
    flat.extend([128; 64 * 64]);
    let named = |path: &str, bytes: &[u8]| {
        let mut record = everything.fingerprint_bytes(bytes).unwrap().to_record();
        record.path = Some(path.to_owned());
        record
    };
    let mut records = vec![
        named("photos/é \"1\", Kopie\n.pgm", &file),
        named("flat.pgm", &flat),
        named("video.mp4", b"\0\0\0\x18ftypmp42 and so on"),
        named("cut.pgm", &file[..100]),
        everything.fingerprint_pixels(&pixels, ExifOrientation::Rotated90).unwrap().to_record(),
    ];
    assert!(
        records[3].error.is_some()
            && records[3].digests.len() == everything.selection().digests.len()
    );
    let mut by_platform = records[0].clone();
    by_platform.decoder = Some(Decoder::Platform);
    by_platform.image.as_mut().unwrap().deterministic = false;
    let mut inexact = by_platform.clone();
    inexact.decoder = Some(Decoder::Ownprint { revision: 3 });
    records.extend([by_platform, inexact]);
    records.push(video());
    records
}

/// A record of a video, which builds without the feature `video` read too.
fn video() -> FingerprintRecord {
    let frame = |frame, seconds| {
        let hash = HashAlgorithm::PDQ.parse_hash(&"0f".repeat(32)).unwrap();
        VpdqFrame { frame, feature: VpdqFeature::new(hash, Quality::new(98), seconds).unwrap() }
    };
    let size = Size { width: 1280, height: 720 };
    let frames = vec![frame(0, 0.0), frame(29, 0.967), frame(58, 1.935)];
    let mut video = VideoFingerprint::from_parts("mp4", "h264", size, 90, (30_000, 1001), frames);
    video.damaged = true;
    let mut record = FingerprintRecord::default();
    (record.path, record.video) = (Some("video.mp4".to_owned()), Some(video));
    record.decoder = Some(Decoder::Ownprint { revision: 1 });
    record
}

/// The records without the values that CSV does not contain.
fn without_sentences(mut record: FingerprintRecord) -> FingerprintRecord {
    record.warnings.iter_mut().for_each(|warning| warning.message.clear());
    if let Some(variants) = &mut record.variants {
        variants.skipped.clear();
    }
    record
}

fn pdq_line() -> String {
    threatexchange::to_line(records()[0].hash(HashAlgorithm::PDQ).unwrap()).unwrap()
}

/// Returns the position in an error.
fn place(error: &Error) -> (u64, u64) {
    match error {
        Error::InvalidRecord { line, column, .. } => (*line, *column),
        other => panic!("{other} has no place"),
    }
}
