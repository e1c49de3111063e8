//! Writes decompression bombs in the formats of the default build.

use std::io::Cursor;

use super::jpeg::{Jpeg, segment};
use super::markers::{claims, jpeg_of};
use super::others::{GifFrame, bmp, gif, lossless, png, riff, tiff, webp};

pub type Bombs = Vec<(String, Vec<u8>)>;

/// Widths and heights of squares without data.
pub const SIDES: [(u32, &str); 3] = [
    (65_500, "above the pixel limit"),
    (16_000, "within the pixel limit"),
    (4_000, "within every limit"),
];

pub fn stills() -> Bombs {
    let mut bombs = Vec::new();
    for (side, what) in SIDES {
        for (format, file) in squares(side as u16) {
            bombs.push((format!("{format} that claims {side}x{side}, {what}, no data"), file));
        }
    }
    for (name, file) in [expanding(), numerous(), lying(), chunks()].concat() {
        bombs.push((name.to_owned(), file));
    }
    bombs
}

/// Returns a file of a few bytes in every format with a square of this size in its header.
fn squares(side: u16) -> Vec<(&'static str, Vec<u8>)> {
    let canvas = (u32::from(side) - 1).to_le_bytes();
    let mut files = claims(side, side);
    files.push((
        "webp",
        webp(&[riff(b"VP8X", &[&[0, 0, 0, 0][..], &canvas[..3], &canvas[..3]].concat())]),
    ));
    files.push(("pbm", format!("P4\n{side} {side}\nabc").into_bytes()));
    files
}

/// Returns small files of large images, or with data that expand strongly.
pub fn expanding() -> Vec<(&'static str, Vec<u8>)> {
    let flat = image::GrayImage::from_pixel(6000, 6000, image::Luma([7]));
    let written = |format| {
        let mut file = Cursor::new(Vec::new());
        flat.write_to(&mut file, format).unwrap();
        file.into_inner()
    };
    let run_length_bmp = {
        let mut file = bmp(16_000, 16_000, &[0, 1]);
        // Eight bits per pixel, run-length coded, a palette of one colour.
        file[28..30].copy_from_slice(&8_u16.to_le_bytes());
        file[30] = 1;
        file[46] = 1;
        file.splice(54..54, [1, 2, 3, 0]);
        file
    };
    let zeros = deflated_zeros(64 << 20);
    let profile = [&b"p\0\0"[..], &zeros].concat();
    let text = [&b"t\0\0"[..], &zeros].concat();
    vec![
        ("PNG of one grey, 6000x6000, an image", written(image::ImageFormat::Png)),
        (
            "lossless WebP of one colour, 16383x16383",
            webp(&[lossless(16_383, 16_383, [1, 2, 3, 255])]),
        ),
        ("BMP of one run, 16000x16000", run_length_bmp),
        ("JPEG of one grey, 10000x10000, an image", flat_jpeg(10_000)),
        (
            "PNG with a colour profile that unpacks into 64 MiB, and no pixels",
            png((8, 8), (8, 0), &[], &[(b"iCCP", profile)], &[]),
        ),
        (
            "PNG with a text that unpacks into 64 MiB, and no pixels",
            png((8, 8), (8, 0), &[], &[(b"zTXt", text)], &[]),
        ),
        (
            "TIFF of a strip that unpacks into 64 MiB, 16000x16000",
            tiff(16_000, 16_000, &[(258, &[8]), (262, &[1]), (259, &[8])], &[&zeros[..60_000]]),
        ),
    ]
}

/// Returns files with too many entries, chunks or scans.
fn numerous() -> Vec<(&'static str, Vec<u8>)> {
    let start = Jpeg::new(1, 1, &[1], |_, _| 128);
    let numbers = [1; 4];
    let frame = GifFrame { place: (0, 0), size: (2, 2), transparent: None, numbers: &numbers };
    let cut = |mut file: Vec<u8>, less: usize| {
        file.truncate(file.len() - less);
        file
    };
    let many_frames: Vec<GifFrame<'_>> = (0..100_000).map(|_| GifFrame { ..frame }).collect();
    let chunks: Vec<(&[u8; 4], Vec<u8>)> =
        (0..200_000).map(|_| (b"tEXt", b"a\0b".to_vec())).collect();
    let animated: Vec<Vec<u8>> = (0..50_000).map(|_| riff(b"ANMF", &[0; 16])).collect();
    vec![
        (
            "JPEG with 100,000 comments, truncated",
            cut(start.before(&segment(0xfe, b"comment").repeat(100_000)).bytes(), 2),
        ),
        ("progressive JPEG of 10,000 scans, 3000x3000, truncated", scans(3_000, 10_000)),
        (
            "progressive JPEG of 1,000 scans, 3000x3000",
            [&scans(3_000, 1_000)[..], &[0xff, 0xd9]].concat(),
        ),
        ("baseline JPEG of 20,000 scans, 1000x1000", baseline_scans(1_000, 20_000)),
        ("GIF of 100,000 frames, an image", gif((2, 2), &[[0; 3]; 128], &many_frames)),
        ("PNG of 200,000 chunks, and no pixels", png((8, 8), (8, 0), &[], &chunks, &[])),
        ("PNG of 1,000,000 texts, an image", {
            let texts: Vec<(&[u8; 4], Vec<u8>)> =
                (0..1_000_000).map(|_| (b"tEXt", b"a\0b".to_vec())).collect();
            png((8, 8), (8, 0), &[9; 64], &texts, &[])
        }),
        ("WebP of 50,000 incomplete frames", {
            let canvas = riff(b"VP8X", &[2, 0, 0, 0, 7, 0, 0, 7, 0, 0]);
            webp(&[&[canvas, riff(b"ANIM", &[0; 6])][..], &animated].concat())
        }),
        ("TIFF of 60,000 strips", {
            let mut file = tiff(8, 60_000, &[(258, &[8]), (262, &[1]), (278, &[1])], &[&[0; 64]]);
            file.truncate(file.len() - 1);
            file
        }),
        (
            "TIFF of 65,535 tags",
            directory(&[[0xfe, 0xff, 3, 0, 1, 0, 0, 0, 0, 0, 0, 0]].repeat(65_535), 0),
        ),
    ]
}

/// Returns files with contradictory fields.
fn lying() -> Vec<(&'static str, Vec<u8>)> {
    let grey =
        |name: &[u8; 4], payload: Vec<u8>| png((8, 8), (8, 3), &[200; 64], &[(name, payload)], &[]);
    let long_chunk = {
        let mut file = png((8, 8), (8, 0), &[0; 64], &[(b"tEXt", b"a\0b".to_vec())], &[]);
        file[33..37].copy_from_slice(&0x7fff_ffff_u32.to_be_bytes());
        file
    };
    let size = [tag(256, 3, 1, 8), tag(257, 3, 1, 8)];
    let with = |entries: &[[u8; 12]]| [&size[..], entries].concat();
    vec![
        ("PNG whose palette is missing", png((8, 8), (8, 3), &[200; 64], &[], &[])),
        ("PNG whose palette has 300 colours", grey(b"PLTE", vec![9; 900])),
        (
            "PNG whose palette ends inside a colour",
            png((8, 8), (8, 3), &[200; 64], &[(b"PLTE", vec![9; 746])], &[]),
        ),
        ("PNG of a chunk of 2 GiB", long_chunk),
        (
            "PNG that claims 4,294,967,295 frames, and no pixels",
            png((8, 8), (8, 0), &[], &[(b"acTL", [[0xff; 4], [0; 4]].concat())], &[]),
        ),
        (
            "JPEG whose segment is longer than the file",
            [&[0xff, 0xd8, 0xff, 0xe1, 0xff, 0xff][..], b"Exif\0\0"].concat(),
        ),
        (
            "WebP of a chunk of 4 GiB",
            [&b"RIFF\xff\xff\xff\xffWEBPVP8L\xff\xff\xff\xff"[..], &[0x2f, 0, 0, 0, 0]].concat(),
        ),
        (
            "TIFF of 4,294,967,295 offsets",
            directory(&with(&[tag(273, 4, u32::MAX, 8), tag(279, 4, u32::MAX, 8)]), 0),
        ),
        (
            "TIFF of 8,000,000 missing widths",
            directory(&[tag(256, 4, 8_000_000, 8), tag(257, 3, 1, 8)], 0),
        ),
        ("TIFF of 8,000,000 widths", {
            let mut file = directory(&[tag(256, 1, 8_000_000, 8), tag(257, 3, 1, 8)], 0);
            file.resize(8_000_008, 0);
            file
        }),
        ("BigTIFF of 8,000,000 widths", {
            let width = [
                &256_u16.to_le_bytes()[..],
                &1_u16.to_le_bytes(),
                &8_000_000_u64.to_le_bytes(),
                &16_u64.to_le_bytes(),
            ]
            .concat();
            let mut file =
                [&b"II+\0\x08\0\0\0"[..], &16_u64.to_le_bytes(), &1_u64.to_le_bytes(), &width]
                    .concat();
            file.resize(8_000_016, 0);
            file
        }),
        ("TIFF whose directory is followed by itself", directory(&with(&[]), 8)),
        (
            "TIFF whose directory contains itself",
            directory(&with(&[tag(330, 4, 1, 8), tag(34_665, 4, 1, 8)]), 8),
        ),
        (
            "TIFF of a strip that claims 4 GiB, an image",
            directory(
                &with(&[
                    tag(258, 3, 1, 8),
                    tag(262, 3, 1, 1),
                    tag(273, 4, 1, 8),
                    tag(279, 4, 1, u32::MAX),
                ]),
                0,
            ),
        ),
        (
            "TIFF of 65,535 samples per pixel",
            directory(
                &with(&[
                    tag(277, 3, 1, 65_535),
                    tag(258, 3, 65_535, 8),
                    tag(273, 4, 1, 8),
                    tag(279, 4, 1, 64),
                ]),
                0,
            ),
        ),
    ]
}

/// Returns an entry of a directory: tag, type, number of values, and value or offset.
fn tag(number: u16, kind: u8, count: u32, value: u32) -> [u8; 12] {
    let mut entry = [0; 12];
    entry[..2].copy_from_slice(&number.to_le_bytes());
    entry[2] = kind;
    entry[4..8].copy_from_slice(&count.to_le_bytes());
    entry[8..].copy_from_slice(&value.to_le_bytes());
    entry
}

/// Returns a TIFF of one directory with the offset of the next one.
fn directory(entries: &[[u8; 12]], next: u32) -> Vec<u8> {
    let count = entries.len() as u16;
    [&b"II*\0\x08\0\0\0"[..], &count.to_le_bytes(), entries.as_flattened(), &next.to_le_bytes()]
        .concat()
}

/// Returns TIFF files whose strips or tiles cost more than their bytes and pixels.
fn chunks() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("TIFF of 20,000 strips in one place", overlapping_strips(20_000)),
        ("TIFF of a tile of 16,777,216 pixels for one pixel", {
            let tile = [tag(322, 4, 1, 1 << 24), tag(323, 3, 1, 1), tag(324, 3, 1, 8)];
            let samples = [tag(258, 3, 1, 16), tag(262, 3, 1, 1), tag(277, 3, 1, 16)];
            directory(&[&[tag(256, 3, 1, 1), tag(257, 3, 1, 1)], &samples[..], &tile].concat(), 0)
        }),
        ("TIFF of 1,000,000 tiles of one pixel", {
            let tile = [tag(322, 3, 1, 1), tag(323, 3, 1, 1), tag(324, 4, 1_000_000, 8)];
            let size = [tag(256, 3, 1, 1000), tag(257, 3, 1, 1000), tag(259, 3, 1, 5)];
            directory(&[&size[..], &[tag(258, 3, 1, 8), tag(262, 3, 1, 1)], &tile].concat(), 0)
        }),
        ("TIFF of 1,000 strips without lengths", {
            let strips = [tag(273, 4, 1000, 8), tag(278, 3, 1, 1)];
            let size = [tag(256, 3, 1, 8), tag(257, 3, 1, 1000), tag(259, 3, 1, 8)];
            directory(&[&size[..], &[tag(258, 3, 1, 8), tag(262, 3, 1, 1)], &strips].concat(), 0)
        }),
        ("TIFF of three planes and 4,294,967,295 tiles in each direction", {
            let tile = [tag(322, 3, 1, 1), tag(323, 3, 1, 1), tag(324, 4, 1, 8)];
            let samples = [tag(258, 3, 1, 8), tag(262, 3, 1, 2), tag(277, 3, 1, 3)];
            let size = [tag(256, 4, 1, u32::MAX), tag(257, 4, 1, u32::MAX), tag(284, 3, 1, 2)];
            directory(&[size, samples, tile].concat(), 0)
        }),
    ]
}

/// Returns a TIFF whose strips, of one row each, are the same empty blocks of Deflate before a
/// row.
fn overlapping_strips(count: u32) -> Vec<u8> {
    let row = b"\x01\x08\0\xf7\xff01234567";
    let data = [&b"\x78\x01"[..], &b"\0\0\0\xff\xff".repeat(20_000), row].concat();
    // After the header and a directory of eight entries.
    let arrays = 8 + 2 + 12 * 8 + 4;
    let start = arrays + 8 * count;
    let mut file = directory(
        &[
            tag(256, 3, 1, 8),
            tag(257, 4, 1, count),
            tag(258, 3, 1, 8),
            tag(259, 3, 1, 8),
            tag(262, 3, 1, 1),
            tag(273, 4, count, arrays),
            tag(278, 3, 1, 1),
            tag(279, 4, count, arrays + 4 * count),
        ],
        0,
    );
    file.extend(start.to_le_bytes().repeat(count as usize));
    file.extend((data.len() as u32).to_le_bytes().repeat(count as usize));
    file.extend(data);
    file
}

/// Returns a baseline JPEG of empty blocks, of five bits each.
fn flat_jpeg(side: u16) -> Vec<u8> {
    let mut file = jpeg_of(&[1], side, side, 0xc0);
    let scan = file.windows(2).position(|pair| pair == [0xff, 0xda]).unwrap();
    file.truncate(scan + 10);
    let blocks = usize::from(side / 8).pow(2);
    // A DC difference of 0 and the end of the block: 0000 0.
    file.resize(file.len() + blocks * 5 / 8, 0);
    file.extend([0xff, 0xd9]);
    file
}

/// Returns a baseline JPEG with many scans that contain all components and end early, each with a
/// table behind it.
fn baseline_scans(side: u16, count: usize) -> Vec<u8> {
    let file = flat_jpeg(side);
    let scan = file.windows(2).position(|pair| pair == [0xff, 0xda]).unwrap();
    let table = segment(0xc4, &[&[0x11, 1][..], &[0; 16]].concat());
    let repeated = [&file[scan..scan + 14], &table].concat().repeat(count);
    [&file[..scan], &repeated, &[0xff, 0xd9]].concat()
}

/// Returns a progressive JPEG with many scans of about twenty bytes over all blocks, and without an
/// end marker.
fn scans(side: u16, count: usize) -> Vec<u8> {
    let blocks = usize::from(side / 8).pow(2);
    let table =
        |class: u8, symbol: u8| segment(0xc4, &[&[class, 1][..], &[0; 15], &[symbol]].concat());
    let [high, low] = side.to_be_bytes();
    let mut file = vec![0xff, 0xd8];
    file.extend(segment(0xdb, &[&[0][..], &[1; 64]].concat()));
    file.extend(segment(0xc2, &[8, high, low, high, low, 1, 1, 0x11, 0]));
    file.extend(table(0x00, 0));
    // An end-of-band run of 16,384 blocks plus a number of 14 bits.
    file.extend(table(0x10, 0xe0));
    file.extend(segment(0xda, &[1, 1, 0, 0, 0, 0]));
    file.resize(file.len() + blocks.div_ceil(8), 0);
    let run = 0b010_1010_1010_1010_u16;
    let covered = 16_384 + usize::from(run);
    let bits = format!("{run:015b}").repeat(blocks.div_ceil(covered));
    let bytes: Vec<u8> = bits
        .as_bytes()
        .chunks(8)
        .map(|byte| byte.iter().fold(0, |value, bit| value << 1 | (bit - b'0')))
        .collect();
    let scan = [segment(0xda, &[1, 1, 0, 1, 63, 0]), bytes].concat();
    file.extend(scan.repeat(count));
    file
}

/// Returns zeros compressed by `zlib` to a thousandth.
fn deflated_zeros(length: usize) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    let rows = image::GrayImage::new(8192, (length / 8192) as u32);
    rows.write_to(&mut file, image::ImageFormat::Png).unwrap();
    let file = file.into_inner();
    let mut data = Vec::new();
    let mut at = 8;
    while at < file.len() {
        let length = u32::from_be_bytes(*file[at..].first_chunk().unwrap()) as usize;
        if &file[at + 4..at + 8] == b"IDAT" {
            data.extend_from_slice(&file[at + 8..at + 8 + length]);
        }
        at += 12 + length;
    }
    data
}
