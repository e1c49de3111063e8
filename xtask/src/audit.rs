//! `cargo xtask audit`: every crate that is linked, its owner, its `unsafe`, and the system
//! interfaces that its code names.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::process::{Outcome, command, quiet_output, root};
use crate::{files, shipping};

/// What is shipped, and the column that names the first who needs a crate.
const SHIPPED: [(&str, &str); 6] = [
    ("core", "--package ownprint --no-default-features"),
    ("decoders, hashes, records", "--package ownprint"),
    ("HEIC, AVIF, JPEG XL, videos", "--package ownprint --features heic,avif,jxl,video"),
    ("npm", "--package ownprint-wasm --target wasm32-unknown-unknown --all-features"),
    ("Kotlin, Swift", "--package ownprint-ffi --all-features"),
    ("command line", "--package ownprint-cli"),
];

/// The names of system interfaces, and our word for each.
const OUTSIDE: [(&str, &str); 7] = [
    ("std::net", "network"),
    ("std::fs", "files"),
    ("std::env::var", "environment"),
    ("std::process::Command", "programs"),
    ("SystemTime::now", "clock"),
    ("Instant::now", "clock"),
    ("std::thread::spawn", "threads"),
];

/// A crate's name and version, licence and repository.
type Linked = (String, String, String);

/// Checks that `docs/audit.md` has a row for every crate that is linked in the locked version, and
/// no other.
pub(crate) fn check() -> Outcome {
    let text = files::read_text(root().join("docs/audit.md"))?;
    let rows = text.lines().filter_map(|line| line.strip_prefix("| ")?.split(" | ").next());
    let audited: BTreeSet<String> =
        rows.filter(|name| name.contains(' ')).map(str::to_owned).collect();
    let crates: BTreeSet<String> = shipped()?.into_keys().map(|(name, ..)| name).collect();
    let differing: Vec<_> = audited.symmetric_difference(&crates).collect();
    if differing.is_empty() {
        return Ok(());
    }
    Err(format!(
        "docs/audit.md is out of date, `cargo xtask audit` prints its table: {differing:?}"
    ))
}

/// Every crate that is linked into anything, with the first who needs it.
fn shipped() -> Outcome<BTreeMap<Linked, &'static str>> {
    let mut crates = BTreeMap::new();
    for (user, arguments) in SHIPPED {
        for linked in linked(arguments)? {
            crates.entry(linked).or_insert(user);
        }
    }
    Ok(crates)
}

/// Prints the table of `docs/audit.md`.
pub(crate) fn print() -> Outcome {
    println!("| crate | first needed by | licence | kept at | `unsafe` | its code names |");
    println!("|---|---|---|---|---|---|");
    for ((name, license, repository), user) in shipped()? {
        let folder = name.replace(' ', "-");
        let unpacked = shipping::registries()?.into_iter().map(|registry| registry.join(&folder));
        let source = unpacked.into_iter().find(|path| path.is_dir());
        let source =
            source.ok_or_else(|| format!("{folder} is not unpacked: `cargo fetch` first"))?;
        let repository = repository.trim_start_matches("http://").trim_start_matches("https://");
        let repository = repository.trim_end_matches(".git");
        println!(
            "| {name} | {user} | {license} | {repository} | {} |",
            words_of(&source.join("src"))?
        );
    }
    Ok(())
}

/// What a package links: no build tools, nothing of this repository.
pub(crate) fn linked(arguments: &str) -> Outcome<BTreeSet<Linked>> {
    let mut tree = command(
        "cargo tree --quiet --locked --edges normal,no-proc-macro --prefix none --no-dedupe",
    );
    let printed =
        quiet_output(tree.args(["--format", "{p}|{l}|{r}"]).args(arguments.split_whitespace()))?;
    let lines = printed.lines().filter(|line| !line.contains("(/"));
    let fields = lines.filter_map(|line| {
        let [package, license, repository] = *line.split('|').collect::<Vec<_>>() else {
            return None;
        };
        let (name, version) = package.split_once(" v")?;
        Some((format!("{name} {version}"), license.to_owned(), repository.to_owned()))
    });
    Ok(fields.collect())
}

/// The last two columns of the table. Words are counted, whether the code that has them is compiled
/// or not.
fn words_of(src: &Path) -> Outcome<String> {
    let (mut lines, mut is_forbidden, mut outside) = (0, false, BTreeSet::new());
    for path in
        files::below(src)?.iter().filter(|path| path.extension().is_some_and(|it| it == "rs"))
    {
        let text = files::read_text(path)?;
        is_forbidden |= *path == src.join("lib.rs")
            && text.lines().any(|line| line.starts_with("#![forbid(unsafe_code"));
        for line in text.lines().filter(|line| !line.trim_start().starts_with("//")) {
            let mut words = line.split(|c: char| !c.is_alphanumeric() && c != '_');
            lines += usize::from(words.any(|word| word == "unsafe"));
            outside.extend(
                OUTSIDE.iter().filter(|(call, _)| line.contains(call)).map(|(_, word)| *word),
            );
        }
    }
    let lines = if is_forbidden { "forbidden".to_owned() } else { lines.to_string() };
    Ok(format!("{lines} | {}", outside.into_iter().collect::<Vec<_>>().join(", ")))
}
