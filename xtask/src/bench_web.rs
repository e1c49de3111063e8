//! `cargo xtask bench-web`: times, memory and sizes of the npm package in headless Chromium, its start in Node.

use crate::files::build_timed_programs;
use crate::process::{Outcome, command, run};
use crate::{bench_peers, parts, python};

pub(crate) fn bench_web() -> Outcome {
    let python = python::interpreter()?;
    parts::web::prepare()?;
    let programs = build_timed_programs()?;
    let jpeg = bench_peers::camera_jpeg(&programs, &python)?;
    let stills = bench_peers::camera_stills(&python, &jpeg)?;
    let mut bench = command("node bindings/wasm/bench/bench.mjs");
    run(bench.env("OWNPRINT_PROGRAMS", programs).arg(jpeg).args(stills))?;
    run(&mut command("node bindings/wasm/bench/start.mjs"))
}
