//! Writes image files byte by byte, and fingerprints them.

#![allow(dead_code, unreachable_pub, clippy::unwrap_used, clippy::panic)]

pub mod boxes;
pub mod common;
pub mod heif;
pub mod jpeg;
pub mod jxl;
pub mod markers;
pub mod optional;
pub mod others;
pub mod videos;

use ownprint::decode::Error;
use ownprint::{
    DigestAlgorithm, Digester, Fingerprinter, FingerprinterBuilder, ImageInfo, Warning,
};

/// The result for a file: its image, the warnings, and the MD5 of its oriented RGB bytes.
pub struct Seen {
    pub image: ImageInfo,
    pub warnings: Vec<Warning>,
    pub rgb_md5: String,
}

impl Seen {
    pub fn assert_rgb(&self, expected: &[u8], what: &str) {
        assert_eq!(self.rgb_md5, md5(expected), "{what}");
    }
}

pub fn entry_point() -> FingerprinterBuilder {
    Fingerprinter::builder().hashes([]).digests([DigestAlgorithm::Md5]).rgb_md5(true)
}

pub fn see(bytes: &[u8]) -> Result<Seen, Error> {
    see_through(&entry_point(), bytes)
}

/// Fingerprints a file and verifies that its digest is present, whether or not it can be decoded.
pub fn see_through(entry_point: &FingerprinterBuilder, bytes: &[u8]) -> Result<Seen, Error> {
    let fingerprint = entry_point.clone().build().fingerprint_bytes(bytes).unwrap();
    assert_eq!(fingerprint.digest(DigestAlgorithm::Md5).unwrap().to_hex(), md5(bytes));
    let image = fingerprint.image()?.info.clone();
    let rgb_md5 = image.rgb_md5.clone().unwrap();
    Ok(Seen { image, warnings: fingerprint.warnings().to_vec(), rgb_md5 })
}

/// Returns the code of the error.
pub fn refused(bytes: &[u8]) -> &'static str {
    match see(bytes) {
        Ok(seen) => panic!("accepted as {}", seen.image.size),
        Err(error) => error.code(),
    }
}

/// Every prefix of a file is an error, and `truncated` if it ends within the pixels.
pub fn assert_cuts_are_refused(whole: &[u8], what: &str, shortest: usize) {
    assert!(see(whole).is_ok(), "{what}");
    for length in 0..whole.len() {
        let code = see(&whole[..length]).map_or_else(|error| error.code(), |_| "accepted");
        if length >= shortest {
            assert_eq!(code, "truncated", "{what} cut to {length} of {}", whole.len());
        } else {
            assert!(
                ["truncated", "damaged", "not-an-image"].contains(&code),
                "{what} cut to {length}: {code}"
            );
        }
    }
}

pub fn md5(bytes: &[u8]) -> String {
    use std::fmt::Write;
    let mut digester = Digester::new(&[DigestAlgorithm::Md5]);
    digester.update(bytes);
    digester.finalize()[0].as_bytes().iter().fold(String::new(), |mut hex, byte| {
        write!(hex, "{byte:02x}").unwrap();
        hex
    })
}

/// Returns an EXIF block with an orientation.
pub fn exif(orientation: u16) -> Vec<u8> {
    let mut block = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".to_vec();
    block.extend(orientation.to_le_bytes());
    block.extend([0; 6]);
    block
}
