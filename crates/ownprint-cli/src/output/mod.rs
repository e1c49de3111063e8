//! The forms in which results are printed, one a file.

mod csv;
mod exchange;
mod json;
mod table;
mod vpdq;

use crate::arguments::OutputFormat;
use crate::images::Entry;
use ownprint::Selection;

/// Turns results into text, one by one, in whole lines.
pub(crate) trait Output {
    /// What stands before the first result.
    fn begin(&mut self) -> String {
        String::new()
    }

    /// The text of one result, and what a person should know of what this form skipped.
    fn entry(&mut self, entry: &Entry) -> (String, Option<String>);

    /// What stands after the last result.
    fn end(&mut self) -> String {
        String::new()
    }
}

pub(crate) fn of(format: OutputFormat, selection: &Selection) -> Box<dyn Output> {
    match format {
        OutputFormat::Table => Box::new(table::Table::new(selection)),
        OutputFormat::Json => Box::new(json::Array::default()),
        OutputFormat::Jsonl => Box::new(json::Lines),
        OutputFormat::Csv => Box::new(csv::Csv::new(selection)),
        OutputFormat::Threatexchange => Box::new(exchange::Exchange),
        OutputFormat::Vpdq => Box::new(vpdq::Lines),
        OutputFormat::VpdqJson => Box::new(vpdq::Json),
    }
}
