//! Digests of bytes that arrive in chunks.

use std::sync::{Mutex, PoisonError};

use ownprint::Digester;
use pyo3::prelude::*;

use crate::error::{ended, run};
use crate::input::Bytes;
use crate::options::digests;

/// Computes digests of chunks, in constant memory.
#[pyclass(frozen, module = "ownprint._ownprint")]
pub(crate) struct DigestStream(Mutex<Option<Digester>>);

#[pymethods]
impl DigestStream {
    #[new]
    #[pyo3(signature = (names=None))]
    fn new(py: Python<'_>, names: Option<Vec<String>>) -> PyResult<Self> {
        let digester = run(py, || {
            Ok(match names {
                Some(names) => Digester::new(&digests(&names)?),
                None => Digester::new(&ownprint::Fingerprinter::default().selection().digests),
            })
        })?;
        Ok(Self(Mutex::new(Some(digester))))
    }

    /// Adds the next bytes.
    fn update(&self, py: Python<'_>, bytes: Bytes) -> PyResult<()> {
        let mut digester = self.take(py)?;
        let digester = run(py, || {
            digester.update(&bytes);
            Ok(digester)
        })?;
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(digester);
        Ok(())
    }

    /// Ends the stream, and returns the names and digests.
    fn finalize(&self, py: Python<'_>) -> PyResult<Vec<(&'static str, String)>> {
        let digester = self.take(py)?;
        run(py, || {
            let digests = digester.finalize();
            Ok(digests.iter().map(|digest| (digest.algorithm.name(), digest.to_hex())).collect())
        })
    }
}

impl DigestStream {
    fn take(&self, py: Python<'_>) -> PyResult<Digester> {
        let digester = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        digester.ok_or_else(|| ended(py, "stream"))
    }
}
