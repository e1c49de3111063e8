//! Tests the published wheels: each Python of this machine, free-threaded Python, aarch64 under an
//! emulator, and the source distribution.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::python::{first_program, in_package, new_user_of};
use super::result::SuiteResult;
use crate::files;
use crate::process::{Outcome, command, root, run};
use crate::python::{self, empty_environment_of, pip};
use crate::targets::{aarch64_emulator, is_on_path};
use crate::wheels::{self, Wheels};

const AARCH64: &str = "aarch64-unknown-linux-gnu";

/// Versions of Python that have the stable ABI of the wheel.
const PYTHONS: [&str; 5] = ["python3.10", "python3.11", "python3.12", "python3.13", "python3.14"];

/// `PyO3` supports free-threaded Python from 3.14 on.
const FREE_THREADED: [&str; 2] = ["python3.14t", "python3.15t"];

/// The tests that need nothing but [`TEST_PACKAGES`].
const TESTS: [&str; 6] = [
    "tests/test_comparison.py",
    "tests/test_index.py",
    "tests/test_pixels.py",
    "tests/test_records.py",
    "tests/test_vectors.py",
    "tests/test_videos.py",
];

/// A test that starts another interpreter, which an emulator cannot.
const STARTS_PYTHON: &str = "tests/test_pixels.py::test_adjacent_rows_are_not_copied";

const TEST_PACKAGES: [&str; 4] = ["numpy", "pillow", "pytest", "tqdm"];

/// Debian packages of an interpreter for aarch64, and of the libraries that it and the packages of
/// its tests load.
const DEBIAN: [&str; 11] = [
    "python3.11",
    "python3.11-minimal",
    "libpython3.11-minimal",
    "libpython3.11-stdlib",
    "libc6",
    "libexpat1",
    "libffi8",
    "libgcc-s1",
    "libssl3",
    "libstdc++6",
    "zlib1g",
];

pub(super) fn test() -> Outcome<SuiteResult> {
    let free_threaded: Vec<PathBuf> =
        found(&FREE_THREADED).into_iter().map(PathBuf::from).collect();
    let targets = vec![AARCH64.to_owned()];
    let built =
        wheels::build(&Wheels { targets, free_threaded: free_threaded.clone(), sdist: true })?;
    let one = |part: &str| {
        let found = built.iter().find(|path| files::name(path).contains(part));
        found.ok_or_else(|| format!("no file with {part} in its name was built"))
    };
    let here = wheels::for_this_machine().ok_or("no wheel for this machine was built")?;
    let pythons = found(&PYTHONS);
    for base in &pythons {
        new_user_of(&empty_environment_of(Path::new(base), "python-empty")?, &here)?;
    }
    if let [oldest, ..] = pythons[..] {
        tests_with(oldest, &here)?;
    }
    for base in found(&FREE_THREADED) {
        tests_with(base, one(&base.replace("python3.", "cp3"))?)?;
    }
    source(one(".tar.gz")?)?;
    emulated(one("aarch64")?)?;
    Ok(if free_threaded.is_empty() {
        SuiteResult::PassedBut("no free-threaded Python is installed".to_owned())
    } else {
        SuiteResult::Passed
    })
}

/// Returns the interpreters that are installed.
fn found(names: &[&'static str]) -> Vec<&'static str> {
    names
        .iter()
        .copied()
        .filter(|name| is_on_path(name) && crate::process::succeeds(&format!("{name} -c pass")))
        .collect()
}

/// Runs the tests of the package with an interpreter that has other versions of packages.
fn tests_with(base: &str, wheel: &Path) -> Outcome {
    let python = empty_environment_of(Path::new(base), &format!("{base}-wheel"))?;
    run(pip(&python).arg(wheel).args(TEST_PACKAGES))?;
    let is_free_threaded = base.ends_with('t');
    let check = "import ownprint, sys; \
                 assert not getattr(sys, '_is_gil_enabled', lambda: True)(), 'the GIL is enabled'";
    if is_free_threaded {
        run(Command::new(&python).args(["-c", check]))?;
    }
    run(in_package(&python).args(["-m", "pytest", "--quiet", "-p", "no:cacheprovider"]).args(TESTS))
}

/// Builds the source distribution as `pip install` does, and runs the first program of the README.
fn source(sdist: &Path) -> Outcome {
    let python = python::empty_environment("python-source")?;
    run(pip(&python).arg("--no-binary=ownprint").arg(sdist))?;
    first_program(&python)
}

/// Runs the tests with a wheel for aarch64 and Debian's interpreter under an emulator.
fn emulated(wheel: &Path) -> Outcome {
    let Some(emulator) = aarch64_emulator()? else {
        // The wheel for this machine is that for aarch64.
        return Ok(());
    };
    let system = debian()?;
    let packages = root().join(".cache/python-aarch64-packages");
    if packages.exists() {
        files::remove_folder(&packages)?;
    }
    let mut install = pip(&python::interpreter_of_wheels()?);
    install.args(["--python-version", "3.11", "--only-binary=:all:", "--target"]).arg(&packages);
    for platform in ["manylinux_2_28_aarch64", "manylinux_2_27_aarch64", "manylinux2014_aarch64"] {
        install.args(["--platform", platform]);
    }
    run(install.arg(wheel).args(TEST_PACKAGES))?;
    let mut tests = command(emulator);
    tests.arg("-L").arg(&system).arg(system.join("usr/bin/python3.11"));
    tests.args(["-m", "pytest", "--quiet", "-p", "no:cacheprovider"]).args(TESTS);
    tests.args(["--deselect", STARTS_PYTHON]);
    run(tests.current_dir(python::folder()).env("PYTHONPATH", packages))
}

/// Unpacks Debian's interpreter for aarch64, and returns its root folder. The lists of packages are
/// those of apt, in a folder of their own: the system keeps one architecture.
fn debian() -> Outcome<PathBuf> {
    let folder = root().join(".cache/debian-aarch64");
    let system = folder.join("root");
    if system.join("usr/bin/python3.11").exists() {
        return Ok(system);
    }
    for part in ["lists/partial", "archives/partial", "packages"] {
        files::create_folder(folder.join(part))?;
    }
    files::write(folder.join("status"), "")?;
    let apt_get = |task: &str| {
        let mut apt_get = command("apt-get");
        let mut set = |name: &str, value: &Path| {
            apt_get.arg("-o").arg(format!("{name}={}", value.display()));
        };
        set("APT::Architecture", Path::new("arm64"));
        set("APT::Architectures", Path::new("arm64"));
        set("Dir::State::lists", &folder.join("lists"));
        set("Dir::State::status", &folder.join("status"));
        set("Dir::Cache", &folder);
        apt_get.arg(task).current_dir(folder.join("packages"));
        apt_get
    };
    run(&mut apt_get("update"))?;
    run(apt_get("download").args(DEBIAN))?;
    for package in files::entries(folder.join("packages"))? {
        run(command("dpkg-deb --extract").arg(package).arg(&system))?;
    }
    Ok(system)
}
