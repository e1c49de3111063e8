//! The Kotlin package: the native library and its generated Kotlin, brought to where Maven builds
//! the jar.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::files;
use crate::formats::Formats;
use crate::native::{self, Language};
use crate::process::{Outcome, command, root, run, succeeds};
use crate::targets;

/// The version in `bindings/kotlin/pom.xml`.
pub(crate) const VERSION: &str = "0.1.0";

/// What stands between the entries of a class path.
pub(crate) const PATH_SEPARATOR: &str = if cfg!(windows) { ";" } else { ":" };

/// The folder of the package.
pub(crate) fn folder() -> PathBuf {
    root().join("bindings/kotlin")
}

/// Builds the jar, its sources and its reference, and installs them into the repository of
/// [`maven`].
pub(crate) fn package(formats: &Formats) -> Outcome {
    prepare(formats)?;
    run(maven(&folder()).args([
        "install",
        "-Dmaven.test.skip",
        "--activate-profiles",
        "reference",
    ]))?;
    files::list(
        &["", "-sources", "-javadoc"]
            .map(|name| folder().join(format!("target/ownprint-{VERSION}{name}.jar"))),
    )
}

/// Builds and writes what Maven does not: the native library, where JNA looks for it in a jar, and
/// the generated Kotlin.
pub(crate) fn prepare(formats: &Formats) -> Outcome {
    install_tools()?;
    let library = native::build(formats)?;
    let generated = folder().join("target/generated-sources/ffi");
    // What an earlier build left behind must not be shipped.
    let natives = folder().join("target/native");
    for stale in [&generated, &natives] {
        let _ = fs::remove_dir_all(stale);
    }
    native::generate(&library, Language::Kotlin, &generated)?;
    let resources = natives.join(jna_folder());
    files::create_folder(&resources)?;
    let name = format!("{}ownprint{}", std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX);
    files::copy(&library.shared, resources.join(name))
}

/// Maven in a folder, with a repository of this project's own: nothing in a person's home is
/// touched, and once everything was downloaded, no network is needed.
pub(crate) fn maven(folder: &Path) -> Command {
    let mut maven = command("mvn --batch-mode --no-transfer-progress");
    let mut repository = std::ffi::OsString::from("-Dmaven.repo.local=");
    repository.push(root().join(".cache/maven"));
    maven.arg(repository).current_dir(folder);
    maven
}

/// Installs Maven and a JDK where they are missing.
fn install_tools() -> Outcome {
    let are_there = || succeeds("mvn --version") && succeeds("javac -version");
    if !are_there() {
        // Maven alone brings only a JRE.
        targets::install_packages(&["maven", "default-jdk-headless"]).map_err(|error| {
            format!("{error}; the Kotlin package needs Maven and a JDK: install them and try again")
        })?;
    }
    if are_there() {
        Ok(())
    } else {
        Err("Maven and a JDK were installed and are still not found".to_owned())
    }
}

/// What JNA calls this machine, in the names of the folders that it looks into.
fn jna_folder() -> String {
    let system = match std::env::consts::OS {
        "macos" => "darwin",
        "windows" => "win32",
        other => other,
    };
    let processor = match std::env::consts::ARCH {
        "x86_64" => "x86-64",
        other => other,
    };
    format!("{system}-{processor}")
}
