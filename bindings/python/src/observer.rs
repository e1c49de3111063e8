//! Progress, cancellation and Ctrl-C of one call.

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use ownprint::{CancelToken as CoreToken, Error};
use pyo3::prelude::*;

use crate::error::{caught, exception_of};

/// Cancels calls from another thread.
///
/// All calls that were passed this token end with `CancelledError`. The decoders of JPEG, GIF,
/// WebP, BMP and PNM are not interrupted while they decode.
#[pyclass(frozen, module = "ownprint", from_py_object)]
#[derive(Debug, Clone, Default)]
pub(crate) struct CancelToken(CoreToken);

#[pymethods]
impl CancelToken {
    #[new]
    fn new() -> Self {
        Self::default()
    }

    /// Cancels the calls that were passed this token.
    fn cancel(&self) {
        self.0.cancel();
    }

    /// `True` once `cancel` was called.
    #[getter]
    fn is_cancelled(&self) -> bool {
        self.0.is_cancelled()
    }

    fn __repr__(&self) -> String {
        let state = if self.0.is_cancelled() { "True" } else { "False" };
        format!("CancelToken(is_cancelled={state})")
    }
}

/// Bytes between two calls of a progress callback: such a call costs more than hashing a few rows.
const REPORT_INTERVAL: u64 = 1 << 20;

/// Time between two checks for Ctrl-C, each of which needs the GIL.
const SIGNAL_INTERVAL: Duration = Duration::from_millis(50);

/// The progress callback and the cancel token of one call.
pub(crate) struct Observer {
    cancel: Option<CoreToken>,
    progress: Option<Py<PyAny>>,
    bytes_read: u64,
    bytes_reported: u64,
    next_signals: Instant,
    /// An exception of the callback, of the file object, or of Ctrl-C, which ended the call.
    raised: Option<PyErr>,
}

impl Observer {
    pub(crate) fn new(cancel: Option<CancelToken>, progress: Option<Py<PyAny>>) -> Self {
        Self {
            cancel: cancel.map(|token| token.0),
            progress,
            bytes_read: 0,
            bytes_reported: 0,
            next_signals: Instant::now() + SIGNAL_INTERVAL,
            raised: None,
        }
    }

    /// Records the bytes read so far, and returns whether to continue.
    pub(crate) fn observe(&mut self, bytes_read: u64) -> ControlFlow<()> {
        self.bytes_read = bytes_read;
        if bytes_read >= self.bytes_reported + REPORT_INTERVAL {
            self.report()?;
        }
        self.check()
    }

    /// Returns whether to continue.
    pub(crate) fn check(&mut self) -> ControlFlow<()> {
        if self.cancel.as_ref().is_some_and(CoreToken::is_cancelled) {
            return ControlFlow::Break(());
        }
        let now = Instant::now();
        if now < self.next_signals {
            return ControlFlow::Continue(());
        }
        self.next_signals = now + SIGNAL_INTERVAL;
        let outcome = Python::attach(|py| py.check_signals());
        self.hold(outcome)
    }

    /// Keeps an exception, which ends the call.
    pub(crate) fn hold(&mut self, outcome: PyResult<()>) -> ControlFlow<()> {
        match outcome {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                self.raised = Some(error);
                ControlFlow::Break(())
            }
        }
    }

    fn report(&mut self) -> ControlFlow<()> {
        self.bytes_reported = self.bytes_read;
        let Some(progress) = &self.progress else { return ControlFlow::Continue(()) };
        let bytes = self.bytes_read;
        let outcome = Python::attach(|py| progress.call1(py, (bytes,)).map(drop));
        self.hold(outcome)
    }

    /// Runs `work` without the GIL, and reports the last bytes once it has its result.
    pub(crate) fn run<T: Send>(
        mut self,
        py: Python<'_>,
        path: Option<&str>,
        work: impl FnOnce(&mut Self) -> Result<T, Error> + Send,
    ) -> PyResult<T> {
        let (outcome, observer) = py.detach(|| {
            let mut outcome = caught(|| work(&mut self));
            if outcome.is_ok() && self.bytes_read != self.bytes_reported && self.report().is_break()
            {
                outcome = Err(Error::Cancelled);
            }
            (outcome, self)
        });
        match (outcome, observer.raised) {
            (Ok(value), _) => Ok(value),
            (Err(_), Some(raised)) => Err(raised),
            (Err(error), None) => Err(exception_of(py, &error, path)),
        }
    }
}
