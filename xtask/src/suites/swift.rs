//! The Swift package, with Swift's own test runner; the example; and what a newcomer does by the
//! package's README.

use std::fs;
use std::path::{Path, PathBuf};

use super::result::{SuiteResult, corpus_result};
use crate::files::{self, build_programs, fenced_blocks};
use crate::formats::Formats;
use crate::process::{Outcome, output, root, run, target_folder};
use crate::swift::{self, Swift};

pub(super) fn test() -> Outcome<SuiteResult> {
    let swift = match Swift::get() {
        Ok(swift) => swift,
        Err(why) => return cannot_be_had(why),
    };
    swift::package(&Formats::all())?;
    // The package's results are held against the command line's, over images that the painter
    // paints.
    build_programs()?;
    package(&swift)?;
    example(&swift)?;
    newcomer(&swift)?;
    syntax(&swift)?;
    Ok(corpus_result())
}

/// Where everything has to be tested, what cannot be had is a failure.
fn cannot_be_had(why: String) -> Outcome<SuiteResult> {
    if std::env::var("OWNPRINT_SWIFT").is_ok_and(|value| value == "required") {
        return Err(why);
    }
    Ok(SuiteResult::PassedBut(format!("nothing was tested: {why}")))
}

/// The package's own tests, one after the other: some measure memory. The library under them is the
/// one that is shipped; optimising the Swift as well would take minutes.
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

/// The example prints what the command line says of the same images.
fn example(swift: &Swift) -> Outcome {
    let folder = root().join("examples/swift/fingerprint-table");
    let mut example = swift.command("swift run --scratch-path", &folder, &[]);
    let table = output(example.arg(scratch("example")).arg("fingerprint-table").arg(images()))?;
    let records = records()?;
    for (file, pdq, sha256) in &records {
        let row = table.lines().find(|line| line.ends_with(&format!(" {file}")));
        if !row.is_some_and(|row| row.starts_with(pdq) && row.contains(sha256)) {
            return Err(format!("the example's table has no right row of {file}:\n{table}"));
        }
    }
    println!("{} rows, as the command line has them", records.len());
    if table.lines().count() == records.len() + 1 {
        Ok(())
    } else {
        Err(format!("other rows, too:\n{table}"))
    }
}

/// An empty package, the README's manifest, the README's program: the same hash as the command
/// line's.
fn newcomer(swift: &Swift) -> Outcome {
    let (file, pdq, sha256) = records()?
        .into_iter()
        .find(|(file, ..)| file == "lake.jpg")
        .ok_or("there is no lake.jpg")?;
    let folder = std::env::temp_dir().join(format!("ownprint-newcomer-{}", std::process::id()));
    files::create_folder(&folder)?;
    let printed = newcomers_program(swift, &folder, &images().join(file));
    files::remove_folder(&folder)?;
    let printed = printed?;
    if printed.contains(&pdq) && printed.contains(&sha256) {
        return Ok(());
    }
    Err(format!("the README's program does not print the hashes of its image, but:\n{printed}"))
}

fn newcomers_program(swift: &Swift, folder: &Path, image: &Path) -> Outcome<String> {
    const PLACE: &str = "../ownprint/bindings/swift";
    run(&mut swift.command("swift package init --type executable --name newcomer", folder, &[]))?;
    let readme = files::read_text(swift::folder().join("README.md"))?;
    let mut blocks = fenced_blocks(&readme, "swift");
    let (Some(manifest), Some(program)) = (blocks.next(), blocks.next()) else {
        return Err("the README does not begin with a manifest and a program".to_owned());
    };
    if !manifest.contains(PLACE) {
        return Err(format!("the README's manifest does not name {PLACE}"));
    }
    let manifest = manifest.replace(PLACE, &swift::folder().to_string_lossy());
    let sources = folder.join("Sources/newcomer");
    // Versions of Swift differ in what they begin a program with.
    let _ = fs::remove_dir_all(folder.join("Sources"));
    files::create_folder(&sources)?;
    for (file, contents) in
        [(folder.join("Package.swift"), manifest.as_str()), (sources.join("main.swift"), program)]
    {
        files::write(&file, contents)?;
    }
    fs::copy(image, folder.join("photo.jpg")).map_err(|error| format!("photo.jpg: {error}"))?;
    output(&mut swift.command("swift run", folder, &[]))
}

/// Apple's entry points and the app are not compiled on Linux; that they are Swift is seen.
fn syntax(swift: &Swift) -> Outcome {
    for folder in
        [swift::folder().join("Sources/Ownprint/Apple"), root().join("examples/ios/Fingerprint")]
    {
        let mut parse = swift.command("swiftc -frontend -parse -swift-version 6", &folder, &[]);
        run(parse.args(files::entries(&folder)?))?;
    }
    Ok(())
}

/// Name, PDQ and SHA-256 of the repository's images, as the command line prints them.
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
        .ok_or_else(|| format!("not the table that was asked for:\n{table}"))
}

fn images() -> PathBuf {
    root().join("examples/images")
}

/// Where SwiftPM builds a package.
fn scratch(name: &str) -> PathBuf {
    target_folder().join("swift").join(name)
}
