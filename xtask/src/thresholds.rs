//! `cargo xtask thresholds`: what each algorithm's threshold finds, and what it confuses.

use std::process::Command;

use crate::files::build_programs;
use crate::process::{Outcome, root, run};
use crate::python;

pub(crate) fn thresholds() -> Outcome {
    let mut measure = Command::new(python::interpreter()?);
    measure.arg(root().join("conformance/python/thresholds.py"));
    run(measure.arg("--command-line").arg(build_programs()?.join("ownprint")))
}
