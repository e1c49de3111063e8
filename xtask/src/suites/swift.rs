//! Tests the Swift package, the example, and the first program of the package's README.

use std::path::{Path, PathBuf};

use super::result::{SuiteResult, corpus_result};
use crate::files::{self, build_programs, fenced_blocks};
use crate::formats::Formats;
use crate::newcomers;
use crate::process::{Outcome, output, root, run, target_folder};
use crate::swift::{self, Swift};

pub(super) fn test() -> Outcome<SuiteResult> {
    let swift = match Swift::get() {
        Ok(swift) => swift,
        Err(why) => return cannot_be_had(why),
    };
    swift::package(&Formats::all())?;
    // The tests compare results of the package with those of the command line, on images from
    // `paint`.
    build_programs()?;
    package(&swift)?;
    example(&swift)?;
    newcomer(&swift)?;
    types(&swift)?;
    Ok(corpus_result())
}

/// If all tests are required, a missing Swift is a failure.
fn cannot_be_had(why: String) -> Outcome<SuiteResult> {
    if std::env::var("OWNPRINT_SWIFT").is_ok_and(|value| value == "required") {
        return Err(why);
    }
    Ok(SuiteResult::PassedBut(format!("no tests were run: {why}")))
}

/// Runs the tests of the package sequentially, because some measure memory. The native library is
/// the shipped build. The Swift code is a debug build, because an optimised build takes minutes.
fn package(swift: &Swift) -> Outcome {
    let corpus =
        std::env::var_os("OWNPRINT_CORPUS").filter(|corpus| !corpus.is_empty()).map(PathBuf::from);
    let corpus = corpus.map(|corpus| root().join(corpus));
    let line = "swift test --disable-xctest --no-parallel --scratch-path";
    let mut tests = swift.command(line, &swift::folder(), corpus.as_slice());
    tests
        .arg(scratch("package"))
        .env("OWNPRINT_COMMAND_LINE", files::command_line())
        .env("OWNPRINT_PAINT", files::programs_folder().join("paint"));
    if let Some(corpus) = &corpus {
        tests.env("OWNPRINT_CORPUS", corpus);
    }
    run(&mut tests)
}

/// Checks that the example prints the same hashes as the command line.
fn example(swift: &Swift) -> Outcome {
    let folder = root().join("examples/swift/fingerprint-table");
    let mut example = swift.command("swift run --scratch-path", &folder, &[]);
    let table = output(example.arg(scratch("example")).arg("fingerprint-table").arg(images()))?;
    let records = records()?;
    for (file, pdq, sha256) in &records {
        let row = table.lines().find(|line| line.ends_with(&format!(" {file}")));
        if !row.is_some_and(|row| row.starts_with(pdq) && row.contains(sha256)) {
            return Err(format!(
                "the table of the example lacks the correct row for {file}:\n{table}"
            ));
        }
    }
    println!("{} rows agree with the command line", records.len());
    if table.lines().count() == records.len() + 1 {
        Ok(())
    } else {
        Err(format!("the table of the example has additional rows:\n{table}"))
    }
}

/// Checks that the program of the README prints the same hash as the command line.
fn newcomer(swift: &Swift) -> Outcome {
    let (_, pdq, sha256) = records()?
        .into_iter()
        .find(|(file, ..)| file == newcomers::PHOTO)
        .ok_or("the photo is missing")?;
    let readme = files::read_text(swift::folder().join("README.md"))?;
    // The first block is the manifest.
    let program = fenced_blocks(&readme, "swift").nth(1).ok_or("the README has no program")?;
    let printed = newcomers::swift(swift, program, &[])?;
    if printed.contains(&pdq) && printed.contains(&sha256) {
        return Ok(());
    }
    Err(format!(
        "the program of the README does not print the expected hashes; it prints:\n{printed}"
    ))
}

/// The stub modules of Apple's frameworks, each after those that it imports.
const STUBS: [&str; 9] = [
    "CoreGraphics",
    "ImageIO",
    "Accelerate",
    "UniformTypeIdentifiers",
    "CoreTransferable",
    "SwiftUI",
    "PhotosUI",
    "UIKit",
    "AVFoundation",
];

/// Checks the types of the Apple-only sources against stub modules, because Linux has no
/// frameworks. The app uses too much of `SwiftUI` for stubs, and is only parsed.
fn types(swift: &Swift) -> Outcome {
    let package = swift::folder();
    let sources = package.join("Sources");
    let modules = scratch("stubs");
    files::create_folder(&modules)?;
    let module_map = sources.join("OwnprintFFI/module.modulemap");
    let compile = |line: &str| {
        let line = format!("swiftc -swift-version 6 -parse-as-library {line}");
        let mut compile = swift.command(&line, &package, &[]);
        compile.arg("-I").arg(&modules);
        compile.arg("-Xcc").arg(format!("-fmodule-map-file={}", module_map.display()));
        compile
    };
    let stubs = STUBS.map(|name| (name, package.join(format!("stubs/{name}.swift"))));
    let generated = sources.join("OwnprintGenerated/OwnprintGenerated.swift");
    for (name, source) in stubs.into_iter().chain([("OwnprintGenerated", generated)]) {
        let mut compile = compile(&format!("-emit-module -module-name {name}"));
        let module = modules.join(format!("{name}.swiftmodule"));
        run(compile.arg("-o").arg(module).arg(source))?;
    }
    let mut check = compile("-typecheck -warnings-as-errors -module-name Ownprint");
    for folder in ["Ownprint", "Ownprint/Apple"] {
        let mut files = files::entries(sources.join(folder))?;
        files.retain(|file| file.extension().is_some_and(|extension| extension == "swift"));
        check.args(files);
    }
    run(&mut check)?;
    let app = root().join("examples/ios/Fingerprint");
    let mut parse = swift.command("swiftc -frontend -parse -swift-version 6", &app, &[]);
    run(parse.args(files::entries(&app)?))
}

/// Returns the name, PDQ and SHA-256 of the example images, as printed by the command line.
fn records() -> Outcome<Vec<(String, String, String)>> {
    let mut hash = std::process::Command::new(files::command_line());
    let table = output(
        hash.args(["hash", "--format", "csv", "--algorithms", "pdq,sha256", "--recursive"])
            .arg(images()),
    )?;
    let mut lines = table.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let names = lines.next().unwrap_or_default();
    let column =
        |wanted| names.iter().position(|name| *name == wanted).ok_or(format!("no column {wanted}"));
    let (path, pdq, sha256) = (column("path")?, column("pdq")?, column("sha256")?);
    let records: Option<Vec<_>> = lines
        .map(|line| {
            let name = Path::new(line.get(path)?).file_name()?.to_string_lossy().into_owned();
            Some((name, (*line.get(pdq)?).to_owned(), (*line.get(sha256)?).to_owned()))
        })
        .collect();
    records
        .filter(|records| !records.is_empty())
        .ok_or_else(|| format!("the command line printed an unexpected table:\n{table}"))
}

fn images() -> PathBuf {
    root().join("examples/images")
}

/// Returns the folder in which SwiftPM builds a package.
fn scratch(name: &str) -> PathBuf {
    target_folder().join("swift").join(name)
}
