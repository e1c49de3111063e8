//! Builds the native library of `bindings/ffi`, and generates its Kotlin and Swift bindings.

use std::path::{Path, PathBuf};

use crate::files;
use crate::formats::Formats;
use crate::process::{Outcome, command, output, root, run, target_folder};
use crate::{shipping, targets};

/// The languages of the generated bindings, as the generator names them.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Language {
    Kotlin,
    Swift,
}

/// The shared and the static library.
#[derive(Debug)]
pub(crate) struct Library {
    pub(crate) shared: PathBuf,
    pub(crate) fixed: PathBuf,
}

impl Library {
    /// Returns the paths of the libraries that [`build`] writes.
    pub(crate) fn of(target_folder: &Path) -> Self {
        let shared =
            format!("{}ownprint_ffi{}", std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX);
        let folder = target_folder.join("native");
        Self { shared: folder.join(shared), fixed: folder.join("libownprint_ffi.a") }
    }
}

/// Builds the library, and writes it and its Kotlin and Swift bindings into `target/ffi`.
pub(crate) fn package(formats: &Formats) -> Outcome {
    let library = build(formats)?;
    let folder = target_folder().join("ffi");
    for language in [Language::Kotlin, Language::Swift] {
        generate(&library, language, &folder)?;
    }
    files::list(&[&library.shared, &library.fixed])?;
    println!("              {}", folder.display());
    Ok(())
}

/// Builds the library for this machine, with the settings of releases.
pub(crate) fn build(formats: &Formats) -> Outcome<Library> {
    let mut build = shipping::cargo("cargo build --profile native -p ownprint-ffi --lib", &[])?;
    run(build.args(formats.arguments()))?;
    let library = Library::of(&target_folder());
    check_imports(&library.shared, formats)?;
    Ok(library)
}

/// Prefixes of C library functions that the library must not import: network, processes, clocks and
/// changes to files. Rust's runtime needs memory, threads, `getenv` (how to print a panic) and
/// `getrandom` (the seeds of the hash maps in `UniFFI`).
const FORBIDDEN_IMPORTS: &str = "accept bind clock_ connect creat exec fork ftruncate getaddrinfo \
    gethost getifaddrs gettimeofday link listen mkdir posix_spawn recv rename res_ rmdir send \
    socket symlink time unlink vfork";

/// The only exception. The locks in the AVIF decoder (`parking_lot`) read the clock when a thread
/// has to wait.
const AVIF_IMPORT: &str = "clock_gettime";

/// Returns an error if the linked library imports a forbidden function.
pub(crate) fn check_imports(shared: &Path, formats: &Formats) -> Outcome {
    if !cfg!(target_os = "linux") {
        return Ok(());
    }
    let listed =
        output(command("nm --dynamic --undefined-only --format=just-symbols").arg(shared))?;
    let imports: Vec<&str> = listed.lines().filter_map(|line| line.split('@').next()).collect();
    if !imports.contains(&"malloc") {
        return Err(format!("nm lists no imports of {}", shared.display()));
    }
    let is_excepted = |import: &str| formats.has_av1() && import == AVIF_IMPORT;
    let is_forbidden =
        |import: &str| FORBIDDEN_IMPORTS.split_whitespace().any(|start| import.starts_with(start));
    match imports.iter().find(|import| is_forbidden(import) && !is_excepted(import)) {
        Some(import) => Err(format!("{} imports {import}", shared.display())),
        None => Ok(()),
    }
}

/// Builds the library for another target as one crate type, and returns its folder.
///
/// `flags` are for rustc, `environment` is for the tools of the target.
pub(crate) fn build_for(
    target: &str,
    form: &str,
    formats: &Formats,
    flags: &[String],
    environment: &[(&str, &str)],
) -> Outcome<PathBuf> {
    targets::add_target(target)?;
    let mut build = shipping::cargo("cargo rustc --profile native -p ownprint-ffi --lib", &[])?;
    build.args(["--target", target, "--crate-type", form]).args(formats.arguments());
    build.arg("--").args(flags);
    run(build.envs(environment.iter().copied()))?;
    Ok(target_folder().join(target).join("native"))
}

/// Generates the bindings of one language for a library that was built for this machine.
pub(crate) fn generate(library: &Library, language: Language, folder: &Path) -> Outcome {
    let language = match language {
        Language::Kotlin => "kotlin",
        Language::Swift => "swift",
    };
    run(command("cargo run --quiet -p ownprint-ffi-bindgen -- generate --no-format --language")
        .arg(language)
        .arg("--config")
        .arg(root().join("bindings/ffi/uniffi.toml"))
        .arg("--out-dir")
        .arg(folder)
        // The generator reads metadata that is stripped from the shared library.
        .arg(&library.fixed))
}
