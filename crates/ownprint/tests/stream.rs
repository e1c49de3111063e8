//! A file that arrives in pieces has the fingerprint of the whole file.

#![allow(clippy::unwrap_used)]

use ownprint::decode::Error;
use ownprint::{DigestAlgorithm, Fingerprinter, Limits};

#[test]
fn pieces_of_any_size_give_the_same_fingerprint() {
    let mut image = b"P6 70 90 255\n".to_vec();
    image.extend((0..70 * 90 * 3).map(|at: u32| (at * at / 11) as u8));
    let video = vec![7; 300_000];
    for file in [&image[..], &video[..], b"P6", b""] {
        let whole = Fingerprinter::default().fingerprint_bytes(file).unwrap();
        for size in [1, 63, 64, 65, 5000, usize::MAX] {
            let mut stream = Fingerprinter::default().stream();
            for piece in file.chunks(size) {
                stream.update(piece);
            }
            assert_eq!(stream.finalize().unwrap(), whole, "{} bytes by {size}", file.len());
        }
    }
}

#[test]
fn a_stream_reports_that_it_needs_no_more_data() {
    let mut stream = Fingerprinter::builder().digests([]).build().stream();
    stream.update(&[0; 63]);
    assert!(stream.wants_more(), "the head is not complete");
    stream.update(&[0; 1]);
    assert!(!stream.wants_more(), "no image, and no digests were requested");
    assert_eq!(stream.finalize().unwrap().failure(), Some(&Error::NotAnImage));
}

#[test]
fn an_image_over_the_limit_of_a_stream_has_digests_but_no_hash() {
    let limits = Limits { file_bytes: 100, ..Limits::default() };
    let mut file = b"P5 8 8 255\n".to_vec();
    file.resize(100, 0);
    for (length, code) in
        [(100, None), (101, Some("limit-exceeded")), (5000, Some("limit-exceeded"))]
    {
        file.resize(length, 0);
        let mut stream = Fingerprinter::builder().limits(limits).build().stream();
        file.chunks(7).for_each(|piece| stream.update(piece));
        let fingerprint = stream.finalize().unwrap();
        assert_eq!(fingerprint.image().err().map(|error| error.code()), code, "{length} bytes");
        let expected = ownprint::fingerprint_bytes(&file).unwrap();
        assert_eq!(fingerprint.digests(), expected.digests(), "{length} bytes");
        assert!(fingerprint.digest(DigestAlgorithm::Sha256).is_some());
    }
    // No digests are requested, so the rest of the file need not be read.
    let mut stream = Fingerprinter::builder().limits(limits).digests([]).build().stream();
    stream.update(&file[..100]);
    assert!(stream.wants_more());
    stream.update(&file[100..101]);
    assert!(!stream.wants_more());
}
