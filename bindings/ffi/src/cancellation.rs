//! What a caller brings along to a call: bytes that have no path, an ear for progress, a way to call it off.

use std::io::{self, Read};
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A promise of the caller that can be broken off: one token for any number of calls, from any thread.
#[derive(Debug, Default, uniffi::Object)]
pub struct CancelToken {
    is_cancelled: AtomicBool,
}

#[uniffi::export]
impl CancelToken {
    /// A token that was not cancelled.
    #[must_use]
    #[uniffi::constructor]
    pub fn new() -> Arc<Self> {
        Arc::default()
    }

    /// Ends the calls that hold this token, soon, with the error `cancelled`. While a decoder works, they go on.
    pub fn cancel(&self) {
        self.is_cancelled.store(true, Ordering::Relaxed);
    }

    /// Whether [`cancel`](Self::cancel) was called.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.is_cancelled.load(Ordering::Relaxed)
    }
}

/// Told how far a call is, on the thread that made the call.
#[uniffi::export(with_foreign)]
pub trait ProgressListener: Send + Sync {
    /// The bytes read so far: told about once a megabyte, and once more at the end.
    fn on_progress(&self, bytes_read: u64);
}

/// Bytes of a file that has no path: a content URI, a stream, a file handle.
#[uniffi::export(with_foreign)]
pub trait ByteSource: Send + Sync {
    /// The next bytes, at most `most` of them; none at the end.
    ///
    /// # Errors
    /// When the source cannot be read; the call then ends with the error `io`.
    fn read(&self, most: u32) -> Result<Vec<u8>, SourceError>;
}

/// Why a [`ByteSource`] gave no bytes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum SourceError {
    /// The caller's own words.
    #[error("{reason}")]
    Failed {
        /// What was wrong.
        reason: String,
    },
}

impl From<uniffi::UnexpectedUniFFICallbackError> for SourceError {
    fn from(error: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Self::Failed { reason: error.reason }
    }
}

/// The caller's ear and hand during one call.
#[derive(Default)]
pub(crate) struct Watch {
    cancel: Option<Arc<CancelToken>>,
    progress: Option<Arc<dyn ProgressListener>>,
    seen: u64,
    told: u64,
}

impl Watch {
    pub(crate) fn new(cancel: Option<Arc<CancelToken>>, progress: Option<Arc<dyn ProgressListener>>) -> Self {
        Self { cancel, progress, ..Self::default() }
    }

    /// Takes note of the bytes read so far, and says whether to go on.
    pub(crate) fn observe(&mut self, bytes_read: u64) -> ControlFlow<()> {
        self.seen = bytes_read;
        // A call across the language border costs more than a few rows do.
        if bytes_read >= self.told + TOLD_EVERY {
            self.tell();
        }
        self.go_on()
    }

    /// Whether to go on.
    pub(crate) fn go_on(&self) -> ControlFlow<()> {
        if self.cancel.as_ref().is_some_and(|cancel| cancel.is_cancelled()) {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    }

    /// Tells the listener of the last bytes, once the call has its result.
    pub(crate) fn finish(mut self) {
        if self.seen != self.told {
            self.tell();
        }
    }

    fn tell(&mut self) {
        self.told = self.seen;
        if let Some(progress) = &self.progress {
            progress.on_progress(self.seen);
        }
    }
}

/// Bytes between two reports.
const TOLD_EVERY: u64 = 1 << 20;

/// A foreign source as a reader.
pub(crate) struct SourceReader {
    source: Arc<dyn ByteSource>,
    piece: Vec<u8>,
    taken: usize,
}

impl SourceReader {
    pub(crate) fn new(source: Arc<dyn ByteSource>) -> Self {
        Self { source, piece: Vec::new(), taken: 0 }
    }
}

impl Read for SourceReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.taken == self.piece.len() {
            self.piece = self.source.read(PIECE_BYTES).map_err(io::Error::other)?;
            self.taken = 0;
        }
        let rest = self.piece.get(self.taken..).unwrap_or_default();
        let count = rest.len().min(buffer.len());
        for (out, byte) in buffer.iter_mut().zip(rest) {
            *out = *byte;
        }
        self.taken += count;
        Ok(count)
    }
}

/// Bytes asked of a foreign source at a time: so many that the calls cost nothing beside the digests.
const PIECE_BYTES: u32 = 256 * 1024;
