//! `cargo xtask release …`: the steps of `.github/workflows/release.yml` and `docs/releasing.md`.

mod assets;
mod consumers;
mod crates;
mod dry_run;
mod maven;
mod version;

use std::path::PathBuf;

pub(crate) use dry_run::dry_run;

use crate::metadata;
use crate::process::{Outcome, command, run};

/// Checks, packs and publishes a release.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Release {
    /// Pack every package into local registries, and run a program in each language with nothing
    /// else.
    DryRun {
        /// Use packages that suites have built before, instead of building them again.
        #[arg(long)]
        reuse: bool,
    },
    /// Check that a tag (`v1.2.3`) is the version of every package.
    CheckVersion { tag: String },
    /// Write a version (`1.2.3`) into every file that repeats it.
    SetVersion { version: String },
    /// Build the jar with the native libraries of several systems, into target/release-maven.
    Maven {
        /// One folder `native-SYSTEM` for each system, named as JNA names it.
        libraries: PathBuf,
    },
    /// Check that all files of a release are in a folder, and add checksums, notes and the Homebrew
    /// formula.
    Assets { folder: PathBuf },
    /// Publish the crates in the order of their dependencies.
    PublishCrates,
}

pub(crate) fn release(step: &Release) -> Outcome {
    match step {
        Release::DryRun { reuse } => dry_run(*reuse),
        Release::CheckVersion { tag } => version::check(tag),
        Release::SetVersion { version } => version::set(version),
        Release::Maven { libraries } => maven::bundle(libraries),
        Release::Assets { folder } => assets::complete(folder),
        Release::PublishCrates => publish_crates(),
    }
}

/// cargo waits for each crate before it publishes those that depend on it.
fn publish_crates() -> Outcome {
    let mut publish = command("cargo publish --locked");
    for package in metadata::published()? {
        publish.args(["--package", &package.name]);
    }
    run(&mut publish)
}
