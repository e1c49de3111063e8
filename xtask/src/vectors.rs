//! What is written anew by the conformance crate's programs.

use crate::parts::img_hash;
use crate::process::{Outcome, command, root, run};
use crate::python;

const PROGRAM: &str = "cargo run --release --package ownprint-conformance --features write --bin";

/// `cargo xtask vectors`.
pub(crate) fn write() -> Outcome {
    let (python, pillow_13) = (python::interpreter()?, python::interpreter_with_pillow_13()?);
    run(command(&format!("{PROGRAM} make-vectors --")).arg(&python).arg(pillow_13))?;
    for made in ["make-record-vectors", "make-variant-vectors"] {
        run(&mut command(&format!("{PROGRAM} {made}")))?;
    }
    let mut videos = std::process::Command::new(&python);
    let folder = root().join("conformance");
    run(videos.arg(folder.join("python/video_vectors.py")).arg(folder.join("vectors/videos.json")))?;
    img_hash::program("vectors")
}

/// `cargo xtask images`.
pub(crate) fn write_images() -> Outcome {
    run(command(&format!("{PROGRAM} make-images --")).arg(root().join("examples/images")))
}
