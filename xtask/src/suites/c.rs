//! Tests the C library: its contract under the sanitizers, as C and as C++, and the examples in C,
//! Go and Ruby over the vectors.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use super::result::{SuiteResult, corpus_result};
use crate::files::{self, fenced_blocks};
use crate::process::{Outcome, command, output, root, run};
use crate::{c, targets};

/// Programs that the suite runs, and their Debian packages.
const PROGRAMS: [(&[&str], &str); 6] = [
    (&["cc"], "gcc"),
    (&["c++"], "g++"),
    (&["cmake"], "cmake"),
    (&["pkg-config"], "pkg-config"),
    (&["go"], "golang-go"),
    (&["ruby"], "ruby"),
];

/// The names of the two languages of the compilers, with the standard that the tests use.
const COMPILERS: [(&str, &str); 2] =
    [("cc", "-std=c11 -x c"), ("c++", "-std=c++17 -x c++ -Wno-old-style-cast")];

const STRICT: &str = "-g -Wall -Wextra -Wpedantic -Werror -fno-sanitize-recover=all \
                      -fsanitize=address,undefined";

pub(super) fn test() -> Outcome<SuiteResult> {
    let missing = targets::install_programs(&PROGRAMS);
    if !missing.is_empty() {
        return Err(format!("the suite needs {}", missing.join(", ")));
    }
    let prefix = c::tested();
    c::install_for_tests(&prefix)?;
    let scratch = prefix.join("scratch");
    files::create_folder(&scratch)?;
    contract(&prefix, &scratch)?;
    newcomer(&prefix, &scratch)?;
    let cases = Cases::new(&scratch)?;
    for (name, example) in examples(&prefix, &scratch)? {
        cases.check(name, example)?;
    }
    Ok(corpus_result())
}

/// Compiles the test of the contract as C and as C++, and runs it over files that cannot be decoded.
fn contract(prefix: &Path, scratch: &Path) -> Outcome {
    let mut hostile = files::entries(root().join("conformance/vectors/stills"))?;
    if let Some(corpus) = std::env::var_os("OWNPRINT_CORPUS").filter(|corpus| !corpus.is_empty()) {
        hostile.extend(files::below(&root().join(corpus).join("bad"))?);
    }
    for (compiler, language) in COMPILERS {
        let program = scratch.join(format!("contract-{compiler}"));
        let mut build = command(&format!("{compiler} {STRICT} {language}"));
        build.arg(c::folder().join("tests/contract.c")).args(["-x", "none"]);
        run(build.args(flags(prefix)?).arg("-lpthread").arg("-o").arg(&program))?;
        let image = root().join("examples/images/lake.jpg");
        let mut contract = with_library(Command::new(program), prefix);
        run(contract.arg(image).arg(scratch.join("index")).args(&hostile))?;
    }
    Ok(())
}

/// Compiles the first program of the README as it says, and runs it.
fn newcomer(prefix: &Path, scratch: &Path) -> Outcome {
    let readme = files::read_text(c::folder().join("README.md"))?;
    let source = fenced_blocks(&readme, "c").next().ok_or("the README has no program")?;
    let [file, program] = ["hash.c", "hash"].map(|name| scratch.join(name));
    files::write(&file, source)?;
    run(command("cc").arg(&file).args(flags(prefix)?).arg("-o").arg(&program))?;
    let mut hash = with_library(Command::new(program), prefix);
    let record = output(hash.arg(root().join("examples/images/lake.jpg")))?;
    let record: Value = serde_json::from_str(&record).map_err(|error| error.to_string())?;
    match record["hashes"]["pdq"]["hex"].as_str() {
        Some(_) => Ok(()),
        None => Err(format!("the program of the README prints a record without PDQ: {record}")),
    }
}

/// Builds the examples, and returns their names and commands.
fn examples(prefix: &Path, scratch: &Path) -> Outcome<Vec<(&'static str, Command)>> {
    let folder = root().join("examples");
    let built = scratch.join("cmake");
    let mut examples = Vec::new();
    run(command("cmake -Wno-dev --log-level=WARNING -S")
        .arg(folder.join("c"))
        .arg("-B")
        .arg(&built)
        .arg(format!("-DCMAKE_PREFIX_PATH={}", prefix.display())))?;
    run(command("cmake --build").arg(&built))?;
    examples.push(("C", Command::new(built.join("fingerprint_table"))));

    // The static library, with the flags of pkg-config.
    let fixed = scratch.join("static");
    let libraries = output(pkg_config(prefix).args(["--static", "--libs-only-l"]))?;
    let libraries = libraries.split_whitespace().filter(|flag| *flag != "-lownprint");
    run(command("cc -std=c99")
        .arg(folder.join("c/fingerprint_table.c"))
        .arg(format!("-I{}", prefix.join("include").display()))
        .arg(prefix.join("lib/libownprint.a"))
        .args(libraries)
        .arg("-o")
        .arg(&fixed))?;
    examples.push(("C, static", Command::new(fixed)));

    let go = scratch.join("go");
    let mut build = command("go build -buildvcs=false -o");
    run(build
        .arg(&go)
        .arg(".")
        .current_dir(folder.join("go"))
        .env("GOTOOLCHAIN", "local")
        .env("PKG_CONFIG_PATH", prefix.join("lib/pkgconfig")))?;
    examples.push(("Go", Command::new(go)));

    let mut ruby = command("ruby -w");
    ruby.arg(folder.join("ruby/fingerprint_table.rb"));
    ruby.env("OWNPRINT_LIBRARY", prefix.join("lib/libownprint.so"));
    examples.push(("Ruby", ruby));
    Ok(examples.into_iter().map(|(name, example)| (name, with_library(example, prefix))).collect())
}

/// Files, and the first columns of their rows.
struct Cases(Vec<(PathBuf, String)>);

impl Cases {
    /// Returns the images of `pdq.json`, and the messages of `digests.json` as files.
    fn new(scratch: &Path) -> Outcome<Self> {
        let folder = root().join("conformance/vectors");
        let mut cases = Vec::new();
        for image in list(&folder.join("pdq.json"), "images")? {
            let pdq = &image["hashes"]["pdq"];
            if let (Some(file), Some(hex)) = (image["file"].as_str(), pdq["hex"].as_str()) {
                cases.push((folder.join(file), format!("{hex} {} ", pdq["quality"])));
            }
        }
        for message in list(&folder.join("digests.json"), "messages")? {
            let of = |key: &str| message[key].as_str().unwrap_or_default();
            let repeat = message["repeat"].as_u64().unwrap_or_default() as usize;
            let path = scratch.join(format!("message-{}", cases.len()));
            files::write(&path, of("text").repeat(repeat))?;
            cases.push((path, format!("not-an-image - {} ", of("sha512"))));
        }
        if cases.len() < 40 { Err("there are few vectors".to_owned()) } else { Ok(Self(cases)) }
    }

    /// Checks the table that an example prints.
    fn check(&self, name: &str, mut example: Command) -> Outcome {
        let table = output(example.args(self.0.iter().map(|(path, _)| path)))?;
        for ((path, expected), row) in self.0.iter().zip(table.lines().chain(std::iter::repeat("")))
        {
            if !row.starts_with(expected) || !row.ends_with(&format!(" {}", path.display())) {
                return Err(format!("{name}: expected {expected}for {}:\n{row}", path.display()));
            }
        }
        if table.lines().count() != self.0.len() {
            return Err(format!("{name} printed other rows:\n{table}"));
        }
        println!("{name}: {} rows agree with the vectors", self.0.len());
        Ok(())
    }
}

fn list(path: &Path, key: &str) -> Outcome<Vec<Value>> {
    let value: Value = serde_json::from_slice(&files::read(path)?).map_err(|it| it.to_string())?;
    value[key].as_array().cloned().ok_or_else(|| format!("{} has no {key}", path.display()))
}

fn pkg_config(prefix: &Path) -> Command {
    let mut pkg_config = command("pkg-config ownprint");
    pkg_config.env("PKG_CONFIG_PATH", prefix.join("lib/pkgconfig"));
    pkg_config
}

/// Returns the flags of pkg-config for the shared library.
fn flags(prefix: &Path) -> Outcome<Vec<String>> {
    let flags = output(pkg_config(prefix).args(["--cflags", "--libs"]))?;
    Ok(flags.split_whitespace().map(str::to_owned).collect())
}

/// Lets a program find the shared library.
fn with_library(mut program: Command, prefix: &Path) -> Command {
    let variable = if cfg!(target_os = "macos") { "DYLD_LIBRARY_PATH" } else { "LD_LIBRARY_PATH" };
    program.env(variable, prefix.join("lib"));
    program
}
