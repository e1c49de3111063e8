//! Builds the C library, and installs it with its header and the files of pkg-config and `CMake`.

use std::path::{Path, PathBuf};

use crate::files::{self, WORKSPACE};
use crate::formats::Formats;
use crate::process::{Outcome, command, output, root, run, target_folder};
use crate::{metadata, native, shipping};

/// The libraries of the system that the static library needs.
const SYSTEM_LIBRARIES: &str = if cfg!(target_os = "macos") {
    "-lSystem -lc -lm"
} else {
    "-lgcc_s -lutil -lrt -lpthread -lm -ldl -lc"
};

/// Returns the folder of the crate.
pub(crate) fn folder() -> PathBuf {
    root().join("bindings/c")
}

/// Returns the folder into which [`package`] installs the library.
pub(crate) fn installed() -> PathBuf {
    target_folder().join("c")
}

/// Returns the folder into which the suite `c` installs the library.
pub(crate) fn tested() -> PathBuf {
    target_folder().join("c-test")
}

/// `cargo xtask package c`: builds the library for this machine, with the settings of releases,
/// installs it into `target/c`, and packs that into `target/c-archive`.
pub(crate) fn package() -> Outcome {
    run(&mut shipping::cargo("cargo build --profile native -p ownprint-c --lib", &[])?)?;
    let built = target_folder().join("native");
    native::check_imports(&built.join(shared_name("ownprint_c", "")), &Formats::all())?;
    let prefix = installed();
    install(&built, &prefix)?;
    files::list(&files::below(&prefix)?)?;
    files::list(&[archive(&prefix)?])
}

/// Packs the folders of an installed library, to be unpacked into a prefix such as `/usr/local`.
fn archive(prefix: &Path) -> Outcome<PathBuf> {
    let folder = target_folder().join("c-archive");
    if folder.exists() {
        files::remove_folder(&folder)?;
    }
    files::create_folder(&folder)?;
    let host = output(&mut command("rustc --print host-tuple"))?;
    let path = folder.join(format!("ownprint-c-{}-{}.tar.gz", version()?, host.trim()));
    run(command("tar -czf").arg(&path).arg("-C").arg(prefix).args(["include", "lib", "share"]))?;
    Ok(path)
}

fn version() -> Outcome<String> {
    let package = metadata::packages()?.into_iter().find(|package| package.name == "ownprint-c");
    Ok(package.ok_or("the workspace has no ownprint-c")?.version)
}

/// `cargo xtask header`: writes the header that the library's test compares.
pub(crate) fn write_header() -> Outcome {
    run(command("cargo test --test header").args(WORKSPACE).env("OWNPRINT_WRITE_HEADER", "1"))
}

/// Builds the library as `cargo test --workspace` builds it, so that nothing is compiled twice, and
/// installs it into the folder `prefix`.
pub(crate) fn install_for_tests(prefix: &Path) -> Outcome {
    run(command("cargo build --test header").args(WORKSPACE))?;
    install(&files::programs_folder().join("deps"), prefix)
}

/// Installs the libraries in the folder `built`.
fn install(built: &Path, prefix: &Path) -> Outcome {
    if !cfg!(unix) {
        return Err("the C library is installed on Linux and macOS only".to_owned());
    }
    let version = version()?;
    let interface = version.rsplit_once('.').map_or(version.as_str(), |(interface, _)| interface);
    if prefix.exists() {
        files::remove_folder(prefix)?;
    }
    let [include, lib] = ["include", "lib"].map(|name| prefix.join(name));
    let [pkg_config, cmake] = ["pkgconfig", "cmake/ownprint"].map(|name| lib.join(name));
    let documents = prefix.join("share/doc/ownprint");
    for folder in [&include, &pkg_config, &cmake, &documents] {
        files::create_folder(folder)?;
    }
    files::copy(folder().join("include/ownprint.h"), include.join("ownprint.h"))?;
    files::copy(built.join("libownprint_c.a"), lib.join("libownprint.a"))?;
    let shared = shared_name("ownprint", &version);
    files::copy(built.join(shared_name("ownprint_c", "")), lib.join(&shared))?;
    for link in [shared_name("ownprint", interface), shared_name("ownprint", "")] {
        link_to(&shared, &lib.join(link))?;
    }
    for (template, place) in [
        ("ownprint.pc", &pkg_config),
        ("ownprint-config.cmake", &cmake),
        ("ownprint-config-version.cmake", &cmake),
    ] {
        let text = files::read_text(folder().join(format!("{template}.in")))?
            .replace("@VERSION@", &version)
            .replace("@INTERFACE@", interface)
            .replace("@SHARED@", &shared)
            .replace("@SYSTEM_LIBRARIES@", SYSTEM_LIBRARIES);
        files::write(place.join(template), text)?;
    }
    for license in ["LICENSE-APACHE", "LICENSE-MIT"] {
        files::copy(root().join(license), documents.join(license))?;
    }
    Ok(())
}

/// Returns the name of a shared library, with a version unless that is empty.
fn shared_name(library: &str, version: &str) -> String {
    let dot = if version.is_empty() { "" } else { "." };
    if cfg!(target_os = "macos") {
        format!("lib{library}{dot}{version}.dylib")
    } else {
        format!("lib{library}.so{dot}{version}")
    }
}

#[cfg(unix)]
fn link_to(file: &str, link: &Path) -> Outcome {
    std::os::unix::fs::symlink(file, link).map_err(|error| format!("{}: {error}", link.display()))
}

#[cfg(not(unix))]
fn link_to(file: &str, link: &Path) -> Outcome {
    std::fs::copy(link.with_file_name(file), link)
        .map(drop)
        .map_err(|error| format!("{}: {error}", link.display()))
}
