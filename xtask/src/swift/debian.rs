//! Debian's Swift in a folder of its own, on a Debian machine whose release has none.
//!
//! Debian 12 has no Swift; Debian 13 has one whose libraries are newer than the machine's. Its
//! packages are therefore unpacked, with all that they depend on, into a folder that becomes the
//! root of the programs started in it. No package is installed: the machine's own lists, caches and
//! database of packages stay as they are, and no package's scripts run.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::files;
use crate::process::{Outcome, quiet_output, run, succeeds};

const RELEASE: &str = "trixie";

/// `swiftlang`, what its package manager calls (git, a shell), what compiling and linking need, and
/// `base-files`, which makes `/bin` and `/lib` of the folder links into `/usr`.
const PACKAGES: [&str; 9] = [
    "base-files",
    "bash",
    "coreutils",
    "dash",
    "git",
    "libc6-dev",
    "libstdc++-14-dev",
    "swiftlang",
    "tzdata",
];

/// Debian's archive signs a release with the keys of the release before it too, so this file of
/// Debian 12 is enough to check the signature of Debian 13. apt refuses the archive otherwise, and
/// we do not talk it out of that.
const KEYRING: &str = "/usr/share/keyrings/debian-archive-keyring.gpg";

/// In the folder once it is complete. What it holds changes when `PACKAGES` or the release does.
const MARKER: &str = "ownprint-complete";

/// Binds what programs expect of a root, and the folders that the caller names, into a mount
/// namespace that ends with the program. Without `/proc` Swift does not find its own libraries.
const ENTER: &str = r#"set -e
root=$1 folder=$2
shift 2
mount --rbind /proc "$root/proc"
mount --rbind /dev "$root/dev"
while [ "$1" != -- ]; do
    mkdir -p "$root$1"
    mount --bind "$1" "$root$1"
    shift
done
shift
exec chroot "$root" env --chdir="$folder" "$@"
"#;

/// The folder that has Swift in it.
pub(crate) struct Folder(PathBuf);

impl Folder {
    /// The start of a command line that runs inside, in `folder`; `folders` are bound into it.
    pub(super) fn enter(&self, folder: &Path, folders: &[PathBuf]) -> Command {
        let mut command = Command::new("unshare");
        command
            .args(["--mount", "sh"])
            .arg(self.0.with_file_name("enter.sh"))
            .arg(&self.0)
            .arg(folder);
        command.args(folders).arg("--");
        command
            .env("PATH", "/usr/libexec/swift/bin:/usr/sbin:/usr/bin:/sbin:/bin")
            .env("HOME", "/root")
            .env("LANG", "C.UTF-8");
        command
    }
}

/// The folder, complete: an earlier run's, or filled after saying so.
pub(super) fn get() -> Result<Folder, String> {
    can_be_had()?;
    let folder = cache_folder()?;
    files::create_folder(&folder)?;
    // Two runs at once would unpack into one another's folder.
    let lock = File::create(folder.join("lock")).map_err(|error| error.to_string())?;
    lock.lock().map_err(|error| error.to_string())?;
    let script = folder.join("enter.sh");
    // Only when it changes: another run may be reading it.
    if !fs::read_to_string(&script).is_ok_and(|contents| contents == ENTER) {
        files::write(script, ENTER)?;
    }
    let (root, marker) = (folder.join("root"), folder.join("root").join(MARKER));
    if fs::read_to_string(&marker).is_ok_and(|contents| contents == complete()) {
        return Ok(Folder(root));
    }
    println!(
        "bringing Swift from Debian {RELEASE} into {}: 0.6 GB to download, 2.6 GB on disk, about two minutes; nothing \
         else on this machine changes, and deleting that folder undoes it",
        folder.display()
    );
    // What an interrupted run left behind.
    let _ = fs::remove_dir_all(&root);
    fill(&folder, &root)?;
    // Written last: a folder without it is begun again.
    files::write(marker, complete())?;
    Ok(Folder(root))
}

/// What programs in the folder need of the machine; an error says what is missing.
fn can_be_had() -> Outcome {
    let release = fs::read_to_string("/etc/os-release").unwrap_or_default();
    if !release.lines().any(|line| line == "ID=debian") {
        return Err("this is not a Debian machine; see https://www.swift.org/install".to_owned());
    }
    for program in ["apt-get", "dpkg-deb"] {
        if !succeeds(&format!("{program} --version")) {
            return Err(format!("there is no {program}"));
        }
    }
    if !Path::new(KEYRING).exists() {
        return Err(format!("{KEYRING} is missing; install debian-archive-keyring"));
    }
    if !succeeds("unshare --mount mount --bind /tmp /tmp") {
        return Err(
            "only root can enter a folder with another system in it, and not in every container"
                .to_owned(),
        );
    }
    Ok(())
}

fn cache_folder() -> Result<PathBuf, String> {
    let set = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let caches = set("XDG_CACHE_HOME").or_else(|| set("HOME").map(|home| home.join(".cache")));
    caches.map(|caches| caches.join("ownprint/swift")).ok_or_else(|| "HOME is not set".to_owned())
}

fn complete() -> String {
    format!("{RELEASE} {}\n", PACKAGES.join(" "))
}

/// Downloads the packages with an apt that keeps everything beside the root, and unpacks them.
fn fill(folder: &Path, root: &Path) -> Outcome {
    let state = folder.join("apt");
    let _ = fs::remove_dir_all(&state);
    let archives = state.join("archives");
    for folder in
        [root, &archives.join("partial"), &state.join("lists/partial"), &state.join("parts")]
    {
        files::create_folder(folder)?;
    }
    for (name, contents) in [
        ("apt.conf", settings(&state)?),
        ("debian.sources", sources()),
        // To apt, nothing is installed yet, so that it names every dependency.
        ("status", String::new()),
    ] {
        fs::write(state.join(name), contents).map_err(|error| format!("{name}: {error}"))?;
    }
    let apt = |words: &[&str]| {
        let mut command = Command::new("apt-get");
        command.env("APT_CONFIG", state.join("apt.conf")).env("DEBIAN_FRONTEND", "noninteractive");
        run(command.args(["--quiet", "--yes"]).args(words))
    };
    apt(&["update", "--error-on=any"])?;
    apt(
        &[&["install", "--download-only", "--no-install-recommends"], PACKAGES.as_slice()].concat()
    )?;
    unpack(&archives, root)?;
    link_programs(root)?;
    files::remove_folder(&state)
}

fn sources() -> String {
    let address = "http://deb.debian.org/debian";
    format!(
        "Types: deb\nURIs: {address}\nSuites: {RELEASE}\nComponents: main\nTargets: Packages\nSigned-By: {KEYRING}\n"
    )
}

/// apt's settings: our folders, and of the machine's settings only how it downloads (a proxy, say).
/// Its hooks would work on its own caches.
fn settings(state: &Path) -> Outcome<String> {
    let machine = quiet_output(Command::new("apt-config").arg("dump"))?;
    let downloading = machine.lines().filter(|line| line.starts_with("Acquire::"));
    let folders = [
        ("Dir::Etc::sourcelist", "debian.sources"),
        ("Dir::Etc::sourceparts", "none"),
        ("Dir::Etc::parts", "parts"),
        ("Dir::Etc::main", "none"),
        ("Dir::State", ""),
        ("Dir::State::lists", "lists"),
        ("Dir::State::status", "status"),
        ("Dir::Cache", ""),
        ("Dir::Cache::archives", "archives"),
    ];
    let ours = folders.map(|(name, file)| format!("{name} \"{}\";", state.join(file).display()));
    // apt's own user cannot read folders below the home of root.
    let user = "APT::Sandbox::User \"root\";".to_owned();
    Ok(downloading.map(str::to_owned).chain(ours).chain([user]).map(|line| line + "\n").collect())
}

/// Unpacks every archive, `base-files` first for its links, and deletes each when it is unpacked,
/// for the room.
fn unpack(archives: &Path, root: &Path) -> Outcome {
    let mut packages = files::entries(archives)?;
    packages.retain(|path| path.extension().is_some_and(|extension| extension == "deb"));
    packages.sort_by_key(|path| {
        let name = files::name(path);
        (!name.starts_with("base-files_"), name)
    });
    println!("unpacking {} packages", packages.len());
    for package in packages {
        quiet_output(Command::new("dpkg-deb").arg("--extract").arg(&package).arg(root))?;
        fs::remove_file(package).map_err(|error| error.to_string())?;
    }
    Ok(())
}

/// What the packages' own scripts would have done, as far as it is needed.
fn link_programs(root: &Path) -> Outcome {
    for (link, to) in [("usr/bin/swift", "../libexec/swift/bin/swift"), ("usr/bin/sh", "dash")] {
        if fs::symlink_metadata(root.join(link)).is_err() {
            run(Command::new("ln").args(["-s", to]).arg(root.join(link)))?;
        }
    }
    Ok(())
}
