//! `serde`: a fingerprint is written as its record, which reads back.

#![cfg(all(feature = "serde", feature = "pnm"))]
#![allow(clippy::unwrap_used)]

use ownprint::exchange::FingerprintRecord;
use ownprint::{ImageInfo, PerceptualHash};

#[test]
fn a_fingerprint_is_written_as_its_record() {
    let mut image = b"P5 80 60 255\n".to_vec();
    image.extend((0..80 * 60).map(|at: u32| (at * at / 7) as u8));
    for file in [&image[..], &image[..100], b"not an image"] {
        let fingerprint = ownprint::fingerprint_bytes(file).unwrap();
        let text = serde_json::to_string(&fingerprint).unwrap();
        assert_eq!(text, fingerprint.to_json());
        assert_eq!(
            serde_json::from_str::<FingerprintRecord>(&text).unwrap(),
            fingerprint.to_record()
        );
    }
}

#[test]
fn the_parts_of_a_result_round_trip() {
    let file = [b"P5 8 8 255\n".as_slice(), &[7; 64]].concat();
    let fingerprint = ownprint::fingerprint_bytes(&file).unwrap();
    let image = fingerprint.image().unwrap();
    let text = serde_json::to_string(&(&image.info, &image.hashes)).unwrap();
    let (info, hashes): (ImageInfo, Vec<PerceptualHash>) = serde_json::from_str(&text).unwrap();
    assert_eq!((&info, &hashes), (&image.info, &image.hashes));
}
