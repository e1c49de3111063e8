//! Cancels the decoding of images between rows, tiles and groups of pixels.

#![cfg(all(feature = "decode", feature = "heic", feature = "avif", feature = "jxl"))]
#![allow(clippy::unwrap_used)]

use std::ops::ControlFlow;
use std::path::PathBuf;

use ownprint::decode::{decode, decode_with};
use ownprint::{Fingerprinter, Limits, Selection};

/// Formats whose decoders yield parts of an image.
const FORMATS: [&str; 5] = ["png", "tiff", "heic", "avif", "jxl"];

/// Returns the files of the format in the fuzz corpus that are decoded.
fn files(format: &str) -> Vec<Vec<u8>> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join(format!("../../fuzz/corpus/decode-{format}"));
    let files = std::fs::read_dir(folder).unwrap().map(|it| it.unwrap().path());
    let files = files.map(|path| std::fs::read(path).unwrap());
    files.filter(|bytes| decode(bytes, &Limits::default(), false).is_ok()).collect()
}

/// Decodes with an observer that breaks at a call. Returns the code of the error and the calls.
fn cancelled_at(bytes: &[u8], last: usize) -> (Option<&'static str>, usize) {
    let mut calls = 0;
    let decoded = decode_with(bytes, &Limits::default(), false, || {
        calls += 1;
        if calls == last { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    (decoded.err().map(|error| error.code()), calls)
}

#[test]
fn every_part_of_an_image_can_be_the_last() {
    for format in FORMATS {
        let files = files(format);
        assert!(files.len() >= 3, "{format}");
        for bytes in files {
            let (code, calls) = cancelled_at(&bytes, usize::MAX);
            assert!(code.is_none() && calls > 0, "{format}");
            for last in [1, calls.div_ceil(2), calls] {
                let (code, called) = cancelled_at(&bytes, last);
                assert_eq!(code, Some("cancelled"), "{format}: call {last} of {calls}");
                // A decoder may ask once more before it ends.
                assert!(called <= last + 1, "{format}: {called} calls after {last}");
            }
        }
    }
}

#[test]
fn a_fingerprint_is_cancelled_while_its_image_is_decoded() {
    let selection =
        Selection { digests: Vec::new(), ..Fingerprinter::default().selection().clone() };
    let fingerprinter = Fingerprinter::builder().selection(selection).build();
    for format in FORMATS {
        for bytes in files(format) {
            let mut calls = 0;
            let count = |_bytes| {
                calls += 1;
                ControlFlow::Continue(())
            };
            fingerprinter.fingerprint_bytes_with(&bytes, count).unwrap();
            for last in 1..=calls.min(40) {
                let mut called = 0;
                let observe = |_bytes| {
                    called += 1;
                    if called < last { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
                };
                let error = fingerprinter.fingerprint_bytes_with(&bytes, observe).unwrap_err();
                assert_eq!(error.code(), "cancelled", "{format}: call {last} of {calls}");
            }
        }
    }
}
