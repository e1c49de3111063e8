//! Packs every package into local registries, and runs a program in each language with these alone.

use std::path::PathBuf;

use super::{consumers, crates, version};
use crate::files::{self, build_programs};
use crate::formats::Formats;
use crate::process::{Outcome, command, run, say, target_folder};
use crate::suites::{kotlin as kotlin_suite, python as python_suite, swift as swift_suite};
use crate::swift::Swift;
use crate::{kotlin, python, swift, web, wheels};

pub(super) fn dry_run(reuse: bool) -> Outcome {
    let version = version::common()?;
    // The results of the programs are compared with those of the command line.
    build_programs()?;
    let cargo = registries().join("cargo");
    crates::write(&cargo)?;
    consumers::rust(&cargo, &version)?;

    let archive = npm(reuse)?;
    consumers::node(&archive)?;

    python_suite::new_user(&wheel(reuse)?)?;

    if !(reuse && kotlin::jar().exists()) {
        kotlin::package(&Formats::all())?;
    }
    kotlin_suite::new_user()?;

    match Swift::get() {
        Ok(toolchain) => {
            if !(reuse && swift::folder().join("lib/libownprint_ffi.a").exists()) {
                swift::package(&Formats::all())?;
            }
            swift_suite::newcomer(&toolchain)?;
        }
        Err(why) => say(&format!("the Swift package was not tried: {why}")),
    }
    println!("the packages of version {version} work in empty folders");
    Ok(())
}

/// Packs the npm package, and returns the archive.
fn npm(reuse: bool) -> Outcome<PathBuf> {
    let package = web::package_folder();
    if !(reuse && package.join("dist/index.js").exists()) {
        web::package()?;
    }
    let folder = registries().join("npm");
    files::create_folder(&folder)?;
    run(command("npm pack --silent --pack-destination").arg(&folder).current_dir(package))?;
    files::entries(&folder)?.pop().ok_or_else(|| "npm packed nothing".to_owned())
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
