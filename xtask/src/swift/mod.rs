//! Swift: the machine's own, or on a bare Debian one that is brought into a folder of its own.

mod apple;
mod debian;
mod package;
mod place;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

pub(crate) use package::package;
pub(crate) use place::folder;

use crate::process::{root, target_folder};

/// The language mode of the package needs it.
const OLDEST_MAJOR_VERSION: u32 = 6;

/// A Swift toolchain, and how to run it.
pub(crate) enum Swift {
    /// On the `PATH`: a Mac, a developer's Linux.
    OnPath,
    /// In a root folder of Debian's, which programs enter.
    Debian(debian::Folder),
}

impl Swift {
    /// Finds Swift, or brings it here after saying so.
    ///
    /// # Errors
    /// Why it cannot be had on this machine.
    pub(crate) fn get() -> Result<Self, String> {
        match version_on_path() {
            Some(version) if version >= OLDEST_MAJOR_VERSION => Ok(Self::OnPath),
            found => debian::get().map(Self::Debian).map_err(|why| {
                let found = found.map_or_else(
                    || "there is no `swift` on the PATH".to_owned(),
                    |version| format!("the `swift` on the PATH is of version {version}"),
                );
                format!(
                    "{found}, and version {OLDEST_MAJOR_VERSION} could not be brought here: {why}"
                )
            }),
        }
    }

    /// A command line of the toolchain, such as `swift build`, run in a folder. It sees the
    /// repository, the target folder, the folder of temporary files, its own folder and those
    /// of `more`, each under the path that it has outside.
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
        // Cargo's, for the programs that it starts; it names the libraries of Rust's own compiler.
        command.args(words).current_dir(folder).env_remove("LD_LIBRARY_PATH");
        command
    }
}

/// The major version of the `swift` on the `PATH`; other programs of that name are not asked
/// further.
fn version_on_path() -> Option<u32> {
    let output = Command::new("swift").arg("--version").stderr(Stdio::null()).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.split_once("Swift version ")?.1.split('.').next()?.parse().ok()
}
