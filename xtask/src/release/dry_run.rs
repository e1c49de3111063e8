//! Packs every package into local registries, and runs a program in each language with these alone.

use std::path::PathBuf;

use super::consumers::{self, Vectors};
use super::{crates, version};
use crate::files;
use crate::formats::Formats;
use crate::process::{Outcome, command, run, say, target_folder};
use crate::swift::Swift;
use crate::{c, kotlin, python, swift, web, wheels};

/// With `reuse`, packages that suites built are not built again, and the command line is not
/// compiled.
pub(crate) fn dry_run(reuse: bool) -> Outcome {
    let version = version::common()?;
    let vectors = Vectors::read()?;
    let cargo = registries().join("cargo");
    crates::write(&cargo)?;
    consumers::rust(&vectors, &cargo, &version)?;
    if !reuse {
        consumers::command_line(&vectors, &cargo, &version)?;
    }
    consumers::remove_builds()?;
    consumers::node(&vectors, &npm(reuse)?)?;
    consumers::python(&vectors, &wheel(reuse)?)?;
    if !(reuse && kotlin::jar().exists()) {
        kotlin::package(&Formats::all())?;
    }
    consumers::kotlin(&vectors)?;
    if cfg!(unix) {
        consumers::c(&vectors, &c_library(reuse)?)?;
    }
    match Swift::get() {
        Ok(toolchain) => {
            if !(reuse && swift::folder().join("lib/libownprint_ffi.a").exists()) {
                swift::package(&Formats::all())?;
            }
            consumers::swift(&vectors, &toolchain)?;
        }
        Err(why) => say(&format!("the Swift package was not tried: {why}")),
    }
    println!("the packages of version {version} work in empty folders");
    Ok(())
}

/// Packs the npm packages, and returns the archives.
fn npm(reuse: bool) -> Outcome<Vec<PathBuf>> {
    let package = web::package_folder();
    if !(reuse && package.join("dist/index.js").exists()) {
        web::package()?;
    }
    let folder = registries().join("npm");
    if folder.exists() {
        files::remove_folder(&folder)?;
    }
    files::create_folder(&folder)?;
    for packed in [package.join("codecs"), package] {
        run(command("npm pack --silent --pack-destination").arg(&folder).current_dir(packed))?;
    }
    files::entries(&folder)
}

/// Returns the folder with the installed C library.
fn c_library(reuse: bool) -> Outcome<PathBuf> {
    let tested = c::tested();
    if reuse && tested.exists() {
        return Ok(tested);
    }
    c::package()?;
    Ok(c::installed())
}

/// Returns the wheel, alone in a folder.
fn wheel(reuse: bool) -> Outcome<PathBuf> {
    let built = wheels::for_this_machine();
    match built {
        Some(wheel) if reuse => Ok(wheel),
        _ => wheels::for_tests(&python::interpreter_of_package()?),
    }
}

/// Returns the folder of the local registries.
fn registries() -> PathBuf {
    target_folder().join("registries")
}
