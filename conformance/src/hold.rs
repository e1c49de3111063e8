//! The programs `hold` and `hold-wiping`: they hash an image and stand still, so that a test can
//! look through their memory.
//!
//! `hold ENTRY_POINT FILE` prints a line when there is something to look at, and goes on at a line
//! on standard input. The entry points:
//!
//! * `path`: the file was hashed.
//! * `pixels WIDTH HEIGHT`: the file holds RGB bytes; they were hashed and overwritten.
//! * `cancelled`: the caller gave up after some rows.
//! * `midway`: some rows were hashed; the rest is still needed.
//! * `unfinished`: all of the file but its last byte was passed to a stream.
//! * `digests`: many times over, the file was given to digests, which were dropped.

use std::fs::File;
use std::io::{Write, stdin, stdout};
use std::ops::ControlFlow;

use ownprint::{
    DigestAlgorithm, Digester, Error, ExifOrientation, Fingerprinter, PixelFormat, Pixels,
    Selection,
};
use zeroize::Zeroize;

/// Observations after the file was read before a caller gives up or looks.
const ROWS_IN: u32 = 5;

/// Runs the entry point that the arguments name.
///
/// # Errors
/// What hashing met, in words.
pub fn run() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let fingerprinter =
        Fingerprinter::builder().selection(Selection::everything()).rgb_md5(true).build();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["path", path] => {
            // A file that is refused is one of the cases.
            let fingerprint = fingerprinter.fingerprint_file(path)?;
            wait(fingerprint.failure().map_or("hashed", |error| error.code()))?;
        }
        ["pixels", path, width, height] => {
            pixels(&fingerprinter, path, width.parse()?, height.parse()?)?;
            wait("hashed")?;
        }
        ["cancelled", path] => {
            let outcome = after_some_rows(&fingerprinter, path, || ControlFlow::Break(()));
            wait(outcome.err().map_or("hashed", |error| error.code()))?;
        }
        ["midway", path] => {
            after_some_rows(&fingerprinter, path, || {
                wait("midway").map_or(ControlFlow::Break(()), ControlFlow::Continue)
            })?;
        }
        ["unfinished", path] => {
            let mut bytes = std::fs::read(path)?;
            let mut stream = fingerprinter.stream();
            stream.update(bytes.split_last().map_or(&[], |(_, most)| most));
            bytes.zeroize();
            wait("unfinished")?;
            drop(stream);
        }
        ["digests", path] => {
            let mut bytes = std::fs::read(path)?;
            // Of so many some are left alone by whatever needs memory next.
            let mut digesters = vec![Digester::new(&DigestAlgorithm::ALL); 64];
            for digester in &mut digesters {
                digester.update(&bytes);
            }
            bytes.zeroize();
            drop(digesters);
            wait("digested")?;
        }
        _ => {
            return Err(
                "path | pixels | cancelled | midway | unfinished | digests, then a file".into()
            );
        }
    }
    Ok(())
}

fn pixels(
    fingerprinter: &Fingerprinter,
    path: &str,
    width: u32,
    height: u32,
) -> Result<(), Box<dyn std::error::Error>> {
    let mut bytes = std::fs::read(path)?;
    let pixels = Pixels::new(&bytes, width, height, PixelFormat::Rgb8)?;
    let outcome = fingerprinter.fingerprint_pixels(&pixels, ExifOrientation::Normal);
    // What this program itself held of the image must not be what the test finds.
    bytes.zeroize();
    outcome?;
    Ok(())
}

/// Hashes a file, and asks `then` once some of its rows were.
fn after_some_rows(
    fingerprinter: &Fingerprinter,
    path: &str,
    mut then: impl FnMut() -> ControlFlow<()>,
) -> Result<(), Error> {
    let file = File::open(path)?;
    let length = file.metadata()?.len();
    let mut seen = 0;
    fingerprinter.fingerprint_reader_with(file, |taken| {
        seen += u32::from(taken == length);
        if seen == ROWS_IN { then() } else { ControlFlow::Continue(()) }
    })?;
    Ok(())
}

fn wait(state: &str) -> std::io::Result<()> {
    println!("{state}");
    stdout().flush()?;
    stdin().read_line(&mut String::new())?;
    Ok(())
}
