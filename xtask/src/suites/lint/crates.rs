//! Checks that the dependencies between the crates follow the layers in `docs/architecture.md`.

use crate::metadata::Package;

/// The crates from the bottom layer to the top, each with the crates that it may depend on.
const LAYERS: &[(&str, &[&str])] = &[
    ("ownprint-pixels", &[]),
    ("ownprint-hash", &["ownprint-pixels"]),
    ("ownprint-decode", &["ownprint-pixels"]),
    ("ownprint-search", &["ownprint-hash"]),
    ("ownprint-exchange", &["ownprint-hash", "ownprint-pixels"]),
    (
        "ownprint",
        &[
            "ownprint-decode",
            "ownprint-exchange",
            "ownprint-hash",
            "ownprint-pixels",
            "ownprint-search",
        ],
    ),
    ("ownprint-cli", &["ownprint"]),
];

/// Returns one line for each dependency on a higher or the same layer. Dependencies of tests are
/// ignored.
pub(super) fn violations(packages: &[Package]) -> Vec<String> {
    let names: Vec<&str> = packages.iter().map(|package| package.name.as_str()).collect();
    let mut found = Vec::new();
    for package in packages.iter().filter(|package| package.is_published) {
        let below = LAYERS.iter().find(|(name, _)| *name == package.name).map(|(_, below)| *below);
        for used in package.dependencies.iter().filter(|used| names.contains(&used.as_str())) {
            // A crate that the table does not name is above all layers.
            let is_allowed = below.map_or(LAYERS.iter().any(|(name, _)| name == used), |it| {
                it.contains(&used.as_str())
            });
            if !is_allowed {
                found.push(format!("{} depends on {used}", package.name));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_dependencies_on_lower_layers_are_accepted() {
        let package = |name: &str, dependencies: &[&str]| Package {
            name: name.to_owned(),
            dependencies: dependencies.iter().map(|it| (*it).to_owned()).collect(),
            is_published: true,
            ..Package::default()
        };
        let found = violations(&[
            package("ownprint", &["ownprint-hash", "serde"]),
            package("ownprint-hash", &["ownprint-pixels", "ownprint-decode"]),
            package("ownprint-decode", &["ownprint-pixels"]),
            package("ownprint-pixels", &["ownprint"]),
            package("ownprint-cli", &["ownprint", "ownprint-hash"]),
        ]);
        assert_eq!(
            found,
            [
                "ownprint-hash depends on ownprint-decode",
                "ownprint-pixels depends on ownprint",
                "ownprint-cli depends on ownprint-hash",
            ]
        );
    }
}
