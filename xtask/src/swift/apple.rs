//! The library for Apple's systems, which only Xcode can pack, and the package as apps add it.
//!
//! Written from Apple's and SwiftPM's documentation and not yet run: the machines that this
//! repository is tested on have no Xcode.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::place::{folder, place, place_header};
use crate::files;
use crate::formats::Formats;
use crate::native;
use crate::process::{Outcome, command, output, root, run, succeeds, target_folder};

/// A slice of the XCFramework: a system, and the processors that it runs on.
struct Slice {
    name: &'static str,
    targets: &'static [&'static str],
}

const SLICES: [Slice; 3] = [
    Slice { name: "ios", targets: &["aarch64-apple-ios"] },
    Slice { name: "ios-simulator", targets: &["aarch64-apple-ios-sim", "x86_64-apple-ios"] },
    Slice { name: "macos", targets: &["aarch64-apple-darwin", "x86_64-apple-darwin"] },
];

/// As `Package.swift` promises; rustc and the linker read them.
const OLDEST_SYSTEMS: [(&str, &str); 2] =
    [("IPHONEOS_DEPLOYMENT_TARGET", "16.0"), ("MACOSX_DEPLOYMENT_TARGET", "13.0")];

/// How `Package.swift` names the library in its own folder; a release names it by address and
/// checksum.
const LOCAL_LIBRARY: &str =
    r#".binaryTarget(name: "OwnprintFFI", path: "OwnprintFFI.xcframework")"#;

/// Makes the XCFramework in the package's folder, and in `dist` what is released: the package whose
/// library is fetched from a release, and that library.
pub(super) fn package(generated: &Path, formats: &Formats) -> Outcome {
    if !succeeds("xcodebuild -version") {
        return Err(
            "Xcode packs the library for Apple's systems: install it and try again".to_owned()
        );
    }
    let framework = folder().join("OwnprintFFI.xcframework");
    let headers = target_folder().join("swift/headers");
    // In a folder of its own: Xcode puts the headers of all frameworks of an app into one.
    place_header(generated, &headers.join("OwnprintFFI"))?;
    let mut pack = command("xcodebuild -create-xcframework");
    for slice in &SLICES {
        pack.arg("-library").arg(build(slice, formats)?).arg("-headers").arg(&headers);
    }
    // Xcode does not overwrite.
    let _ = fs::remove_dir_all(&framework);
    run(pack.arg("-output").arg(&framework))?;
    release(&framework)
}

/// One static library for all processors of a system.
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

/// Writes `dist`: the contents of the repository that apps add, and the archive that its releases
/// carry.
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
    for file in
        [folder().join("README.md"), root().join("LICENSE-APACHE"), root().join("LICENSE-MIT")]
    {
        place(&file, &package.join(file.file_name().unwrap_or_default()))?;
    }
    println!("{checksum}{}", archive.display());
    Ok(())
}

/// The version of every crate here.
fn version() -> Outcome<String> {
    let manifest = files::read_text(root().join("Cargo.toml"))?;
    let line = manifest.lines().find_map(|line| line.strip_prefix("version = \""));
    line.map(|rest| rest.trim_end_matches('"').to_owned())
        .ok_or_else(|| "Cargo.toml has no version".to_owned())
}

/// The manifest with the library's address and checksum in place of its folder, and without the
/// tests, which need the repository.
fn released(manifest: &str, repository: &str, version: &str, checksum: &str) -> Outcome<String> {
    const TESTS: &str =
        "        .testTarget(name: \"OwnprintTests\", dependencies: [\"Ownprint\"]),\n";
    let address = format!("{repository}/releases/download/v{version}/OwnprintFFI.xcframework.zip");
    let remote =
        format!(r#".binaryTarget(name: "OwnprintFFI", url: "{address}", checksum: "{checksum}")"#);
    for part in [LOCAL_LIBRARY, TESTS] {
        if manifest.matches(part).count() != 1 {
            return Err(format!("Package.swift does not have once: {}", part.trim()));
        }
    }
    Ok(manifest.replace(LOCAL_LIBRARY, &remote).replace(TESTS, ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_names_the_library_by_address_and_checksum() {
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
    fn the_version_is_that_of_the_workspace() {
        assert_eq!(version().unwrap().split('.').count(), 3);
    }
}
