//! Builds the Kotlin package: the native library, the generated Kotlin, and the jar.

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

/// The separator of class path entries.
pub(crate) const PATH_SEPARATOR: &str = if cfg!(windows) { ";" } else { ":" };

/// Returns the folder of the package.
pub(crate) fn folder() -> PathBuf {
    root().join("bindings/kotlin")
}

/// Returns the path of the jar of classes that [`package`] builds.
pub(crate) fn jar() -> PathBuf {
    folder().join(format!("target/ownprint-{VERSION}.jar"))
}

/// Returns the folder whose content is in the jar, where JNA looks for the library of each system.
pub(crate) fn natives() -> PathBuf {
    folder().join("target/native")
}

/// Builds the jars of classes, sources and reference, and installs them into the local repository
/// of [`maven`].
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

/// Builds the native library and generates the Kotlin sources. The library goes where JNA looks for
/// it in a jar.
pub(crate) fn prepare(formats: &Formats) -> Outcome {
    install_tools()?;
    let library = native::build(formats)?;
    let generated = folder().join("target/generated-sources/ffi");
    // Files of an earlier build must not be shipped.
    let natives = natives();
    for stale in [&generated, &natives] {
        let _ = fs::remove_dir_all(stale);
    }
    native::generate(&library, Language::Kotlin, &generated)?;
    let resources = natives.join(jna_folder());
    files::create_folder(&resources)?;
    let name = format!("{}ownprint{}", std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX);
    files::copy(&library.shared, resources.join(name))
}

/// Returns a Maven command that runs in a folder. Its local repository is inside of this
/// repository: Maven does not change the home folder, and needs no network after the first run.
pub(crate) fn maven(folder: &Path) -> Command {
    let mut maven = command("mvn --batch-mode --no-transfer-progress");
    let mut repository = std::ffi::OsString::from("-Dmaven.repo.local=");
    repository.push(root().join(".cache/maven"));
    maven.arg(repository).current_dir(folder);
    maven
}

/// Returns the page that new users follow.
pub(crate) fn readme() -> PathBuf {
    folder().join("README.md")
}

/// Installs Maven and a JDK if they are missing.
fn install_tools() -> Outcome {
    let are_there = || succeeds("mvn --version") && succeeds("javac -version");
    if !are_there() {
        // The package `maven` depends on a JRE only.
        targets::install_packages(&["maven", "default-jdk-headless"]).map_err(|error| {
            format!("{error}; the Kotlin package needs Maven and a JDK; install them and try again")
        })?;
    }
    if are_there() {
        Ok(())
    } else {
        Err("Maven and a JDK were installed and are still not found".to_owned())
    }
}

/// Returns the name of the folder in which JNA looks for the library of this machine.
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
