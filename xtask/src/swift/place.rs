//! Where the Swift package is, and how files get there.

use std::fs;
use std::path::{Path, PathBuf};

use crate::files;
use crate::process::{Outcome, root};

/// The folder of the package.
pub(crate) fn folder() -> PathBuf {
    root().join("bindings/swift")
}

/// The C header of the library, and the module that makes it known to Swift.
pub(super) fn place_header(generated: &Path, folder: &Path) -> Outcome {
    place(&generated.join("OwnprintFFI.h"), &folder.join("OwnprintFFI.h"))?;
    place(&generated.join("OwnprintFFI.modulemap"), &folder.join("module.modulemap"))
}

/// Copies a file where it differs: what is older than what was built of it is not built again.
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
