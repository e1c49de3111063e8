//! Fingerprints of files, bytes, streams and pixels.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use ownprint::Error;

use crate::byte_source::SourceReader;
use crate::cancellation::Observer;
use crate::error::caught;
use crate::{
    ByteSource, CancelToken, Fingerprint, Options, OwnprintError, PixelLayout, ProgressListener,
};

/// Computes hashes and digests. One object serves any number of calls, from any number of threads.
///
/// Every call takes an optional token that cancels it and an optional listener for its progress.
#[derive(Debug, uniffi::Object)]
pub struct Fingerprinter(ownprint::Fingerprinter);

#[uniffi::export]
impl Fingerprinter {
    /// Returns a fingerprinter with these options.
    ///
    /// # Errors
    /// `unknown-algorithm`, `unknown-variant`, `invalid-variants`.
    #[uniffi::constructor]
    pub fn new(options: &Options) -> Result<Arc<Self>, OwnprintError> {
        caught(|| options.to_fingerprinter()).map(|fingerprinter| Arc::new(Self(fingerprinter)))
    }

    /// Fingerprints the file at a path.
    ///
    /// # Errors
    /// `io`, `cancelled`, and those of [`fingerprint_bytes`](Self::fingerprint_bytes).
    pub fn fingerprint_file(
        &self,
        path: &str,
        cancel: Option<Arc<CancelToken>>,
        progress: Option<Arc<dyn ProgressListener>>,
    ) -> Result<Fingerprint, OwnprintError> {
        observed(cancel, progress, |observer| {
            let file = File::open(Path::new(path))?;
            self.0.fingerprint_seekable_with(file, |progress| observer.observe(progress.bytes))
        })
    }

    /// Fingerprints a file in memory, without copying it.
    ///
    /// # Errors
    /// `cancelled`. An image that cannot be decoded is no error of the call: its digests are
    /// returned, and `Fingerprint::error` says why the hashes are missing.
    pub fn fingerprint_bytes(
        &self,
        bytes: &[u8],
        cancel: Option<Arc<CancelToken>>,
        progress: Option<Arc<dyn ProgressListener>>,
    ) -> Result<Fingerprint, OwnprintError> {
        observed(cancel, progress, |observer| {
            self.0.fingerprint_bytes_with(bytes, |progress| observer.observe(progress.bytes))
        })
    }

    /// Fingerprints the bytes of a source. An image is buffered in memory; other files are digested
    /// in constant memory.
    ///
    /// # Errors
    /// `io` if the source fails, `cancelled`, and those of
    /// [`fingerprint_bytes`](Self::fingerprint_bytes).
    pub fn fingerprint_stream(
        &self,
        source: Arc<dyn ByteSource>,
        cancel: Option<Arc<CancelToken>>,
        progress: Option<Arc<dyn ProgressListener>>,
    ) -> Result<Fingerprint, OwnprintError> {
        observed(cancel, progress, |observer| {
            self.0.fingerprint_reader_with(SourceReader::new(source), |progress| {
                observer.observe(progress.bytes)
            })
        })
    }

    /// Fingerprints decoded pixels, without copying them. There are no digests, because there is no
    /// file.
    ///
    /// # Errors
    /// `invalid-pixels`, `limit-exceeded`, `cancelled`.
    pub fn fingerprint_pixels(
        &self,
        pixels: &[u8],
        layout: &PixelLayout,
        cancel: Option<Arc<CancelToken>>,
    ) -> Result<Fingerprint, OwnprintError> {
        observed(cancel, None, |observer| {
            let view = layout.view(pixels)?;
            self.0.fingerprint_pixels_with(&view, layout.orientation(), || observer.check())
        })
    }
}

impl Fingerprinter {
    pub(crate) fn core(&self) -> &ownprint::Fingerprinter {
        &self.0
    }
}

fn observed(
    cancel: Option<Arc<CancelToken>>,
    progress: Option<Arc<dyn ProgressListener>>,
    work: impl FnOnce(&mut Observer) -> Result<ownprint::Fingerprint, Error>,
) -> Result<Fingerprint, OwnprintError> {
    caught(|| {
        let mut observer = Observer::new(cancel, progress);
        if observer.check().is_break() {
            return Err(Error::Cancelled);
        }
        let fingerprint = work(&mut observer)?;
        observer.finish();
        Ok(fingerprint.into())
    })
}
