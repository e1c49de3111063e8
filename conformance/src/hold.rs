//! The programs `hold` and `hold-wiping`. They hash an image and then wait, so that a test can
//! search their memory.
//!
//! `hold ENTRY_POINT FILE` prints a line when its memory can be searched, and continues after a
//! line on standard input. The entry points:
//!
//! * `path`: hashes the file.
//! * `pixels WIDTH HEIGHT`: hashes the RGB bytes in the file, and overwrites them.
//! * `cancelled`: hashes some rows and cancels.
//! * `midway`: hashes some rows and waits before it hashes the others.
//! * `unfinished`: passes the file without its last byte to a stream.
//! * `digests`: passes the file to many digesters, and drops them without finalizing.

use std::fs::File;
use std::io::{Write, stdin, stdout};
use std::ops::ControlFlow;

use ownprint::{
    DigestAlgorithm, Digester, Error, ExifOrientation, Fingerprinter, PixelFormat, Pixels,
    Selection,
};
use zeroize::Zeroize;

/// The number of checks for cancellation, after the file was read, before the caller cancels or
/// waits.
const ROWS_IN: u32 = 5;

/// Runs the entry point named by the arguments.
///
/// # Errors
/// Returns the error of hashing as a message.
pub fn run() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let fingerprinter =
        Fingerprinter::builder().selection(Selection::everything()).rgb_md5(true).build();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["path", path] => {
            // An error is accepted, because some tests pass a damaged file.
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
            // With this number of digesters, later allocations do not overwrite all of their
            // memory.
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
                "usage: (path | pixels | cancelled | midway | unfinished | digests) FILE".into()
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
    // The test must not find the copy of the image that belongs to this program.
    bytes.zeroize();
    outcome?;
    Ok(())
}

/// Hashes a file, and calls `then` after some of its rows were hashed.
fn after_some_rows(
    fingerprinter: &Fingerprinter,
    path: &str,
    mut then: impl FnMut() -> ControlFlow<()>,
) -> Result<(), Error> {
    let file = File::open(path)?;
    let length = file.metadata()?.len();
    let mut seen = 0;
    fingerprinter.fingerprint_reader_with(file, |progress| {
        seen += u32::from(progress.bytes == length);
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
