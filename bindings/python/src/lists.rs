//! Lists of hashes, whole or in chunks.

use std::sync::{Mutex, PoisonError};

use ownprint::exchange::{self, HashList, HashListReader};
use ownprint::{Error, HashAlgorithm, PerceptualHash, Quality};
use pyo3::prelude::*;

use crate::error::{ended, run};
use crate::input::Bytes;

/// Algorithm, hash, quality, name, line, variant.
type ListedHash = (String, String, Option<u8>, Option<String>, u64, Option<String>);

/// Line, column, code, message.
type SkippedRow = (u64, u64, &'static str, String);

/// The number of skipped rows, and the first of them.
pub(crate) type SkippedRows = (u64, Vec<SkippedRow>);

/// Reads a list in chunks.
#[pyclass(frozen, module = "ownprint._ownprint")]
pub(crate) struct ListReader(Mutex<Option<HashListReader>>);

#[pymethods]
impl ListReader {
    #[new]
    #[pyo3(signature = (skip_invalid=false))]
    fn new(skip_invalid: bool) -> Self {
        let reader = HashListReader::detecting();
        let reader = if skip_invalid { reader.skip_invalid() } else { reader };
        Self(Mutex::new(Some(reader)))
    }

    /// Takes the next bytes, and returns the hashes that they complete.
    fn update(&self, py: Python<'_>, bytes: Bytes) -> PyResult<Vec<ListedHash>> {
        let mut reader = self.take(py)?;
        let (reader, hashes) = run(py, || {
            let hashes = reader.update(&bytes)?.into_iter().map(listed).collect();
            Ok((reader, hashes))
        })?;
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(reader);
        Ok(hashes)
    }

    /// Ends the list, and returns the last hashes and the rows that were skipped.
    fn finalize(&self, py: Python<'_>) -> PyResult<(Vec<ListedHash>, SkippedRows)> {
        let reader = self.take(py)?;
        run(py, || {
            let (hashes, rows) = reader.finalize_with_skipped()?;
            Ok((hashes.into_iter().map(listed).collect(), skipped(&rows)))
        })
    }
}

impl ListReader {
    fn take(&self, py: Python<'_>) -> PyResult<HashListReader> {
        let reader = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        reader.ok_or_else(|| ended(py, "reader"))
    }
}

/// Returns the hashes of a list, in its order.
#[pyfunction]
pub(crate) fn read_list(py: Python<'_>, list: Bytes) -> PyResult<Vec<ListedHash>> {
    run(py, || HashList::detecting(&*list).map(|hash| Ok(listed(hash?))).collect())
}

/// Returns the hashes of a list, and the rows that were skipped because they are invalid.
#[pyfunction]
pub(crate) fn read_list_tolerant(
    py: Python<'_>,
    list: Bytes,
) -> PyResult<(Vec<ListedHash>, SkippedRows)> {
    run(py, || {
        let mut list = HashList::detecting(&*list).skip_invalid();
        let hashes: Result<_, Error> = list.by_ref().map(|hash| Ok(listed(hash?))).collect();
        Ok((hashes?, skipped(list.skipped())))
    })
}

/// Returns the line by which ThreatExchange accepts a hash, or `None`.
#[pyfunction]
#[pyo3(signature = (algorithm, hash, quality=None))]
pub(crate) fn threatexchange_line(
    py: Python<'_>,
    algorithm: &str,
    hash: &str,
    quality: Option<u8>,
) -> PyResult<Option<String>> {
    run(py, || {
        let algorithm: HashAlgorithm = algorithm.parse()?;
        let hash = algorithm.parse_hash(hash)?;
        let hash = PerceptualHash::from_parts(algorithm, vec![hash], quality.map(Quality::new))?;
        Ok(exchange::threatexchange::to_line(&hash))
    })
}

fn listed(hash: exchange::ListedHash) -> ListedHash {
    (
        hash.algorithm.name().into_owned(),
        hash.value.to_hex(),
        hash.quality.map(|quality| quality.value()),
        hash.name,
        hash.line,
        hash.variant.map(|variant| variant.to_string()),
    )
}

pub(crate) fn skipped(rows: &exchange::SkippedRows) -> SkippedRows {
    let row = |row: &exchange::SkippedRow| (row.line, row.column, row.code, row.detail.clone());
    (rows.count(), rows.rows().iter().map(row).collect())
}
