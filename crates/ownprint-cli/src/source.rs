//! Opens and fingerprints the file at a path.

use std::fs::{File, FileType, Metadata};
use std::io;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use ownprint::{Error, Fingerprint, Fingerprinter, decode};

/// The path that stands for standard input.
pub(crate) const STANDARD_INPUT: &str = "-";

/// Fingerprints the file at `path`, or standard input for `-`. `progress` is called with the number
/// of bytes read so far.
pub(crate) fn fingerprint(
    fingerprinter: &Fingerprinter,
    path: &Path,
    mut progress: impl FnMut(u64),
) -> Result<Fingerprint, Error> {
    let observe = |bytes| {
        progress(bytes);
        ControlFlow::Continue(())
    };
    // A panic on one file must not lose the results of the others.
    catch_unwind(AssertUnwindSafe(|| {
        if path == Path::new(STANDARD_INPUT) {
            fingerprinter.fingerprint_reader_with(io::stdin().lock(), observe)
        } else {
            fingerprinter.fingerprint_reader_with(open_regular(path)?, observe)
        }
    }))
    .unwrap_or(Err(Error::Decode(decode::Error::Internal)))
}

/// Opens a regular file and nothing else: opening a named pipe waits for a writer, and a device may
/// never end.
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
    let detail = explain_irregular(metadata.file_type());
    Err(io::Error::new(io::ErrorKind::InvalidInput, format!("it is {detail}")))
}

/// Returns what the path is instead of a regular file, and what to do.
#[cfg(unix)]
fn explain_irregular(file_type: FileType) -> &'static str {
    use std::os::unix::fs::FileTypeExt;
    if file_type.is_dir() {
        FOLDER
    } else if file_type.is_fifo() {
        "a named pipe, not a regular file; redirect it to standard input and pass -"
    } else if file_type.is_socket() {
        "a socket, not a regular file"
    } else {
        "a device, not a regular file; redirect it to standard input and pass -"
    }
}

#[cfg(not(unix))]
fn explain_irregular(file_type: FileType) -> &'static str {
    if file_type.is_dir() { FOLDER } else { "not a regular file" }
}

const FOLDER: &str = "a folder; pass a file inside it";

#[cfg(test)]
mod tests {
    use std::path::Path;

    use ownprint::Fingerprinter;

    #[test]
    #[allow(clippy::panic, reason = "simulates a defect of a decoder")]
    fn a_panic_becomes_an_error() {
        let result = super::fingerprint(&Fingerprinter::default(), Path::new("Cargo.toml"), |_| {
            panic!("on purpose")
        });
        assert_eq!(result.map_err(|error| error.code()), Err("internal"));
    }
}
