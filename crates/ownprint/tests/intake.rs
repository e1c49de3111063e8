//! Files pushed in pieces: what comes out is what the whole file gives.

#![allow(clippy::unwrap_used)]

use ownprint::{Fingerprinter, Limits};

#[test]
fn pieces_of_any_size_give_what_the_whole_gives() {
    let mut picture = b"P6 70 90 255\n".to_vec();
    picture.extend((0..70 * 90 * 3).map(|at: u32| (at * at / 11) as u8));
    let film = vec![7; 300_000];
    for file in [&picture[..], &film[..], b"P6", b""] {
        let whole = Fingerprinter::new().bytes(file).unwrap();
        for size in [1, 63, 64, 65, 5000, usize::MAX] {
            let mut intake = Fingerprinter::new().intake();
            for piece in file.chunks(size) {
                intake.push(piece).unwrap();
            }
            assert_eq!(intake.finish().unwrap(), whole, "{} bytes by {size}", file.len());
        }
    }
}

#[test]
fn an_intake_says_when_it_has_seen_enough() {
    let mut intake = Fingerprinter::new().digests([]).intake();
    intake.push(&[0; 63]).unwrap();
    assert!(intake.wants_more(), "the head is not complete");
    intake.push(&[0; 1]).unwrap();
    assert!(!intake.wants_more(), "no picture, and nobody asked for digests");
    assert_eq!(intake.finish().unwrap_err().code(), "not-a-picture");
}

#[test]
fn an_intake_refuses_a_picture_over_its_limit_while_it_grows() {
    let limits = Limits { file_bytes: 100, ..Limits::default() };
    let mut intake = Fingerprinter::new().limits(limits).intake();
    let mut head = b"P5 8 8 255\n".to_vec();
    head.resize(100, 0);
    intake.push(&head).unwrap();
    assert_eq!(intake.push(&[0]).unwrap_err().code(), "limit-exceeded");
}
