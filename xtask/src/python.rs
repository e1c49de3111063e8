//! The Python interpreter with the pinned reference implementations, in a virtual environment
//! inside of the repository.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::files;
use crate::process::{Outcome, command, root, run, succeeds};

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

fn environment(folder: &str, requirements: &str) -> Outcome<PathBuf> {
    let folder = root().join(".cache").join(folder);
    let interpreter = folder.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    let requirements = root().join("conformance/python").join(requirements);
    let wanted = files::read_text(&requirements)?;
    // A copy of the installed list. If it is missing or differs, the environment is installed
    // again.
    let stamp = folder.join("installed.txt");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(interpreter);
    }
    println!("installing the reference implementations into {}", folder.display());
    let python =
        ["python3", "python"].into_iter().find(|name| succeeds(&format!("{name} -c pass"))).ok_or(
            "Python 3.10 or newer is needed for the reference implementations; install python3",
        )?;
    run(command(&format!("{python} -m venv --clear")).arg(&folder)).map_err(|error| {
        format!("{error}; on Debian and Ubuntu this needs the package python3-venv")
    })?;
    run(Command::new(&interpreter)
        .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"])
        .arg(&requirements))?;
    files::write(&stamp, wanted)?;
    Ok(interpreter)
}
