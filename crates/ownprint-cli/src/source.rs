//! Opening what a path names.

use std::fs::{File, FileType, Metadata};
use std::io;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use ownprint::{Error, Fingerprint, Fingerprinter};

/// The path that stands for standard input.
pub(crate) const STANDARD_INPUT: &str = "-";

/// Fingerprints the file at `path`, or standard input for `-`; `read` is told the bytes taken so far.
pub(crate) fn fingerprint(
    fingerprinter: &Fingerprinter,
    path: &Path,
    mut read: impl FnMut(u64),
) -> Result<Fingerprint, Error> {
    let observe = |bytes| {
        read(bytes);
        ControlFlow::Continue(())
    };
    // A defect that one file brings out must not take the results of the others with it.
    catch_unwind(AssertUnwindSafe(|| {
        if path == Path::new(STANDARD_INPUT) {
            fingerprinter.fingerprint_reader_with(io::stdin().lock(), observe)
        } else {
            fingerprinter.fingerprint_reader_with(open_regular(path)?, observe)
        }
    }))
    .unwrap_or(Err(Error::Internal))
}

/// Opens a regular file and nothing else: opening a named pipe waits for a writer, and a device may never end.
pub(crate) fn open_regular(path: &Path) -> io::Result<File> {
    require_regular(&std::fs::metadata(path)?)?;
    let file = File::open(path)?;
    require_regular(&file.metadata()?)?;
    Ok(file)
}

fn require_regular(metadata: &Metadata) -> io::Result<()> {
    if metadata.is_file() {
        return Ok(());
    }
    let kind = kind_of(metadata.file_type());
    Err(io::Error::new(
        io::ErrorKind::InvalidInput,
        format!(
            "it is {kind}, not a regular file; to fingerprint what it holds, pass that on standard input, as -"
        ),
    ))
}

#[cfg(unix)]
fn kind_of(file_type: FileType) -> &'static str {
    use std::os::unix::fs::FileTypeExt;
    if file_type.is_dir() {
        "a folder"
    } else if file_type.is_fifo() {
        "a named pipe"
    } else if file_type.is_socket() {
        "a socket"
    } else {
        "a device"
    }
}

#[cfg(not(unix))]
fn kind_of(file_type: FileType) -> &'static str {
    if file_type.is_dir() { "a folder" } else { "something special" }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use ownprint::Fingerprinter;

    #[test]
    #[allow(clippy::panic, reason = "stands for a defect of a decoder")]
    fn a_defect_becomes_an_error() {
        let result =
            super::fingerprint(&Fingerprinter::builder(), Path::new("Cargo.toml"), |_| panic!("on purpose"));
        assert_eq!(result.map_err(|error| error.code()), Err("internal"));
    }
}
