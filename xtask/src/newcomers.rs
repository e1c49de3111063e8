//! Programs of new users of the Kotlin and the Swift package, in new projects.

use std::fs;
use std::path::Path;

use crate::files::{self, fenced_blocks};
use crate::kotlin;
use crate::process::{Outcome, command, quiet_output, root, run};
use crate::swift::{self, Swift};

/// Runs a program in a new Maven project with the `pom.xml` of the README and an image `photo.jpg`,
/// and returns what it prints.
pub(crate) fn kotlin(program: &str, arguments: &[&Path]) -> Outcome<String> {
    let project = std::env::temp_dir().join(format!("ownprint-new-user-{}", std::process::id()));
    let printed = in_project(&project, program, arguments);
    let _ = fs::remove_dir_all(&project);
    printed
}

fn in_project(project: &Path, program: &str, arguments: &[&Path]) -> Outcome<String> {
    let text = files::read_text(kotlin::readme())?;
    let pom = fenced_blocks(&text, "xml").next().ok_or("the README has no pom.xml")?;
    let sources = project.join("src/main/kotlin");
    files::create_folder(&sources)?;
    files::write(project.join("pom.xml"), pom)?;
    files::write(sources.join("First.kt"), program)?;
    files::copy(root().join("examples/images/hills.jpg"), project.join("photo.jpg"))?;
    run(kotlin::maven(project).args([
        "--quiet",
        "compile",
        "org.apache.maven.plugins:maven-dependency-plugin:3.11.0:build-classpath",
        "-Dmdep.outputFile=classpath",
    ]))?;
    let libraries = files::read_text(project.join("classpath"))?;
    let mut java = command("java -cp");
    java.current_dir(project)
        .arg(format!("target/classes{}{libraries}", kotlin::PATH_SEPARATOR))
        .arg("FirstKt")
        .args(arguments);
    quiet_output(&mut java)
}

/// The image that the program of the README finds as `photo.jpg`.
pub(crate) const PHOTO: &str = "lake.jpg";

/// Runs a program in a new package with the manifest of the README, and returns what it prints.
pub(crate) fn swift(toolchain: &Swift, program: &str, arguments: &[&Path]) -> Outcome<String> {
    let folder = std::env::temp_dir().join(format!("ownprint-newcomer-{}", std::process::id()));
    files::create_folder(&folder)?;
    let printed = in_package(toolchain, &folder, program, arguments);
    files::remove_folder(&folder)?;
    printed
}

fn in_package(
    toolchain: &Swift,
    folder: &Path,
    program: &str,
    arguments: &[&Path],
) -> Outcome<String> {
    const PLACE: &str = "../ownprint/bindings/swift";
    run(&mut toolchain.command(
        "swift package init --type executable --name newcomer",
        folder,
        &[],
    ))?;
    let readme = files::read_text(swift::folder().join("README.md"))?;
    let manifest = fenced_blocks(&readme, "swift").next().unwrap_or_default();
    if !manifest.contains(PLACE) {
        return Err(format!("the README's manifest does not name {PLACE}"));
    }
    let manifest = manifest.replace(PLACE, &swift::folder().to_string_lossy());
    let sources = folder.join("Sources/newcomer");
    // The initial source file has different names in different versions of Swift.
    let _ = fs::remove_dir_all(folder.join("Sources"));
    files::create_folder(&sources)?;
    files::write(folder.join("Package.swift"), manifest)?;
    files::write(sources.join("main.swift"), program)?;
    files::copy(root().join("examples/images").join(PHOTO), folder.join("photo.jpg"))?;
    quiet_output(toolchain.command("swift run newcomer", folder, &[]).args(arguments))
}
