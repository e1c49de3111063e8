//! `cargo xtask limits`: what becomes of files that are made to exhaust a machine.

use crate::process::{Outcome, command, run};

pub(crate) fn limits() -> Outcome {
    let mut tests = command(
        "cargo test --release --package ownprint --features heic,avif,jxl,video --test bombs -- --nocapture --test-threads=1",
    );
    run(tests.env("OWNPRINT_LIMITS", "1"))
}
