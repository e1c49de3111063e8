//! Files.

use std::ops::ControlFlow;

use ownprint::{Error, Fingerprint, Fingerprinter, HashAlgorithm, Limits, Selection};
use ownprint::hash::VpdqOptions;

/// Small enough that a target runs thousands of times a minute, large enough for every path.
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

fn fingerprinter() -> Fingerprinter {
    Fingerprinter::builder().limits(limits()).accept_damaged(true)
}

/// A file of one format becomes a fingerprint or an error, strictly and tolerantly; what is strictly accepted is accepted tolerantly,
/// with the same hash.
pub(crate) fn decode(format: &str, bytes: &[u8]) {
    let strict = fingerprinter().accept_damaged(false).hashes([HashAlgorithm::PDQ]).digests([]);
    let tolerant = strict.clone().accept_damaged(true);
    let (strict, tolerant) = (strict.bytes(bytes), tolerant.bytes(bytes));
    if let Ok(strict) = &strict {
        let image = strict.image.as_ref().expect("without digests only images have fingerprints");
        let found = image.format.map(|found| found.name());
        assert!(found == Some(format) || !starts_as(format, bytes), "{found:?}");
        assert!(image.size.pixels() <= limits().pixels && !image.damaged);
        assert_eq!(tolerant.expect("it was accepted strictly").hashes, strict.hashes);
    }
}

/// Whether nothing but `format` begins so; what else libFuzzer makes is as welcome.
fn starts_as(format: &str, bytes: &[u8]) -> bool {
    match format {
        "jpeg" => bytes.starts_with(&[0xff, 0xd8, 0xff]),
        "png" => bytes.starts_with(b"\x89PNG\r\n\x1a\n"),
        "gif" => bytes.starts_with(b"GIF8"),
        _ => false,
    }
}

/// Every hash of whatever is decoded has the bits that its algorithm says, twice the same.
pub(crate) fn every_hash(bytes: &[u8]) {
    // Sixty hashes, twice: of small images a thousand go into the time of one large.
    let small = Limits { pixels: 1 << 12, ..limits() };
    let fingerprinter = fingerprinter().hashes(HashAlgorithm::all()).limits(small);
    let Ok(first) = fingerprinter.bytes(bytes) else { return };
    for hash in &first.hashes {
        assert!(hash.values.iter().all(|value| value.bits() == hash.algorithm.bits()), "{}", hash.algorithm);
        assert!(hash.algorithm.hashes().is_none_or(|count| count == hash.values.len()), "{}", hash.algorithm);
        for value in &hash.values {
            assert_eq!(hash.algorithm.parse_hash(&value.to_hex()).expect("it was printed"), *value);
        }
    }
    assert_eq!(outcome(&fingerprinter.bytes(bytes)), outcome(&Ok(first)));
}

/// A video becomes a fingerprint or an error, strictly and tolerantly, every frame hashed; what is strictly accepted is accepted
/// tolerantly, with the same hashes.
pub(crate) fn video(bytes: &[u8]) {
    let mut every = VpdqOptions::default();
    every.seconds_per_hash = 0.0;
    let only = Selection { vpdq: true, ..Selection::default() };
    let strict = fingerprinter().selection(only).vpdq(every).accept_damaged(false);
    let tolerant = strict.clone().accept_damaged(true);
    let (strict, tolerant) = (strict.bytes(bytes), tolerant.bytes(bytes));
    let Some(video) = strict.ok().and_then(|strict| strict.video) else { return };
    assert!(video.size.pixels() <= limits().pixels && !video.damaged);
    assert_eq!(tolerant.expect("it was accepted strictly").video, Some(video));
}

/// In pieces of any lengths a file is what it is in one, a video too.
pub(crate) fn pieces(bytes: &[u8]) {
    let Some((&length, bytes)) = bytes.split_first() else { return };
    let fingerprinter = fingerprinter().selection(Selection { vpdq: true, ..Selection::default() });
    let whole = fingerprinter.bytes(bytes);
    let mut stream = fingerprinter.stream();
    let pushed = bytes.chunks(usize::from(length) + 1).try_for_each(|piece| stream.push(piece).map(|_| ()));
    let pieces = pushed.and_then(|()| stream.finalize_with(|| ControlFlow::Continue(())));
    assert_eq!(outcome(&pieces), outcome(&whole));
    let read = fingerprinter.fingerprint_reader_with(bytes, |_| ControlFlow::Continue(()));
    assert_eq!(outcome(&read), outcome(&whole));
}

fn outcome(result: &Result<Fingerprint, Error>) -> String {
    match result {
        Ok(fingerprint) => fingerprint.to_json(),
        Err(error) => error.to_json(),
    }
}
