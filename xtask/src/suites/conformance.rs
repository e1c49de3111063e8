//! The tests of the conformance crate, and the slow tests.

use super::result::{SuiteResult, corpus_result};
use super::{differential, img_hash};
use crate::process::{Outcome, command, run};

const TESTS: &str = "cargo test --package ownprint-conformance";

/// The arguments after `--package` for the crate whose tests decode hostile files, with all
/// decoders.
pub(crate) const DECODING: [&str; 3] = ["ownprint", "--features", "heic,avif,jxl,video"];

pub(super) fn usual() -> Outcome<SuiteResult> {
    run(&mut command(TESTS))?;
    Ok(corpus_result())
}

pub(super) fn slow() -> Outcome<SuiteResult> {
    run(&mut command("cargo test --release --package ownprint --lib -- --ignored"))?;
    let mut hostile =
        command("cargo test --release --test video_files --test decode_stills --package");
    run(hostile.args(DECODING).args(["--", "--include-ignored"]))?;
    run(command(&format!("{TESTS} --release -- --include-ignored")).env("PROPTEST_CASES", "20000"))?;
    differential::thousands()?;
    img_hash::program("differential 2000 2000 10")?;
    super::machines::wasm32_without_simd()?;
    Ok(corpus_result())
}
