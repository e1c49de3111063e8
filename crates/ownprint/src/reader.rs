//! Fingerprints of files and readers.

use std::fs::File;
use std::io::Read;
use std::ops::ControlFlow;
use std::path::Path;

use ownprint_hash::for_each_piece;

use crate::error::Error;
use crate::fingerprint::Fingerprint;
use crate::fingerprinter::Fingerprinter;

impl Fingerprinter {
    /// Fingerprints the file at `path`; see [`fingerprint_reader`](Self::fingerprint_reader).
    ///
    /// # Errors
    /// [`Error::Io`] if the file cannot be read.
    pub fn fingerprint_file(&self, path: impl AsRef<Path>) -> Result<Fingerprint, Error> {
        self.fingerprint_file_with(path, proceed)
    }

    /// Like [`fingerprint_file`](Self::fingerprint_file), with an observer.
    ///
    /// # Errors
    /// [`Error::Io`], and [`Error::Cancelled`] if `observe` breaks.
    pub fn fingerprint_file_with(
        &self,
        path: impl AsRef<Path>,
        observe: impl FnMut(u64) -> ControlFlow<()>,
    ) -> Result<Fingerprint, Error> {
        self.fingerprint_reader_with(File::open(path)?, observe)
    }

    /// Fingerprints the file that a reader returns.
    ///
    /// An image or a video whose hashes are requested is read into memory, up to
    /// [`Limits::file_bytes`](crate::Limits::file_bytes). The digests of other files are computed
    /// in constant memory, whatever their length.
    ///
    /// # Errors
    /// [`Error::Io`] if the reader fails.
    pub fn fingerprint_reader(&self, reader: impl Read) -> Result<Fingerprint, Error> {
        self.fingerprint_reader_with(reader, proceed)
    }

    /// Like [`fingerprint_reader`](Self::fingerprint_reader), with an observer.
    ///
    /// # Errors
    /// [`Error::Io`], and [`Error::Cancelled`] if `observe` breaks.
    pub fn fingerprint_reader_with(
        &self,
        reader: impl Read,
        mut observe: impl FnMut(u64) -> ControlFlow<()>,
    ) -> Result<Fingerprint, Error> {
        let mut stream = self.stream();
        for_each_piece(reader, |piece| {
            stream.update(piece);
            if observe(stream.bytes()).is_break() {
                return Err(Error::Cancelled);
            }
            Ok(if stream.wants_more() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
        })?;
        let read = stream.bytes();
        stream.finalize_with(|| observe(read))
    }
}

/// Observes nothing and never cancels.
fn proceed(_bytes: u64) -> ControlFlow<()> {
    ControlFlow::Continue(())
}
