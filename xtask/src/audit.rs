//! `cargo xtask audit`: every crate that is linked, who keeps it, its `unsafe`, and what its code names of the world outside.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use crate::process::{Outcome, command, quiet_output, root};
use crate::{files, shipping};

/// What is shipped, and the column that tells who needs a crate.
const SHIPPED: [(&str, &str); 6] = [
    ("core", "--package ownprint --no-default-features"),
    ("decoders, hashes, records", "--package ownprint"),
    ("HEIC, AVIF, JPEG XL, videos", "--package ownprint --features heic,avif,jxl,video"),
    ("npm", "--package ownprint-wasm --target wasm32-unknown-unknown --all-features"),
    ("Kotlin, Swift", "--package ownprint-ffi --all-features"),
    ("command line", "--package ownprint-cli"),
];

/// What code calls the world outside by, and our word for it.
const OUTSIDE: [(&str, &str); 7] = [
    ("std::net", "network"),
    ("std::fs", "files"),
    ("std::env::var", "environment"),
    ("std::process::Command", "programs"),
    ("SystemTime::now", "clock"),
    ("Instant::now", "clock"),
    ("std::thread::spawn", "threads"),
];

/// Whether `docs/audit.md` has a row for every crate that is linked in the version that is locked, and no other.
pub(crate) fn check() -> Outcome {
    let text = files::read_text(root().join("docs/audit.md"))?;
    let rows = text.lines().filter_map(|line| line.strip_prefix("| ")?.split(" | ").next());
    let audited: BTreeSet<&str> = rows.filter(|name| name.contains(' ')).collect();
    let crates = shipped()?;
    let linked: BTreeSet<&str> = crates.keys().map(String::as_str).collect();
    let differing: Vec<_> = audited.symmetric_difference(&linked).collect();
    if differing.is_empty() {
        return Ok(());
    }
    Err(format!("docs/audit.md is of other crates, `cargo xtask audit` prints its table: {differing:?}"))
}

/// Every crate that is linked into anything, by its name and version.
fn shipped() -> Outcome<BTreeMap<String, Linked>> {
    let mut crates = BTreeMap::new();
    for (user, arguments) in SHIPPED {
        for (name, license, repository) in linked(arguments)? {
            crates.entry(name).or_insert_with(|| Linked { user, license, repository });
        }
    }
    Ok(crates)
}

pub(crate) fn audit() -> Outcome {
    let crates = shipped()?;
    println!(
        "| crate | first needed by | licence | kept at | `unsafe` | its code names |\n|---|---|---|---|---|---|"
    );
    for (name, Linked { user, license, repository }) in crates {
        let Seen { unsafe_lines, outside } = look_at(&source(&name)?)?;
        let unsafe_lines = unsafe_lines.map_or_else(|| "forbidden".to_owned(), |lines| lines.to_string());
        let outside = outside.into_iter().collect::<Vec<_>>().join(", ");
        let repository =
            repository.trim_start_matches("http://").trim_start_matches("https://").trim_end_matches(".git");
        println!("| {name} | {user} | {license} | {repository} | {unsafe_lines} | {outside} |");
    }
    Ok(())
}

struct Linked {
    user: &'static str,
    license: String,
    repository: String,
}

/// Name and version, licence and repository of what a package links: no build tools, nothing of this repository.
pub(crate) fn linked(arguments: &str) -> Outcome<Vec<(String, String, String)>> {
    let mut tree =
        command("cargo tree --quiet --locked --edges normal,no-proc-macro --prefix none --no-dedupe");
    let printed = quiet_output(tree.args(["--format", "{p}|{l}|{r}"]).args(arguments.split_whitespace()))?;
    let lines: BTreeSet<&str> = printed.lines().filter(|line| !line.contains("(/")).collect();
    let fields = lines.into_iter().filter_map(|line| {
        let [package, license, repository] = *line.split('|').collect::<Vec<_>>() else { return None };
        let (name, version) = package.split_once(" v")?;
        Some((format!("{name} {version}"), license.to_owned(), repository.to_owned()))
    });
    Ok(fields.collect())
}

/// Where cargo unpacked a crate.
fn source(name: &str) -> Outcome<PathBuf> {
    let folder = name.replace(' ', "-");
    let found =
        shipping::registries()?.iter().map(|registry| registry.join(&folder)).find(|path| path.is_dir());
    found.ok_or_else(|| format!("{folder} is not unpacked: `cargo fetch` first"))
}

#[derive(Default)]
struct Seen {
    /// `None` where the crate forbids it.
    unsafe_lines: Option<usize>,
    outside: BTreeSet<&'static str>,
}

/// Counts by words, not by meaning: what is never compiled here is counted too.
fn look_at(folder: &Path) -> Outcome<Seen> {
    let (mut lines, mut forbidden, mut outside) = (0, false, BTreeSet::new());
    for path in rust_files(&folder.join("src")) {
        let text = files::read_text(&path)?;
        forbidden |= path.ends_with("src/lib.rs")
            && text.lines().any(|line| line.starts_with("#![forbid(unsafe_code"));
        for line in text.lines().filter(|line| !line.trim_start().starts_with("//")) {
            lines += usize::from(
                line.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == "unsafe"),
            );
            outside.extend(OUTSIDE.iter().filter(|(call, _)| line.contains(call)).map(|(_, word)| *word));
        }
    }
    Ok(Seen { unsafe_lines: (!forbidden).then_some(lines), outside })
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    entries
        .flat_map(|path| if path.is_dir() { rust_files(&path) } else { vec![path] })
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .collect()
}
