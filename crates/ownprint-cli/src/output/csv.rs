//! Comma-separated values: a header, then one row a path.

use ownprint::Selection;
use ownprint::exchange::CsvTable;

use super::Output;
use crate::images::Entry;

#[derive(Debug)]
pub(crate) struct Csv(CsvTable);

impl Csv {
    pub(crate) fn new(selection: &Selection) -> Self {
        Self(CsvTable::new(selection))
    }
}

impl Output for Csv {
    fn begin(&mut self) -> String {
        self.0.header()
    }

    fn entry(&mut self, entry: &Entry) -> (String, Option<String>) {
        (self.0.row(&entry.record()), None)
    }
}
