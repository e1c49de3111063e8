//! Tests the Kotlin package: its own tests, those of the Android classes, the example, and the
//! first program of the README.

use std::fs;
use std::path::Path;

use super::result::{SuiteResult, corpus_result};
use crate::android::{self, Tests};
use crate::files::{self, build_programs, fenced_blocks};
use crate::formats::Formats;
use crate::kotlin::{self, PATH_SEPARATOR, maven};
use crate::process::{Outcome, command, root, run};

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
pub(crate) fn new_user() -> Outcome {
    let readme = kotlin::folder().join("README.md");
    let text = files::read_text(&readme)?;
    let pom = fenced_blocks(&text, "xml").next();
    // The first block of Kotlin is the build file of Gradle.
    let program = fenced_blocks(&text, "kotlin").find(|block| block.contains("fun main"));
    let (pom, program) = pom.zip(program).ok_or("the README has no first program")?;
    let project = std::env::temp_dir().join(format!("ownprint-new-user-{}", std::process::id()));
    let outcome = try_program(&project, pom, program);
    let _ = fs::remove_dir_all(&project);
    outcome
}

fn try_program(project: &Path, pom: &str, program: &str) -> Outcome {
    let sources = project.join("src/main/kotlin");
    files::create_folder(&sources)?;
    files::write(project.join("pom.xml"), pom)?;
    files::write(sources.join("First.kt"), program)?;
    files::copy(root().join("examples/images/hills.jpg"), project.join("photo.jpg"))?;
    run(maven(project).args([
        "--quiet",
        "compile",
        "org.apache.maven.plugins:maven-dependency-plugin:3.11.0:build-classpath",
        "-Dmdep.outputFile=classpath",
    ]))?;
    let libraries = files::read_text(project.join("classpath"))?;
    let mut java = command("java -cp");
    java.current_dir(project)
        .arg(format!("target/classes{PATH_SEPARATOR}{libraries}"))
        .arg("FirstKt");
    let printed = crate::process::output(&mut java)?;
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
