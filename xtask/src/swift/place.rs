//! The folder of the Swift package, and functions that copy files into it.

use std::fs;
use std::path::{Path, PathBuf};

use crate::files;
use crate::process::{Outcome, root};

/// Returns the folder of the package.
pub(crate) fn folder() -> PathBuf {
    root().join("bindings/swift")
}

/// Writes the C header of the library, and the module map for Swift.
pub(super) fn place_header(generated: &Path, folder: &Path) -> Outcome {
    place(&generated.join("OwnprintFFI.h"), &folder.join("OwnprintFFI.h"))?;
    place(&generated.join("OwnprintFFI.modulemap"), &folder.join("module.modulemap"))
}

/// Copies a file if it differs. An unchanged file keeps its time and is not rebuilt.
pub(super) fn place(from: &Path, to: &Path) -> Outcome {
    let bytes = files::read(from)?;
    if fs::read(to).is_ok_and(|there| there == bytes) {
        return Ok(());
    }
    let write = || {
        fs::create_dir_all(to.parent().unwrap_or(to))?;
        fs::write(to, &bytes)
    };
    write().map_err(|error| format!("{}: {error}", to.display()))
}
