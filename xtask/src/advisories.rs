//! What is known against the crates of our lockfiles: an excerpt of `RustSec`'s database, for machines that cannot reach it.
//!
//! `cargo xtask advisories CLONE` makes it anew from a clone of <https://github.com/rustsec/advisory-db> (CC0).

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::files;
use crate::process::{Outcome, command, quiet_output, root, run, target_folder};

/// The folder in which `cargo deny` looks for the database of that address.
const DATABASE: &str = "advisory-db-3157b0e258782691";

/// Those whose dependencies are asked after; that of `conformance/img_hash` holds the crate that is abandoned.
const LOCKFILES: [&str; 2] = ["Cargo.lock", "fuzz/Cargo.lock"];

/// What is kept of the database's folder `crates`, and beside it the names that were looked for.
fn excerpt() -> PathBuf {
    root().join("xtask/advisories")
}

pub(crate) fn refresh(clone: &str) -> Outcome {
    let folder = excerpt().join("crates");
    if folder.exists() {
        files::remove_folder(&folder)?;
    }
    let names = locked()?;
    for name in &names {
        let known = Path::new(clone).join("crates").join(name);
        if known.is_dir() {
            files::create_folder(folder.join(name))?;
            for advisory in files::entries(known)? {
                files::copy(&advisory, folder.join(name).join(files::name(&advisory)))?;
            }
        }
    }
    let date = quiet_output(command("git log -1 --format=%cs").current_dir(clone))?;
    files::write(excerpt().join("date.txt"), date)?;
    files::write(excerpt().join("looked-for.txt"), names.into_iter().collect::<Vec<_>>().join("\n") + "\n")
}

/// Checks every lockfile against the excerpt, and says how far that reaches.
pub(crate) fn check() -> Outcome<String> {
    let folder = target_folder().join("advisories");
    if folder.exists() {
        files::remove_folder(&folder)?;
    }
    let database = folder.join(DATABASE);
    run(command("git init --quiet").arg(&database))?;
    run(command("cp -R").arg(excerpt().join("crates")).arg(&database))?;
    let git = || {
        let mut git = command("git -c user.name=ownprint -c user.email=ownprint@localhost");
        git.current_dir(&database);
        git
    };
    run(git().args(["add", "crates"]))?;
    run(git().args(["commit", "--quiet", "--message", "Excerpt"]))?;
    // By its age `cargo deny` tells how old the database is; that is said here instead.
    files::write(database.join(".git/FETCH_HEAD"), "")?;
    let config = folder.join("deny.toml");
    let place = format!("[advisories]\ndb-path = '{}'\n", folder.display());
    files::write(&config, files::read_text(root().join("deny.toml"))?.replace("[advisories]\n", &place))?;
    for lockfile in LOCKFILES {
        let manifest = root().join(lockfile).with_file_name("Cargo.toml");
        let mut deny = command("cargo deny --offline --manifest-path");
        run(deny.arg(manifest).arg("--config").arg(&config).args(["check", "advisories"]))?;
    }
    let date = files::read_text(excerpt().join("date.txt"))?;
    let looked_for = files::read_text(excerpt().join("looked-for.txt"))?;
    let looked_for: BTreeSet<&str> = looked_for.lines().collect();
    let unknown: Vec<String> =
        locked()?.into_iter().filter(|name| !looked_for.contains(name.as_str())).collect();
    let beyond = if unknown.is_empty() { String::new() } else { format!(", without {}", unknown.join(", ")) };
    Ok(format!("advisories known on {}{beyond}: their database cannot be had here", date.trim()))
}

/// The names in our lockfiles.
fn locked() -> Outcome<BTreeSet<String>> {
    let mut names = BTreeSet::new();
    for lockfile in LOCKFILES {
        let text = files::read_text(root().join(lockfile))?;
        let quoted = text.lines().filter_map(|line| line.strip_prefix("name = \"")?.strip_suffix('"'));
        names.extend(quoted.map(str::to_owned));
    }
    Ok(names)
}
