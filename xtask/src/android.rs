//! The Android package: an aar is a zip file of classes, native libraries, a manifest and shrinking
//! rules.

use std::fs;
use std::path::{Path, PathBuf};

use crate::files;
use crate::formats::Formats;
use crate::kotlin::{self, VERSION, maven};
use crate::mobile;
use crate::process::{Outcome, command, quiet_output, run, target_folder};

/// Builds the aar from the libraries that `cargo xtask mobile` left behind.
pub(crate) fn package() -> Outcome {
    // The aar does not contain the library of this machine, so its formats do not matter.
    kotlin::prepare(&Formats::default())?;
    let (aar, abis) = assemble(Tests::Skipped)?;
    if abis.is_empty() {
        return Err(format!(
            "{} contains no native library; run `cargo xtask mobile`, which builds them into {}",
            aar.display(),
            mobile::android_folder().display()
        ));
    }
    let missing: Vec<_> = mobile::abis().filter(|abi| !abis.contains(abi)).collect();
    if !missing.is_empty() {
        println!("without {}: `cargo xtask mobile` did not build them", missing.join(", "));
    }
    // Gradle adds the dependencies (JNA, coroutines) only for an aar from a Maven repository.
    let mut install = maven(&kotlin::folder());
    install.args(["install:install-file", "-Dpackaging=aar"]);
    for (name, path) in [
        ("file", aar.clone()),
        ("pomFile", kotlin::folder().join("src/android/ownprint-android.pom")),
    ] {
        install.arg(format!("-D{name}={}", path.display()));
    }
    run(install.arg(format!("-DlocalRepositoryPath={}", folder().join("repository").display())))?;
    let bytes = files::size(&aar)?;
    println!("{bytes:>12}  {} ({})", aar.display(), abis.join(", "));
    Ok(())
}

/// Whether the tests of the Android classes run before they are packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tests {
    /// On the JVM with Robolectric, which runs Android's own classes. They need Java 17 or newer.
    Run,
    Skipped,
}

/// Assembles the aar, and returns its path and the ABIs that it has a library for. Requires the
/// output of [`kotlin::prepare`].
pub(crate) fn assemble(tests: Tests) -> Outcome<(PathBuf, Vec<&'static str>)> {
    let android = kotlin::folder().join("android");
    let mut package = maven(&android);
    package.arg("package");
    if tests == Tests::Skipped {
        package.arg("-Dmaven.test.skip=true");
    }
    run(&mut package)?;
    let content = folder().join("content");
    // Files of an earlier build must not be shipped.
    let _ = fs::remove_dir_all(&content);
    files::create_folder(&content)?;
    files::copy(android.join("target/classes.jar"), content.join("classes.jar"))?;
    files::copy(
        kotlin::folder().join("src/android/AndroidManifest.xml"),
        content.join("AndroidManifest.xml"),
    )?;
    files::copy(kotlin::folder().join("consumer-rules.pro"), content.join("proguard.txt"))?;
    // The library has no resources, but builds expect the file.
    files::write(content.join("R.txt"), "")?;
    let mut abis = Vec::new();
    for abi in mobile::abis() {
        if add_library(abi, &content)? {
            abis.push(abi);
        }
    }
    let aar = folder().join(format!("ownprint-android-{VERSION}.aar"));
    let _ = fs::remove_file(&aar);
    run(command("jar --create --no-manifest --file").arg(&aar).arg("-C").arg(&content).arg("."))?;
    Ok((aar, abis))
}

/// Lists the files in an aar, one name per line.
pub(crate) fn list(aar: &Path) -> Outcome<String> {
    quiet_output(command("jar --list --file").arg(aar))
}

fn add_library(abi: &str, content: &Path) -> Outcome<bool> {
    let library = mobile::android_folder().join(abi).join("libownprint.so");
    if !library.exists() {
        return Ok(false);
    }
    let to = content.join("jni").join(abi);
    files::create_folder(&to)?;
    files::copy(&library, to.join("libownprint.so"))?;
    Ok(true)
}

fn folder() -> PathBuf {
    target_folder().join("android")
}
