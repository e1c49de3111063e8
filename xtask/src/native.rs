//! The native library of `bindings/ffi`, and the Kotlin and Swift that speak to it.

use std::path::{Path, PathBuf};

use crate::files;
use crate::process::{Outcome, command, root, run, target_folder};
use crate::targets;

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

/// Builds the library, and writes what Kotlin and Swift need of it into `target/ffi`.
pub(crate) fn package() -> Outcome {
    let library = build()?;
    let folder = target_folder().join("ffi");
    for language in [Language::Kotlin, Language::Swift] {
        generate(&library, language, &folder)?;
    }
    files::list(&[&library.shared, &library.fixed])?;
    println!("              {}", folder.display());
    Ok(())
}

/// Builds the library as it is shipped, for this machine.
pub(crate) fn build() -> Outcome<Library> {
    run(&mut command("cargo build --profile native -p ownprint-ffi --lib"))?;
    let folder = target_folder().join("native");
    let shared = format!("{}ownprint_ffi{}", std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX);
    Ok(Library { shared: folder.join(shared), fixed: folder.join("libownprint_ffi.a") })
}

/// The same for another target, in one form (rustc's crate type), and gives the folder that it is in.
///
/// `flags` are rustc's, `environment` is for the target's tools.
pub(crate) fn build_for(
    target: &str,
    form: &str,
    flags: &[String],
    environment: &[(&str, &str)],
) -> Outcome<PathBuf> {
    targets::add_target(target)?;
    let mut build = command("cargo rustc --profile native -p ownprint-ffi --lib");
    build.args(["--target", target, "--crate-type", form, "--"]).args(flags);
    run(build.envs(environment.iter().copied()))?;
    Ok(target_folder().join(target).join("native"))
}

/// Writes one language's side of a library that was built for this machine.
pub(crate) fn generate(library: &Library, language: Language, folder: &Path) -> Outcome {
    let language = match language {
        Language::Kotlin => "kotlin",
        Language::Swift => "swift",
    };
    run(command(
        "cargo run --quiet --profile tool -p ownprint-ffi-bindgen -- generate --no-format --language",
    )
    .arg(language)
    .arg("--config")
    .arg(root().join("bindings/ffi/uniffi.toml"))
    .arg("--out-dir")
    .arg(folder)
    // The shared one is stripped of the annotations that the generator reads.
    .arg(&library.fixed))
}
