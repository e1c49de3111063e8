//! Reads and writes records, in the full build. The core reads each text strictly and returns it as
//! normalized JSON.

use ownprint::exchange::{CsvRecords, CsvTable, FingerprintRecord, StopNciiPage};
use ownprint::{Error, Selection};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::errors_as_json;
use crate::hashing::Json;
use crate::searching::skipped_json;

/// Reads a record and returns it as normalized JSON.
///
/// # Errors
/// `invalid-record`.
#[wasm_bindgen]
pub fn record(text: &str) -> Json {
    errors_as_json(|| Ok(FingerprintRecord::from_json(text)?.to_json()))
}

/// Returns the records of a CSV table as a JSON list.
///
/// # Errors
/// `invalid-record`.
#[wasm_bindgen(js_name = readCsv)]
pub fn read_csv(table: &[u8]) -> Json {
    errors_as_json(|| {
        let records = CsvRecords::new(table).map(|record| Ok(record?.to_json()));
        let records = records.collect::<Result<Vec<_>, Error>>()?;
        Ok(format!("[{}]", records.join(",")))
    })
}

/// Returns the header of a CSV table with columns for these hashes and digests, separated by
/// commas, and for these variants.
///
/// # Errors
/// `unknown-algorithm`, `unknown-variant`, `invalid-variants`.
#[wasm_bindgen(js_name = csvHeader)]
pub fn csv_header(names: &str, variants: Option<String>) -> Result<String, String> {
    errors_as_json(|| Ok(csv_table(names, variants)?.header()))
}

/// Returns the row of a record, which is passed as JSON, in such a table. An apostrophe is put
/// before fields that a spreadsheet would take for formulas, if `escape_formulas` is set.
///
/// # Errors
/// `invalid-record`, and those of [`csv_header`].
#[wasm_bindgen(js_name = csvRow)]
pub fn csv_row(
    names: &str,
    variants: Option<String>,
    escape_formulas: bool,
    record: &str,
) -> Result<String, String> {
    errors_as_json(|| {
        let table = csv_table(names, variants)?.escape_formulas(escape_formulas);
        Ok(table.row(&FingerprintRecord::from_json(record)?))
    })
}

fn csv_table(names: &str, variants: Option<String>) -> Result<CsvTable, Error> {
    let mut selection: Selection = names.parse()?;
    selection.variants = variants.map(|names| names.parse()).transpose()?;
    Ok(CsvTable::new(&selection))
}

/// Reads a page of StopNCII.org's records and returns it as normalized JSON.
///
/// # Errors
/// `invalid-record`.
#[wasm_bindgen(js_name = stopNciiPage)]
pub fn stop_ncii_page(text: &str) -> Json {
    errors_as_json(|| Ok(StopNciiPage::from_json(text)?.to_json()))
}

/// Reads a page as `stopNciiPage` does, but skips invalid records. Returns a list of the page and
/// what was skipped.
///
/// # Errors
/// `invalid-record`.
#[wasm_bindgen(js_name = stopNciiPageTolerant)]
pub fn stop_ncii_page_tolerant(text: &str) -> Json {
    let (page, skipped) = errors_as_json(|| Ok(StopNciiPage::from_json_tolerant(text)?))?;
    Ok(format!("[{},{}]", page.to_json(), skipped_json(&skipped)?))
}
