//! The version of a release, which several manifests repeat.

use crate::files;
use crate::metadata;
use crate::process::{Outcome, root};

/// The manifests that repeat the version, and the text before it.
const MANIFESTS: [(&str, &str); 7] = [
    ("bindings/wasm/package.json", "\"version\": \""),
    ("bindings/wasm/codecs/package.json", "\"version\": \""),
    // The peer dependency.
    ("bindings/wasm/codecs/package.json", "\"ownprint\": \""),
    ("bindings/kotlin/pom.xml", "<artifactId>ownprint</artifactId>\n  <version>"),
    ("bindings/kotlin/android/pom.xml", "<version>"),
    ("conformance/kit/pyproject.toml", "\nversion = \""),
    ("bindings/kotlin/src/android/ownprint-android.pom", "<version>"),
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
/// Two packages have different versions.
pub(super) fn common() -> Outcome<String> {
    let crates = metadata::published()?;
    let version = crates.first().ok_or("no crate is published")?.version.clone();
    let of_crates = crates.into_iter().map(|package| (package.name, package.version));
    let of_others = MANIFESTS.into_iter().map(|(path, before)| {
        let text = files::read_text(root().join(path)).unwrap_or_default();
        let rest = text.split_once(before).map_or("", |(_, rest)| rest);
        let found = rest.split(['"', '<']).next().unwrap_or_default();
        (path.to_owned(), found.to_owned())
    });
    match of_crates.chain(of_others).find(|(_, found)| *found != version) {
        Some((name, found)) => Err(format!("{name} has the version `{found}`, not {version}")),
        None => Ok(version),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_manifest_has_the_same_version() {
        let version = super::common().unwrap();
        assert_eq!(version, crate::kotlin::VERSION);
        assert!(super::check("v0.0.0-other").is_err());
    }
}
