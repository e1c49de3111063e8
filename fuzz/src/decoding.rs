//! Targets that decode files.

use std::ops::ControlFlow;

use ownprint::hash::VpdqOptions;
use ownprint::{
    Fingerprint, Fingerprinter, FingerprinterBuilder, HashAlgorithm, Limits, Selection,
};

/// The pixel limit is small, so that a target runs thousands of times per minute, but large enough
/// to reach all code.
fn limits() -> Limits {
    Limits {
        file_bytes: 1 << 20,
        width: 4096,
        height: 4096,
        pixels: 1 << 18,
        memory: 8 << 20,
        expansion: 200,
    }
}

fn builder() -> FingerprinterBuilder {
    Fingerprinter::builder().limits(limits()).accept_damaged(true)
}

/// Checks that a file of one format becomes a fingerprint or an error, in strict and tolerant mode.
/// If strict mode accepts the file, tolerant mode must give the same hash.
pub(crate) fn decode(format: &str, bytes: &[u8]) {
    let strict = builder().accept_damaged(false).hashes([HashAlgorithm::PDQ]).digests([]);
    let tolerant = strict.clone().accept_damaged(true);
    let (strict, tolerant) = (fingerprint(strict, bytes), fingerprint(tolerant, bytes));
    assert_eq!(strict.image().err().as_ref(), strict.failure(), "no digest was requested");
    if let Ok(strict) = strict.image() {
        let found = strict.info.format.map(|found| found.name());
        assert!(found == Some(format) || !starts_as(format, bytes), "{found:?}");
        assert!(strict.info.size.pixels() <= limits().pixels && !strict.info.damaged);
        assert_eq!(tolerant.image().expect("it was accepted strictly").hashes, strict.hashes);
    }
}

/// Returns `true` if the bytes start with the signature of the format. Only formats with a single
/// signature are checked.
fn starts_as(format: &str, bytes: &[u8]) -> bool {
    match format {
        "jpeg" => bytes.starts_with(&[0xff, 0xd8, 0xff]),
        "png" => bytes.starts_with(b"\x89PNG\r\n\x1a\n"),
        "gif" => bytes.starts_with(b"GIF8"),
        _ => false,
    }
}

/// Checks that every hash of a decoded image has the length of its algorithm, and that two runs
/// give the same hashes.
pub(crate) fn every_hash(bytes: &[u8]) {
    // Sixty hashes are computed twice. A thousand small images take the time of one large image.
    let small = Limits { pixels: 1 << 12, ..limits() };
    let builder = builder().hashes(HashAlgorithm::all()).limits(small);
    let first = fingerprint(builder.clone(), bytes);
    let Ok(image) = first.image() else { return };
    for hash in &image.hashes {
        assert!(
            hash.values.iter().all(|value| value.bits() == hash.algorithm.bits()),
            "{}",
            hash.algorithm
        );
        assert!(
            hash.algorithm.hashes().is_none_or(|count| count == hash.values.len()),
            "{}",
            hash.algorithm
        );
        for value in &hash.values {
            assert_eq!(hash.algorithm.parse_hash(&value.to_hex()).expect("it was printed"), *value);
        }
    }
    assert_eq!(fingerprint(builder, bytes), first);
}

/// Checks that a video becomes a fingerprint or an error, in strict and tolerant mode, with every
/// frame hashed. If strict mode accepts the video, tolerant mode must give the same hashes.
pub(crate) fn video(bytes: &[u8]) {
    let mut every = VpdqOptions::default();
    every.seconds_per_hash = 0.0;
    let only = Selection { vpdq: true, ..Selection::default() };
    let strict = builder().selection(only).vpdq_options(every).accept_damaged(false);
    let tolerant = strict.clone().accept_damaged(true);
    let (strict, tolerant) = (fingerprint(strict, bytes), fingerprint(tolerant, bytes));
    let Ok(video) = strict.video() else { return };
    assert!(video.size.pixels() <= limits().pixels && !video.damaged);
    assert_eq!(tolerant.video(), Ok(video));
}

/// Checks that a file or video passed in pieces of any length gives the same result as in one
/// piece.
pub(crate) fn pieces(bytes: &[u8]) {
    let Some((&length, bytes)) = bytes.split_first() else { return };
    let builder = builder().selection(Selection { vpdq: true, ..Selection::default() });
    let fingerprinter = builder.clone().build();
    let whole = fingerprint(builder, bytes);
    let mut stream = fingerprinter.stream();
    bytes.chunks(usize::from(length) + 1).for_each(|piece| stream.update(piece));
    let pieces = stream.finalize_with(|_| ControlFlow::Continue(()));
    assert_eq!(pieces.expect("it is not cancelled"), whole);
    let read = fingerprinter.fingerprint_reader_with(bytes, |_| ControlFlow::Continue(()));
    assert_eq!(read.expect("memory is readable, and it is not cancelled"), whole);
}

/// Computes the fingerprint. A file in memory always has one, with all requested digests.
fn fingerprint(builder: FingerprinterBuilder, bytes: &[u8]) -> Fingerprint {
    let fingerprinter = builder.build();
    let fingerprint =
        fingerprinter.fingerprint_bytes(bytes).expect("a file in memory has a fingerprint");
    assert_eq!(fingerprint.digests().len(), fingerprinter.selection().digests.len());
    fingerprint
}
