//! The Python interpreter with the pinned reference implementations, in virtual environments inside
//! of the repository.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::files;
use crate::process::{Outcome, root, run, succeeds};

/// Returns the interpreter. The first call installs `conformance/python/requirements.txt`; later
/// calls need no network.
pub(crate) fn interpreter() -> Outcome<PathBuf> {
    environment("python", "requirements.txt")
}

/// Returns the interpreter of a second environment, with Pillow 13.
pub(crate) fn interpreter_with_pillow_13() -> Outcome<PathBuf> {
    environment("python-pillow-13", "requirements-pillow-13.txt")
}

/// Returns the interpreters of the environments with other people's generators of edits: `augly`
/// and `albumentations`.
pub(crate) fn interpreters_of_generators() -> Outcome<[PathBuf; 2]> {
    Ok([
        environment("python-augly", "requirements-augly.txt")?,
        environment("python-albumentations", "requirements-albumentations.txt")?,
    ])
}

/// Returns the interpreter of the environment in which the Python package is built and tested.
pub(crate) fn interpreter_of_package() -> Outcome<PathBuf> {
    environment_of("python-package", &folder().join("tests/requirements.txt"))
}

/// Returns the interpreter of the environment that builds the published wheels.
pub(crate) fn interpreter_of_wheels() -> Outcome<PathBuf> {
    environment_of("python-wheels", &folder().join("wheels-requirements.txt"))
}

/// Returns the interpreter of the environment with the engines of `examples/scale`.
pub(crate) fn interpreter_of_engines() -> Outcome<PathBuf> {
    environment_of("python-engines", &root().join("examples/scale/requirements.txt"))
}

/// Returns a command that installs packages into an environment.
pub(crate) fn pip(python: &Path) -> Command {
    let mut pip = Command::new(python);
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]);
    pip
}

/// Returns mdBook, which builds the site, in an environment of its own.
pub(crate) fn mdbook() -> Outcome<PathBuf> {
    let requirements = root().join("docs/requirements.txt");
    Ok(environment_of("python-site", &requirements)?.with_file_name("mdbook"))
}

/// Returns the program that checks workflows, in an environment of its own.
pub(crate) fn workflow_linter() -> Outcome<PathBuf> {
    let requirements = root().join(".github/requirements.txt");
    Ok(environment_of("python-workflows", &requirements)?.with_file_name("zizmor"))
}

/// Returns the folder of the Python package.
pub(crate) fn folder() -> PathBuf {
    root().join("bindings/python")
}

/// Creates an empty environment for the name `folder`, and returns its interpreter.
pub(crate) fn empty_environment(folder: &str) -> Outcome<PathBuf> {
    empty_environment_of(Path::new(base_interpreter()?), folder)
}

/// Creates an empty environment of the interpreter `base`, and returns its interpreter.
pub(crate) fn empty_environment_of(base: &Path, folder: &str) -> Outcome<PathBuf> {
    let folder = root().join(".cache").join(folder);
    let mut venv = Command::new(base);
    run(venv.args(["-m", "venv", "--clear"]).arg(&folder).current_dir(root())).map_err(
        |error| format!("{error}; on Debian and Ubuntu this needs the package python3-venv"),
    )?;
    Ok(interpreter_in(&folder))
}

fn interpreter_in(folder: &Path) -> PathBuf {
    folder.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" })
}

fn base_interpreter() -> Outcome<&'static str> {
    ["python3", "python"]
        .into_iter()
        .find(|name| succeeds(&format!("{name} -c pass")))
        .ok_or_else(|| "Python 3.10 or newer is needed; install python3".to_owned())
}

fn environment(folder: &str, requirements: &str) -> Outcome<PathBuf> {
    environment_of(folder, &root().join("conformance/python").join(requirements))
}

fn environment_of(name: &str, requirements: &Path) -> Outcome<PathBuf> {
    let folder = root().join(".cache").join(name);
    let interpreter = interpreter_in(&folder);
    let wanted = files::read_text(requirements)?;
    // A copy of the installed list. If it is missing or differs, the environment is installed
    // again.
    let stamp = folder.join("installed.txt");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(interpreter);
    }
    println!("installing Python packages into {}", folder.display());
    empty_environment(name)?;
    run(pip(&interpreter).arg("--requirement").arg(requirements))?;
    files::write(&stamp, wanted)?;
    Ok(interpreter)
}
