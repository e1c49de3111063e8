//! Checks the licences and sources of dependencies, and the advisories for them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::result::SuiteResult;
use crate::audit::{self, linked};
use crate::process::{Outcome, command, quiet_output, root, run, succeeds, target_folder};
use crate::{files, targets};

/// The maximum number of crates that the core without decoders may link.
const BUDGET: usize = 25;

/// The folder in which `cargo deny` looks for `RustSec`'s database.
const DATABASE: &str = "advisory-db-3157b0e258782691";

pub(super) fn deny() -> Outcome<SuiteResult> {
    targets::add_cargo_tool("deny")?;
    run(&mut command("cargo deny --offline check licenses bans sources"))?;
    let core = linked("--package ownprint --no-default-features")?;
    println!("the core without decoders links {} crates; the maximum is {BUDGET}", core.len());
    if core.len() > BUDGET {
        return Err(format!("the core links {} crates: {core:#?}", core.len()));
    }
    // The table applies to one operating system; others link a few more crates.
    if cfg!(all(target_os = "linux", target_arch = "x86_64")) {
        audit::check()?;
    }
    // The advisories are in a separate repository, which some machines cannot reach.
    let is_required = std::env::var("OWNPRINT_ADVISORIES").is_ok_and(|value| value == "live");
    if succeeds("cargo deny fetch db") {
        run(&mut command("cargo deny check advisories"))?;
        return if is_required { check_age() } else { Ok(()) }.map(|()| SuiteResult::Passed);
    }
    if is_required {
        return Err("the advisory database cannot be fetched, and it is required here".to_owned());
    }
    check_excerpt().map(SuiteResult::PassedBut)
}

/// The maximum age of the excerpt in days, where the database can be reached.
const MAXIMUM_AGE: i64 = 90;

/// Returns an error if the excerpt is too old. Only machines that could refresh it are strict.
fn check_age() -> Outcome {
    let date = files::read_text(excerpt().join("date.txt"))?;
    let made = days(date.trim()).ok_or("xtask/advisories/date.txt has no date")?;
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let today = now.map_or(0, |time| time.as_secs() as i64 / 86_400);
    if today - made > MAXIMUM_AGE {
        return Err(format!(
            "xtask/advisories is of {}, older than {MAXIMUM_AGE} days; run `cargo xtask advisories`",
            date.trim()
        ));
    }
    Ok(())
}

/// Returns the number of days from 1970-01-01 to a date `YYYY-MM-DD`.
fn days(date: &str) -> Option<i64> {
    let numbers: Vec<i64> = date.split('-').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let [year, month, day] = numbers.as_slice() else { return None };
    // Years that begin in March, so that the leap day is the last one.
    let (year, month) = if *month > 2 { (*year, month - 3) } else { (year - 1, month + 9) };
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    Some(365 * year + leap_days + (153 * month + 2) / 5 + day - 1 - 719_468)
}

/// Returns the folder of the committed excerpt of the `RustSec` database, for machines that cannot
/// reach it.
fn excerpt() -> PathBuf {
    root().join("xtask/advisories")
}

/// `cargo xtask advisories CLONE`: writes the excerpt from a clone of the database
/// (<https://github.com/rustsec/advisory-db>).
pub(crate) fn refresh_advisories(clone: &str) -> Outcome {
    let folder = excerpt().join("crates");
    if folder.exists() {
        files::remove_folder(&folder)?;
    }
    let names = locked()?;
    for name in &names {
        let known = Path::new(clone).join("crates").join(name);
        for advisory in files::below(&known)? {
            files::create_folder(folder.join(name))?;
            files::copy(&advisory, folder.join(name).join(files::name(&advisory)))?;
        }
    }
    let date = quiet_output(command("git log -1 --format=%cs").current_dir(clone))?;
    files::write(excerpt().join("date.txt"), date)?;
    files::write(
        excerpt().join("looked-for.txt"),
        names.into_iter().collect::<Vec<_>>().join("\n") + "\n",
    )
}

/// Checks the lockfile against the excerpt, and returns a message about the coverage of the
/// excerpt.
fn check_excerpt() -> Outcome<String> {
    let folder = target_folder().join("advisories");
    if folder.exists() {
        files::remove_folder(&folder)?;
    }
    // `cargo deny` requires a git repository, and reads its age from the file `FETCH_HEAD`.
    let database = folder.join(DATABASE);
    run(command("git init --quiet").arg(&database))?;
    run(command("cp -R").arg(excerpt().join("crates")).arg(&database))?;
    run(command("git add crates").current_dir(&database))?;
    let commit = "git -c user.name=ownprint -c user.email=ownprint@localhost commit --quiet --message Excerpt";
    run(command(commit).current_dir(&database))?;
    files::write(database.join(".git/FETCH_HEAD"), "")?;
    let config = folder.join("deny.toml");
    let place = format!("[advisories]\ndb-path = '{}'\n", folder.display());
    files::write(
        &config,
        files::read_text(root().join("deny.toml"))?.replace("[advisories]\n", &place),
    )?;
    run(command("cargo deny --offline --config").arg(&config).args(["check", "advisories"]))?;
    let date = files::read_text(excerpt().join("date.txt"))?;
    let looked_for = files::read_text(excerpt().join("looked-for.txt"))?;
    let looked_for: BTreeSet<String> = looked_for.lines().map(str::to_owned).collect();
    let unknown: Vec<String> = locked()?.difference(&looked_for).cloned().collect();
    let without = if unknown.is_empty() {
        String::new()
    } else {
        format!(", without {}", unknown.join(", "))
    };
    Ok(format!(
        "advisories of {}{without}: the current database cannot be fetched here",
        date.trim()
    ))
}

/// Returns the package names in the lockfile of the workspace. The lockfile of
/// `conformance/img_hash` is excluded, because it contains an unmaintained crate.
fn locked() -> Outcome<BTreeSet<String>> {
    let text = files::read_text(root().join("Cargo.lock"))?;
    let quoted = text.lines().filter_map(|line| line.strip_prefix("name = \"")?.strip_suffix('"'));
    Ok(quoted.map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use super::days;

    #[test]
    fn days_are_counted_across_leap_years() {
        assert_eq!(days("1970-01-01"), Some(0));
        assert_eq!(days("2000-02-29"), Some(11_016));
        assert_eq!(days("2000-03-01"), Some(11_017));
        assert_eq!(days("2026-12-01"), days("2026-08-21").map(|day| day + 102));
        assert_eq!(days("2026-12"), None);
    }
}
