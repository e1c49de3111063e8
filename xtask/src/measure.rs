//! Commands that run the measurements and generators in `conformance`.

use std::process::Command;

use crate::files::build_programs;
use crate::process::{Outcome, command, root, run};
use crate::python;
use crate::suites::{conformance, img_hash};

const WRITE: &str = "cargo run --release --package ownprint-conformance --features write --bin";

fn script(name: &str) -> Outcome<Command> {
    let mut script = Command::new(python::interpreter()?);
    script.arg(root().join("conformance/python").join(name));
    Ok(script)
}

pub(crate) fn thresholds() -> Outcome {
    let programs = build_programs()?;
    run(script("thresholds.py")?.arg("--command-line").arg(programs.join("ownprint")))
}

pub(crate) fn coverage(words: &[String]) -> Outcome {
    let [augly, albumentations] = python::interpreters_of_generators()?;
    let mut script = script("coverage.py")?;
    script.arg("--programs").arg(build_programs()?);
    script.arg("--augly").arg(augly).arg("--albumentations").arg(albumentations);
    run(script.args(words))
}

pub(crate) fn robustness(words: &[String]) -> Outcome {
    run(script("robustness.py")?.arg("--programs").arg(build_programs()?).args(words))
}

pub(crate) fn limits() -> Outcome {
    let mut tests = command("cargo test --release --test bombs --package");
    tests.args(conformance::DECODING).args(["--", "--nocapture", "--test-threads=1"]);
    run(tests.env("OWNPRINT_LIMITS", "1"))
}

pub(crate) fn write_vectors() -> Outcome {
    let pillow_13 = python::interpreter_with_pillow_13()?;
    run(command(&format!("{WRITE} make-vectors --")).arg(python::interpreter()?).arg(pillow_13))?;
    for made in ["make-record-vectors", "make-variant-vectors"] {
        run(&mut command(&format!("{WRITE} {made}")))?;
    }
    run(script("video_vectors.py")?.arg(root().join("conformance/vectors/videos.json")))?;
    img_hash::program("vectors")
}

pub(crate) fn list_decoders() -> Outcome {
    run(&mut command(
        "cargo run --package ownprint-conformance --features videos --bin list-decoders",
    ))
}

pub(crate) fn write_images() -> Outcome {
    run(command(&format!("{WRITE} make-images --")).arg(root().join("examples/images")))
}
