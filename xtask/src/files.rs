//! Files and folders, with errors that name them.

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

/// For what other programs print, which may hold any bytes.
pub(crate) fn read_text_lossy(path: impl AsRef<Path>) -> Outcome<String> {
    read(path).map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

pub(crate) fn write(path: impl AsRef<Path>, contents: impl AsRef<[u8]>) -> Outcome {
    fs::write(&path, contents).map_err(|error| at(path.as_ref(), &error))
}

pub(crate) fn copy(from: impl AsRef<Path>, to: impl AsRef<Path>) -> Outcome {
    fs::copy(&from, to).map(drop).map_err(|error| at(from.as_ref(), &error))
}

/// A file's length in bytes.
pub(crate) fn size(path: impl AsRef<Path>) -> Outcome<u64> {
    fs::metadata(&path).map(|metadata| metadata.len()).map_err(|error| at(path.as_ref(), &error))
}

/// What is in a folder, in the order of names.
pub(crate) fn entries(folder: impl AsRef<Path>) -> Outcome<Vec<PathBuf>> {
    let entries = fs::read_dir(&folder).map_err(|error| at(folder.as_ref(), &error))?;
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    Ok(paths)
}

/// The last part of a path, for a person.
pub(crate) fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// Makes a folder, and those around it.
pub(crate) fn create_folder(path: impl AsRef<Path>) -> Outcome {
    fs::create_dir_all(&path).map_err(|error| at(path.as_ref(), &error))
}

pub(crate) fn remove_folder(path: impl AsRef<Path>) -> Outcome {
    fs::remove_dir_all(&path).map_err(|error| at(path.as_ref(), &error))
}

/// The blocks of a text in Markdown that are fenced as being in `language`.
pub(crate) fn fenced_blocks<'a>(text: &'a str, language: &str) -> impl Iterator<Item = &'a str> {
    let fence = format!("```{language}\n");
    let starts: Vec<usize> = text.match_indices(&fence).map(|(at, _)| at + fence.len()).collect();
    starts.into_iter().filter_map(|start| Some(text.get(start..)?.split_once("```")?.0))
}

/// Every file below a folder, in the order of names; an absent folder has none.
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
/// builds them, and returns their folder. A test is among them so that cargo selects the same
/// features, and compiles once.
pub(crate) fn build_programs() -> Outcome<PathBuf> {
    let mut build = command("cargo build --test checksum --workspace");
    build.args(EXCLUDED_TOOLS);
    for program in PROGRAMS {
        build.args(["--bin", program]);
    }
    run(&mut build)?;
    Ok(programs_folder())
}

const PROGRAMS: [&str; 6] =
    ["ownprint", "paint", "hash-raw", "hash-variants", "print-hashes", "read-forms"];

/// Build tools for other people's generators: without tests, and with a newer oldest Rust.
pub(crate) const EXCLUDED_TOOLS: [&str; 4] =
    ["--exclude", "ownprint-wasm-pack", "--exclude", "ownprint-ffi-bindgen"];

/// Builds the command line, `paint` and the timing programs with the profile of releases, and
/// returns their folder.
pub(crate) fn build_timed_programs() -> Outcome<PathBuf> {
    for programs in ["ownprint-benches --bins", "ownprint-cli", "ownprint-conformance --bin paint"]
    {
        run(&mut command(&format!("cargo build --profile dist --package {programs}")))?;
    }
    Ok(target_folder().join("dist"))
}

/// Where [`build_programs`] puts them.
pub(crate) fn programs_folder() -> PathBuf {
    target_folder().join("debug")
}

/// The command line that [`build_programs`] builds, with every format: the packages are compared
/// with it.
pub(crate) fn command_line() -> PathBuf {
    programs_folder().join("ownprint")
}

/// Prints how large files are.
pub(crate) fn list(paths: &[impl AsRef<Path>]) -> Outcome {
    for path in paths {
        println!("{:>12}  {}", size(path)?, path.as_ref().display());
    }
    Ok(())
}

fn at(path: &Path, error: &impl Display) -> String {
    format!("{}: {error}", path.strip_prefix(root()).unwrap_or(path).display())
}
