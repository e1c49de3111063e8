//! How what is shipped is compiled: with nothing in it of the machine that compiled it.

use std::path::PathBuf;
use std::process::Command;
use std::sync::LazyLock;

use crate::files;
use crate::process::{Outcome, command, root, run, target_folder};

/// A command line of cargo that builds for others. `flags` are rustc's, for every crate.
///
/// A panic names the line of the source it comes from. Under these flags that is
/// `registry/NAME-VERSION/…` for dependencies, whoever builds and wherever.
pub(crate) fn cargo(line: &str, flags: &[&str]) -> Outcome<Command> {
    static RENAMES: LazyLock<Outcome<Vec<String>>> = LazyLock::new(renames);
    let renames = RENAMES.as_ref().map_err(String::clone)?;
    let flags: Vec<&str> =
        flags.iter().copied().chain(renames.iter().map(String::as_str)).collect();
    let mut cargo = command(line);
    // Separated by what no path has in it.
    cargo.env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}"));
    Ok(cargo)
}

/// The flags by which folders of this machine get other names.
fn renames() -> Outcome<Vec<String>> {
    // The folders that are renamed must be there.
    run(&mut command("cargo fetch --locked"))?;
    let mut renamed = vec![(root(), "."), (target_folder(), "target")];
    renamed.extend(registries()?.into_iter().map(|folder| (folder, "registry")));
    let flag = |(folder, name): (PathBuf, &str)| {
        format!("--remap-path-prefix={}={name}", folder.display())
    };
    Ok(renamed.into_iter().map(flag).collect())
}

/// Where cargo unpacks the sources of dependencies, a folder a registry.
pub(crate) fn registries() -> Outcome<Vec<PathBuf>> {
    files::entries(cargo_home()?.join("registry/src"))
}

/// Cargo's own folder.
pub(crate) fn cargo_home() -> Outcome<PathBuf> {
    let named = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = named.or_else(|| Some(std::env::home_dir()?.join(".cargo")));
    home.ok_or_else(|| "there is no home folder".to_owned())
}
