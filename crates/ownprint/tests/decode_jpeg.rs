//! JPEG: colours by the rules of libjpeg, tolerated and rejected irregularities, orientation,
//! errors.

#![cfg(feature = "jpeg")]
#![allow(clippy::unwrap_used)]

mod decode_files;

use decode_files::jpeg::{Jpeg, adobe, segment};
use decode_files::{assert_cuts_are_refused, entry_point, exif, refused, see, see_through};
use ownprint::Warning;

const JFIF: &[u8] = b"\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0";

fn spread(block: usize, component: usize) -> u8 {
    (block * 29 + component * 71 + block * block * (component + 3)) as u8
}

fn grey() -> Jpeg {
    Jpeg::new(5, 4, &[1], spread)
}

/// Luma varies and chroma is neutral, so that red, green and blue equal luma exactly.
fn neutral() -> Jpeg {
    Jpeg::new(
        5,
        4,
        &[1, 2, 3],
        |block, component| if component == 0 { spread(block, 0) } else { 128 },
    )
}

fn over_255(a: u8, b: u8) -> u8 {
    ((u32::from(a) * u32::from(b)) as f64 / 255.0).round() as u8
}

#[test]
fn grey_and_neutral_chroma_give_equal_red_green_and_blue() {
    let expected = grey().rgb(|samples| [samples[0]; 3]);
    see(&grey().bytes()).unwrap().assert_rgb(&expected, "grey");
    see(&grey().before(&adobe(0)).bytes())
        .unwrap()
        .assert_rgb(&expected, "grey with an Adobe segment");
    let expected = neutral().rgb(|samples| [samples[0]; 3]);
    for before in [&[][..], JFIF, &adobe(1), &[JFIF, &adobe(0)].concat(), &adobe(2), &adobe(9)] {
        see(&neutral().before(before).bytes()).unwrap().assert_rgb(&expected, "luma");
    }
}

#[test]
fn rgb_components_are_kept() {
    for (names, before) in [(b"RGB", vec![]), (b"RGB", adobe(0)), (&[1, 2, 3], adobe(0))] {
        let jpeg = Jpeg::new(5, 4, names, spread).before(&before);
        let expected = jpeg.rgb(|samples| [samples[0], samples[1], samples[2]]);
        see(&jpeg.bytes()).unwrap().assert_rgb(&expected, "rgb");
    }
}

/// The components may be in any number of scans, in any order, with and without restart markers.
#[test]
fn components_in_separate_scans() {
    let scripts: [&[&[usize]]; 6] = [
        &[&[0], &[1], &[2]],
        &[&[2], &[1], &[0]],
        &[&[0], &[1, 2]],
        &[&[1, 2], &[0]],
        &[&[0, 1], &[2]],
        &[&[1], &[0, 2]],
    ];
    for script in scripts {
        for restart in [0, 1, 3, 7] {
            let scans: Vec<_> = script.iter().map(|scan| scan.to_vec()).collect();
            let mut rgb = Jpeg::new(5, 4, b"RGB", spread);
            (rgb.scans, rgb.restart) = (scans.clone(), restart);
            let expected = rgb.rgb(|samples| [samples[0], samples[1], samples[2]]);
            see(&rgb.bytes()).unwrap().assert_rgb(&expected, &format!("{script:?} {restart}"));
            for (across, down) in [(1, 1), (5, 4), (5, 3), (4, 5)] {
                let luma = |block, component| {
                    if component == 0 { spread(block, component) } else { 128 }
                };
                let mut subsampled = Jpeg::new(across, down, &[1, 2, 3], luma);
                (subsampled.scans, subsampled.restart) = (scans.clone(), restart);
                subsampled.factor = 2;
                let expected = subsampled.rgb(|samples| [samples[0]; 3]);
                let what = format!("{script:?} {restart} {across}x{down}");
                see(&subsampled.bytes()).unwrap().assert_rgb(&expected, &what);
            }
        }
    }
}

/// The decoder would not notice data that are lost between restart markers.
#[test]
fn restart_markers_count_from_0_to_7() {
    for scans in [vec![vec![0, 1, 2]], vec![vec![0], vec![1], vec![2]]] {
        let mut jpeg = Jpeg::new(5, 4, b"RGB", spread);
        (jpeg.scans, jpeg.restart) = (scans, 1);
        let whole = jpeg.bytes();
        let marker = |number: u8| {
            whole.windows(2).position(|pair| pair == [0xff, 0xd0 + number]).unwrap() + 1
        };
        let mut swapped = whole.clone();
        swapped.swap(marker(2), marker(3));
        assert_eq!(refused(&swapped), "damaged");
        let mut lost = whole.clone();
        lost.drain(marker(2) - 1..marker(3) - 1);
        assert_eq!(refused(&lost), "damaged");
        let mut stray = whole.clone();
        let interval = stray.windows(2).position(|pair| pair == [0xff, 0xdd]).unwrap();
        stray.drain(interval..interval + 6);
        assert_eq!(refused(&stray), "damaged", "markers without an interval");
    }
}

/// By these names, the decoder would take YCbCr for RGB. After the first scan, an Adobe segment has
/// no meaning in libjpeg.
#[test]
fn misleading_names_and_segments_are_refused() {
    for before in [adobe(1), JFIF.to_vec()] {
        let jpeg = Jpeg::new(5, 4, b"RGB", spread).before(&before);
        assert_eq!(refused(&jpeg.bytes()), "unsupported-feature");
    }
    let mut jpeg = Jpeg::new(5, 4, &[1, 2, 3], spread);
    jpeg.scans = vec![vec![0], vec![1, 2]];
    let mut file = jpeg.bytes();
    let second = file.windows(2).rposition(|pair| pair == [0xff, 0xda]).unwrap();
    file.splice(second..second, adobe(0));
    assert_eq!(refused(&file), "unsupported-feature");
}

#[test]
fn a_component_without_a_scan_or_with_two_is_an_error() {
    let mut jpeg = Jpeg::new(5, 4, b"RGB", spread);
    jpeg.scans = vec![vec![0], vec![1]];
    assert_eq!(refused(&jpeg.bytes()), "truncated");
    jpeg.scans = vec![vec![0], vec![1], vec![1], vec![2]];
    assert_eq!(refused(&jpeg.bytes()), "damaged");
}

/// libjpeg decodes the first scan only, if it contains all components. It must be complete.
#[test]
fn scans_behind_the_only_one_are_ignored() {
    let first = neutral();
    let (file, other) = (first.bytes(), Jpeg::new(5, 4, &[1, 2, 3], |_, _| 9).bytes());
    let scan = |file: &[u8]| file.windows(2).position(|pair| pair == [0xff, 0xda]).unwrap();
    let table = segment(0xc4, &[&[0x11, 1][..], &[0; 16]].concat());
    for between in [vec![], table, adobe(0)] {
        let whole = &file[..file.len() - 2];
        let two = [whole, &between, &other[scan(&other)..]].concat();
        let expected = first.rgb(|samples| [samples[0]; 3]);
        see(&two).unwrap().assert_rgb(&expected, "two scans of all components");
        let half = &file[..scan(&file) + 20];
        let two = [half, &between, &other[scan(&other)..]].concat();
        let code = refused(&two);
        assert!(["truncated", "damaged"].contains(&code), "{code}");
    }
}

/// CMYK files are stored inverted, with and without an Adobe segment.
#[test]
fn cmyk_is_converted_by_subtraction_from_white() {
    for before in [vec![], adobe(0)] {
        let jpeg = Jpeg::new(5, 4, &[1, 2, 3, 4], spread).before(&before);
        let expected =
            jpeg.rgb(|samples| [0, 1, 2].map(|colour| over_255(samples[colour], samples[3])));
        see(&jpeg.bytes()).unwrap().assert_rgb(&expected, "cmyk");
    }
}

/// YCCK with neutral chroma: cyan, magenta and yellow equal the inverted luma.
#[test]
fn ycck_is_not_inverted() {
    for transform in [2, 1, 7] {
        let jpeg = Jpeg::new(5, 4, &[1, 2, 3, 4], |block, component| match component {
            1 | 2 => 128,
            _ => spread(block, component),
        })
        .before(&adobe(transform));
        let expected = jpeg.rgb(|samples| [over_255(255 - samples[0], samples[3]); 3]);
        see(&jpeg.bytes()).unwrap().assert_rgb(&expected, "ycck");
    }
}

#[test]
fn harmless_irregularities_do_not_change_the_image() {
    let expected = neutral().rgb(|samples| [samples[0]; 3]);
    let irregular: [&[u8]; 7] = [
        &[0; 17],
        b"hello there\xff\0abc",
        &[0xff; 9],
        &segment(0xed, &[]),
        &segment(0xee, b"Adobe\0\0"),
        &segment(0xe1, b"Exif\0\0broken"),
        b"\xff\xd0\xff\x01",
    ];
    for before in irregular {
        let seen = see(&neutral().before(&[JFIF, before].concat()).bytes()).unwrap();
        seen.assert_rgb(&expected, &format!("{before:?}"));
        assert!(!seen.image.damaged && seen.warnings.is_empty());
    }
}

#[test]
fn data_after_the_end_marker_is_ignored() {
    let expected = neutral().rgb(|samples| [samples[0]; 3]);
    for after in [vec![0; 1000], neutral().bytes(), b"\0\0\0\x18ftypmp42".to_vec()] {
        let seen = see(&[neutral().bytes(), after].concat()).unwrap();
        seen.assert_rgb(&expected, "a trailer");
        assert!(!seen.image.damaged);
    }
}

#[test]
fn every_restart_interval_is_decoded() {
    let expected = neutral().rgb(|samples| [samples[0]; 3]);
    for restart in [1, 2, 3, 5, 10, 20, 21] {
        let seen = see(&Jpeg { restart, ..neutral() }.bytes()).unwrap();
        seen.assert_rgb(&expected, "restarts");
    }
}

#[test]
fn a_truncated_file_is_rejected_at_every_length() {
    assert_cuts_are_refused(&neutral().bytes(), "jpeg", 3);
    assert_cuts_are_refused(&Jpeg { restart: 2, ..neutral() }.bytes(), "jpeg with restarts", 3);
}

/// Half a file with an end marker, as repair tools write it: the decoder alone would fill the rest
/// with grey without an error.
#[test]
fn a_truncated_file_with_an_end_marker_is_rejected() {
    for restart in [0, 5] {
        let big = Jpeg { restart, ..Jpeg::new(40, 40, &[1, 2, 3], spread) };
        let whole = big.bytes();
        see(&whole).unwrap();
        for part in [0.5, 0.9] {
            let length = (whole.len() as f64 * part) as usize;
            let closed = [&whole[..length], &[0xff, 0xd9]].concat();
            assert!(["truncated", "damaged"].contains(&refused(&closed)), "{part}");
        }
    }
}

#[test]
fn a_damaged_file_is_hashed_on_request_only() {
    let whole = Jpeg::new(40, 40, &[1, 2, 3], spread).bytes();
    let half = &whole[..whole.len() / 2];
    assert_eq!(refused(half), "truncated");
    let seen = see_through(&entry_point().accept_damaged(true), half).unwrap();
    assert!(seen.image.damaged);
    assert!(seen.warnings.contains(&Warning::Damaged));
    let seen = see_through(&entry_point().accept_damaged(true), &whole).unwrap();
    assert!(!seen.image.damaged);
}

/// The decoder reads components in scans of their own wrongly, so a part of such a file has no
/// hash. It would also set up each of thousands of scans.
#[test]
fn a_truncated_file_with_separate_scans_is_not_hashed() {
    let mut jpeg = Jpeg::new(40, 40, &[1, 2, 3], spread);
    jpeg.scans = vec![vec![0], vec![1], vec![2]];
    let whole = jpeg.bytes();
    let half = &whole[..whole.len() / 2];
    let tolerant = entry_point().accept_damaged(true);
    assert_eq!(see_through(&tolerant, half).err().map(|error| error.code()), Some("truncated"));
    assert!(!see_through(&tolerant, &whole).unwrap().image.damaged);
}

/// The index of an MPO file is a TIFF directory, whose offsets count from its own start.
#[test]
fn previews_and_gain_maps_of_an_mpo_cause_no_warning() {
    const PRIMARY: u32 = 0x0003_0000;
    const UNDEFINED: u32 = 0;
    const PREVIEW: u32 = 0x0001_0001;
    const DISPARITY: u32 = 0x0002_0002;
    let index = |big_endian: bool, entries: &[(u32, u32)]| {
        let two = |value: u16| if big_endian { value.to_be_bytes() } else { value.to_le_bytes() };
        let four = |value: u32| if big_endian { value.to_be_bytes() } else { value.to_le_bytes() };
        let mut bytes = if big_endian { b"MPF\0MM\0*".to_vec() } else { b"MPF\0II*\0".to_vec() };
        bytes.extend([&four(8)[..], &two(1), &two(0xb002), &two(7)].concat());
        bytes.extend([four(16 * entries.len() as u32), four(26), four(0)].concat());
        for &(kind, offset) in entries {
            bytes.extend([four(kind), four(0), four(offset), four(0)].concat());
        }
        segment(0xe2, &bytes)
    };
    let second = |before: &[u8]| neutral().before(before).bytes();
    let gain_map = segment(
        0xe1,
        b"http://ns.adobe.com/xap/1.0/\0<x xmlns:hdrgm='http://ns.adobe.com/hdr-gain-map/1.0/'/>",
    );
    let plain = neutral().bytes();
    let expected = see(&plain).unwrap().rgb_md5;
    for big_endian in [false, true] {
        for (kind, second, is_further) in [
            (DISPARITY, second(&[]), true),
            (UNDEFINED, second(&[]), true),
            (UNDEFINED, second(&gain_map), false),
            (PREVIEW, second(&[]), false),
            (DISPARITY, b"no JPEG".to_vec(), false),
            (DISPARITY, Vec::new(), false),
        ] {
            // The index begins behind the start of the file, marker, length and name.
            let length = index(big_endian, &[(PRIMARY, 0), (kind, 0)]).len();
            let offset = (plain.len() + length - 2 - 4 - 4) as u32;
            let first =
                neutral().before(&index(big_endian, &[(PRIMARY, 0), (kind, offset)])).bytes();
            let seen = see(&[first, second].concat()).unwrap();
            assert_eq!(seen.rgb_md5, expected);
            let warned = seen.warnings.contains(&Warning::FirstFrameOnly);
            assert_eq!(warned, is_further, "{kind:#x}, big-endian: {big_endian}");
        }
    }
    for index in [&b"MPF\0"[..], b"MPF\0II*\0\xff\xff\xff\xff", b"MPF\0II*\0\x08\0\0\0\xff\xff"] {
        let seen = see(&neutral().before(&segment(0xe2, index)).bytes()).unwrap();
        assert!(!seen.warnings.contains(&Warning::FirstFrameOnly));
    }
}

#[test]
fn all_eight_orientations_are_read() {
    for value in 1..=8 {
        let block = segment(0xe1, &[b"Exif\0\0", &exif(value)[..]].concat());
        let seen = see(&neutral().before(&block).bytes()).unwrap();
        assert_eq!(seen.image.orientation.to_exif(), value);
        let expected = if value >= 5 { "32x40" } else { "40x32" };
        assert_eq!(seen.image.size.to_string(), expected);
    }
}

#[test]
fn errors_name_unsupported_kinds_of_jpeg() {
    for frame in [0xc3, 0xc5, 0xc9, 0xca, 0xcb, 0xf7] {
        assert_eq!(refused(&Jpeg { frame, ..neutral() }.bytes()), "unsupported-feature");
    }
    assert_eq!(
        refused(&Jpeg { precision: 12, frame: 0xc1, ..neutral() }.bytes()),
        "unsupported-feature"
    );
    assert_eq!(refused(&Jpeg::new(1, 1, &[1, 2], spread).bytes()), "unsupported-feature");
    assert_eq!(refused(&Jpeg::new(1, 1, &[1, 2, 3, 4, 5], spread).bytes()), "unsupported-feature");
    let error = see(&Jpeg { frame: 0xc9, ..neutral() }.bytes()).err().unwrap().to_string();
    assert!(error.contains("arithmetic coding"), "{error}");
}

#[test]
fn contradictory_fields_are_reported_as_damage() {
    assert_eq!(refused(&neutral().before(&[0xff, 0xd8]).bytes()), "damaged");
    assert_eq!(refused(&neutral().before(&[0xff, 0xd9]).bytes()), "damaged");
    assert_eq!(refused(&neutral().before(&[0xff, 0xe5, 0, 1]).bytes()), "damaged");
    let two_frames = segment(0xc0, &[8, 0, 8, 0, 8, 1, 1, 0x11, 0]);
    assert_eq!(refused(&neutral().before(&two_frames).bytes()), "damaged");
    assert_eq!(refused(&Jpeg::new(0, 1, &[1], spread).bytes()), "damaged");
}
