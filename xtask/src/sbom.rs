//! `cargo xtask sbom`: what each package is made of, for those who must know.

use std::fs;
use std::path::Path;

use crate::files;
use crate::process::{Outcome, command, root, run, target_folder};
use crate::targets;

/// What is shipped, with its folder, by the target it is shipped for where that is not this machine.
const SHIPPED: [(&str, &[(&str, &str)]); 2] = [
    (
        "--all-features",
        &[
            ("ownprint", "crates/ownprint"),
            ("ownprint-cli", "crates/ownprint-cli"),
            ("ownprint-ffi", "bindings/ffi"),
        ],
    ),
    // With every module of the npm package.
    ("--target wasm32-unknown-unknown --all-features", &[("ownprint-wasm", "bindings/wasm")]),
];

/// Writes a `CycloneDX` file each into `target/sbom`.
pub(crate) fn sbom() -> Outcome {
    targets::add_cargo_tool("cyclonedx")?;
    let folder = target_folder().join("sbom");
    files::create_folder(&folder)?;
    for (target, packages) in SHIPPED {
        // The tool writes beside every manifest of the workspace.
        run(&mut command(&format!(
            "cargo cyclonedx --format json --no-build-deps --override-filename sbom {target}"
        )))?;
        for (name, place) in packages {
            let written = root().join(place).join("sbom.json");
            files::copy(written, folder.join(format!("{name}.cdx.json")))?;
        }
    }
    remove_written(&root())
}

/// Leaves nothing behind in the folders of the workspace.
fn remove_written(folder: &Path) -> Outcome {
    const ELSEWHERE: [&str; 4] = ["target", "node_modules", ".git", ".cache"];
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let (path, name) = (entry.path(), entry.file_name());
        if name == "sbom.json" {
            fs::remove_file(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        } else if path.is_dir() && !path.is_symlink() && ELSEWHERE.iter().all(|it| name != *it) {
            remove_written(&path)?;
        }
    }
    Ok(())
}
