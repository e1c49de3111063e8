//! The conformance crate's own tests.

use super::{Verdict, differential, img_hash};
use crate::process::{Outcome, command, run};

const TESTS: &str = "cargo test --package ownprint-conformance";

pub(super) fn usual() -> Outcome<Verdict> {
    run(&mut command(TESTS))?;
    Ok(corpus_verdict())
}

pub(super) fn slow() -> Outcome<Verdict> {
    run(&mut command("cargo test --release --package ownprint --lib -- --ignored"))?;
    let hostile = "cargo test --release --package ownprint --features heic,avif,jxl,video --test films --test decode_stills";
    run(&mut command(&format!("{hostile} -- --include-ignored")))?;
    run(command(&format!("{TESTS} --release -- --include-ignored")).env("PROPTEST_CASES", "20000"))?;
    differential::thousands()?;
    img_hash::thousands()?;
    Ok(corpus_verdict())
}

/// Says it when the tests over other people's pictures had none.
pub(super) fn corpus_verdict() -> Verdict {
    match std::env::var("OWNPRINT_CORPUS") {
        Ok(corpus) if !corpus.is_empty() => Verdict::Passed,
        _ => Verdict::PassedBut("OWNPRINT_CORPUS is not set: generated pictures only".to_owned()),
    }
}
