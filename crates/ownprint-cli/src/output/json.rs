//! JSON: one object a path, a line each or as one array.

use serde_json::{Map, Value};

use super::Output;
use crate::hash::Entry;

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

fn object(entry: &Entry) -> Value {
    let mut object = Map::new();
    object.insert("path".to_owned(), entry.path.to_string_lossy().into());
    match &entry.result {
        Ok(fingerprint) => object.extend(fingerprint.to_json()),
        Err(error) => {
            object.insert("error".to_owned(), error.to_json());
        }
    }
    object.into()
}
