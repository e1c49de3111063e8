//! `cargo xtask protections`: switches off one protection at a time, in a copy of the repository,
//! and checks that its test fails.
//!
//! `protections.toml` lists the source lines that `docs/threat-model.md` relies on, each with the
//! test that fails without it.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use crate::files;
use crate::process::{Outcome, command, root, run, target_folder};

/// A row of `protections.toml`.
struct Protection {
    name: String,
    file: String,
    on: String,
    off: String,
    test: String,
}

fn all() -> Outcome<Vec<Protection>> {
    let text = files::read_text(root().join("xtask/protections.toml"))?;
    let table: toml::Table = text.parse().map_err(|error| format!("protections.toml: {error}"))?;
    let rows = table.get("protection").and_then(toml::Value::as_array).into_iter().flatten();
    let protections = rows.map(|row| {
        let field = |name| Some(row.get(name)?.as_str()?.to_owned());
        let [name, file, on, off, test] = ["name", "file", "on", "off", "test"].map(field);
        Some(Protection { name: name?, file: file?, on: on?, off: off?, test: test? })
    });
    protections
        .collect::<Option<_>>()
        .ok_or_else(|| "a row of protections.toml lacks a field".to_owned())
}

impl Protection {
    fn switched_off(&self, whole: &str) -> Outcome<String> {
        if whole.matches(&self.on).count() != 1 {
            return Err(format!("{}: `{}` does not occur exactly once", self.file, self.on));
        }
        Ok(whole.replace(&self.on, &self.off))
    }

    /// Returns the row of the table. `remark` is printed before the test.
    fn row(&self, remark: &str) -> String {
        format!("| {} | `{}` | {remark}`{}` |", self.name, self.file, self.test)
    }
}

pub(crate) fn protections() -> Outcome {
    let protections = all()?;
    let copy = target_folder().join("protections/copy");
    if copy.exists() {
        files::remove_folder(&copy)?;
    }
    run(command("git clone --quiet").arg(root()).arg(&copy))?;
    for test in protections.iter().map(|protection| &protection.test).collect::<BTreeSet<_>>() {
        // The test must pass with the protection: a test that always fails proves nothing.
        run(&mut cargo(&copy, test))?;
    }
    let mut rows = Vec::new();
    for protection in &protections {
        let path = copy.join(&protection.file);
        let whole = files::read_text(&path)?;
        files::write(&path, protection.switched_off(&whole)?)?;
        rows.push((protection, fails(&copy, &protection.test)));
        files::write(&path, whole)?;
    }
    println!("\n| protection | switched off in | the test that fails |\n|---|---|---|");
    for (protection, fails) in &rows {
        println!("{}", protection.row(if *fails { "" } else { "**DOES NOT FAIL:** " }));
    }
    match rows.iter().filter(|(_, fails)| !fails).count() {
        0 => Ok(()),
        missed => Err(format!("{missed} protections can be switched off, and no test fails")),
    }
}

/// Returns `true` if the tests can be built and fail.
fn fails(copy: &Path, test: &str) -> bool {
    let build = test.split(" -- ").next().unwrap_or(test);
    run(&mut cargo(copy, &format!("{build} --no-run"))).is_ok()
        && run(&mut cargo(copy, test)).is_err()
}

fn cargo(copy: &Path, test: &str) -> Command {
    let mut cargo = command(&format!("cargo test --locked {test}"));
    cargo.current_dir(copy).env("CARGO_TARGET_DIR", target_folder().join("protections/target"));
    cargo
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_protection_can_be_switched_off_and_is_documented() {
        let table = files::read_text(root().join("docs/threat-model.md")).unwrap();
        let protections = all().unwrap();
        assert!(protections.len() >= 30, "{} protections", protections.len());
        for protection in protections {
            let whole = files::read_text(root().join(&protection.file)).unwrap();
            assert!(
                protection.switched_off(&whole).is_ok(),
                "{}: its line changed",
                protection.name
            );
            assert!(
                table.contains(&protection.row("")),
                "docs/threat-model.md lacks: {}",
                protection.name
            );
        }
    }
}
