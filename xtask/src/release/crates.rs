//! A registry of crates in a folder (`local-registry` in cargo's documentation), with our crates and
//! every crate of the lock file.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::files;
use crate::metadata;
use crate::process::{Outcome, command, quiet_output, run, target_folder};
use crate::reproduce::sha256;
use crate::shipping::cargo_home;

/// Packages our crates, and writes the registry.
pub(super) fn write(registry: &Path) -> Outcome {
    if registry.exists() {
        files::remove_folder(registry)?;
    }
    files::create_folder(registry.join("index"))?;
    let published = metadata::published()?;
    let mut package = command("cargo package --no-verify --allow-dirty");
    for ours in &published {
        package.args(["--package", &ours.name]);
    }
    run(&mut package)?;
    run(&mut command("cargo fetch --locked"))?;
    let printed = quiet_output(&mut command("cargo metadata --format-version 1 --locked"))?;
    let metadata: Value = serde_json::from_str(&printed).map_err(|error| error.to_string())?;
    let caches = files::entries(cargo_home()?.join("registry/cache"))?;
    let packed = target_folder().join("package");
    for package in metadata["packages"].as_array().into_iter().flatten() {
        let (name, version) = (&package["name"], &package["version"]);
        let file = format!("{}-{}.crate", plain(name), plain(version));
        // Without a source, it is a member of the workspace.
        let found = if package["source"].is_null() {
            if !published.iter().any(|ours| *name == ours.name) {
                continue;
            }
            packed.join(&file)
        } else {
            let mut places = caches.iter().map(|cache| cache.join(&file));
            places.find(|path| path.exists()).ok_or_else(|| format!("cargo has no {file}"))?
        };
        let stored = registry.join(&file);
        // A copy, if the folders are on different file systems.
        if fs::hard_link(&found, &stored).is_err() {
            files::copy(&found, &stored)?;
        }
        add_to_index(&registry.join("index"), package, &sha256(&stored)?)?;
    }
    Ok(())
}

fn plain(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// Appends a package to the file of its name.
fn add_to_index(index: &Path, package: &Value, checksum: &str) -> Outcome {
    let name = plain(&package["name"]);
    let path = index.join(place(name));
    if let Some(folder) = path.parent() {
        files::create_folder(folder)?;
    }
    let dependencies = package["dependencies"].as_array().into_iter().flatten();
    let entry = json!({
        "name": name,
        "vers": package["version"],
        "deps": dependencies.map(dependency).collect::<Vec<_>>(),
        "cksum": checksum,
        "features": {},
        "features2": package["features"],
        "links": package["links"],
        "yanked": false,
        "v": 2,
    });
    let earlier = if path.exists() { files::read_text(&path)? } else { String::new() };
    files::write(&path, format!("{earlier}{entry}\n"))
}

/// Returns a dependency in the form of an index.
fn dependency(value: &Value) -> Value {
    let (name, rename) = (&value["name"], &value["rename"]);
    json!({
        "name": if rename.is_null() { name } else { rename },
        "package": if rename.is_null() { &Value::Null } else { name },
        "req": value["req"],
        "features": value["features"],
        "optional": value["optional"],
        "default_features": value["uses_default_features"],
        "target": value["target"],
        "kind": value["kind"].as_str().unwrap_or("normal"),
    })
}

/// Returns the path of a name in an index.
fn place(name: &str) -> String {
    match (name.get(..1), name.get(..2), name.get(2..4)) {
        (Some(_), _, _) if name.len() <= 2 => format!("{}/{name}", name.len()),
        (Some(first), _, _) if name.len() == 3 => format!("3/{first}/{name}"),
        (_, Some(start), Some(next)) => format!("{start}/{next}/{name}"),
        _ => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::place;

    #[test]
    fn places_follow_the_rules_of_an_index() {
        let places = ["a", "cc", "syn", "ownprint"].map(place);
        assert_eq!(places, ["1/a", "2/cc", "3/s/syn", "ow/np/ownprint"]);
    }
}
