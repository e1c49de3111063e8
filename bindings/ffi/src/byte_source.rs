//! Bytes that the caller supplies: content URIs, streams, file handles.

use std::io::{self, Read};
use std::sync::Arc;

/// The bytes of a file that has no path.
#[uniffi::export(with_foreign)]
pub trait ByteSource: Send + Sync {
    /// Returns the next bytes, at most `limit` of them; an empty list at the end.
    ///
    /// # Errors
    /// Fails if the source cannot be read; the call then ends with the error `io`.
    fn read(&self, limit: u32) -> Result<Vec<u8>, SourceError>;
}

/// Why a [`ByteSource`] could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum SourceError {
    /// The source failed.
    #[error("{reason}")]
    Failed {
        /// The caller's description of the failure.
        reason: String,
    },
}

impl From<uniffi::UnexpectedUniFFICallbackError> for SourceError {
    fn from(error: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Self::Failed { reason: error.reason }
    }
}

/// Reads a [`ByteSource`].
pub(crate) struct SourceReader {
    source: Arc<dyn ByteSource>,
    chunk: Vec<u8>,
    consumed: usize,
}

impl SourceReader {
    pub(crate) fn new(source: Arc<dyn ByteSource>) -> Self {
        Self { source, chunk: Vec::new(), consumed: 0 }
    }
}

impl Read for SourceReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.consumed == self.chunk.len() {
            self.chunk = self.source.read(CHUNK_BYTES).map_err(io::Error::other)?;
            self.consumed = 0;
        }
        let rest = self.chunk.get(self.consumed..).unwrap_or_default();
        let count = rest.len().min(buffer.len());
        for (out, byte) in buffer.iter_mut().zip(rest) {
            *out = *byte;
        }
        self.consumed += count;
        Ok(count)
    }
}

/// Bytes that one call requests: large enough that the calls cost little compared with the digests.
const CHUNK_BYTES: u32 = 256 * 1024;
