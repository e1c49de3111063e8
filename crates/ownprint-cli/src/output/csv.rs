//! Comma-separated values: a header and one row for each file.

use ownprint::Selection;
use ownprint::exchange::CsvTable;

use super::format::Output;
use crate::batch::FileResult;

#[derive(Debug)]
pub(crate) struct Csv(CsvTable);

impl Csv {
    pub(crate) fn new(selection: &Selection, escape_formulas: bool) -> Self {
        Self(CsvTable::new(selection).escape_formulas(escape_formulas))
    }
}

impl Output for Csv {
    fn begin(&mut self) -> String {
        self.0.header()
    }

    fn file(&mut self, file: &FileResult) -> (String, Option<String>) {
        (self.0.row(&file.to_record()), None)
    }
}
