//! `cargo xtask audit`: lists every linked crate with its repository, its use of `unsafe`, and the
//! system interfaces that its code names.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::process::{Outcome, command, quiet_output, root};
use crate::{files, shipping};

/// The shipped products in the order of the column "first needed by", and cargo's arguments for
/// each.
const SHIPPED: [(&str, &str); 8] = [
    ("core", "--package ownprint --no-default-features"),
    ("decoders, hashes, records", "--package ownprint"),
    ("HEIC, AVIF, JPEG XL, videos", "--package ownprint --features heic,avif,jxl,video"),
    ("npm", "--package ownprint-wasm --target wasm32-unknown-unknown --all-features"),
    ("Kotlin, Swift", "--package ownprint-ffi --all-features"),
    ("C", "--package ownprint-c --all-features"),
    ("Python", "--package ownprint-python --all-features"),
    ("command line", "--package ownprint-cli"),
];

/// Names of system interfaces, and the word for each in the table.
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

/// Checks that the rows of `docs/audit.md` are exactly the linked crates in their locked versions.
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
        "docs/audit.md is out of date; `cargo xtask audit` prints its table: {differing:?}"
    ))
}

/// Returns every linked crate with the first product that needs it.
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
            source.ok_or_else(|| format!("{folder} is not unpacked; run `cargo fetch` first"))?;
        let repository = repository.trim_start_matches("http://").trim_start_matches("https://");
        let repository = repository.trim_end_matches(".git");
        println!(
            "| {name} | {user} | {license} | {repository} | {} |",
            words_of(&source.join("src"))?
        );
    }
    Ok(())
}

/// Returns the crates that a package links, without build tools and the crates of this repository.
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

/// Returns the last two columns of the table. Counts words in all source files, also in code that
/// is not compiled here.
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
