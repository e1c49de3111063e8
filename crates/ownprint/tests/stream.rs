//! Files pushed in pieces: what comes out is what the whole file gives.

#![allow(clippy::unwrap_used)]

use ownprint::{Fingerprinter, Limits};

#[test]
fn pieces_of_any_size_give_what_the_whole_gives() {
    let mut image = b"P6 70 90 255\n".to_vec();
    image.extend((0..70 * 90 * 3).map(|at: u32| (at * at / 11) as u8));
    let video = vec![7; 300_000];
    for file in [&image[..], &video[..], b"P6", b""] {
        let whole = Fingerprinter::builder().bytes(file).unwrap();
        for size in [1, 63, 64, 65, 5000, usize::MAX] {
            let mut stream = Fingerprinter::builder().stream();
            for piece in file.chunks(size) {
                stream.push(piece).unwrap();
            }
            assert_eq!(stream.finish().unwrap(), whole, "{} bytes by {size}", file.len());
        }
    }
}

#[test]
fn a_stream_says_when_it_has_seen_enough() {
    let mut stream = Fingerprinter::builder().digests([]).stream();
    stream.push(&[0; 63]).unwrap();
    assert!(stream.wants_more(), "the head is not complete");
    stream.push(&[0; 1]).unwrap();
    assert!(!stream.wants_more(), "no image, and nobody asked for digests");
    assert_eq!(stream.finish().unwrap_err().code(), "not-an-image");
}

#[test]
fn a_stream_refuses_an_image_over_its_limit_while_it_grows() {
    let limits = Limits { file_bytes: 100, ..Limits::default() };
    let mut stream = Fingerprinter::builder().limits(limits).stream();
    let mut head = b"P5 8 8 255\n".to_vec();
    head.resize(100, 0);
    stream.push(&head).unwrap();
    assert_eq!(stream.push(&[0]).unwrap_err().code(), "limit-exceeded");
}
