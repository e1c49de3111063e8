//! Finds the Swift toolchain of the machine, or on Debian installs one into a separate folder.

mod apple;
mod debian;
mod package;
mod place;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

pub(crate) use package::package;
pub(crate) use place::folder;

use crate::process::{root, target_folder};

/// The minimum version for the Swift language mode of the package.
const OLDEST_MAJOR_VERSION: u32 = 6;

/// A Swift toolchain, and how to run it.
pub(crate) enum Swift {
    /// The `swift` on the `PATH`.
    OnPath,
    /// A Debian root directory, in which programs run with chroot.
    Debian(debian::Folder),
}

impl Swift {
    /// Finds Swift, or prints a message and installs it.
    ///
    /// # Errors
    /// Returns an error that says why this machine has no Swift.
    pub(crate) fn get() -> Result<Self, String> {
        match version_on_path() {
            Some(version) if version >= OLDEST_MAJOR_VERSION => Ok(Self::OnPath),
            found => debian::get().map(Self::Debian).map_err(|why| {
                let found = found.map_or_else(
                    || "there is no `swift` on the PATH".to_owned(),
                    |version| format!("the `swift` on the PATH is of version {version}"),
                );
                format!("{found}, and version {OLDEST_MAJOR_VERSION} cannot be installed: {why}")
            }),
        }
    }

    /// Returns a command of the toolchain, such as `swift build`, that runs in a folder. It can
    /// access the repository, the target folder, the temporary folder, its own folder and those of
    /// `more`, under the same paths as outside.
    pub(crate) fn command(&self, line: &str, folder: &Path, more: &[PathBuf]) -> Command {
        let mut words = line.split_whitespace();
        let mut command = match self {
            Self::OnPath => Command::new(words.next().unwrap_or_default()),
            Self::Debian(debian) => {
                let mut folders =
                    vec![root(), target_folder(), std::env::temp_dir(), folder.to_path_buf()];
                folders.extend_from_slice(more);
                debian.enter(folder, &folders)
            }
        };
        // cargo sets this variable for the programs that it starts. It contains the libraries of
        // rustc.
        command.args(words).current_dir(folder).env_remove("LD_LIBRARY_PATH");
        command
    }
}

/// Returns the major version of the `swift` on the `PATH`. Other programs named `swift` are
/// ignored.
fn version_on_path() -> Option<u32> {
    let output = Command::new("swift").arg("--version").stderr(Stdio::null()).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.split_once("Swift version ")?.1.split('.').next()?.parse().ok()
}
