//! The interface of an output format.

use crate::batch::FileResult;

/// Turns results into text, one by one, in whole lines.
pub(crate) trait Output {
    /// Returns the text before the first result.
    fn begin(&mut self) -> String {
        String::new()
    }

    /// Returns the text of one result, and a note if something does not fit the format.
    fn file(&mut self, file: &FileResult) -> (String, Option<String>);

    /// Returns the text after the last result.
    fn end(&mut self) -> String {
        String::new()
    }
}
