//! The arrows between the crates of the workspace: they point down, as `docs/architecture.md` has
//! them.

use crate::metadata::Package;

/// What each crate may depend on directly or through others, from the top to the bottom.
const LAYERS: &[(&str, &[&str])] = &[
    ("ownprint-pixels", &[]),
    ("ownprint-hash", &["ownprint-pixels"]),
    ("ownprint-decode", &["ownprint-pixels"]),
    ("ownprint-search", &["ownprint-hash", "ownprint-pixels"]),
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
];

/// Returns one line for each dependency that points up or sideways. Dependencies of tests do not
/// count.
pub(super) fn violations(packages: &[Package]) -> Vec<String> {
    let names: Vec<&str> = packages.iter().map(|package| package.name.as_str()).collect();
    let mut found = Vec::new();
    for package in packages.iter().filter(|package| package.is_published) {
        let below = LAYERS.iter().find(|(name, _)| *name == package.name).map(|(_, below)| *below);
        for used in package.dependencies.iter().filter(|used| names.contains(&used.as_str())) {
            // A crate without a layer, the command line, is above all of them.
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
    fn dependencies_point_down_only() {
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
            package("ownprint-cli", &["ownprint"]),
        ]);
        assert_eq!(
            found,
            ["ownprint-hash depends on ownprint-decode", "ownprint-pixels depends on ownprint"]
        );
    }
}
