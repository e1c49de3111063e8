//! JSON: one object a path, a line each or as one array.

use serde_json::Value;

use super::Output;
use crate::pictures::Entry;

/// One object a line.
#[derive(Debug)]
pub(crate) struct Lines;

impl Output for Lines {
    fn entry(&mut self, entry: &Entry) -> (String, Option<String>) {
        (format!("{}\n", object(entry)), None)
    }
}

/// One array, an object a line.
#[derive(Debug, Default)]
pub(crate) struct Array {
    started: bool,
}

impl Output for Array {
    fn begin(&mut self) -> String {
        "[".to_owned()
    }

    fn entry(&mut self, entry: &Entry) -> (String, Option<String>) {
        let separator = if std::mem::replace(&mut self.started, true) { "," } else { "" };
        (format!("{separator}\n{}", object(entry)), None)
    }

    fn end(&mut self) -> String {
        "\n]\n".to_owned()
    }
}

fn object(entry: &Entry) -> String {
    let path = Value::from(entry.path.to_string_lossy());
    match &entry.result {
        // A fingerprint's object is never empty: its members follow the path.
        Ok(fingerprint) => fingerprint.to_json().replacen('{', &format!("{{\"path\":{path},"), 1),
        Err(error) => format!("{{\"path\":{path},\"error\":{}}}", error.to_json()),
    }
}
