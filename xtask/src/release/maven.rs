//! The jar for Maven Central: the native libraries of all systems in one file.

use std::path::Path;

use super::version;
use crate::files;
use crate::formats::Formats;
use crate::kotlin::{self, maven};
use crate::process::{Outcome, root, run, target_folder};

/// Builds the jar with the libraries of `FOLDER/native-SYSTEM`, and writes it, its sources, its
/// reference and its description into a Maven repository in `target/release-maven`.
pub(super) fn bundle(libraries: &Path) -> Outcome {
    let version = version::common()?;
    kotlin::prepare(&Formats::default())?;
    for system in files::entries(libraries)? {
        let name = files::name(&system);
        let Some(name) = name.strip_prefix("native-") else { continue };
        for library in files::entries(&system)? {
            let folder = kotlin::natives().join(name);
            files::create_folder(&folder)?;
            // JNA looks for the name of the Kotlin package, not for that of the crate.
            files::copy(
                &library,
                folder.join(files::name(&library).replace("ownprint_ffi", "ownprint")),
            )?;
        }
    }
    run(maven(&kotlin::folder()).args([
        "install",
        "-Dmaven.test.skip",
        "--activate-profiles",
        "reference",
    ]))?;
    let place = format!("org/ownprint/ownprint/{version}");
    let to = target_folder().join("release-maven").join(&place);
    files::create_folder(&to)?;
    let installed = root().join(".cache/maven").join(place);
    let mut bundled = Vec::new();
    for file in files::entries(installed)? {
        let name = files::name(&file);
        // Maven also keeps notes about the local repository there.
        if name.starts_with("ownprint-") {
            files::copy(&file, to.join(&name))?;
            bundled.push(to.join(name));
        }
    }
    files::list(&bundled)
}
