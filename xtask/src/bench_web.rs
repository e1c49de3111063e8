//! `cargo xtask bench-web`: times, memory and sizes of the npm package in headless Chromium, its start in Node.

use crate::process::{Outcome, command, run, target_folder};
use crate::{bench_peers, parts, python};

pub(crate) fn bench_web() -> Outcome {
    let python = python::interpreter()?;
    parts::web::prepare()?;
    let jpeg = bench_peers::camera_jpeg(&target_folder().join("release"), &python, 1)?;
    run(command("node bindings/wasm/bench/bench.mjs").env("CARGO_TARGET_DIR", target_folder()).arg(jpeg))?;
    run(&mut command("node bindings/wasm/bench/start.mjs"))
}
