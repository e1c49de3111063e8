//! The conformance crate's own tests.

use super::{SuiteResult, differential, img_hash};
use crate::process::{Outcome, command, run};

const TESTS: &str = "cargo test --package ownprint-conformance";

pub(super) fn usual() -> Outcome<SuiteResult> {
    run(&mut command(TESTS))?;
    Ok(corpus_result())
}

pub(super) fn slow() -> Outcome<SuiteResult> {
    run(&mut command("cargo test --release --package ownprint --lib -- --ignored"))?;
    let hostile = "cargo test --release --package ownprint --features heic,avif,jxl,video --test videos --test decode_stills";
    run(&mut command(&format!("{hostile} -- --include-ignored")))?;
    run(command(&format!("{TESTS} --release -- --include-ignored")).env("PROPTEST_CASES", "20000"))?;
    differential::thousands()?;
    img_hash::thousands()?;
    Ok(corpus_result())
}

/// Says it when the tests over other people's images had none.
pub(super) fn corpus_result() -> SuiteResult {
    match std::env::var("OWNPRINT_CORPUS") {
        Ok(corpus) if !corpus.is_empty() => SuiteResult::Passed,
        _ => SuiteResult::PassedBut("OWNPRINT_CORPUS is not set: generated images only".to_owned()),
    }
}
