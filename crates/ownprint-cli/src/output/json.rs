//! JSON: one object for each file, as lines or in one array.

use super::format::Output;
use crate::batch::FileResult;

/// One object a line.
#[derive(Debug)]
pub(crate) struct Lines;

impl Output for Lines {
    fn file(&mut self, file: &FileResult) -> (String, Option<String>) {
        (format!("{}\n", file.to_record().to_json()), None)
    }
}

/// One array with one object a line.
#[derive(Debug, Default)]
pub(crate) struct Array {
    started: bool,
}

impl Output for Array {
    fn begin(&mut self) -> String {
        "[".to_owned()
    }

    fn file(&mut self, file: &FileResult) -> (String, Option<String>) {
        let separator = if std::mem::replace(&mut self.started, true) { "," } else { "" };
        (format!("{separator}\n{}", file.to_record().to_json()), None)
    }

    fn end(&mut self) -> String {
        "\n]\n".to_owned()
    }
}
