//! The output formats of `ownprint hash`, one file each.

mod csv;
mod format;
mod json;
mod table;
mod threatexchange;
mod vpdq;

use ownprint::Selection;

use self::format::Output;
use crate::arguments::{HashArguments, OutputFormat};

/// Returns the output of the format in `arguments`.
pub(crate) fn new(arguments: &HashArguments, selection: &Selection) -> Box<dyn Output> {
    let is_single_file = arguments.files.is_single_file();
    match arguments.format {
        OutputFormat::Table => Box::new(table::Table::new(selection)),
        OutputFormat::Json => Box::new(json::Array::default()),
        OutputFormat::Jsonl => Box::new(json::Lines),
        OutputFormat::Csv => Box::new(csv::Csv::new(selection, arguments.escape_formulas)),
        OutputFormat::Threatexchange => Box::new(threatexchange::Lines),
        OutputFormat::Vpdq => Box::new(vpdq::Vpdq::new(vpdq::Form::Lines, is_single_file)),
        OutputFormat::VpdqJson => Box::new(vpdq::Vpdq::new(vpdq::Form::Json, is_single_file)),
    }
}
