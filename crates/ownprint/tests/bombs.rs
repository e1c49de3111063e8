//! Files that are made to exhaust a machine: each is refused soon and in little memory. `cargo xtask limits` prints the table in
//! `docs/limits.md`.
//!
//! Each file is opened by a process of its own, this test again, which reports its processor time and the most memory it held.

#![cfg(all(target_os = "linux", feature = "decode"))]
#![allow(clippy::unwrap_used, clippy::panic)]

mod decode_files;

use std::fmt::Write as _;
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::process::Command;

use decode_files::claims::{claims, jpeg_of};
use decode_files::further;
use decode_files::jpeg::{Jpeg, segment};
use decode_files::others::{GifFrame, bmp, gif, lossless, png, riff, tiff, webp};
use ownprint::{Error, Fingerprinter, LimitKind, Selection};

/// What refusing may cost: processor time, and memory beside the file.
const MILLISECONDS: f64 = 200.0;
const MEBIBYTES: f64 = 64.0;
/// How much longer it may take in a development build.
const PATIENCE: f64 = 20.0;

/// Names the file that the child opens.
const FILE: &str = "OWNPRINT_BOMB";
/// Set by `cargo xtask limits`, which builds as for a release: development builds take longer.
const STRICT: &str = "OWNPRINT_LIMITS";

fn patience() -> f64 {
    if std::env::var_os(STRICT).is_some() { 1.0 } else { PATIENCE }
}

#[test]
fn bombs_are_refused_soon_and_in_little_memory() {
    let mut trial = Trial::default();
    for (name, file) in bombs() {
        let path = std::env::temp_dir().join(format!("ownprint-bomb-{}", std::process::id()));
        std::fs::write(&path, &file).unwrap();
        let cost = Cost::of(&path);
        std::fs::remove_file(&path).unwrap();
        let is_right = (cost.outcome == "hashed") == name.ends_with("a picture");
        trial.tell(&name, &cost, is_right && cost.is_within(patience()));
    }
    trial.end();
}

/// What others made to be bad, and what fuzzing starts from: nothing of it is large, so nothing may cost much.
#[test]
fn bad_files_cost_little() {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus")];
    match std::env::var_os("OWNPRINT_CORPUS").filter(|corpus| !corpus.is_empty()) {
        Some(corpus) => folders.push(PathBuf::from(corpus).join("bad")),
        None => println!("OWNPRINT_CORPUS is not set: its bad files were left out"),
    }
    let mut trial = Trial::default();
    for folder in folders {
        for path in files_under(&folder) {
            let cost = Cost::of(&path);
            let name = format!("`{}`", path.strip_prefix(&folder).unwrap().display());
            trial.tell(&name, &cost, cost.is_within(patience()));
        }
    }
    trial.end();
}

/// The child: opens one file and reports.
#[test]
#[ignore = "the other tests start it"]
fn child() {
    let Some(path) = std::env::var_os(FILE) else { return };
    let before = (processor_time(), most_memory());
    let fingerprinter = Fingerprinter::new();
    // Films are no part of what is computed unasked.
    let selection = Selection { vpdq: cfg!(feature = "video"), ..fingerprinter.selection().clone() };
    let outcome = match fingerprinter.select(selection).path(path) {
        Ok(fingerprint) if fingerprint.picture.is_some() || fingerprint.film.is_some() => "hashed".to_owned(),
        Ok(_) => "no picture".to_owned(),
        Err(Error::LimitExceeded { kind, .. }) => format!("limit-exceeded ({kind})"),
        Err(error) => error.code().to_owned(),
    };
    let milliseconds = (processor_time() - before.0) / 1e6;
    println!("cost: {milliseconds}\t{}\t{outcome}", most_memory() - before.1);
}

/// A table of what was tried, and the names of what cost too much or was not refused.
#[derive(Default)]
struct Trial {
    rows: String,
    failures: Vec<String>,
}

impl Trial {
    fn tell(&mut self, name: &str, cost: &Cost, is_well: bool) {
        let Cost { bytes, milliseconds, mebibytes, outcome } = cost;
        writeln!(self.rows, "| {name} | {bytes} | {outcome} | {milliseconds:.1} | {mebibytes:.1} |").unwrap();
        if !is_well {
            self.failures.push(name.to_owned());
        }
    }

    fn end(self) {
        let Self { rows, failures } = self;
        println!("\n| file | bytes | what happens | processor, ms | memory beside the file, MiB |");
        println!("|---|---|---|---|---|\n{rows}");
        assert!(failures.is_empty(), "too much, or not refused: {failures:?}");
    }
}

struct Cost {
    /// The file's length.
    bytes: u64,
    milliseconds: f64,
    /// The file itself, which is held while it is decoded, not counted.
    mebibytes: f64,
    outcome: String,
}

impl Cost {
    fn of(path: &Path) -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap());
        child.args(["child", "--exact", "--ignored", "--nocapture", "--test-threads=1"]);
        // A caught panic would cost 100 MiB: the standard library reads this program's debug information for the backtrace.
        let output = child.env(FILE, path).env("RUST_BACKTRACE", "0").output().unwrap();
        let printed = String::from_utf8(output.stdout).unwrap();
        let line = printed.lines().find_map(|line| line.split_once("cost: "));
        // One that was ended, by the want of memory above all, has a row too, and is too much.
        let ended = format!("inf\t0\t{}", output.status);
        let line = line.map_or(&ended[..], |(_, line)| line);
        let [milliseconds, kibibytes, outcome] = *line.split('\t').collect::<Vec<_>>() else {
            panic!("{line}")
        };
        let bytes = std::fs::metadata(path).unwrap().len();
        let file = bytes as f64 / (1 << 20) as f64;
        Self {
            bytes,
            milliseconds: milliseconds.parse().unwrap(),
            mebibytes: (kibibytes.parse::<f64>().unwrap() / 1024.0 - file).max(0.0),
            outcome: outcome.to_owned(),
        }
    }

    fn is_within(&self, patience: f64) -> bool {
        self.milliseconds <= MILLISECONDS * patience && self.mebibytes <= MEBIBYTES
    }
}

/// Of this thread, in nanoseconds.
fn processor_time() -> f64 {
    let times = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    times.split_whitespace().next().unwrap().parse().unwrap()
}

/// The most that this process held so far, in KiB.
fn most_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

fn files_under(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.into_iter().flat_map(|path| if path.is_dir() { files_under(&path) } else { vec![path] }).collect()
}

fn bombs() -> Vec<(String, Vec<u8>)> {
    let mut bombs = Vec::new();
    for (side, what) in
        [(65_500, "over every limit"), (16_000, "within the limit of pixels"), (4_000, "within every limit")]
    {
        for (format, file) in squares(side) {
            bombs.push((format!("{format} that claims {side}x{side}, {what}, over no data"), file));
        }
    }
    let names = bombs.len();
    for (name, file) in [expanding(), numerous(), lying()].concat() {
        bombs.push((name.to_owned(), file));
    }
    assert!(names > 30 && bombs.len() > 50, "{names} of {}", bombs.len());
    bombs.extend(further::stills());
    if cfg!(feature = "jxl") {
        bombs.extend(further::jpeg_xl());
    }
    if cfg!(feature = "video") {
        bombs.extend(further::films());
    }
    bombs
}

/// Every format, claiming a square of that side over a handful of bytes.
fn squares(side: u16) -> Vec<(&'static str, Vec<u8>)> {
    let canvas = (u32::from(side) - 1).to_le_bytes();
    let mut files = claims(side, side);
    files.push(("webp", webp(&[riff(b"VP8X", &[&[0, 0, 0, 0][..], &canvas[..3], &canvas[..3]].concat())])));
    files.push(("pbm", format!("P4\n{side} {side}\nabc").into_bytes()));
    files
}

/// Small files that are large pictures, or hold what unpacks into much.
fn expanding() -> Vec<(&'static str, Vec<u8>)> {
    let flat = image::GrayImage::from_pixel(6000, 6000, image::Luma([7]));
    let written = |format| {
        let mut file = Cursor::new(Vec::new());
        flat.write_to(&mut file, format).unwrap();
        file.into_inner()
    };
    let run_length_bmp = {
        let mut file = bmp(16_000, 16_000, &[0, 1]);
        // Eight bits a pixel, run-length encoded, a palette of one colour.
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
        ("PNG of one grey, 6000x6000", written(image::ImageFormat::Png)),
        ("lossless WebP of one colour, 16383x16383", webp(&[lossless(16_383, 16_383, [1, 2, 3, 255])])),
        ("BMP of one run, 16000x16000", run_length_bmp),
        ("JPEG of one grey, 16000x16000", flat_jpeg(16_000)),
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

/// Too many parts of something.
fn numerous() -> Vec<(&'static str, Vec<u8>)> {
    let start = Jpeg::new(1, 1, &[1], |_, _| 128);
    let numbers = [1; 4];
    let frame = GifFrame { place: (0, 0), size: (2, 2), transparent: None, numbers: &numbers };
    let cut = |mut file: Vec<u8>, less: usize| {
        file.truncate(file.len() - less);
        file
    };
    let many_frames: Vec<GifFrame<'_>> = (0..100_000).map(|_| GifFrame { ..frame }).collect();
    let chunks: Vec<(&[u8; 4], Vec<u8>)> = (0..200_000).map(|_| (b"tEXt", b"a\0b".to_vec())).collect();
    let animated: Vec<Vec<u8>> = (0..50_000).map(|_| riff(b"ANMF", &[0; 16])).collect();
    vec![
        (
            "JPEG with 100,000 comments, cut",
            cut(start.before(&segment(0xfe, b"comment").repeat(100_000)).bytes(), 2),
        ),
        ("progressive JPEG of 10,000 scans, 3000x3000, cut", scans(3_000, 10_000)),
        ("progressive JPEG of 1,000 scans, 3000x3000", [&scans(3_000, 1_000)[..], &[0xff, 0xd9]].concat()),
        ("GIF of 100,000 frames, a picture", gif((2, 2), &[[0; 3]; 128], &many_frames)),
        ("PNG of 200,000 chunks, and no pixels", png((8, 8), (8, 0), &[], &chunks, &[])),
        ("WebP of 50,000 frames, none of which is whole", {
            let canvas = riff(b"VP8X", &[2, 0, 0, 0, 7, 0, 0, 7, 0, 0]);
            webp(&[&[canvas, riff(b"ANIM", &[0; 6])][..], &animated].concat())
        }),
        ("TIFF of 60,000 strips", {
            let mut file = tiff(8, 60_000, &[(258, &[8]), (262, &[1]), (278, &[1])], &[&[0; 64]]);
            file.truncate(file.len() - 1);
            file
        }),
        ("TIFF of 65,535 tags", directory(&[[0xfe, 0xff, 3, 0, 1, 0, 0, 0, 0, 0, 0, 0]].repeat(65_535), 0)),
    ]
}

/// Fields that contradict one another.
fn lying() -> Vec<(&'static str, Vec<u8>)> {
    let grey = |name: &[u8; 4], payload: Vec<u8>| png((8, 8), (8, 3), &[200; 64], &[(name, payload)], &[]);
    let long_chunk = {
        let mut file = png((8, 8), (8, 0), &[0; 64], &[(b"tEXt", b"a\0b".to_vec())], &[]);
        file[33..37].copy_from_slice(&0x7fff_ffff_u32.to_be_bytes());
        file
    };
    let tag = |number: u16, kind: u8, count: u32, value: u32| {
        let mut entry = [0; 12];
        entry[..2].copy_from_slice(&number.to_le_bytes());
        entry[2] = kind;
        entry[4..8].copy_from_slice(&count.to_le_bytes());
        entry[8..].copy_from_slice(&value.to_le_bytes());
        entry
    };
    let size = [tag(256, 3, 1, 8), tag(257, 3, 1, 8)];
    let with = |entries: &[[u8; 12]]| [&size[..], entries].concat();
    vec![
        ("PNG whose palette is missing", png((8, 8), (8, 3), &[200; 64], &[], &[])),
        ("PNG whose palette has 300 colours", grey(b"PLTE", vec![9; 900])),
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
        ("TIFF whose directory is followed by itself", directory(&with(&[]), 8)),
        (
            "TIFF whose directory holds itself",
            directory(&with(&[tag(330, 4, 1, 8), tag(34_665, 4, 1, 8)]), 8),
        ),
        (
            "TIFF of a strip of 4 GiB",
            directory(
                &with(&[tag(258, 3, 1, 8), tag(262, 3, 1, 1), tag(273, 4, 1, 8), tag(279, 4, 1, u32::MAX)]),
                0,
            ),
        ),
        (
            "TIFF of 65,535 samples a pixel",
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

/// A TIFF of one directory, which says where the next one is.
fn directory(entries: &[[u8; 12]], next: u32) -> Vec<u8> {
    let count = entries.len() as u16;
    [&b"II*\0\x08\0\0\0"[..], &count.to_le_bytes(), entries.as_flattened(), &next.to_le_bytes()].concat()
}

/// A baseline JPEG without anything in it: five bits a block.
fn flat_jpeg(side: u16) -> Vec<u8> {
    let mut file = jpeg_of(&[1], side, side, 0xc0);
    let scan = file.windows(2).position(|pair| pair == [0xff, 0xda]).unwrap();
    file.truncate(scan + 10);
    let blocks = usize::from(side / 8).pow(2);
    // The size of a mean that does not change, and the end of the block: 0000 0.
    file.resize(file.len() + blocks * 5 / 8, 0);
    file.extend([0xff, 0xd9]);
    file
}

/// A progressive JPEG that goes over all of its blocks again and again, for some twenty bytes each time, and has no end.
fn scans(side: u16, count: usize) -> Vec<u8> {
    let blocks = usize::from(side / 8).pow(2);
    let table = |class: u8, symbol: u8| segment(0xc4, &[&[class, 1][..], &[0; 15], &[symbol]].concat());
    let [high, low] = side.to_be_bytes();
    let mut file = vec![0xff, 0xd8];
    file.extend(segment(0xdb, &[&[0][..], &[1; 64]].concat()));
    file.extend(segment(0xc2, &[8, high, low, high, low, 1, 1, 0x11, 0]));
    file.extend(table(0x00, 0));
    // A run of 16,384 blocks without anything, and as many more as fourteen bits say.
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

/// What `zlib` makes of zeros: a thousandth.
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

/// The limit that the first of these files meets is said by its name.
#[test]
fn a_file_that_unpacks_into_much_is_told_from_one_that_is_large() {
    let flat = expanding().swap_remove(0).1;
    let refused = Fingerprinter::new().bytes(&flat).unwrap_err();
    assert!(
        matches!(refused, Error::LimitExceeded { kind: LimitKind::Expansion, allowed: 200, .. }),
        "{refused}"
    );
}
