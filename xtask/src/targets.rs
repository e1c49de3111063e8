//! Finds or installs toolchains, targets and emulators. Prints a line before it installs something.

use std::path::Path;
use std::process::Command;
use std::sync::Mutex;

use crate::process::{Outcome, command, output, run, say, succeeds};

/// rustup and apt-get cannot run twice at the same time.
static INSTALLING: Mutex<()> = Mutex::new(());

/// Installs the standard library of a target if it is missing.
pub(crate) fn add_target(target: &str) -> Outcome {
    let _alone = INSTALLING.lock();
    let installed = output(&mut command("rustup target list --installed"))?;
    if installed.lines().any(|line| line == target) {
        return Ok(());
    }
    say(&format!("installing Rust's standard library for {target}"));
    run(&mut command(&format!("rustup target add {target}")))
}

/// Installs a toolchain if it is missing.
pub(crate) fn add_toolchain(version: &str) -> Outcome {
    let _alone = INSTALLING.lock();
    if succeeds(&format!("rustup run {version} rustc --version")) {
        return Ok(());
    }
    say(&format!("installing Rust {version}"));
    run(&mut command(&format!(
        "rustup toolchain install {version} --profile minimal --no-self-update"
    )))
}

/// Installs a cargo subcommand if it is missing.
pub(crate) fn add_cargo_tool(name: &str) -> Outcome {
    let _alone = INSTALLING.lock();
    if succeeds(&format!("cargo {name} --version")) {
        return Ok(());
    }
    say(&format!("installing cargo-{name} (once; takes some minutes)"));
    run(&mut command(&format!("cargo install cargo-{name} --locked")))
}

/// Returns a command that runs a WASI program in Node.
pub(crate) fn in_node(program: &Path) -> Command {
    let mut node = command("node --no-warnings conformance/run-wasi.mjs");
    node.arg(program);
    node
}

/// Returns the emulator for `aarch64` programs, or `None` if this machine is an `aarch64` machine.
pub(crate) fn aarch64_emulator() -> Outcome<Option<&'static str>> {
    if cfg!(all(target_arch = "aarch64", target_os = "linux")) {
        return Ok(None);
    }
    let find = || {
        ["qemu-aarch64-static", "qemu-aarch64"]
            .into_iter()
            .find(|name| succeeds(&format!("{name} --version")))
    };
    if let Some(name) = find() {
        return Ok(Some(name));
    }
    install_packages(&["qemu-user-static"]).map_err(|error| {
        format!(
            "{error}; this suite runs programs for aarch64; install qemu-user-static and try again"
        )
    })?;
    find()
        .map(Some)
        .ok_or_else(|| "qemu-user-static was installed and is still not found".to_owned())
}

/// Returns `true` if `strace` is installed or can be installed.
pub(crate) fn has_strace() -> bool {
    let is_here = || succeeds("strace -V");
    is_here() || (cfg!(target_os = "linux") && install_packages(&["strace"]).is_ok() && is_here())
}

/// Installs programs that are missing, if this machine can, and returns the Debian packages of those
/// that are still missing. Each entry has the possible names of a program, and its package.
pub(crate) fn install_programs(programs: &[(&[&str], &'static str)]) -> Vec<&'static str> {
    let missing = || {
        let is_missing = |names: &[&str]| !names.iter().any(|name| is_on_path(name));
        programs.iter().filter(move |(names, _)| is_missing(names)).map(|(_, package)| *package)
    };
    let packages: Vec<&str> = missing().collect();
    if !packages.is_empty() && (is_root() || is_ci()) && is_on_path("apt-get") {
        // Suites report missing programs at their end.
        let _ = install_packages(&packages);
    }
    missing().collect()
}

pub(crate) fn is_on_path(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| Path::new(&folder).join(program).is_file())
}

/// Prints the names of Debian packages and installs them.
pub(crate) fn install_packages(packages: &[&str]) -> Outcome {
    let _alone = INSTALLING.lock();
    say(&format!("installing {} with apt-get", packages.join(", ")));
    // The runners of CI services have no root, but a `sudo` that asks for no password.
    let root = if !is_root() && is_ci() { "sudo --non-interactive " } else { "" };
    let apt_get = format!("{root}env DEBIAN_FRONTEND=noninteractive apt-get");
    let install = || {
        let line = format!("{apt_get} install --yes --no-install-recommends");
        run(command(&line).args(packages))
    };
    // A new machine needs the package lists first.
    install().or_else(|_| run(&mut command(&format!("{apt_get} update"))).and_then(|()| install()))
}

fn is_root() -> bool {
    succeeds("test -w /usr/bin")
}

/// Returns `true` on a machine of a CI service.
fn is_ci() -> bool {
    std::env::var_os("CI").is_some()
}
