//! The output formats of `ownprint hash`, one file each.

mod csv;
mod format;
mod json;
mod table;
mod threatexchange;
mod vpdq;

use ownprint::Selection;

use self::format::Output;
use crate::arguments::OutputFormat;

/// Returns the output of `format`. `is_single_file` says that there is one file and no more.
pub(crate) fn new(
    format: OutputFormat,
    selection: &Selection,
    is_single_file: bool,
) -> Box<dyn Output> {
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
