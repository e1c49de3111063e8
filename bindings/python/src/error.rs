//! Errors of the core as Python exceptions, and calls that release the GIL.

use std::panic::{AssertUnwindSafe, catch_unwind};

use ownprint::{Error, exchange};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;

/// Runs `work` without the GIL. Errors become exceptions, and a panic becomes the error `internal`.
pub(crate) fn run<T: Send>(
    py: Python<'_>,
    work: impl FnOnce() -> Result<T, Error> + Send,
) -> PyResult<T> {
    py.detach(|| caught(work)).map_err(|error| exception(py, &error))
}

/// Runs `work`, and returns a panic, which would be a defect, as the error `internal`.
pub(crate) fn caught<T>(work: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    // Values that a panic leaves in an invalid state are dropped with the closure, and never read.
    catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|_| Err(ownprint::decode::Error::Internal.into()))
}

/// Returns the exception of an error: a class of `ownprint._errors`, with the stable code.
pub(crate) fn exception(py: Python<'_>, error: &Error) -> PyErr {
    exception_of(py, error, None)
}

/// Returns the exception of an error about the file `path`.
pub(crate) fn exception_of(py: Python<'_>, error: &Error, path: Option<&str>) -> PyErr {
    let name = match error {
        Error::Io(_) => "FileError",
        Error::Pixels(_) => "PixelsError",
        Error::Decode(_) => "DecodeError",
        Error::Hash(_) => "HashError",
        Error::Exchange(_) => "RecordError",
        Error::Search(_) => "IndexFileError",
        Error::Cancelled => "CancelledError",
        _ => "OwnprintError",
    };
    let position = match error {
        Error::Exchange(exchange::Error::InvalidRecord { line, column, .. }) => {
            Some((*line, *column))
        }
        _ => None,
    };
    let errno = match error {
        Error::Io(error) => error.raw_os_error(),
        _ => None,
    };
    let made = constructor(py).and_then(|make| {
        make.call1((name, error.code(), error.to_string(), position, errno, path))
    });
    made.map_or_else(|failure| failure, PyErr::from_value)
}

/// Returns the function of `ownprint._errors` that makes an exception.
fn constructor(py: Python<'_>) -> PyResult<&Bound<'_, PyAny>> {
    static MAKE: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let make = MAKE.get_or_try_init(py, || {
        Ok::<_, PyErr>(py.import("ownprint._errors")?.getattr("make")?.unbind())
    })?;
    Ok(make.bind(py))
}

/// Returns the exception for pixels that do not match their description.
pub(crate) fn invalid_pixels(py: Python<'_>, detail: String) -> PyErr {
    exception(py, &ownprint::pixels::Error::InvalidPixels { detail }.into())
}

/// Returns the exception for an object that has ended.
pub(crate) fn ended(py: Python<'_>, what: &str) -> PyErr {
    let error = std::io::Error::other(format!("this {what} has ended, or another call uses it"));
    exception(py, &Error::Io(error))
}
