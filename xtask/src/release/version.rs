//! The version of a release, which several files repeat.

use crate::files;
use crate::metadata;
use crate::process::{Outcome, command, quiet_output, root};

/// The manifest of the workspace.
const WORKSPACE: &str = "Cargo.toml";

/// npm compares it with the manifests of the packages.
const WEB_PAGE_LOCK: &str = "examples/web/package-lock.json";

/// The files that repeat the version, and the text before it.
const PLACES: [(&str, &str); 22] = [
    (WORKSPACE, "[workspace.package]\nversion = \""),
    (WORKSPACE, "path = \"crates/ownprint\", version = \""),
    (WORKSPACE, "path = \"crates/ownprint-decode\", version = \""),
    (WORKSPACE, "path = \"crates/ownprint-exchange\", version = \""),
    (WORKSPACE, "path = \"crates/ownprint-hash\", version = \""),
    (WORKSPACE, "path = \"crates/ownprint-pixels\", version = \""),
    (WORKSPACE, "path = \"crates/ownprint-search\", version = \""),
    ("bindings/wasm/package.json", "\"version\": \""),
    ("bindings/wasm/codecs/package.json", "\"version\": \""),
    // The peer dependency.
    ("bindings/wasm/codecs/package.json", "\"ownprint\": \""),
    ("bindings/kotlin/pom.xml", "<artifactId>ownprint</artifactId>\n  <version>"),
    ("bindings/kotlin/android/pom.xml", "<version>"),
    ("bindings/kotlin/src/android/ownprint-android.pom", "<version>"),
    ("bindings/kotlin/README.md", "<artifactId>ownprint</artifactId>\n      <version>"),
    ("bindings/kotlin/README.md", "org.ownprint:ownprint:"),
    ("examples/kotlin/pom.xml", "<artifactId>ownprint</artifactId>\n      <version>"),
    ("examples/android/app/build.gradle.kts", "ownprint-android-"),
    (WEB_PAGE_LOCK, "\"name\": \"ownprint\",\n      \"version\": \""),
    (WEB_PAGE_LOCK, "\"name\": \"ownprint-codecs\",\n      \"version\": \""),
    (WEB_PAGE_LOCK, "\"peerDependencies\": {\n        \"ownprint\": \""),
    ("xtask/src/kotlin.rs", "VERSION: &str = \""),
    ("conformance/kit/pyproject.toml", "\nversion = \""),
];

/// Names of built files in documents, and a lock file whose version npm ignores.
const MENTIONS: [(&str, &str); 8] = [
    ("Dockerfile", "target/cli/ownprint-"),
    ("bindings/kotlin/README.md", "target/ownprint-"),
    ("bindings/kotlin/README.md", "ownprint-android-"),
    ("bindings/wasm/package-lock.json", "\"name\": \"ownprint\",\n  \"version\": \""),
    ("bindings/wasm/package-lock.json", "\"name\": \"ownprint\",\n      \"version\": \""),
    ("docs/releasing.md", "ownprint = \""),
    ("docs/releasing.md", "registries/npm/ownprint-"),
    ("examples/android/README.md", "ownprint-android-"),
];

/// Checks that a tag is the version of every package.
pub(super) fn check(tag: &str) -> Outcome {
    let version = common()?;
    if tag != format!("v{version}") {
        return Err(format!("the tag is {tag}, and the packages have the version {version}"));
    }
    let changelog = files::read_text(root().join("CHANGELOG.md"))?;
    if !changelog.contains(&format!("\n## [{version}] - ")) {
        return Err(format!("CHANGELOG.md has no heading `## [{version}] - DATE`"));
    }
    Ok(())
}

/// Returns the version of every package.
///
/// # Errors
/// A file has another version.
pub(super) fn common() -> Outcome<String> {
    let crates = metadata::published()?;
    let version = crates.first().ok_or("no crate is published")?.version.clone();
    if let Some(other) = crates.into_iter().find(|package| package.version != version) {
        return Err(format!("{} has the version {}, not {version}", other.name, other.version));
    }
    for (path, before) in PLACES {
        if !files::read_text(root().join(path))?.contains(&format!("{before}{version}")) {
            return Err(format!("{path} lacks `{before}{version}`"));
        }
    }
    Ok(version)
}

/// Writes the version into every file that repeats it, and into the lock files.
pub(super) fn set(version: &str) -> Outcome {
    let numbers: Vec<_> = version.split('.').map(str::parse::<u64>).collect();
    if numbers.len() != 3 || numbers.iter().any(Result::is_err) {
        return Err(format!("`{version}` is not a version of the form 1.2.3"));
    }
    let earlier = common()?;
    for (path, before) in PLACES.into_iter().chain(MENTIONS) {
        let text = files::read_text(root().join(path))?;
        let changed = text.replace(&format!("{before}{earlier}"), &format!("{before}{version}"));
        files::write(root().join(path), changed)?;
    }
    // cargo changes the lock files.
    for workspace in [WORKSPACE, "conformance/img_hash/Cargo.toml"] {
        let line = format!("cargo metadata --format-version 1 --manifest-path {workspace}");
        quiet_output(&mut command(&line))?;
    }
    println!("{earlier} is now {}; write the changes into CHANGELOG.md", common()?);
    Ok(())
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_manifest_has_the_same_version() {
        let version = super::common().unwrap();
        assert_eq!(version, crate::kotlin::VERSION);
        assert!(super::check("v0.0.0-other").is_err());
    }

    #[test]
    fn a_version_has_three_numbers() {
        for wrong in ["v1.2.3", "1.2", "1.2.3-rc", ""] {
            assert!(super::set(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn documents_name_files_of_this_version() {
        let version = super::common().unwrap();
        for (path, before) in super::MENTIONS {
            let text = crate::files::read_text(crate::process::root().join(path)).unwrap();
            assert!(text.contains(&format!("{before}{version}")), "{path}: {before}{version}");
        }
    }
}
