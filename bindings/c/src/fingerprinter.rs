//! Fingerprints of files, bytes and pixels.

use std::ffi::{c_char, c_void};
use std::mem::MaybeUninit;
use std::ops::ControlFlow;

use ownprint::{ExifOrientation, Pixels, Progress};

use crate::error::{ErrorInfo, Failure, Status, create, release};
use crate::fingerprint::Fingerprint;
use crate::memory;
use crate::options::Options;

/// Computes hashes and digests. Opaque.
///
/// Any number of threads may use one at the same time.
#[derive(Debug)]
pub struct Fingerprinter(ownprint::Fingerprinter);

impl Fingerprinter {
    /// Calls `work` with a fingerprinter of the core; that of the defaults for a null pointer.
    pub(crate) fn with<T>(
        fingerprinter: Option<&Self>,
        work: impl FnOnce(&ownprint::Fingerprinter) -> T,
    ) -> T {
        match fingerprinter {
            Some(Self(core)) => work(core),
            None => work(&ownprint::Fingerprinter::default()),
        }
    }
}

/// Observes a call, and can cancel it. It is called repeatedly with the number of bytes read so far,
/// on the thread of the call. Returning false cancels the call.
///
/// It must return: a C++ exception or a `longjmp` must not leave it.
pub type Observer = Option<extern "C" fn(context: *mut c_void, bytes_read: u64) -> bool>;

/// Returns an observer of the core.
fn observe(observer: Observer, context: *mut c_void) -> impl FnMut(Progress) -> ControlFlow<()> {
    move |progress| match observer {
        Some(observer) if !observer(context, progress.bytes) => ControlFlow::Break(()),
        _ => ControlFlow::Continue(()),
    }
}

/// Creates a fingerprinter with a copy of the options; NULL means the defaults.
///
/// `out` must not be NULL. The caller frees `*out` with `ownprint_fingerprinter_free`; it is NULL if
/// the call fails. Any thread may call it.
#[unsafe(no_mangle)]
pub extern "C" fn ownprint_fingerprinter_new(
    options: Option<&Options>,
    out: Option<&mut MaybeUninit<Option<Box<Fingerprinter>>>>,
    error: Option<&mut MaybeUninit<ErrorInfo>>,
) -> Status {
    create(out, error, || {
        let core = options.map(Options::to_fingerprinter).unwrap_or_default();
        Ok(Fingerprinter(core))
    })
}

/// Frees a fingerprinter. NULL is ignored. No thread may use it then or later; streams that it
/// created stay valid.
#[unsafe(no_mangle)]
pub extern "C" fn ownprint_fingerprinter_free(fingerprinter: Option<Box<Fingerprinter>>) {
    release(fingerprinter);
}

/// Fingerprints the file at a path. A fingerprinter that is NULL computes the defaults.
///
/// `path` and `out` must not be NULL; the path is UTF-8 on Windows and any bytes elsewhere.
/// `observer` may be NULL, and receives `context`. The caller frees `*out` with
/// `ownprint_fingerprint_free`; it is NULL if the call fails.
///
/// Errors: `io`, `cancelled`. A file that cannot be decoded is no error: it has its digests, and
/// `ownprint_fingerprint_failure` says why hashes are missing. Any thread may call it.
#[unsafe(no_mangle)]
pub extern "C" fn ownprint_fingerprint_file(
    fingerprinter: Option<&Fingerprinter>,
    path: *const c_char,
    observer: Observer,
    context: *mut c_void,
    out: Option<&mut MaybeUninit<Option<Box<Fingerprint>>>>,
    error: Option<&mut MaybeUninit<ErrorInfo>>,
) -> Status {
    create(out, error, || {
        let path = memory::path(path)?;
        Fingerprinter::with(fingerprinter, |core| {
            Ok(Fingerprint(core.fingerprint_file_with(path, observe(observer, context))?))
        })
    })
}

/// Fingerprints a file in memory, without copying it. A fingerprinter that is NULL computes the
/// defaults.
///
/// `bytes` is read during the call only; it may be NULL if `length` is 0. `out` must not be NULL.
/// `observer` may be NULL, and receives `context`. The caller frees `*out` with
/// `ownprint_fingerprint_free`; it is NULL if the call fails.
///
/// Errors: `cancelled`, `invalid-argument`; see `ownprint_fingerprint_file`. Any thread may call it.
#[unsafe(no_mangle)]
pub extern "C" fn ownprint_fingerprint_bytes(
    fingerprinter: Option<&Fingerprinter>,
    bytes: *const u8,
    length: usize,
    observer: Observer,
    context: *mut c_void,
    out: Option<&mut MaybeUninit<Option<Box<Fingerprint>>>>,
    error: Option<&mut MaybeUninit<ErrorInfo>>,
) -> Status {
    create(out, error, || {
        let bytes = memory::bytes(bytes, length)?;
        Fingerprinter::with(fingerprinter, |core| {
            Ok(Fingerprint(core.fingerprint_bytes_with(bytes, observe(observer, context))?))
        })
    })
}

/// Fingerprints decoded pixels, without copying them. There are no digests. A fingerprinter that is
/// NULL computes the defaults.
///
/// `pixels` has `length` bytes: rows from top to bottom, each `stride` bytes after the one before,
/// or without padding if `stride` is 0. `format` is `rgb8`, `rgba8`, `bgra8`, `bgr8` or `l8`.
/// `orientation` is the value of the EXIF tag, 1 to 8; 1 changes nothing. `format` and `out` must
/// not be NULL. The caller frees `*out` with `ownprint_fingerprint_free`; it is NULL if the call
/// fails.
///
/// Errors: `invalid-pixels`, `unknown-name`, `limit-exceeded`, `invalid-argument`. Any thread may
/// call it.
#[unsafe(no_mangle)]
pub extern "C" fn ownprint_fingerprint_pixels(
    fingerprinter: Option<&Fingerprinter>,
    pixels: *const u8,
    length: usize,
    width: u32,
    height: u32,
    stride: usize,
    format: *const c_char,
    orientation: u16,
    out: Option<&mut MaybeUninit<Option<Box<Fingerprint>>>>,
    error: Option<&mut MaybeUninit<ErrorInfo>>,
) -> Status {
    create(out, error, || {
        let format = memory::text(format)?.parse()?;
        let view = view(memory::bytes(pixels, length)?, width, height, stride, format)?;
        let oriented = ExifOrientation::from_exif(orientation);
        if oriented.to_exif() != orientation {
            return Err(Failure::argument("an EXIF orientation is a number from 1 to 8"));
        }
        Fingerprinter::with(fingerprinter, |core| {
            Ok(Fingerprint(core.fingerprint_pixels(&view, oriented)?))
        })
    })
}

/// Returns a view of pixels; a stride of 0 means rows without padding.
pub(crate) fn view(
    bytes: &[u8],
    width: u32,
    height: u32,
    stride: usize,
    format: ownprint::PixelFormat,
) -> Result<Pixels<'_>, Failure> {
    Ok(match stride {
        0 => Pixels::new(bytes, width, height, format)?,
        _ => Pixels::with_stride(bytes, width, height, format, stride)?,
    })
}
