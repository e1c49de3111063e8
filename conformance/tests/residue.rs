//! Verifies that no data of an image remains in the memory of a process after hashing: no piece of
//! its file, its rows, or their luma. A separate process reads all memory that the kernel makes
//! accessible.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::{BufRead, BufReader, Cursor, Write};
use std::os::unix::fs::FileExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use image::{DynamicImage, ImageFormat, RgbImage};
use ownprint::Size;
use ownprint_conformance::{Kind, Raw, Recipe};

const WIPING: &str = env!("CARGO_BIN_EXE_hold-wiping");
const PLAIN: &str = env!("CARGO_BIN_EXE_hold");

/// The length of the pieces that are searched. Every run of 64 bytes contains one of them.
const PIECE: usize = 32;

const FORMATS: [ImageFormat; 7] = [
    ImageFormat::Png,
    ImageFormat::Jpeg,
    ImageFormat::Gif,
    ImageFormat::WebP,
    ImageFormat::Bmp,
    ImageFormat::Tiff,
    ImageFormat::Pnm,
];

#[test]
fn packages_leave_no_data_of_a_file_in_any_format() {
    for format in FORMATS {
        let image = Encoded::new(format);
        let holder = Holder::start(WIPING, "path", &image.file, &[]);
        assert_eq!(holder.state, "hashed", "{format:?}");
        holder.assert_nothing_of(&image.traces(), &format!("{format:?}"));
    }
}

#[test]
fn packages_leave_no_data_of_a_refused_file() {
    for format in FORMATS {
        let mut image = Encoded::new(format);
        image.file.truncate(image.file.len() * 7 / 10);
        let holder = Holder::start(WIPING, "path", &image.file, &[]);
        assert_ne!(holder.state, "hashed", "{format:?}");
        holder.assert_nothing_of(&image.traces(), &format!("{format:?}, cut"));
    }
}

#[test]
fn packages_leave_no_data_after_cancellation() {
    for format in FORMATS {
        let image = Encoded::new(format);
        let holder = Holder::start(WIPING, "cancelled", &image.file, &[]);
        assert_eq!(holder.state, "cancelled", "{format:?}");
        holder.assert_nothing_of(&image.traces(), &format!("{format:?}, cancelled"));
    }
}

/// Tests the decoders that are not part of `image`. Uses committed files, because no encoder is
/// available.
#[test]
fn packages_leave_no_data_of_heic_avif_and_jpeg_xl() {
    for name in ["444.heic", "10-bit.heic", "420.avif", "444.avif", "lossless.jxl", "lossy.jxl"] {
        let image = Encoded::committed(name);
        for (entry_point, state) in [("path", "hashed"), ("cancelled", "cancelled")] {
            let holder = Holder::start(WIPING, entry_point, &image.file, &[]);
            assert_eq!(holder.state, state, "{name}");
            holder.assert_nothing_of(&image.traces(), &format!("{name}, {entry_point}"));
        }
        let midway = Holder::start(WIPING, "midway", &image.file, &[]);
        assert!(
            count(&midway.found(&image.traces()), "rows") > 0,
            "{name}: rows that are still needed were not found"
        );
        let cut = &image.file[..image.file.len() * 7 / 10];
        let holder = Holder::start(WIPING, "path", cut, &[]);
        assert_ne!(holder.state, "hashed", "{name}");
        holder.assert_nothing_of(&image.traces(), &format!("{name}, cut"));
    }
}

/// Uses a file of less than one block, which the digests buffer until they are finalized.
#[test]
fn dropped_digests_leave_no_data_of_the_last_block() {
    let file = Encoded::new(ImageFormat::Bmp).file[200..263].to_vec();
    let holder = Holder::start(PLAIN, "digests", &file, &[]);
    assert_eq!(holder.state, "digested");
    holder.assert_nothing_of(&[("file", file)], "digests");
}

/// The core overwrites its own buffers, independent of the allocator.
#[test]
fn the_core_alone_leaves_no_data_of_pixels() {
    let image = Encoded::new(ImageFormat::Bmp);
    let size = [image.shown.width.to_string(), image.shown.height.to_string()];
    let holder = Holder::start(PLAIN, "pixels", &image.shown.rgb, &size);
    assert_eq!(holder.state, "hashed");
    holder.assert_nothing_of(&image.traces(), "pixels");
}

/// Uses BMP, whose decoder allocates no buffers of its own.
#[test]
fn the_core_alone_leaves_no_data_of_a_bmp_file() {
    let image = Encoded::new(ImageFormat::Bmp);
    for entry_point in ["path", "cancelled"] {
        let holder = Holder::start(PLAIN, entry_point, &image.file, &[]);
        holder.assert_nothing_of(&image.traces(), entry_point);
    }
}

/// Shows that the search works: without the wiping allocator, it finds data of the PNG decoder.
#[test]
fn without_the_wiping_allocator_data_of_the_png_decoder_is_found() {
    let image = Encoded::new(ImageFormat::Png);
    let holder = Holder::start(PLAIN, "path", &image.file, &[]);
    assert!(!holder.found(&image.traces()).is_empty());
}

#[test]
fn data_in_use_is_found_and_hashed_rows_are_not() {
    let image = Encoded::new(ImageFormat::Jpeg);
    let traces = image.traces();
    let most = |found: usize, of: &[u8]| {
        let pieces = of.len() / PIECE;
        assert!(found > pieces * 3 / 4, "{found} of {pieces}");
    };
    // Rows are overwritten as soon as they are hashed.
    let hashed = vec![("rows", image.shown.rgb[..32 * 640 * 3].to_vec())];
    for program in [PLAIN, WIPING] {
        let unfinished = Holder::start(program, "unfinished", &image.file, &[]);
        most(count(&unfinished.found(&traces), "file"), &image.file);
        let midway = Holder::start(program, "midway", &image.file, &[]);
        most(count(&midway.found(&traces), "rows"), &image.shown.rgb);
        midway.assert_nothing_of(&hashed, "the first rows, midway");
    }
}

/// A file and its decoded pixels.
struct Encoded {
    file: Vec<u8>,
    shown: Raw,
}

impl Encoded {
    /// Creates noise, so that every piece is unique in memory.
    fn new(format: ImageFormat) -> Self {
        static SEED: AtomicU32 = AtomicU32::new(1);
        let seed = SEED.fetch_add(1, Ordering::Relaxed);
        let Raw { width, height, rgb } =
            Recipe { kind: Kind::Noise, seed, width: 640, height: 480 }.paint();
        let image = DynamicImage::ImageRgb8(RgbImage::from_raw(width, height, rgb).unwrap());
        let mut file = Cursor::new(Vec::new());
        image.write_to(&mut file, format).unwrap();
        let file = file.into_inner();
        let rgb = image::load_from_memory(&file).unwrap().to_rgb8().into_raw();
        Self { file, shown: Raw { width, height, rgb } }
    }

    fn committed(name: &str) -> Self {
        let file = std::fs::read(ownprint_conformance::vectors::folder().join("stills").join(name))
            .unwrap();
        let decoded = ownprint::Fingerprinter::default().decode(&file).unwrap();
        let Size { width, height } = decoded.size();
        Self { shown: Raw { width, height, rgb: decoded.rgb().to_vec() }, file }
    }

    /// Returns the data that may be in memory, by name.
    fn traces(&self) -> Vec<(&'static str, Vec<u8>)> {
        let pixels = || self.shown.rgb.as_chunks::<3>().0.iter().map(|rgb| rgb.map(u32::from));
        // Luma as computed by Pillow, and by PDQ.
        let grey =
            pixels().map(|[r, g, b]| ((r * 19_595 + g * 38_470 + b * 7_471 + 0x8000) >> 16) as u8);
        let luma = pixels().map(|[r, g, b]| (r * 299 + g * 587 + b * 114) as f32 / 1000.0);
        // The layout in PDQ's filter: the same column of eight rows is adjacent.
        let width = self.shown.width as usize;
        let rows: Vec<f32> = luma.clone().collect();
        let in_lanes = rows.chunks_exact(8 * width).flat_map(|rows| {
            (0..width).flat_map(move |x| (0..8).map(move |row| rows[row * width + x]))
        });
        vec![
            ("file", self.file.clone()),
            ("rows", self.shown.rgb.clone()),
            ("grey rows", grey.collect()),
            ("luma in lanes", in_lanes.flat_map(f32::to_le_bytes).collect()),
            ("luma rows", luma.flat_map(f32::to_le_bytes).collect()),
        ]
    }
}

/// A running `hold` program that waits.
struct Holder {
    child: Child,
    state: String,
    path: PathBuf,
}

impl Holder {
    fn start(program: &str, entry_point: &str, file: &[u8], more: &[String]) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!(
            "ownprint-residue-{}-{}",
            std::process::id(),
            COUNT.fetch_add(1, Ordering::Relaxed)
        );
        let path = std::env::temp_dir().join(name);
        std::fs::write(&path, file).unwrap();
        let mut child = Command::new(program)
            .arg(entry_point)
            .arg(&path)
            .args(more)
            // The C library returns large freed blocks to the kernel, which overwrites them. These
            // settings keep them in the process.
            .env("MALLOC_MMAP_THRESHOLD_", "4294967296")
            .env("MALLOC_TRIM_THRESHOLD_", "-1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut state = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut state).unwrap();
        Self { child, state: state.trim().to_owned(), path }
    }

    fn assert_nothing_of(&self, traces: &[(&'static str, Vec<u8>)], what: &str) {
        let found = self.found(traces);
        assert!(found.is_empty(), "{what}: remaining runs of {PIECE} bytes: {found:?}");
    }

    /// Returns the number of pieces of each trace in each memory mapping.
    fn found(&self, traces: &[(&'static str, Vec<u8>)]) -> Found {
        let mut pieces = Pieces::default();
        for (name, bytes) in traces {
            pieces.add(name, bytes);
        }
        let mut found = Found::new();
        let mut searched = 0;
        for (place, memory) in self.memory() {
            searched += memory.len();
            for name in pieces.of(&memory) {
                *found.entry((name, place.clone())).or_default() += 1;
            }
        }
        assert!(searched > 1 << 18, "only {searched} bytes of memory could be read");
        found
    }

    /// Returns every writable memory mapping of the program, with its name.
    fn memory(&self) -> Vec<(String, Vec<u8>)> {
        let process = PathBuf::from(format!("/proc/{}", self.child.id()));
        let memory = File::open(process.join("mem")).unwrap();
        let maps = std::fs::read_to_string(process.join("maps")).unwrap();
        let mut read = Vec::new();
        for line in maps.lines() {
            let fields: Vec<&str> = line.split_whitespace().collect();
            let (from, to) = fields[0].split_once('-').unwrap();
            let [from, to] = [from, to].map(|address| u64::from_str_radix(address, 16).unwrap());
            if fields[1].starts_with("rw") {
                let mut bytes = vec![0; (to - from) as usize];
                memory.read_exact_at(&mut bytes, from).unwrap();
                read.push((fields.get(5).unwrap_or(&"no name").to_string(), bytes));
            }
        }
        read
    }
}

/// The number of found pieces, by trace and memory mapping.
type Found = HashMap<(&'static str, String), usize>;

fn count(found: &Found, trace: &str) -> usize {
    found.iter().filter(|((name, _), _)| *name == trace).map(|(_, count)| count).sum()
}

impl Drop for Holder {
    fn drop(&mut self) {
        if let Some(input) = &mut self.child.stdin {
            let _ = input.write_all(b"\n");
        }
        let _ = self.child.wait();
        let _ = std::fs::remove_file(&self.path);
    }
}

/// The pieces to search, indexed by their first bytes.
#[derive(Default)]
struct Pieces<'a> {
    by_beginning: HashMap<u64, Vec<(&'static str, &'a [u8])>>,
    /// A bit set of hashes of first bytes. One lookup excludes almost every position in memory.
    filter: Vec<u64>,
}

const FILTER_BITS: u32 = 22;

impl<'a> Pieces<'a> {
    fn add(&mut self, name: &'static str, bytes: &'a [u8]) {
        self.filter.resize(1 << (FILTER_BITS - 6), 0);
        // Pieces with few different bytes occur in any memory.
        let is_telling = |piece: &&[u8; PIECE]| piece.iter().collect::<HashSet<_>>().len() >= 8;
        for piece in bytes.as_chunks::<PIECE>().0.iter().filter(is_telling) {
            let beginning = u64::from_le_bytes(*piece.first_chunk().unwrap());
            let bit = filter_bit(beginning);
            self.filter[bit >> 6] |= 1 << (bit & 63);
            self.by_beginning.entry(beginning).or_default().push((name, piece));
        }
    }

    /// Returns the names of the pieces that `memory` contains at any address.
    fn of(&self, memory: &[u8]) -> Vec<&'static str> {
        let mut names = Vec::new();
        for place in memory.windows(PIECE) {
            let beginning = u64::from_le_bytes(*place.first_chunk().unwrap());
            let bit = filter_bit(beginning);
            if self.filter[bit >> 6] >> (bit & 63) & 1 == 1 {
                let pieces = self.by_beginning.get(&beginning).into_iter().flatten();
                names.extend(pieces.filter(|(_, piece)| *piece == place).map(|(name, _)| name));
            }
        }
        names
    }
}

fn filter_bit(beginning: u64) -> usize {
    (beginning.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (64 - FILTER_BITS)) as usize
}
