//! Installs Debian's Swift into a separate folder, on a Debian machine whose release has no Swift.
//!
//! Debian 12 has no Swift. The Swift of Debian 13 needs newer libraries than those of Debian 12.
//! Its packages and their dependencies are therefore unpacked into a folder that becomes the root
//! directory (chroot) of Swift. No package is installed on the machine: its package lists, caches
//! and database do not change, and no scripts of packages run.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::files;
use crate::process::{Outcome, quiet_output, run, succeeds};

const RELEASE: &str = "trixie";

/// `swiftlang`, the programs that SwiftPM calls (git, a shell), the packages for compiling and
/// linking, and `base-files`, which creates the links from `/bin` and `/lib` to `/usr`.
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

/// The keys of Debian 12. Debian also signs a release with the keys of the previous release, so apt
/// can verify Debian 13 with this file. Unverified archives are not accepted.
const KEYRING: &str = "/usr/share/keyrings/debian-archive-keyring.gpg";

/// The name of the file that marks a complete folder. It contains the packages and the release.
const MARKER: &str = "ownprint-complete";

/// Mounts the system folders and the folders of the caller into the root, in a mount namespace that
/// ends with the program. Swift needs `/proc` to find its libraries.
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

/// The root directory that contains Swift.
pub(crate) struct Folder(PathBuf);

impl Folder {
    /// Returns the start of a command line that runs inside of the root, in `folder`. `folders` are
    /// mounted there.
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

/// Returns the complete root. If no earlier run created it, prints a message and creates it.
pub(super) fn get() -> Result<Folder, String> {
    can_be_had()?;
    let folder = cache_folder()?;
    files::create_folder(&folder)?;
    // Two runs at the same time must not unpack into the same folder.
    let lock = File::create(folder.join("lock")).map_err(|error| error.to_string())?;
    lock.lock().map_err(|error| error.to_string())?;
    let script = folder.join("enter.sh");
    // Written only if it changed, because another run may be reading it.
    if !fs::read_to_string(&script).is_ok_and(|contents| contents == ENTER) {
        files::write(script, ENTER)?;
    }
    let (root, marker) = (folder.join("root"), folder.join("root").join(MARKER));
    if fs::read_to_string(&marker).is_ok_and(|contents| contents == complete()) {
        return Ok(Folder(root));
    }
    println!(
        "installing Swift of Debian {RELEASE} into {}: 0.6 GB to download, 2.6 GB on disk, about \
         two minutes; to remove it, delete the folder, nothing else on this machine changes",
        folder.display()
    );
    // Removes the files of an interrupted run.
    let _ = fs::remove_dir_all(&root);
    fill(&folder, &root)?;
    // Written last. A folder without this file is created again.
    files::write(marker, complete())?;
    Ok(Folder(root))
}

/// Checks that this machine can run programs in the root. The error names what is missing.
fn can_be_had() -> Outcome {
    let release = fs::read_to_string("/etc/os-release").unwrap_or_default();
    if !release.lines().any(|line| line == "ID=debian") {
        return Err("this is not a Debian machine; see https://www.swift.org/install".to_owned());
    }
    for program in ["apt-get", "dpkg-deb"] {
        if !succeeds(&format!("{program} --version")) {
            return Err(format!("{program} is not installed"));
        }
    }
    if !Path::new(KEYRING).exists() {
        return Err(format!("{KEYRING} is missing; install debian-archive-keyring"));
    }
    if !succeeds("unshare --mount mount --bind /tmp /tmp") {
        return Err("chroot needs root permissions, and some containers do not allow it".to_owned());
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

/// Downloads and unpacks the packages. apt stores its files next to the root.
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
        // An empty package database makes apt download every dependency.
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

/// Returns the settings of apt: our folders, and from the machine only the download settings, such
/// as a proxy. The hooks of the machine would change its caches.
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
    // The sandbox user of apt cannot read folders below the home folder of root.
    let user = "APT::Sandbox::User \"root\";".to_owned();
    Ok(downloading.map(str::to_owned).chain(ours).chain([user]).map(|line| line + "\n").collect())
}

/// Unpacks every archive and deletes it to save space. `base-files` comes first, because of its
/// links.
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

/// Creates the links that the scripts of the packages would have created.
fn link_programs(root: &Path) -> Outcome {
    for (link, to) in [("usr/bin/swift", "../libexec/swift/bin/swift"), ("usr/bin/sh", "dash")] {
        if fs::symlink_metadata(root.join(link)).is_err() {
            run(Command::new("ln").args(["-s", to]).arg(root.join(link)))?;
        }
    }
    Ok(())
}
