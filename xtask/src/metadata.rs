//! The members of the workspace, read from `cargo metadata`.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::process::{Outcome, command, quiet_output};

/// A member of the workspace.
#[derive(Debug, Default)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) folder: PathBuf,
    pub(crate) features: Vec<String>,
    /// Its dependencies, without those of its tests.
    pub(crate) dependencies: Vec<String>,
    pub(crate) is_library: bool,
    pub(crate) is_published: bool,
}

/// Returns the members of the workspace.
pub(crate) fn packages() -> Outcome<Vec<Package>> {
    let printed = quiet_output(&mut command("cargo metadata --format-version 1 --no-deps"))?;
    let metadata: Value = serde_json::from_str(&printed).map_err(|error| error.to_string())?;
    Ok(list(&metadata["packages"]).map(package).collect())
}

/// Returns the libraries and programs that are published.
pub(crate) fn published() -> Outcome<Vec<Package>> {
    let packages = packages()?.into_iter().filter(|package| package.is_published);
    Ok(packages.collect())
}

fn package(value: &Value) -> Package {
    let manifest = Path::new(value["manifest_path"].as_str().unwrap_or_default());
    let dependencies =
        list(&value["dependencies"]).filter(|dependency| dependency["kind"] != "dev");
    Package {
        name: text(&value["name"]),
        version: text(&value["version"]),
        folder: manifest.parent().unwrap_or(manifest).to_path_buf(),
        features: value["features"]
            .as_object()
            .into_iter()
            .flat_map(|it| it.keys().cloned())
            .collect(),
        dependencies: dependencies.map(|dependency| text(&dependency["name"])).collect(),
        is_library: list(&value["targets"])
            .any(|target| list(&target["kind"]).any(|kind| kind == "lib")),
        // cargo prints `publish = false` as an empty list of registries.
        is_published: value["publish"].as_array().is_none_or(|registries| !registries.is_empty()),
    }
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
