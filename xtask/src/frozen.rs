//! The frozen list of the keys and values in records, `docs/schema/keys.txt`.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::files;
use crate::process::root;

/// Collects the names of members and the values of enumerations in a schema.
fn collect(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            for (key, member) in members {
                match (key.as_str(), member) {
                    ("properties", Value::Object(properties)) => {
                        found.extend(properties.keys().map(|name| format!("key {name}")));
                    }
                    ("enum", Value::Array(values)) => {
                        found.extend(values.iter().map(|value| format!("value {value}")));
                    }
                    ("const", value) => drop(found.insert(format!("value {value}"))),
                    _ => {}
                }
                collect(member, found);
            }
        }
        Value::Array(values) => values.iter().for_each(|value| collect(value, found)),
        _ => {}
    }
}

#[test]
fn json_keys_are_frozen() {
    let mut found = BTreeSet::new();
    for path in files::below(&root().join("docs/schema")).unwrap() {
        if path.extension().is_some_and(|extension| extension == "json") {
            let schema = files::read_text(&path).unwrap();
            collect(&serde_json::from_str(&schema).unwrap(), &mut found);
        }
    }
    let frozen = files::read_text(root().join("docs/schema/keys.txt")).unwrap();
    let frozen: BTreeSet<String> = frozen.lines().map(str::to_owned).collect();
    assert!(found.len() > 50, "{} keys", found.len());
    let removed: Vec<_> = frozen.difference(&found).collect();
    assert!(removed.is_empty(), "removing these breaks readers of records: {removed:#?}");
    let added: Vec<_> = found.difference(&frozen).collect();
    assert!(added.is_empty(), "add these to docs/schema/keys.txt: {added:#?}");
}
