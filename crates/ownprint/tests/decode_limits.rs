//! Headers over the limits are rejected before memory is allocated.

#![cfg(all(
    feature = "jpeg",
    feature = "png",
    feature = "gif",
    feature = "bmp",
    feature = "tiff",
    feature = "webp",
    feature = "pnm"
))]
#![allow(clippy::unwrap_used, clippy::panic)]

mod decode_files;

use decode_files::jpeg::{Jpeg, segment};
use decode_files::markers::{self, claims};
use decode_files::optional;
use decode_files::others::{GifFrame, bmp, gif, lossless, png, riff, tiff, webp};
use decode_files::{entry_point, refused, see, see_through};
use ownprint::decode::Error;
use ownprint::pixels::LimitKind;
use ownprint::{Fingerprinter, Limits};

#[test]
fn the_pixel_limit_is_enforced_in_every_format() {
    for (what, file) in claims(65_500, 65_500) {
        match see(&file) {
            Err(Error::LimitExceeded { kind: LimitKind::Pixels, actual, allowed }) => {
                assert_eq!((actual, allowed), (65_500 * 65_500, 1 << 28), "{what}");
            }
            Err(error) => panic!("{what}: {error}"),
            Ok(_) => panic!("{what} was decoded"),
        }
    }
}

/// Sizes within the limits, with too few bytes for them.
#[test]
fn allowed_sizes_without_data_are_truncated_files() {
    let generous = entry_point().limits(Limits { expansion: u32::MAX, ..Limits::default() });
    for (what, file) in claims(10_000, 10_000) {
        assert_eq!(see_through(&generous, &file).err().unwrap().code(), "truncated", "{what}");
    }
}

#[test]
fn the_expansion_limit_rejects_small_files_of_large_images() {
    for (what, file) in claims(10_000, 10_000) {
        match see(&file) {
            Err(Error::LimitExceeded { kind: LimitKind::Expansion, actual, allowed }) => {
                assert!(actual > allowed && allowed == 100_000, "{what}");
            }
            Err(error) => panic!("{what}: {error}"),
            Ok(_) => panic!("{what} was decoded"),
        }
    }
}

#[test]
fn each_limit_is_checked_on_the_header() {
    let limit = |what: &str, file: &[u8], limits: Limits, expected: LimitKind| match see_through(
        &entry_point().limits(limits),
        file,
    ) {
        Err(Error::LimitExceeded { kind, .. }) => assert_eq!(kind, expected, "{what}"),
        Err(error) => panic!("{what}: {error}"),
        Ok(_) => panic!("{what} was decoded"),
    };
    for (what, file) in claims(600, 500) {
        let all = Limits::default();
        limit(what, &file, Limits { width: 599, ..all }, LimitKind::Width);
        limit(what, &file, Limits { height: 499, ..all }, LimitKind::Height);
        limit(what, &file, Limits { pixels: 299_999, ..all }, LimitKind::Pixels);
        limit(what, &file, Limits { memory: 899_999, ..all }, LimitKind::Memory);
        limit(what, &file, Limits { file_bytes: 10, ..all }, LimitKind::FileBytes);
    }
}

/// The formats of optional features, including videos.
#[test]
fn optional_codecs_have_the_same_limits() {
    let mut selection = Fingerprinter::default().selection().clone();
    selection.vpdq = cfg!(feature = "video");
    let refusal = |what: &str, file: &[u8], limits: Limits| {
        let entry_point =
            Fingerprinter::builder().selection(selection.clone()).limits(limits).build();
        let fingerprint = entry_point.fingerprint_bytes(file).unwrap();
        assert_eq!(fingerprint.digests().len(), selection.digests.len(), "{what}");
        match fingerprint.failure() {
            Some(&Error::LimitExceeded { kind, actual, allowed }) => {
                assert!(actual > allowed, "{what}");
                kind
            }
            Some(error) => panic!("{what}: {error}"),
            None => panic!("{what} was decoded"),
        }
    };
    let all = Limits::default();
    for (what, file) in optional::claims(608, 512) {
        for (limits, kind) in [
            (Limits { width: 607, ..all }, LimitKind::Width),
            (Limits { height: 511, ..all }, LimitKind::Height),
            (Limits { pixels: 608 * 512 - 1, ..all }, LimitKind::Pixels),
            (Limits { memory: 608 * 512 * 3 - 1, ..all }, LimitKind::Memory),
            (Limits { file_bytes: 10, ..all }, LimitKind::FileBytes),
        ] {
            assert_eq!(refusal(what, &file, limits), kind, "{what}");
        }
    }
    for (what, file) in optional::claims(65_504, 65_504) {
        assert_eq!(refusal(what, &file, all), LimitKind::Pixels, "{what}");
    }
    for (what, file) in optional::claims(10_000, 10_000) {
        assert_eq!(refusal(what, &file, all), LimitKind::Expansion, "{what}");
    }
}

#[test]
fn the_memory_limit_counts_the_decoded_bytes_per_pixel() {
    let rows = vec![0; 100 * 100 * 8];
    let file = png((100, 100), (16, 6), &rows, &[], &[]);
    let through =
        |memory| see_through(&entry_point().limits(Limits { memory, ..Limits::default() }), &file);
    assert!(matches!(through(79_999), Err(Error::LimitExceeded { kind: LimitKind::Memory, .. })));
    assert!(through(1 << 20).is_ok());
}

#[test]
fn dimensions_of_zero_are_reported_as_damage() {
    for (what, file) in claims(0, 5).into_iter().chain(claims(0, 0)) {
        let code = see(&file).err().unwrap().code();
        assert!(["damaged", "unsupported-feature"].contains(&code), "{what}: {code}");
    }
    assert_eq!(refused(&markers::jpeg(5, 0, 0xc0)), "unsupported-feature");
}

#[test]
fn webp_sizes_are_read_from_the_first_chunk() {
    let canvas = |side: u32| {
        let side = (side - 1).to_le_bytes();
        riff(b"VP8X", &[&[0, 0, 0, 0][..], &side[..3], &side[..3]].concat())
    };
    let limits = |file: &[u8]| matches!(see(file), Err(Error::LimitExceeded { .. }));
    assert!(limits(&webp(&[canvas(65_500), lossless(9, 7, [0; 4])])));
    assert!(limits(&webp(&[canvas(1 << 24)])));
    // The decoder would use the size of the image and not that of the header.
    assert_eq!(refused(&webp(&[canvas(100), lossless(16_000, 16_000, [0; 4])])), "damaged");
    let small = Limits { pixels: 1000, ..Limits::default() };
    let seen = see_through(&entry_point().limits(small), &webp(&[lossless(100, 100, [0; 4])]));
    assert!(matches!(seen, Err(Error::LimitExceeded { kind: LimitKind::Pixels, .. })));
}

/// The TIFF reader would decode a JPEG strip at the size in the JPEG header.
#[test]
fn a_jpeg_in_a_tiff_must_not_exceed_its_strip() {
    let tags: [(u16, &[u16]); 4] = [(258, &[8, 8, 8]), (262, &[6]), (277, &[3]), (259, &[7])];
    let inside = Jpeg::new(1, 1, &[1, 2, 3], |_, component| [77, 128, 128][component]).bytes();
    see(&tiff(8, 8, &tags, &[&inside])).unwrap().assert_rgb(&[77; 192], "jpeg in tiff");
    assert_eq!(refused(&tiff(8, 8, &tags, &[&markers::jpeg(16_000, 16_000, 0xc0)])), "damaged");
    assert_eq!(refused(&tiff(8, 8, &tags, &[&inside[..inside.len() - 4]])), "truncated");
}

/// Altered headers never cause a panic.
#[test]
fn changing_any_byte_never_causes_a_panic() {
    let numbers = [1; 12];
    let frame = GifFrame { place: (1, 1), size: (4, 3), transparent: Some(3), numbers: &numbers };
    let tags: [(u16, &[u16]); 4] = [(258, &[4]), (262, &[3]), (320, &[7; 48]), (274, &[6])];
    let exif = segment(0xe1, &[b"Exif\0\0", &decode_files::exif(6)[..]].concat());
    let files = [
        Jpeg { restart: 2, ..Jpeg::new(3, 2, &[1, 2, 3], |block, _| block as u8 * 40) }
            .before(&exif)
            .bytes(),
        png(
            (9, 7),
            (8, 3),
            &[1; 63],
            &[(b"PLTE", vec![9; 30]), (b"acTL", vec![0; 8])],
            &[(b"eXIf", vec![0; 9])],
        ),
        gif((9, 7), &[[0; 3]; 128], &[frame])[..].to_vec(),
        bmp(3, 2, &[5; 24]),
        tiff(8, 2, &tags, &[&[0x12; 8]]),
        webp(&[lossless(9, 7, [1, 2, 3, 4])]),
        b"P6\n3 2\n255\nabcdefghijklmnopqr".to_vec(),
    ];
    let small =
        entry_point().limits(Limits { pixels: 1 << 20, ..Limits::default() }).accept_damaged(true);
    for file in files {
        for at in 0..file.len() {
            for value in [0, 1, 0x7f, 0x80, 0xff, file[at] ^ 1, file[at] ^ 0x40] {
                let mut changed = file.clone();
                changed[at] = value;
                let _ = see_through(&small, &changed);
            }
        }
    }
}
