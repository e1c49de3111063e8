//! `cargo xtask semver [COMMIT]`: whether the crate's version says what its interface became.

use crate::process::{Outcome, command, quiet_output, run};
use crate::targets;

/// Compares the crate with a commit, or with the last release.
pub(crate) fn semver(words: &[&str]) -> Outcome {
    let before = match words {
        [] => last_release()?,
        [commit] => (*commit).to_owned(),
        _ => return Err("cargo xtask semver [COMMIT]".to_owned()),
    };
    targets::add_cargo_tool("semver-checks")?;
    run(command("cargo semver-checks --package ownprint --baseline-rev").arg(before))
}

fn last_release() -> Outcome<String> {
    let tags = quiet_output(&mut command("git tag --list v* --sort=-version:refname"))?;
    let last = tags.lines().next().map(str::to_owned);
    last.ok_or_else(|| "there is no release yet; name a commit to compare with".to_owned())
}
