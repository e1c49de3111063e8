//! Videos of several gigabytes, in sparse files: hashes, memory, and the bytes that are read.

#![cfg(all(feature = "video", target_os = "linux"))]
#![allow(clippy::unwrap_used, reason = "a test must stop at the first failure")]

mod decode_files;

use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::PathBuf;

use decode_files::boxes::boxed;
use decode_files::videos::with_wide_offsets;
use ownprint::{Fingerprinter, VideoFingerprint};

const B_FRAMES: &[u8] = include_bytes!("../../../fuzz/corpus/video/b-frames.mp4");
const MATROSKA: &[u8] = include_bytes!("../../../fuzz/corpus/video/h264.mkv");
/// Zeros before the frames, so that their offsets need more than 32 bits.
const HOLE: u64 = 5 << 30;
/// Zeros in a file whose digests are computed: more than the limit on files in memory.
const SMALL_HOLE: u64 = 600 << 20;
/// KiB that a video of any length may take: the frames and buffers of this small video.
const KIBIBYTES: u64 = 16 << 10;

/// A sparse file in the folder for temporary files, removed on drop.
struct Sparse(PathBuf);

impl Sparse {
    /// Writes the parts, each at its offset.
    fn new(name: &str, parts: &[(u64, &[u8])]) -> Self {
        let name = format!("ownprint-{}-{name}", std::process::id());
        let sparse = Self(std::env::temp_dir().join(name));
        let mut file = File::create(&sparse.0).unwrap();
        for (offset, bytes) in parts {
            file.seek(SeekFrom::Start(*offset)).unwrap();
            file.write_all(bytes).unwrap();
        }
        sparse
    }
}

impl Drop for Sparse {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// Counts the bytes that are read.
struct Counting {
    file: File,
    bytes: u64,
}

impl Read for Counting {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.file.read(buffer)?;
        self.bytes += count as u64;
        Ok(count)
    }
}

impl Seek for Counting {
    fn seek(&mut self, position: SeekFrom) -> std::io::Result<u64> {
        self.file.seek(position)
    }
}

/// The parts of an MP4 file: the first box, the data and the tables.
fn parts() -> (&'static [u8], &'static [u8], &'static [u8]) {
    let start = B_FRAMES.windows(4).position(|it| it == b"mdat").unwrap() - 4;
    let end = B_FRAMES.windows(4).position(|it| it == b"moov").unwrap() - 4;
    (&B_FRAMES[..start], &B_FRAMES[start + 8..end], &B_FRAMES[end..])
}

/// Returns an MP4 file whose data begin with a hole.
fn tables_behind(name: &str, hole: u64) -> Sparse {
    let (first, data, movie) = parts();
    let header = wide_header(hole, data);
    // The header of 16 bytes instead of 8.
    let movie = with_wide_offsets(movie, hole + 8);
    let at = first.len() as u64 + 16 + hole;
    let after = at + data.len() as u64;
    Sparse::new(name, &[(0, first), (first.len() as u64, &header), (at, data), (after, &movie)])
}

fn tables_first(name: &str, hole: u64) -> Sparse {
    let (first, data, movie) = parts();
    let header = wide_header(hole, data);
    let length = with_wide_offsets(movie, 0).len() as u64;
    let movie = with_wide_offsets(movie, hole + 8 + length);
    let at = first.len() as u64 + length;
    Sparse::new(
        name,
        &[(0, first), (first.len() as u64, &movie), (at, &header), (at + 16 + hole, data)],
    )
}

/// The header of a box `mdat` with a length of 64 bits.
fn wide_header(hole: u64, data: &[u8]) -> Vec<u8> {
    let length = 16 + hole + data.len() as u64;
    [&1_u32.to_be_bytes()[..], b"mdat", &length.to_be_bytes()].concat()
}

/// Returns a Matroska file with a hole between the tables and the clusters, whose cues are at the
/// end.
fn matroska(name: &str, hole: u64) -> Sparse {
    let segment = MATROSKA.windows(4).position(|it| it == [0x18, 0x53, 0x80, 0x67]).unwrap() + 4;
    let cluster = MATROSKA.windows(4).position(|it| it == [0x1f, 0x43, 0xb6, 0x75]).unwrap();
    assert_eq!(MATROSKA[segment], 1, "a length of 8 bytes");
    let mut head = MATROSKA[..cluster].to_vec();
    // The length becomes unknown.
    head[segment + 1..segment + 8].fill(0xff);
    // An element without content, with a length of 8 bytes.
    head.extend([0xec]);
    head.extend(((1 << 56) | hole).to_be_bytes());
    let at = head.len() as u64 + hole;
    Sparse::new(name, &[(0, &head), (at, &MATROSKA[cluster..])])
}

fn peak_kibibytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

fn video(fingerprinter: &Fingerprinter, bytes: &[u8]) -> VideoFingerprint {
    fingerprinter.fingerprint_bytes(bytes).unwrap().video().unwrap().clone()
}

/// One test, because the memory of the whole process is measured.
#[test]
fn videos_of_gigabytes_take_little_memory() {
    let frames_only = Fingerprinter::builder().selection("vpdq".parse().unwrap()).build();
    let (mp4, mkv) = (video(&frames_only, B_FRAMES), video(&frames_only, MATROSKA));
    let before = peak_kibibytes();
    for (sparse, expected) in [
        (tables_behind("behind.mp4", HOLE), &mp4),
        (tables_first("first.mp4", HOLE), &mp4),
        (matroska("large.mkv", HOLE), &mkv),
    ] {
        let mut file = Counting { file: File::open(&sparse.0).unwrap(), bytes: 0 };
        let fingerprint = frames_only.fingerprint_seekable(&mut file).unwrap();
        assert_eq!(fingerprint.video(), Ok(expected), "{:?}", sparse.0);
        assert!(file.bytes < 8 << 20, "{} bytes of {:?}", file.bytes, sparse.0);
    }
    let digests = Fingerprinter::builder().selection("vpdq,blake3".parse().unwrap()).build();
    let sparse = tables_behind("digests.mp4", SMALL_HOLE);
    let fingerprint = digests.fingerprint_file(&sparse.0).unwrap();
    assert_eq!(fingerprint.video(), Ok(&mp4));
    assert_eq!(fingerprint.digests().len(), 1);
    let taken = peak_kibibytes() - before;
    assert!(taken < KIBIBYTES, "{taken} KiB");
    // A truncated file has an error, and what is complete on request.
    let (first, data, _) = parts();
    let cut = first.len() as u64 + 16 + SMALL_HOLE + data.len() as u64;
    File::options().write(true).open(&sparse.0).unwrap().set_len(cut).unwrap();
    let fingerprint = frames_only.fingerprint_file(&sparse.0).unwrap();
    assert_eq!(fingerprint.video().unwrap_err().code(), "damaged-video");
}

/// Tables and samples of any size are refused before they are read.
#[test]
fn pieces_have_a_limit() {
    let (first, _, movie) = parts();
    let padded = boxed(b"free", &[]);
    let length = 8 + movie.len() as u64 + (70 << 20);
    let header = [&(length as u32).to_be_bytes()[..], b"moov"].concat();
    let at = first.len() as u64;
    let sparse = Sparse::new("tables.mp4", &[(0, first), (at, &header), (at + length, &padded)]);
    let fingerprint = Fingerprinter::default().fingerprint_file(&sparse.0).unwrap();
    assert_eq!(fingerprint.video().unwrap_err().code(), "limit-exceeded");
}
