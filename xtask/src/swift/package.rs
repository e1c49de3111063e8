//! The Swift package of `bindings/swift`: the Swift that is generated into it, and the library that it calls.

use std::fs;
use std::path::{Path, PathBuf};

use super::apple;
use crate::files;
use crate::formats::Formats;
use crate::native::{self, Language};
use crate::process::{Outcome, root, target_folder};

/// The folder of the package.
pub(crate) fn folder() -> PathBuf {
    root().join("bindings/swift")
}

/// Completes the package in its folder: for this machine, and on a Mac for all of Apple's systems.
pub(crate) fn package(formats: &Formats) -> Outcome {
    let library = native::build(formats)?;
    let generated = target_folder().join("swift/generated");
    native::generate(&library, Language::Swift, &generated)?;
    let sources = folder().join("Sources");
    place(
        &generated.join("OwnprintGenerated.swift"),
        &sources.join("OwnprintGenerated/OwnprintGenerated.swift"),
    )?;
    if cfg!(target_os = "macos") {
        return apple::package(&generated, formats);
    }
    let header = sources.join("OwnprintFFI");
    place_header(&generated, &header)?;
    place(&library.fixed, &folder().join("lib/libownprint_ffi.a"))?;
    println!(
        "{} is complete for this machine; for Apple's systems, run this on a Mac with Xcode",
        folder().display()
    );
    Ok(())
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
