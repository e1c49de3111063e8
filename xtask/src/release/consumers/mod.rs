//! Programs of users in empty folders: their package comes from a local registry. Each prints the
//! hashes of the files that it is passed, which must be those of the vectors.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::files;
use crate::process::{Outcome, command, output, quiet_output, root, run, target_folder};
use crate::swift::Swift;
use crate::{newcomers, python};

/// Files of `vectors/stills`, which the default build for Rust does not decode.
const STILLS: [&str; 3] = ["420.heic", "444.avif", "lossless.jxl"];

/// Files, and the PDQ hashes that the references compute.
pub(super) struct Vectors {
    images: Vec<(PathBuf, String)>,
    stills: Vec<(PathBuf, String)>,
}

impl Vectors {
    pub(super) fn read() -> Outcome<Self> {
        let folder = root().join("conformance/vectors");
        let json = |path: &Path| -> Outcome<Value> {
            serde_json::from_slice(&files::read(path)?).map_err(|error| error.to_string())
        };
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let pdq = json(&folder.join("pdq.json"))?;
        let listed = pdq["images"].as_array().into_iter().flatten();
        let images: Vec<_> = listed
            .filter_map(|image| text(&image["file"]).zip(text(&image["hashes"]["pdq"]["hex"])))
            .map(|(file, hash)| (folder.join(file), hash))
            .collect();
        let folder = folder.join("stills");
        let expected = json(&folder.join("expected.json"))?;
        let hashes = STILLS.into_iter().filter_map(|file| text(&expected[file]["pdq"]));
        let stills: Vec<_> = STILLS.map(|file| folder.join(file)).into_iter().zip(hashes).collect();
        if images.len() < 40 || stills.len() < STILLS.len() {
            return Err(format!("there are {} images and {} stills", images.len(), stills.len()));
        }
        Ok(Self { images, stills })
    }

    /// Returns the vectors of all formats.
    fn all(&self) -> Vec<&(PathBuf, String)> {
        self.images.iter().chain(&self.stills).collect()
    }
}

/// Returns the files of vectors.
fn files_of<'a>(vectors: &[&'a (PathBuf, String)]) -> Vec<&'a Path> {
    vectors.iter().map(|(path, _)| path.as_path()).collect()
}

/// Compares the printed lines with the vectors.
fn check(language: &str, vectors: &[&(PathBuf, String)], printed: &str) -> Outcome {
    let lines: Vec<&str> = printed.lines().map(str::trim).collect();
    if lines.len() != vectors.len() {
        return Err(format!(
            "the program in {language} printed {} lines for {} files:\n{printed}",
            lines.len(),
            vectors.len()
        ));
    }
    for ((path, expected), line) in vectors.iter().zip(lines) {
        if line != expected {
            let path = path.display();
            return Err(format!("{language}: `{line}` instead of {expected} for {path}"));
        }
    }
    println!("{language}: the hashes of {} files are those of the vectors", vectors.len());
    Ok(())
}

/// Builds and runs a Rust program whose only registry is a folder.
pub(super) fn rust(vectors: &Vectors, registry: &Path, version: &str) -> Outcome {
    let folder = Empty::new("rust")?;
    folder.write(
        "Cargo.toml",
        &format!(
            "[package]\nname = \"consumer\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n\
             [dependencies]\nownprint = \"{version}\"\n\n[profile.dev]\ndebug = false\n"
        ),
    )?;
    folder.write("src/main.rs", include_str!("main.rs"))?;
    let vectors: Vec<_> = vectors.images.iter().collect();
    let mut program = with_registry("cargo run --quiet --", &folder, registry)?;
    check("Rust", &vectors, &quiet_output(program.args(files_of(&vectors)))?)
}

/// Installs the command line from the registry.
pub(super) fn command_line(vectors: &Vectors, registry: &Path, version: &str) -> Outcome {
    let folder = Empty::new("command-line")?;
    let line = "cargo install --quiet --debug --config profile.dev.debug=false ownprint-cli";
    let mut install = with_registry(line, &folder, registry)?;
    run(install.args(["--version", version, "--root"]).arg(&folder.0))?;
    let program = folder.0.join(format!("bin/ownprint{}", std::env::consts::EXE_SUFFIX));
    let vectors = vectors.all();
    let mut hash = Command::new(program);
    hash.args(["hash", "--algorithms", "pdq", "--format", "jsonl"]).args(files_of(&vectors));
    let records = quiet_output(hash.current_dir(&folder.0))?;
    let hash = |record: &str| -> Option<String> {
        let record: Value = serde_json::from_str(record).ok()?;
        record["hashes"]["pdq"]["hex"].as_str().map(str::to_owned)
    };
    let printed: Vec<_> = records.lines().map(|line| hash(line).unwrap_or_default()).collect();
    check("command line", &vectors, &printed.join("\n"))
}

/// Returns a cargo command that runs in a folder, and knows no registry but the local one.
fn with_registry(line: &str, folder: &Empty, registry: &Path) -> Outcome<Command> {
    let source = format!(
        "[source.crates-io]\nreplace-with = \"folder\"\n\n[source.folder]\nlocal-registry = '{}'\n",
        registry.display()
    );
    folder.write(".cargo/config.toml", &source)?;
    let mut cargo = command(line);
    cargo
        .current_dir(&folder.0)
        // Not the target folder: dependencies from another place replace those of the workspace.
        .env("CARGO_TARGET_DIR", builds())
        // cargo would keep the unpacked crates, and use them again after a change.
        .env("CARGO_HOME", folder.0.join("cargo-home"));
    Ok(cargo)
}

fn builds() -> PathBuf {
    target_folder().join("consumers")
}

/// Removes what the Rust programs compiled. cargo would not use it again, because its paths change.
pub(super) fn remove_builds() -> Outcome {
    files::remove_folder(builds())
}

/// Installs the npm packages without a network, and runs a program.
pub(super) fn node(vectors: &Vectors, archives: &[PathBuf]) -> Outcome {
    let folder = Empty::new("node")?;
    folder.write("package.json", "{ \"type\": \"module\", \"private\": true }\n")?;
    folder.write("main.mjs", include_str!("main.mjs"))?;
    run(command("npm install --offline --no-fund --no-audit --silent")
        .args(archives)
        .current_dir(&folder.0))?;
    let vectors = vectors.all();
    let mut program = command("node main.mjs");
    program.args(files_of(&vectors)).current_dir(&folder.0);
    check("Node", &vectors, &quiet_output(&mut program)?)
}

/// Installs the wheel into an empty environment, without an index and without the programs of this
/// machine, and runs a program.
pub(super) fn python(vectors: &Vectors, wheel: &Path) -> Outcome {
    let folder = Empty::new("python")?;
    folder.write("main.py", include_str!("main.py"))?;
    let python = python::empty_environment("python-empty")?;
    let programs = python.parent().ok_or("the environment has no folder")?;
    run(python::pip(&python).args(["--no-index"]).arg(wheel).env("PATH", programs))?;
    let vectors = vectors.all();
    let mut program = Command::new(python);
    program.arg("main.py").args(files_of(&vectors)).current_dir(&folder.0).env_clear();
    check("Python", &vectors, &quiet_output(&mut program)?)
}

/// Builds and runs a Maven project that depends on the jar of the local repository.
pub(super) fn kotlin(vectors: &Vectors) -> Outcome {
    let vectors = vectors.all();
    let printed = newcomers::kotlin(include_str!("main.kt"), &files_of(&vectors))?;
    check("Kotlin", &vectors, &printed)
}

/// Builds and runs a Swift package that depends on ours by its path.
pub(super) fn swift(vectors: &Vectors, swift: &Swift) -> Outcome {
    let vectors = vectors.all();
    let program = include_str!("main.swift");
    let printed = newcomers::swift(swift, program, &files_of(&vectors))?;
    check("Swift", &vectors, &printed)
}

/// Compiles a program in C with a copy of an installed library, which must not depend on its place.
pub(super) fn c(vectors: &Vectors, installed: &Path) -> Outcome {
    let folder = Empty::new("c")?;
    folder.write("main.c", include_str!("main.c"))?;
    let lib = folder.0.join("installed/lib");
    run(command("cp -R").arg(installed).arg(folder.0.join("installed")))?;
    let mut flags = command("pkg-config --cflags --libs ownprint");
    let flags = output(flags.env("PKG_CONFIG_PATH", lib.join("pkgconfig")))?;
    let mut compile = command("cc -std=c11 -Wall -Wextra -Werror main.c -o main");
    compile.args(flags.split_whitespace()).arg(format!("-Wl,-rpath,{}", lib.display()));
    run(compile.current_dir(&folder.0))?;
    let vectors = vectors.all();
    let mut program = Command::new(folder.0.join("main"));
    check("C", &vectors, &quiet_output(program.args(files_of(&vectors)))?)
}

/// A new folder outside of the repository, which is removed at the end.
struct Empty(PathBuf);

impl Empty {
    fn new(name: &str) -> Outcome<Self> {
        let name = format!("ownprint-consumer-{name}-{}", std::process::id());
        let folder = Self(std::env::temp_dir().join(name));
        files::create_folder(&folder.0)?;
        Ok(folder)
    }

    fn write(&self, file: &str, text: &str) -> Outcome {
        let path = self.0.join(file);
        if let Some(parent) = path.parent() {
            files::create_folder(parent)?;
        }
        files::write(path, text)
    }
}

impl Drop for Empty {
    fn drop(&mut self) {
        let _ = files::remove_folder(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_or_missing_hash_is_an_error() {
        let vectors =
            [(PathBuf::from("a"), "00".to_owned()), (PathBuf::from("b"), "ff".to_owned())];
        let vectors: Vec<_> = vectors.iter().collect();
        assert!(check("test", &vectors, "00\nff\n").is_ok());
        assert!(check("test", &vectors, "00\nfe\n").is_err());
        assert!(check("test", &vectors, "00\n").is_err());
    }
}
