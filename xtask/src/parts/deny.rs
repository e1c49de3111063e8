//! Dependencies: what they may be licensed under, where they may come from, what is known against them.

use super::SuiteResult;
use crate::advisories;
use crate::audit::{self, linked};
use crate::process::{Outcome, command, run, succeeds};
use crate::targets;

/// Crates that the core may link where it decodes nothing.
const BUDGET: usize = 25;

pub(super) fn deny() -> Outcome<SuiteResult> {
    targets::add_cargo_tool("deny")?;
    run(&mut command("cargo deny --offline check licenses bans sources"))?;
    let core = linked("--package ownprint --no-default-features")?;
    println!("the core without decoders links {} crates, of {BUDGET} at most", core.len());
    if core.len() > BUDGET {
        return Err(format!("the core links {} crates: {core:#?}", core.len()));
    }
    // The table is that of one system; others link a few crates more.
    if cfg!(all(target_os = "linux", target_arch = "x86_64")) {
        audit::check()?;
    }
    // The advisories come from a repository of their own, which not every machine reaches.
    if !succeeds("cargo deny fetch db") {
        return Ok(SuiteResult::PassedBut(advisories::check()?));
    }
    run(&mut command("cargo deny check advisories"))?;
    Ok(SuiteResult::Passed)
}
