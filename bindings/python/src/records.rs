//! Records in JSON and CSV, and pages of StopNCII.org, as JSON that the core has checked.

use ownprint::exchange::{CsvRecords, CsvTable, FingerprintRecord, StopNciiPage};
use ownprint::{Error, Selection};
use pyo3::prelude::*;

use crate::error::run;
use crate::input::Bytes;
use crate::lists::{SkippedRows, skipped};

/// Checks one record, and returns it as the core writes it.
#[pyfunction]
pub(crate) fn read_record(py: Python<'_>, text: &str) -> PyResult<String> {
    run(py, || Ok(FingerprintRecord::from_json(text)?.to_json()))
}

/// Returns the records of a CSV table as JSON, in its order.
#[pyfunction]
pub(crate) fn read_csv(py: Python<'_>, table: Bytes) -> PyResult<Vec<String>> {
    run(py, || CsvRecords::new(&*table).map(|record| Ok(record?.to_json())).collect())
}

/// Returns the header of a CSV table with columns for these hashes, digests and variants.
#[pyfunction]
#[pyo3(signature = (names, variants=None, escape_formulas=false))]
pub(crate) fn csv_header(
    py: Python<'_>,
    names: Vec<String>,
    variants: Option<Vec<String>>,
    escape_formulas: bool,
) -> PyResult<String> {
    run(py, || Ok(table(&names, variants, escape_formulas)?.header()))
}

/// Returns the row of a record in such a table.
#[pyfunction]
#[pyo3(signature = (names, record, variants=None, escape_formulas=false))]
pub(crate) fn csv_row(
    py: Python<'_>,
    names: Vec<String>,
    record: &str,
    variants: Option<Vec<String>>,
    escape_formulas: bool,
) -> PyResult<String> {
    run(py, || {
        let record = FingerprintRecord::from_json(record)?;
        Ok(table(&names, variants, escape_formulas)?.row(&record))
    })
}

fn table(
    names: &[String],
    variants: Option<Vec<String>>,
    escape_formulas: bool,
) -> Result<CsvTable, Error> {
    let mut selection = match names {
        [] => Selection::default(),
        names => names.join(",").parse()?,
    };
    selection.variants = variants.map(|names| names.join(",").parse()).transpose()?;
    Ok(CsvTable::new(&selection).escape_formulas(escape_formulas))
}

/// Checks a page of StopNCII.org, and returns it as the core writes it.
#[pyfunction]
#[pyo3(signature = (text, skip_invalid=false))]
pub(crate) fn read_stopncii_page(
    py: Python<'_>,
    text: &str,
    skip_invalid: bool,
) -> PyResult<(String, SkippedRows)> {
    run(py, || {
        if skip_invalid {
            let (page, rows) = StopNciiPage::from_json_tolerant(text)?;
            return Ok((page.to_json(), skipped(&rows)));
        }
        Ok((StopNciiPage::from_json(text)?.to_json(), (0, Vec::new())))
    })
}

/// Checks a page, and returns it as the core writes it.
#[pyfunction]
pub(crate) fn write_stopncii_page(py: Python<'_>, text: &str) -> PyResult<String> {
    run(py, || Ok(StopNciiPage::from_json(text)?.to_json()))
}
