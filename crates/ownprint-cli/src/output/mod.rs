//! The output formats of `ownprint hash`, one file each.

mod csv;
mod json;
mod table;
mod threatexchange;
mod vpdq;

use ownprint::Selection;

use crate::arguments::OutputFormat;
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

/// Returns the output of `format`. `is_single_file` says that there is one file and no more.
pub(crate) fn new(format: OutputFormat, selection: &Selection, is_single_file: bool) -> Box<dyn Output> {
    match format {
        OutputFormat::Table => Box::new(table::Table::new(selection)),
        OutputFormat::Json => Box::new(json::Array::default()),
        OutputFormat::Jsonl => Box::new(json::Lines),
        OutputFormat::Csv => Box::new(csv::Csv::new(selection)),
        OutputFormat::Threatexchange => Box::new(threatexchange::Lines),
        OutputFormat::Vpdq => Box::new(vpdq::Vpdq::new(vpdq::Form::Lines, is_single_file)),
        OutputFormat::VpdqJson => Box::new(vpdq::Vpdq::new(vpdq::Form::Json, is_single_file)),
    }
}
