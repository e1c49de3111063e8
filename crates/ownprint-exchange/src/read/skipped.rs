//! Rows that tolerant reading skipped.

use super::text::Position;
use crate::error::Error;

/// A row of a list, or a record of a page, that was skipped because it is invalid.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SkippedRow {
    /// The line of the error, from 1.
    pub line: u64,
    /// The character in that line, from 1.
    pub column: u64,
    /// The stable code of the error.
    pub code: &'static str,
    /// What is wrong, and what is expected.
    pub detail: String,
}

/// The rows that were skipped: all are counted, and the first [`MAX_ROWS`](Self::MAX_ROWS) are
/// described.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SkippedRows {
    count: u64,
    rows: Vec<SkippedRow>,
}

impl SkippedRows {
    /// The maximum number of rows that are described, so that an invalid list needs little memory.
    pub const MAX_ROWS: usize = 1000;

    /// Returns the number of rows that were skipped.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Returns the first rows that were skipped, in order.
    #[must_use]
    pub fn rows(&self) -> &[SkippedRow] {
        &self.rows
    }

    /// Adds the row at `line` with its error.
    pub(crate) fn add(&mut self, error: Error, line: u64) {
        self.count += 1;
        if self.rows.len() == Self::MAX_ROWS {
            return;
        }
        let code = error.code();
        let (position, detail) = match error {
            Error::InvalidRecord { line, column, detail } => (Position { line, column }, detail),
            error => (Position::line(line), error.to_string()),
        };
        self.rows.push(SkippedRow { line: position.line, column: position.column, code, detail });
    }
}
