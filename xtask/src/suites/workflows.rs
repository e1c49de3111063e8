//! Checks the workflows of `.github` with actionlint and zizmor, and that their suites exist.

use std::path::PathBuf;
use std::process::Command;

use super::result::SuiteResult;
use crate::files;
use crate::process::{Outcome, command, root, run, say, succeeds};
use crate::python;

const ACTIONLINT: &str = "github.com/rhysd/actionlint/cmd/actionlint@v1.7.12";

/// Checks the workflows, which may run the named suites.
pub(super) fn test(suites: &[&str]) -> Outcome<SuiteResult> {
    let workflows = files::entries(root().join(".github/workflows"))?;
    let texts: Vec<String> = workflows.iter().map(files::read_text).collect::<Outcome<_>>()?;
    let mut named = texts.iter().flat_map(|text| suites_of(text));
    if let Some(unknown) = named.find(|suite| !suites.contains(&suite.as_str())) {
        return Err(format!("a workflow runs the suite `{unknown}`, which does not exist"));
    }
    let zizmor = python::workflow_linter()?;
    // Offline: it compares no action with the network.
    run(Command::new(zizmor).args(["--offline", "--quiet", ".github"]).current_dir(root()))?;
    match actionlint()? {
        Some(program) => run(Command::new(program).args(&workflows).current_dir(root()))?,
        None => {
            return Ok(SuiteResult::PassedBut(
                "actionlint was not run: Go is not installed".to_owned(),
            ));
        }
    }
    Ok(SuiteResult::Passed)
}

/// Returns the suites that a workflow names: in `cargo xtask test NAME`, and in a list or a line of
/// the key `suite`.
fn suites_of(workflow: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut in_list = false;
    let lines = workflow.lines().map(str::trim).filter(|line| !line.starts_with('#'));
    for line in lines {
        if let Some((_, names)) = line.split_once("cargo xtask test ") {
            let names = names.split_whitespace();
            found.extend(names.filter(|name| !name.contains('$')).map(str::to_owned));
        }
        match (line.strip_prefix("suite:").map(str::trim), line.strip_prefix("- ")) {
            (Some(list), _) => {
                in_list = list.is_empty();
                let names = list.trim_matches(['[', ']']).split(',').map(str::trim);
                found.extend(names.filter(|name| !name.is_empty()).map(str::to_owned));
            }
            (None, Some(name)) if in_list => found.push(name.to_owned()),
            _ => in_list = false,
        }
    }
    found
}

/// Returns the program, which the first call builds, or `None` without Go.
fn actionlint() -> Outcome<Option<PathBuf>> {
    let folder = root().join(".cache/actionlint");
    let program = folder.join(format!("actionlint{}", std::env::consts::EXE_SUFFIX));
    if !program.exists() {
        if !succeeds("go version") {
            return Ok(None);
        }
        say("building actionlint (once)");
        run(command("go install").arg(ACTIONLINT).env("GOBIN", &folder))?;
    }
    Ok(Some(program))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suites_are_found_in_commands_lists_and_lines() {
        let workflow = "matrix:\n  suite:\n    - lint\n    - core\n  steps:\n    - uses: a\n\
                        suite: [web, kotlin]\n- run: cargo xtask test \"$SUITE\"\n\
                        - run: cargo xtask test deny\n";
        assert_eq!(suites_of(workflow), ["lint", "core", "web", "kotlin", "deny"]);
    }
}
