//! Functions for files and folders whose errors name the path.

use std::fmt::Display;
use std::fs;
use std::path::{Path, PathBuf};

use crate::process::{Outcome, command, root, run, target_folder};

pub(crate) fn read(path: impl AsRef<Path>) -> Outcome<Vec<u8>> {
    fs::read(&path).map_err(|error| at(path.as_ref(), &error))
}

pub(crate) fn read_text(path: impl AsRef<Path>) -> Outcome<String> {
    fs::read_to_string(&path).map_err(|error| at(path.as_ref(), &error))
}

/// Reads the output of other programs, which may contain any bytes.
pub(crate) fn read_text_lossy(path: impl AsRef<Path>) -> Outcome<String> {
    read(path).map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

pub(crate) fn write(path: impl AsRef<Path>, contents: impl AsRef<[u8]>) -> Outcome {
    fs::write(&path, contents).map_err(|error| at(path.as_ref(), &error))
}

pub(crate) fn copy(from: impl AsRef<Path>, to: impl AsRef<Path>) -> Outcome {
    fs::copy(&from, to).map(drop).map_err(|error| at(from.as_ref(), &error))
}

/// Returns the length of a file in bytes.
pub(crate) fn size(path: impl AsRef<Path>) -> Outcome<u64> {
    fs::metadata(&path).map(|metadata| metadata.len()).map_err(|error| at(path.as_ref(), &error))
}

/// Returns the paths in a folder, sorted by name.
pub(crate) fn entries(folder: impl AsRef<Path>) -> Outcome<Vec<PathBuf>> {
    let entries = fs::read_dir(&folder).map_err(|error| at(folder.as_ref(), &error))?;
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    Ok(paths)
}

/// Returns the file name of a path for display.
pub(crate) fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// Creates a folder and its parents.
pub(crate) fn create_folder(path: impl AsRef<Path>) -> Outcome {
    fs::create_dir_all(&path).map_err(|error| at(path.as_ref(), &error))
}

pub(crate) fn remove_folder(path: impl AsRef<Path>) -> Outcome {
    fs::remove_dir_all(&path).map_err(|error| at(path.as_ref(), &error))
}

/// Returns the fenced code blocks of a Markdown text that are marked as `language`.
pub(crate) fn fenced_blocks<'a>(text: &'a str, language: &str) -> impl Iterator<Item = &'a str> {
    let fence = format!("```{language}\n");
    let starts: Vec<usize> = text.match_indices(&fence).map(|(at, _)| at + fence.len()).collect();
    starts.into_iter().filter_map(|start| Some(text.get(start..)?.split_once("```")?.0))
}

/// Returns every file below a folder, sorted by name. The list is empty if the folder does not
/// exist.
pub(crate) fn below(folder: &Path) -> Outcome<Vec<PathBuf>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let nested = entries(folder)?
        .into_iter()
        .map(|path| if path.is_dir() { below(&path) } else { Ok(vec![path]) });
    nested.collect::<Outcome<Vec<_>>>().map(|lists| lists.concat())
}

/// Builds the command line and the programs of the conformance tests as `cargo test --workspace`
/// builds them, and returns their folder. The build includes a test so that cargo selects the same
/// features and compiles only once.
pub(crate) fn build_programs() -> Outcome<PathBuf> {
    let mut build = command("cargo build --test checksum");
    build.args(WORKSPACE);
    for program in PROGRAMS {
        build.args(["--bin", program]);
    }
    run(&mut build)?;
    Ok(programs_folder())
}

const PROGRAMS: [&str; 7] =
    ["ownprint", "decode-rgb", "paint", "hash-raw", "hash-variants", "print-hashes", "read-forms"];

/// The packages and features that are compiled together. The wrappers of wasm-bindgen and
/// uniffi-bindgen have no tests and need a newer Rust; the features are those of `ownprint` that
/// only its tests use.
pub(crate) const WORKSPACE: [&str; 7] = [
    "--workspace",
    "--exclude",
    "ownprint-wasm-pack",
    "--exclude",
    "ownprint-ffi-bindgen",
    "--features",
    "ownprint/image,ownprint/serde",
];

/// Builds the command line, `paint` and the timing programs with the profile of releases, and
/// returns their folder.
pub(crate) fn build_timed_programs() -> Outcome<PathBuf> {
    for programs in ["ownprint-benches --bins", "ownprint-cli", "ownprint-conformance --bin paint"]
    {
        run(&mut command(&format!("cargo build --profile dist --package {programs}")))?;
    }
    Ok(target_folder().join("dist"))
}

/// Returns the folder of [`build_programs`].
pub(crate) fn programs_folder() -> PathBuf {
    target_folder().join("debug")
}

/// Returns the path of the command line from [`build_programs`]. It supports every format, and the
/// results of the packages are compared with its results.
pub(crate) fn command_line() -> PathBuf {
    programs_folder().join("ownprint")
}

/// Prints the sizes of files.
pub(crate) fn list(paths: &[impl AsRef<Path>]) -> Outcome {
    for path in paths {
        println!("{:>12}  {}", size(path)?, path.as_ref().display());
    }
    Ok(())
}

fn at(path: &Path, error: &impl Display) -> String {
    format!("{}: {error}", path.strip_prefix(root()).unwrap_or(path).display())
}
