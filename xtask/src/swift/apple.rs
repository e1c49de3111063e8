//! Builds the XCFramework for Apple platforms, which needs Xcode, and the release package.
//!
//! This code follows the documentation of Apple and SwiftPM, but has not been run yet: no test
//! machine of this repository has Xcode.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::place::{folder, place, place_header};
use crate::files;
use crate::formats::Formats;
use crate::native;
use crate::process::{Outcome, command, output, root, run, succeeds, target_folder};

/// A slice of the XCFramework: one platform, with one or more architectures.
struct Slice {
    name: &'static str,
    targets: &'static [&'static str],
}

const SLICES: [Slice; 3] = [
    Slice { name: "ios", targets: &["aarch64-apple-ios"] },
    Slice { name: "ios-simulator", targets: &["aarch64-apple-ios-sim", "x86_64-apple-ios"] },
    Slice { name: "macos", targets: &["aarch64-apple-darwin", "x86_64-apple-darwin"] },
];

/// The deployment targets of `Package.swift`, which rustc and the linker read.
const OLDEST_SYSTEMS: [(&str, &str); 2] =
    [("IPHONEOS_DEPLOYMENT_TARGET", "16.0"), ("MACOSX_DEPLOYMENT_TARGET", "13.0")];

/// The part of `Package.swift` that names the local library. A release replaces it by a URL and a
/// checksum.
const LOCAL_LIBRARY: &str =
    r#".binaryTarget(name: "OwnprintFFI", path: "OwnprintFFI.xcframework")"#;

/// Builds the XCFramework in the folder of the package, and writes the release to `dist`: the
/// archive of the XCFramework, and a package that downloads it.
pub(super) fn package(generated: &Path, formats: &Formats) -> Outcome {
    if !succeeds("xcodebuild -version") {
        return Err(
            "the library for Apple platforms needs Xcode; install it and try again".to_owned()
        );
    }
    let framework = folder().join("OwnprintFFI.xcframework");
    let headers = target_folder().join("swift/headers");
    // The headers are in a folder of their own, because Xcode copies the headers of all frameworks
    // of an app into one folder.
    place_header(generated, &headers.join("OwnprintFFI"))?;
    let mut pack = command("xcodebuild -create-xcframework");
    for slice in &SLICES {
        pack.arg("-library").arg(build(slice, formats)?).arg("-headers").arg(&headers);
    }
    // Xcode does not overwrite an existing framework.
    let _ = fs::remove_dir_all(&framework);
    run(pack.arg("-output").arg(&framework))?;
    release(&framework)
}

/// Builds one static library for all architectures of a platform.
fn build(slice: &Slice, formats: &Formats) -> Outcome<PathBuf> {
    let mut libraries = Vec::new();
    for target in slice.targets {
        let built = native::build_for(target, "staticlib", formats, &[], &OLDEST_SYSTEMS)?;
        libraries.push(built.join("libownprint_ffi.a"));
    }
    let folder = target_folder().join("swift").join(slice.name);
    files::create_folder(&folder)?;
    let library = folder.join("libownprint_ffi.a");
    run(command("lipo -create").args(libraries).arg("-output").arg(&library))?;
    Ok(library)
}

/// Writes `dist`: the contents of the package repository, and the archive for its releases.
fn release(framework: &Path) -> Outcome {
    let dist = folder().join("dist");
    let _ = fs::remove_dir_all(&dist);
    let (package, archive) = (dist.join("package"), dist.join("OwnprintFFI.xcframework.zip"));
    files::create_folder(&package)?;
    run(Command::new("ditto").args(["-c", "-k", "--keepParent"]).arg(framework).arg(&archive))?;
    let checksum =
        output(Command::new("swift").args(["package", "compute-checksum"]).arg(&archive))?;
    let manifest = files::read_text(folder().join("Package.swift"))?;
    let manifest = released(&manifest, env!("CARGO_PKG_REPOSITORY"), &version()?, checksum.trim())?;
    files::write(package.join("Package.swift"), manifest)?;
    run(Command::new("cp").arg("-R").arg(folder().join("Sources")).arg(&package))?;
    for file in [
        folder().join("README.md"),
        folder().join(".spi.yml"),
        root().join("LICENSE-APACHE"),
        root().join("LICENSE-MIT"),
    ] {
        place(&file, &package.join(file.file_name().unwrap_or_default()))?;
    }
    println!("{checksum}{}", archive.display());
    Ok(())
}

/// Returns the common version of all crates.
fn version() -> Outcome<String> {
    let manifest = files::read_text(root().join("Cargo.toml"))?;
    let line = manifest.lines().find_map(|line| line.strip_prefix("version = \""));
    line.map(|rest| rest.trim_end_matches('"').to_owned())
        .ok_or_else(|| "Cargo.toml has no version".to_owned())
}

/// Returns the manifest with the URL and the checksum of the library in place of its path. The test
/// target is removed, because the tests need this repository.
fn released(manifest: &str, repository: &str, version: &str, checksum: &str) -> Outcome<String> {
    const TESTS: &str =
        "        .testTarget(name: \"OwnprintTests\", dependencies: [\"Ownprint\"]),\n";
    let address = format!("{repository}/releases/download/v{version}/OwnprintFFI.xcframework.zip");
    let remote =
        format!(r#".binaryTarget(name: "OwnprintFFI", url: "{address}", checksum: "{checksum}")"#);
    for part in [LOCAL_LIBRARY, TESTS] {
        if manifest.matches(part).count() != 1 {
            return Err(format!(
                "Package.swift does not contain this exactly once: {}",
                part.trim()
            ));
        }
    }
    Ok(manifest.replace(LOCAL_LIBRARY, &remote).replace(TESTS, ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_names_the_library_by_url_and_checksum() {
        let manifest = fs::read_to_string(folder().join("Package.swift")).unwrap();
        let released =
            released(&manifest, "https://example.org/ownprint", "1.2.3", "ab12").unwrap();
        let expected = r#".binaryTarget(name: "OwnprintFFI", url: "https://example.org/ownprint/releases/download/v1.2.3/OwnprintFFI.xcframework.zip", checksum: "ab12")"#;
        assert!(released.contains(expected), "{released}");
        assert!(
            !released.contains("testTarget")
                && !released.contains("path: \"OwnprintFFI.xcframework\"")
        );
    }

    #[test]
    fn the_version_is_read_from_the_workspace() {
        assert_eq!(version().unwrap().split('.').count(), 3);
    }
}
