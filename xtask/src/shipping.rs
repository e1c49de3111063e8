//! Compiler settings of shipped builds: the result contains no paths of the build machine.

use std::path::PathBuf;
use std::process::Command;
use std::sync::LazyLock;

use crate::files;
use crate::process::{Outcome, command, root, run, target_folder};

/// Returns a cargo command for a shipped build. `flags` are for rustc, for every crate.
///
/// A panic message contains the path of its source file. With these flags, the path of a dependency
/// is `registry/NAME-VERSION/…` on every machine.
pub(crate) fn cargo(line: &str, flags: &[&str]) -> Outcome<Command> {
    with_flags(command(line), flags)
}

/// Returns a command that runs cargo with the settings of shipped builds.
pub(crate) fn with_flags(mut command: Command, flags: &[&str]) -> Outcome<Command> {
    static RENAMES: LazyLock<Outcome<Vec<String>>> = LazyLock::new(renames);
    let renames = RENAMES.as_ref().map_err(String::clone)?;
    let flags: Vec<&str> =
        flags.iter().copied().chain(renames.iter().map(String::as_str)).collect();
    // The separator that cargo defines, which occurs in no path.
    command.env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}"));
    Ok(command)
}

/// Returns the flags that replace folders of this machine in paths.
fn renames() -> Outcome<Vec<String>> {
    // The folders of the registries must exist.
    run(&mut command("cargo fetch --locked"))?;
    let mut renamed = vec![(root(), "."), (target_folder(), "target")];
    renamed.extend(registries()?.into_iter().map(|folder| (folder, "registry")));
    let flag = |(folder, name): (PathBuf, &str)| {
        format!("--remap-path-prefix={}={name}", folder.display())
    };
    Ok(renamed.into_iter().map(flag).collect())
}

/// Returns the folders in which cargo unpacks dependencies, one per registry.
pub(crate) fn registries() -> Outcome<Vec<PathBuf>> {
    files::entries(cargo_home()?.join("registry/src"))
}

/// Returns cargo's home folder.
pub(crate) fn cargo_home() -> Outcome<PathBuf> {
    let named = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = named.or_else(|| Some(std::env::home_dir()?.join(".cargo")));
    home.ok_or_else(|| "no home folder was found; set CARGO_HOME".to_owned())
}
