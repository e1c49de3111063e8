//! Progress and cancellation of a call.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Cancels calls: one token for any number of calls, from any thread.
#[derive(Debug, Default, uniffi::Object)]
pub struct CancelToken {
    is_cancelled: AtomicBool,
}

#[uniffi::export]
impl CancelToken {
    /// Returns a token that is not cancelled.
    #[must_use]
    #[uniffi::constructor]
    pub fn new() -> Arc<Self> {
        Arc::default()
    }

    /// Ends the calls that hold this token with the error `cancelled`. The decoders of JPEG, GIF,
    /// WebP, BMP and PNM are not interrupted.
    pub fn cancel(&self) {
        self.is_cancelled.store(true, Ordering::Relaxed);
    }

    /// Returns `true` once [`cancel`](Self::cancel) was called.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.is_cancelled.load(Ordering::Relaxed)
    }
}

/// Receives the progress of a call, on the thread that made the call.
#[uniffi::export(with_foreign)]
pub trait ProgressListener: Send + Sync {
    /// Reports the bytes read so far: about once a megabyte, and once at the end.
    fn on_progress(&self, bytes_read: u64);
}

/// The progress listener and the cancel token of one call.
#[derive(Default)]
pub(crate) struct Observer {
    cancel: Option<Arc<CancelToken>>,
    progress: Option<Arc<dyn ProgressListener>>,
    bytes_read: u64,
    bytes_reported: u64,
}

impl Observer {
    pub(crate) fn new(
        cancel: Option<Arc<CancelToken>>,
        progress: Option<Arc<dyn ProgressListener>>,
    ) -> Self {
        Self { cancel, progress, ..Self::default() }
    }

    /// Records the bytes read so far, and returns whether to continue.
    pub(crate) fn observe(&mut self, bytes_read: u64) -> ControlFlow<()> {
        self.bytes_read = bytes_read;
        // A call into the foreign language costs more than hashing a few rows.
        if bytes_read >= self.bytes_reported + REPORT_INTERVAL {
            self.report();
        }
        self.check()
    }

    /// Returns whether to continue.
    pub(crate) fn check(&self) -> ControlFlow<()> {
        if self.cancel.as_ref().is_some_and(|cancel| cancel.is_cancelled()) {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    }

    /// Reports the last bytes, once the call has its result.
    pub(crate) fn finish(mut self) {
        if self.bytes_read != self.bytes_reported {
            self.report();
        }
    }

    fn report(&mut self) {
        self.bytes_reported = self.bytes_read;
        if let Some(progress) = &self.progress {
            progress.on_progress(self.bytes_read);
        }
    }
}

/// Bytes between two reports.
const REPORT_INTERVAL: u64 = 1 << 20;
