//! Packages each published crate, and runs its tests outside of the repository.

use std::fs;

use super::result::SuiteResult;
use crate::files;
use crate::metadata;
use crate::process::{Outcome, command, root, run, target_folder};

pub(super) fn test() -> Outcome<SuiteResult> {
    let packages = metadata::published()?;
    let mut package = command("cargo package --no-verify --allow-dirty");
    for published in &packages {
        package.args(["--package", &published.name]);
    }
    run(&mut package)?;

    // A workspace with the unpacked crates, so that they find one another, and with the locked
    // dependencies.
    let folder = target_folder().join("package/unpacked");
    let _ = fs::remove_dir_all(&folder);
    files::create_folder(&folder)?;
    let (mut members, mut patches) = (Vec::new(), Vec::new());
    for published in &packages {
        let name = format!("{}-{}", published.name, published.version);
        let archive = target_folder().join(format!("package/{name}.crate"));
        // The files in a package are dated 2006. Extracted files need the current time, or cargo
        // does not rebuild them.
        run(command("tar -xzmf").arg(&archive).arg("-C").arg(&folder))?;
        // A package contains a lockfile, but a member of a workspace must not.
        let _ = fs::remove_file(folder.join(&name).join("Cargo.lock"));
        members.push(format!("\"{name}\""));
        patches.push(format!("{} = {{ path = \"{name}\" }}\n", published.name));
    }
    let (members, patches) = (members.join(", "), patches.concat());
    let manifest = format!(
        "[workspace]\nresolver = \"3\"\nmembers = [{members}]\n\n[patch.crates-io]\n{patches}"
    );
    let profile = files::read_text(root().join("Cargo.toml"))?;
    let profile = profile.split_once("[profile.dev]").map_or("", |(_, dev)| dev);
    files::write(folder.join("Cargo.toml"), format!("{manifest}\n[profile.dev]{profile}"))?;
    files::copy(root().join("Cargo.lock"), folder.join("Cargo.lock"))?;
    files::copy(root().join("rust-toolchain.toml"), folder.join("rust-toolchain.toml"))?;

    // The optional codecs take minutes to compile, and the suite `core` tests them.
    for (line, is_wanted) in [("--lib", true), ("--bins --no-default-features", false)] {
        let mut tests = command(&format!("cargo test --offline {line} --config"));
        tests.arg(root().join(".cargo/config.toml"));
        for published in packages.iter().filter(|package| package.is_library == is_wanted) {
            tests.args(["--package", &published.name]);
        }
        run(tests.current_dir(&folder).env("CARGO_TARGET_DIR", target_folder()))?;
    }
    Ok(SuiteResult::Passed)
}
