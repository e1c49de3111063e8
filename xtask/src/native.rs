//! The native library of `bindings/ffi`, and the Kotlin and Swift that speak to it.

use std::path::{Path, PathBuf};

use crate::files;
use crate::formats::Formats;
use crate::process::{Outcome, command, output, root, run, target_folder};
use crate::{shipping, targets};

/// The foreign sides that are generated, by the generator's names.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Language {
    Kotlin,
    Swift,
}

/// The library in its two forms.
#[derive(Debug)]
pub(crate) struct Library {
    pub(crate) shared: PathBuf,
    pub(crate) fixed: PathBuf,
}

impl Library {
    /// Where [`build`] leaves it in a target folder.
    pub(crate) fn of(target_folder: &Path) -> Self {
        let shared =
            format!("{}ownprint_ffi{}", std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX);
        let folder = target_folder.join("native");
        Self { shared: folder.join(shared), fixed: folder.join("libownprint_ffi.a") }
    }
}

/// Builds the library, and writes what Kotlin and Swift need of it into `target/ffi`.
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

/// Builds the library as it is shipped, for this machine.
pub(crate) fn build(formats: &Formats) -> Outcome<Library> {
    let mut build = shipping::cargo("cargo build --profile native -p ownprint-ffi --lib", &[])?;
    run(build.args(formats.arguments()))?;
    let library = Library::of(&target_folder());
    check_imports(&library.shared, formats)?;
    Ok(library)
}

/// Beginnings of names in the C library that the library must not import: other machines and
/// programs, the clock, changes to files. Rust's own runtime needs memory, threads, `getenv` (how
/// to print a panic) and `getrandom` (the seeds of `UniFFI`'s hash maps).
const FORBIDDEN_IMPORTS: &str = "accept bind clock_ connect creat exec fork ftruncate getaddrinfo gethost getifaddrs \
    gettimeofday link listen mkdir posix_spawn recv rename res_ rmdir send socket symlink time unlink vfork";

/// The one exception: locks inside the decoder of AVIF (`parking_lot`) look at the clock where
/// threads have to wait for one another.
const AVIF_IMPORT: &str = "clock_gettime";

/// Fails where the linked library imports what it must not.
fn check_imports(shared: &Path, formats: &Formats) -> Outcome {
    if !cfg!(target_os = "linux") {
        return Ok(());
    }
    let listed =
        output(command("nm --dynamic --undefined-only --format=just-symbols").arg(shared))?;
    let imports: Vec<&str> = listed.lines().filter_map(|line| line.split('@').next()).collect();
    if !imports.contains(&"malloc") {
        return Err(format!("nm does not tell what {} imports", shared.display()));
    }
    let is_excepted = |import: &str| formats.has("avif") && import == AVIF_IMPORT;
    let is_forbidden =
        |import: &str| FORBIDDEN_IMPORTS.split_whitespace().any(|start| import.starts_with(start));
    match imports.iter().find(|import| is_forbidden(import) && !is_excepted(import)) {
        Some(import) => Err(format!("{} imports {import}", shared.display())),
        None => Ok(()),
    }
}

/// The same for another target, in one form (rustc's crate type), and gives the folder that it is
/// in.
///
/// `flags` are rustc's, `environment` is for the target's tools.
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

/// Writes one language's side of a library that was built for this machine.
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
        // The shared one is stripped of the annotations that the generator reads.
        .arg(&library.fixed))
}
