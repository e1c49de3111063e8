//! What this build computes and decodes.

use ownprint::HashAlgorithm;
use pyo3::prelude::*;

use crate::error::run;

/// Returns the capabilities of this build as JSON.
#[pyfunction]
pub(crate) fn capabilities() -> String {
    ownprint::capabilities()
}

/// The name, the bits, the number of hashes, the threshold and the reference of an algorithm.
type HashInfo = (String, usize, Option<usize>, u32, &'static str);

/// Returns the properties of the hash algorithm with this name.
#[pyfunction]
pub(crate) fn hash_info(py: Python<'_>, name: &str) -> PyResult<HashInfo> {
    run(py, || {
        let hash: HashAlgorithm = name.parse()?;
        Ok((
            hash.name().into_owned(),
            hash.bits(),
            hash.hashes(),
            hash.threshold(),
            hash.reference(),
        ))
    })
}
