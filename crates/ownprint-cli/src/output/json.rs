//! JSON: one object a path, a line each or as one array.

use super::Output;
use crate::images::Entry;

/// One object a line.
#[derive(Debug)]
pub(crate) struct Lines;

impl Output for Lines {
    fn entry(&mut self, entry: &Entry) -> (String, Option<String>) {
        (format!("{}\n", entry.record().to_json()), None)
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
        (format!("{separator}\n{}", entry.record().to_json()), None)
    }

    fn end(&mut self) -> String {
        "\n]\n".to_owned()
    }
}
