//! Builds the Python package as it is published: wheels, and the source distribution.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::process::{Outcome, root, run, target_folder};
use crate::{files, python, shipping, targets};

/// What `cargo xtask package python` builds in addition to the wheel for this machine.
#[derive(Debug, Default, clap::Args)]
pub(crate) struct Wheels {
    /// Also build a wheel for this target, as rustc names it.
    #[arg(long = "target", value_name = "TARGET")]
    pub(crate) targets: Vec<String>,
    /// Also build a wheel for this free-threaded interpreter, such as python3.14t.
    #[arg(long, value_name = "PYTHON")]
    pub(crate) free_threaded: Vec<PathBuf>,
    /// Also write the source distribution.
    #[arg(long)]
    pub(crate) sdist: bool,
}

/// `cargo xtask package python`: builds into `target/wheels`, with the settings of releases.
pub(crate) fn package(wheels: &Wheels) -> Outcome {
    files::list(&build(wheels)?)
}

/// Builds the wheels and the source distribution, and returns their paths.
pub(crate) fn build(wheels: &Wheels) -> Outcome<Vec<PathBuf>> {
    let python = python::interpreter_of_wheels()?;
    empty()?;
    if wheels.sdist {
        let mut sdist = maturin(&python, "sdist");
        run(sdist.arg("--out").arg(folder()))?;
    }
    let here = if cfg!(target_os = "linux") {
        Some(format!("{}-unknown-linux-gnu", std::env::consts::ARCH))
    } else {
        None
    };
    let build = |target: Option<&str>, interpreter: Option<&Path>| -> Outcome {
        let mut build = shipping::with_flags(maturin(&python, "build"), &[])?;
        build.args(["--locked", "--profile", "dist", "--out"]).arg(folder());
        if let Some(target) = target {
            targets::add_target(target)?;
            build.args(["--target", target]);
            // With zig, a wheel depends on no newer library than the policy names, whatever this
            // machine has.
            if target.contains("linux") {
                build.args(["--zig", "--compatibility", "manylinux2014"]);
            }
        }
        if let Some(interpreter) = interpreter {
            build.arg("--interpreter").arg(interpreter);
        }
        run(&mut build)
    };
    build(here.as_deref(), None)?;
    for target in &wheels.targets {
        build(Some(target), None)?;
    }
    for interpreter in &wheels.free_threaded {
        build(here.as_deref(), Some(interpreter))?;
    }
    files::entries(folder())
}

/// Builds the wheel for tests, with the profile that other suites use, and returns its path.
pub(crate) fn for_tests(interpreter: &Path) -> Outcome<PathBuf> {
    empty()?;
    run(maturin(interpreter, "build").args(["--locked", "--release", "--out"]).arg(folder()))?;
    for_this_machine().ok_or_else(|| "maturin wrote no wheel".to_owned())
}

/// Returns the wheel of the stable ABI for this machine, if an earlier call built it.
pub(crate) fn for_this_machine() -> Option<PathBuf> {
    let fits = |path: &PathBuf| {
        let name = files::name(path);
        let architecture = !cfg!(target_os = "linux") || name.contains(std::env::consts::ARCH);
        path.extension().is_some_and(|it| it == "whl") && name.contains("-abi3-") && architecture
    };
    files::entries(folder()).ok()?.into_iter().find(fits)
}

fn folder() -> PathBuf {
    target_folder().join("wheels")
}

fn empty() -> Outcome {
    if folder().exists() { files::remove_folder(folder()) } else { Ok(()) }
}

/// Returns the command of maturin in the environment of an interpreter, for the package.
fn maturin(interpreter: &Path, task: &str) -> Command {
    let mut maturin = Command::new(interpreter.with_file_name("maturin"));
    maturin.current_dir(root()).arg(task).arg("--manifest-path");
    maturin.arg(python::folder().join("Cargo.toml"));
    // maturin finds zig as a module of the first interpreter.
    let programs = interpreter.parent().map(Path::to_path_buf);
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = programs.into_iter().chain(std::env::split_paths(&path));
    if let Ok(path) = std::env::join_paths(folders) {
        maturin.env("PATH", path);
    }
    maturin
}
