//! `cargo xtask reproduce`: checks that two builds of one commit give the same bytes.

use std::path::{Path, PathBuf};

use crate::files;
use crate::native::Library;
use crate::process::{Outcome, command, quiet_output, root, run, target_folder};
use crate::shipping::cargo_home;

/// Builds the npm package and the native library twice, each time in a new clone of the last
/// commit, and compares the files.
///
/// The paths of the clones have different lengths, and `CARGO_HOME` differs too. A file that
/// contains a path of the build machine is therefore detected.
pub(crate) fn reproduce() -> Outcome {
    let folder = target_folder().join("reproduce");
    if folder.exists() {
        files::remove_folder(&folder)?;
    }
    files::create_folder(folder.join("another"))?;
    let cargo_home = cargo_home()?;
    let other_home = folder.join("cargo-home");
    run(command("ln -s").arg(&cargo_home).arg(&other_home))?;

    let (one, another) = (folder.join("one"), folder.join("another/checkout"));
    let first = build(&root(), &one, &cargo_home)?;
    // Cloned from the first clone, because the repository may have new commits by now.
    let second = build(&one, &another, &other_home)?;
    print_comparison(&first, &second)
}

/// Builds in a new clone of a repository, and returns the shipped files.
fn build(repository: &Path, clone: &Path, cargo_home: &Path) -> Outcome<Vec<PathBuf>> {
    run(command("git clone --quiet").arg(repository).arg(clone))?;
    let (target, package) = (clone.join("target"), clone.join("bindings/wasm"));
    for (line, folder) in [
        ("cargo xtask package ffi", clone),
        ("cargo xtask package web", clone),
        ("npm pack --silent", package.as_path()),
    ] {
        let mut build = command(line);
        run(build
            .current_dir(folder)
            .env("CARGO_HOME", cargo_home)
            .env("CARGO_TARGET_DIR", &target))?;
    }
    let library = Library::of(&target);
    let mut shipped = vec![library.shared, library.fixed];
    for (folder, extension) in [(package.join("dist"), "wasm"), (package, "tgz")] {
        let files = files::entries(folder)?;
        shipped.extend(
            files.into_iter().filter(|path| path.extension().is_some_and(|it| it == extension)),
        );
    }
    Ok(shipped)
}

fn print_comparison(first: &[PathBuf], second: &[PathBuf]) -> Outcome {
    println!("\n{:>12}  {:64}  file", "bytes", "sha256");
    let mut differing = vec![];
    for path in first {
        let name = files::name(path);
        let other = second.iter().find(|other| files::name(other) == name);
        let is_same = other.is_some_and(|other| files::read(other) == files::read(path));
        println!(
            "{:>12}  {:64}  {name}{}",
            files::size(path)?,
            sha256(path)?,
            if is_same { "" } else { ": differs" }
        );
        if !is_same {
            differing.push(name);
        }
    }
    if first.len() != second.len() {
        return Err(format!(
            "the first build has {} files, the second has {}",
            first.len(),
            second.len()
        ));
    }
    if differing.is_empty() {
        println!("\nall files are identical in both builds");
        return Ok(());
    }
    Err(format!("these files differ between the two builds: {}", differing.join(", ")))
}

/// Returns the SHA-256 of a file, in hexadecimal digits.
pub(crate) fn sha256(path: &Path) -> Outcome<String> {
    let program = if cfg!(target_os = "macos") { "shasum -a 256" } else { "sha256sum" };
    let said = quiet_output(command(program).arg(path))?;
    Ok(said.split_whitespace().next().unwrap_or_default().to_owned())
}
