//! Videos that are read in pieces have the results of videos in memory.

#![cfg(feature = "video")]
#![allow(clippy::unwrap_used, reason = "a test must stop at the first failure")]

mod decode_files;

use std::io::{Cursor, Read, Seek, SeekFrom};
use std::ops::ControlFlow;

use decode_files::videos::altered;
use ownprint::hash::VpdqOptions;
use ownprint::{Fingerprint, Fingerprinter, Progress};

fn corpus() -> Vec<(String, Vec<u8>)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/corpus/video");
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> = entries
        .map(|path| (path.to_string_lossy().into_owned(), std::fs::read(path).unwrap()))
        .collect();
    files.sort();
    files
}

fn fingerprinter(names: &str, accept_damaged: bool) -> Fingerprinter {
    let mut options = VpdqOptions::default();
    options.seconds_per_hash = 0.25;
    let builder = Fingerprinter::builder().selection(names.parse().unwrap());
    builder.vpdq_options(options).accept_damaged(accept_damaged).build()
}

/// Returns the results of a file in memory, and of the same file behind other bytes.
fn both(fingerprinter: &Fingerprinter, bytes: &[u8]) -> [Fingerprint; 2] {
    let mut file = Cursor::new([b"before", bytes].concat());
    file.set_position(6);
    let in_pieces = fingerprinter.fingerprint_seekable(file).unwrap();
    [fingerprinter.fingerprint_bytes(bytes).unwrap(), in_pieces]
}

#[test]
fn every_codec_and_container_in_pieces() {
    let files = corpus();
    let mut hashed = 0;
    for (path, bytes) in &files {
        for names in ["vpdq,md5,blake3", "vpdq", "md5", "pdq,sha256"] {
            let [whole, in_pieces] = both(&fingerprinter(names, false), bytes);
            assert_eq!(in_pieces, whole, "{path} {names}");
            hashed += u32::from(whole.video().is_ok());
        }
        for length in [0, 40, bytes.len() / 2, bytes.len() - 1] {
            let [whole, in_pieces] = both(&fingerprinter("vpdq,md5", true), &bytes[..length]);
            assert_eq!(in_pieces, whole, "{length} bytes of {path}");
        }
    }
    assert!(hashed as usize > files.len(), "{hashed} of {}", files.len());
}

#[test]
fn altered_videos_in_pieces() {
    let fingerprinter = fingerprinter("vpdq", true);
    for (path, bytes) in corpus() {
        for seed in 0..12 {
            let [whole, in_pieces] = both(&fingerprinter, &altered(&bytes, seed));
            assert_eq!(in_pieces, whole, "{path} {seed}");
        }
    }
}

/// An image is kept in memory, and other files are only digested.
#[test]
fn files_that_are_no_videos() {
    let image = [b"P5 8 8 255\n".to_vec(), vec![7; 64]].concat();
    for bytes in [&image[..], b"text", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", b""] {
        let [whole, in_pieces] = both(&Fingerprinter::default(), bytes);
        assert_eq!(in_pieces, whole);
    }
}

#[test]
fn progress_counts_frames_and_a_break_ends_the_call() {
    let (_, bytes) = corpus().into_iter().find(|(path, _)| path.ends_with("b-frames.mp4")).unwrap();
    let fingerprinter = fingerprinter("vpdq,md5", false);
    let mut reports: Vec<Progress> = Vec::new();
    let fingerprint = fingerprinter
        .fingerprint_seekable_with(Cursor::new(&bytes), |progress| {
            reports.push(progress);
            ControlFlow::Continue(())
        })
        .unwrap();
    let frames = fingerprint.video().unwrap().frames;
    assert!(reports.windows(2).all(|pair| pair[0].frames <= pair[1].frames));
    let seen: Vec<u64> = (1..=frames).collect();
    let mut reported: Vec<u64> = reports.iter().map(|it| it.frames).filter(|it| *it > 0).collect();
    reported.dedup();
    assert_eq!(reported, seen);
    let last = reports.last().unwrap();
    assert_eq!((last.bytes, last.total_frames), (bytes.len() as u64, frames));
    for frame in seen {
        let error = fingerprinter
            .fingerprint_seekable_with(Cursor::new(&bytes), |progress| {
                if progress.frames == frame {
                    ControlFlow::Break(())
                } else {
                    ControlFlow::Continue(())
                }
            })
            .unwrap_err();
        assert_eq!(error.code(), "cancelled", "frame {frame}");
    }
}

/// A file that loses its end between the two readings.
struct Shrinking {
    file: Cursor<Vec<u8>>,
    reads_left: u32,
}

impl Read for Shrinking {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.reads_left == 0 {
            self.file.get_mut().truncate(100);
        }
        self.reads_left = self.reads_left.saturating_sub(1);
        self.file.read(buffer)
    }
}

impl Seek for Shrinking {
    fn seek(&mut self, position: SeekFrom) -> std::io::Result<u64> {
        self.file.seek(position)
    }
}

#[test]
fn a_file_that_changes_is_an_error() {
    let (_, bytes) = corpus().into_iter().find(|(path, _)| path.ends_with("b-frames.mp4")).unwrap();
    // The first reading takes two calls: the bytes, and the end of the file.
    for reads_left in [1, 2] {
        let file = Shrinking { file: Cursor::new(bytes.clone()), reads_left };
        let error = fingerprinter("vpdq,md5", true).fingerprint_seekable(file).unwrap_err();
        assert_eq!(error.code(), "io", "{reads_left}");
        assert!(error.to_string().contains("changed"), "{error}");
    }
}

/// A reader that cannot seek, such as a pipe, is read once.
struct Pipe<'a>(&'a [u8]);

impl Read for Pipe<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        self.0.read(buffer)
    }
}

impl Seek for Pipe<'_> {
    fn seek(&mut self, _: SeekFrom) -> std::io::Result<u64> {
        Err(std::io::ErrorKind::NotSeekable.into())
    }
}

#[test]
fn a_pipe_is_read_once() {
    let (_, bytes) = corpus().remove(0);
    let fingerprinter = fingerprinter("vpdq,md5", false);
    let piped = fingerprinter.fingerprint_seekable(Pipe(&bytes)).unwrap();
    assert_eq!(piped, fingerprinter.fingerprint_bytes(&bytes).unwrap());
}
