//! Tests the Kotlin package: its own tests, those of the Android classes, the example, and the
//! first program of the README.

use super::result::{SuiteResult, corpus_result};
use crate::android::{self, Tests};
use crate::files::{self, build_programs, fenced_blocks};
use crate::formats::Formats;
use crate::kotlin::{self, maven};
use crate::newcomers;
use crate::process::{Outcome, root, run};

pub(super) fn test() -> Outcome<SuiteResult> {
    // The tests compare results of the package with those of the command line.
    let programs = build_programs()?;
    kotlin::prepare(&Formats::all())?;
    // The suite also tests the example, which needs the jar.
    run(maven(&kotlin::folder()).args(["install", "-DskipTests"]))?;
    run(maven(&root().join("examples/kotlin")).arg("package"))?;
    run(maven(&kotlin::folder()).arg("surefire:test").env("OWNPRINT_PROGRAMS", programs))?;
    new_user()?;
    let abis = android_package()?;
    Ok(if abis.is_empty() {
        SuiteResult::PassedBut(
            "the Android package was assembled without native libraries, because none were built"
                .to_owned(),
        )
    } else {
        corpus_result()
    })
}

/// Tests the Android classes with Robolectric, and checks that the aar contains the files that
/// Android builds expect.
fn android_package() -> Outcome<Vec<&'static str>> {
    let (aar, abis) = android::assemble(Tests::Run)?;
    let listed = android::list(&aar)?;
    let libraries = abis.iter().map(|abi| format!("jni/{abi}/libownprint.so"));
    let expected =
        ["AndroidManifest.xml", "classes.jar", "R.txt", "proguard.txt"].map(str::to_owned);
    match expected
        .into_iter()
        .chain(libraries)
        .find(|name| !listed.lines().any(|line| line == name))
    {
        Some(missing) => Err(format!("{} lacks {missing}", aar.display())),
        None => Ok(abis),
    }
}

/// Follows the first sections of the README: creates a Maven project with its `pom.xml`, and runs
/// the first program.
fn new_user() -> Outcome {
    let text = files::read_text(kotlin::readme())?;
    // The first block of Kotlin is the build file of Gradle.
    let program = fenced_blocks(&text, "kotlin").find(|block| block.contains("fun main"));
    let printed = newcomers::kotlin(program.ok_or("the README has no first program")?, &[])?;
    print!("{printed}");
    let expected = expected_hash()?;
    if printed.contains(&expected) {
        return Ok(());
    }
    Err(format!("the README's first program does not print {expected}"))
}

/// Returns the output of the command line for the image of the first program.
fn expected_hash() -> Outcome<String> {
    let mut hash = std::process::Command::new(files::command_line());
    hash.args(["hash", "--algorithms", "pdq", "--format", "csv", "examples/images/hills.jpg"]);
    let printed = crate::process::output(hash.current_dir(root()))?;
    let hash = printed.split([',', '\n']).find(|field| field.len() == 64);
    hash.map(str::to_owned).ok_or_else(|| "the command line printed no hash".to_owned())
}
