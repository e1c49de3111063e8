//! `cargo xtask ports`: measures public implementations with the conformance kit.

use std::process::Command;

use crate::files::{self, build_programs};
use crate::process::{Outcome, command, output, root, run, target_folder};
use crate::python;

/// Builds the adapters of the kit, and writes the table of `docs/ports.md`.
pub(crate) fn ports() -> Outcome {
    let adapters = root().join("conformance/kit/adapters");
    let built = target_folder().join("kit-ports");
    files::create_folder(&built)?;
    let go = built.join(format!("goimagehash{}", std::env::consts::EXE_SUFFIX));
    run(command("go build -o").arg(&go).arg(".").current_dir(adapters.join("go")))?;
    run(command("npm ci --no-fund --no-audit").current_dir(adapters.join("node")))?;
    run(command("cargo build --locked")
        .current_dir(adapters.join("rust"))
        .env("CARGO_TARGET_DIR", &built))?;
    let mut table = Command::new(python::interpreter()?);
    table.arg(root().join("conformance/python/kit_ports.py"));
    table.arg("--go").arg(go);
    table.arg("--rust").arg(built.join("debug/kit-rust-ports"));
    table.arg("--ownprint").arg(build_programs()?.join("ownprint"));
    files::write(root().join("docs/ports.md"), output(&mut table)?)
}
