//! A token that cancels calls from another thread.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::progress::Progress;

/// Cancels calls from another thread.
///
/// ```
/// use ownprint::{CancelToken, Error, Fingerprinter};
///
/// let token = CancelToken::new();
/// let observer = token.observer(|_progress| {});
/// token.cancel();
/// let error = Fingerprinter::default().fingerprint_bytes_with(b"bytes", observer).unwrap_err();
/// assert!(matches!(error, Error::Cancelled));
/// ```
#[derive(Debug, Clone, Default)]
pub struct CancelToken(Arc<AtomicBool>);

impl CancelToken {
    /// Returns a token that is not cancelled. All clones of a token are cancelled together.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Cancels the calls that observe this token.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Returns `true` once [`cancel`](Self::cancel) was called.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// Returns a break if the token is cancelled, as an observer does.
    pub fn check(&self) -> ControlFlow<()> {
        if self.is_cancelled() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    /// Returns an observer that calls `report` with the progress, and that cancels the call once
    /// this token is cancelled.
    pub fn observer(
        &self,
        mut report: impl FnMut(Progress),
    ) -> impl FnMut(Progress) -> ControlFlow<()> {
        let token = self.clone();
        move |progress| {
            report(progress);
            token.check()
        }
    }
}
