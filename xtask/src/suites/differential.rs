//! Compares ownprint with the reference implementations on the same pixels.

use std::ffi::OsString;
use std::path::Path;
use std::process::Command;

use super::result::{SuiteResult, corpus_result};
use crate::files::build_programs;
use crate::process::{Outcome, root, run};
use crate::{python, targets};

pub(super) fn differential() -> Outcome<SuiteResult> {
    let programs = build_programs()?;
    let python = python::interpreter()?;
    let mut pdq = script(&python, "differential_pdq.py", &programs);
    run(pdq.arg("--command-line").arg(programs.join("ownprint")))?;
    run(&mut script(&python, "differential_records.py", &programs))?;
    run(&mut script(&python, "differential_video.py", &programs))?;
    run(&mut stills(&python, &programs))?;
    ordinary_sizes(&python, &programs, &[])?;
    run(&mut script(&python, "odd_jpegs.py", &programs))?;
    run(imagehash(&programs)?.args(["--ordinary", "60", "--ties", "90"]))?;
    matrices(&programs, &python, 20)?;
    Ok(corpus_result())
}

/// The scripts that compare files, written with every combination of the options of a format.
const MATRICES: [&str; 3] =
    ["decode_matrix_jpeg.py", "decode_matrix_tiff.py", "decode_matrix_stills.py"];

/// The programs that write such files. Without them, the files of other programs are compared.
const WRITERS: [(&[&str], &str); 4] = [
    (&["cjpeg"], "libjpeg-turbo-progs"),
    (&["tiffcp"], "libtiff-tools"),
    (&["cjxl"], "libjxl-tools"),
    (&["cwebp"], "webp"),
];

/// Prints the tables of the matrices of formats, over every file.
pub(crate) fn decode_matrices() -> Outcome {
    matrices(&build_programs()?, &python::interpreter()?, 1)
}

/// Compares every `every`-th file.
fn matrices(programs: &Path, python: &Path, every: u32) -> Outcome {
    targets::install_programs(&WRITERS);
    for name in MATRICES {
        run(script(python, name, programs).arg("--every").arg(every.to_string()))?;
    }
    Ok(())
}

/// Prints the table of unusual JPEG files in docs/formats.md.
pub(crate) fn odd_jpegs() -> Outcome {
    run(&mut script(&python::interpreter()?, "odd_jpegs.py", &build_programs()?))
}

/// Compares thousands of images with `PyPI` `ImageHash`, fewer for its crop-resistant hash, which
/// takes seconds per image. Hashes images of up to 200 megapixels.
pub(super) fn thousands() -> Outcome {
    let programs = build_programs()?;
    ordinary_sizes(&python::interpreter()?, &programs, &["--whole"])?;
    run(imagehash(&programs)?.args([
        "--ordinary",
        "2000",
        "--ties",
        "2000",
        "--without",
        "crop-resistant",
    ]))?;
    run(imagehash(&programs)?.args([
        "--ordinary",
        "300",
        "--ties",
        "300",
        "--only",
        "crop-resistant",
    ]))
}

fn imagehash(programs: &Path) -> Outcome<Command> {
    let mut imagehash = script(&python::interpreter()?, "differential_imagehash.py", programs);
    imagehash.arg("--pillow-13").arg(python::interpreter_with_pillow_13()?);
    Ok(imagehash)
}

/// Compares the committed images, and those of the corpus if there is one.
fn stills(python: &Path, programs: &Path) -> Command {
    let mut stills = command_line(python, "differential_stills.py", programs);
    stills.arg(root().join("conformance/vectors/stills")).args(corpus());
    stills
}

/// Hashes large images of the corpus's photographs, if there is a corpus.
fn ordinary_sizes(python: &Path, programs: &Path, options: &[&str]) -> Outcome {
    let Some(corpus) = corpus() else { return Ok(()) };
    run(command_line(python, "ordinary_sizes.py", programs).arg(corpus).args(options))
}

fn corpus() -> Option<OsString> {
    std::env::var_os("OWNPRINT_CORPUS").filter(|corpus| !corpus.is_empty())
}

/// Returns a script that runs the programs of the conformance crate.
fn script(python: &Path, name: &str, programs: &Path) -> Command {
    let mut script = python_script(python, name);
    script.arg("--programs").arg(programs);
    script
}

/// Returns a script that runs the command line.
fn command_line(python: &Path, name: &str, programs: &Path) -> Command {
    let mut script = python_script(python, name);
    script.arg("--ownprint").arg(programs.join("ownprint"));
    script
}

fn python_script(python: &Path, name: &str) -> Command {
    let mut script = Command::new(python);
    script.arg(root().join("conformance/python").join(name));
    script
}
