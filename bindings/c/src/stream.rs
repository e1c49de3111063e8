//! Fingerprints of files that arrive in pieces.

use std::mem::MaybeUninit;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::error::{ErrorInfo, Failure, Status, create, release, run};
use crate::fingerprint::Fingerprint;
use crate::fingerprinter::Fingerprinter;
use crate::memory;

/// Fingerprints one file that arrives in pieces. Opaque.
///
/// Threads may share one; their calls wait for one another. An image or video is kept in memory, up
/// to the limit `file_bytes`. Of other files, and if only digests are requested, nothing is kept.
#[derive(Debug)]
pub struct Stream(Mutex<Option<ownprint::FingerprintStream>>);

impl Stream {
    fn held(
        stream: Option<&Self>,
    ) -> Result<MutexGuard<'_, Option<ownprint::FingerprintStream>>, Failure> {
        let stream = stream.ok_or_else(|| Failure::null("pointer to the stream"))?;
        // A call that panicked has taken the state: the stream has ended.
        Ok(stream.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Creates a stream for one file. A fingerprinter that is NULL computes the defaults.
///
/// `out` must not be NULL. The caller frees `*out` with `ownprint_stream_free`; it is NULL if the
/// call fails. Any thread may call it.
#[unsafe(no_mangle)]
pub extern "C" fn ownprint_stream_new(
    fingerprinter: Option<&Fingerprinter>,
    out: Option<&mut MaybeUninit<Option<Box<Stream>>>>,
    error: Option<&mut MaybeUninit<ErrorInfo>>,
) -> Status {
    create(out, error, || {
        Ok(Stream(Mutex::new(Some(Fingerprinter::with(fingerprinter, |core| core.stream())))))
    })
}

/// Frees a stream, whether finalized or not. NULL is ignored. No thread may use it then or later.
#[unsafe(no_mangle)]
pub extern "C" fn ownprint_stream_free(stream: Option<Box<Stream>>) {
    release(stream);
}

/// Adds the next bytes of the file. Pieces may have any length.
///
/// `stream` must not be NULL. `bytes` is read during the call only; it may be NULL if `length` is 0.
///
/// Errors: `stream-ended` after `ownprint_stream_finalize`, `invalid-argument`.
#[unsafe(no_mangle)]
pub extern "C" fn ownprint_stream_update(
    stream: Option<&Stream>,
    bytes: *const u8,
    length: usize,
    error: Option<&mut MaybeUninit<ErrorInfo>>,
) -> Status {
    run(error, || {
        let mut held = Stream::held(stream)?;
        let bytes = memory::bytes(bytes, length)?;
        let mut core = held.take().ok_or(Failure::StreamEnded)?;
        core.update(bytes);
        *held = Some(core);
        Ok(())
    })
}

/// Ends the stream, and returns the fingerprint of all bytes.
///
/// `stream` and `out` must not be NULL. The caller frees `*out` with `ownprint_fingerprint_free`; it
/// is NULL if the call fails. The stream must still be freed.
///
/// Errors: `stream-ended` if it was finalized before; see `ownprint_fingerprint_file`.
#[unsafe(no_mangle)]
pub extern "C" fn ownprint_stream_finalize(
    stream: Option<&Stream>,
    out: Option<&mut MaybeUninit<Option<Box<Fingerprint>>>>,
    error: Option<&mut MaybeUninit<ErrorInfo>>,
) -> Status {
    create(out, error, || {
        let core = Stream::held(stream)?.take().ok_or(Failure::StreamEnded)?;
        Ok(Fingerprint(core.finalize()?))
    })
}
