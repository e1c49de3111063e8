//! The hashes and digests of one file or image.

use std::ffi::c_char;
use std::mem::MaybeUninit;

use ownprint::decode::Error::NotRequested;
use ownprint::{DigestAlgorithm, HashAlgorithm};

use crate::error::{ErrorInfo, Failure, Status, assign, caught, release, run};
use crate::memory;

/// The hashes and digests of one file, or of pixels. Opaque and immutable.
///
/// Any number of threads may use one at the same time.
#[derive(Debug)]
pub struct Fingerprint(pub(crate) ownprint::Fingerprint);

/// Frees a fingerprint. NULL is ignored. No thread may use it then or later.
#[unsafe(no_mangle)]
pub extern "C" fn ownprint_fingerprint_free(fingerprint: Option<Box<Fingerprint>>) {
    release(fingerprint);
}

fn core(fingerprint: Option<&Fingerprint>) -> Result<&ownprint::Fingerprint, Failure> {
    fingerprint.map(|it| &it.0).ok_or_else(|| Failure::null("pointer to the fingerprint"))
}

/// Returns the record of a fingerprint as a JSON object on one line; `docs/records.md` describes
/// it.
///
/// The caller frees the text with `ownprint_string_free`. The text is NULL if `fingerprint` is
/// NULL.
#[unsafe(no_mangle)]
pub extern "C" fn ownprint_fingerprint_json(fingerprint: Option<&Fingerprint>) -> *mut c_char {
    caught(|| Ok(memory::owned(core(fingerprint)?.to_json()))).unwrap_or(std::ptr::null_mut())
}

/// Returns why requested hashes are missing: `truncated`, `unsupported-format` and others. Success
/// if none is missing, or if the file has digests and is of a kind that has no hashes.
///
/// `fingerprint` must not be NULL.
#[unsafe(no_mangle)]
pub extern "C" fn ownprint_fingerprint_failure(
    fingerprint: Option<&Fingerprint>,
    error: Option<&mut MaybeUninit<ErrorInfo>>,
) -> Status {
    run(error, || match core(fingerprint)?.failure() {
        Some(failure) => Err(failure.clone().into()),
        None => Ok(()),
    })
}

/// Writes the PDQ hash of an image, 32 bytes, to `*hash`, and its quality, 0 to 100, to `*quality`.
///
/// Exchanges discard hashes of a quality below 50. `fingerprint` and `hash` must not be NULL;
/// `quality` may be NULL.
///
/// Errors: `not-requested`, `not-an-image`, or why the image could not be decoded.
#[unsafe(no_mangle)]
pub extern "C" fn ownprint_fingerprint_pdq(
    fingerprint: Option<&Fingerprint>,
    hash: Option<&mut [u8; 32]>,
    quality: Option<&mut MaybeUninit<u8>>,
    error: Option<&mut MaybeUninit<ErrorInfo>>,
) -> Status {
    run(error, || {
        let pdq = core(fingerprint)?.image()?.pdq().ok_or(NotRequested)?;
        let hash = hash.ok_or_else(|| Failure::null("place for the hash"))?;
        memory::fill(hash.as_mut_ptr(), hash.len(), pdq.hash.as_bytes())?;
        assign(quality, pdq.quality.value());
        Ok(())
    })
}

/// Writes a hash of an image to `buffer`, and the number of its bytes to `*length`.
///
/// `algorithm` is a name, as `phash:16`. `position` is 0, or the number of the hash if an image has
/// several (`pdq-dihedral`, `crop-resistant`). If the number of bits is not a multiple of 8, the
/// first byte has leading zero bits. `capacity` is the size of the buffer; 128 bytes hold the hash
/// of every default. `fingerprint`, `algorithm` and `buffer` must not be NULL; `length` may be
/// NULL.
///
/// Errors: `unknown-algorithm`, `not-requested`, `not-an-image`, `invalid-argument` if the buffer
/// is too small or there is no such position, or why the image could not be decoded.
#[unsafe(no_mangle)]
pub extern "C" fn ownprint_fingerprint_hash(
    fingerprint: Option<&Fingerprint>,
    algorithm: *const c_char,
    position: usize,
    buffer: *mut u8,
    capacity: usize,
    length: Option<&mut MaybeUninit<usize>>,
    error: Option<&mut MaybeUninit<ErrorInfo>>,
) -> Status {
    run(error, || {
        let algorithm: HashAlgorithm = memory::text(algorithm)?.parse()?;
        let hash = core(fingerprint)?.image()?.hash(algorithm).ok_or(NotRequested)?;
        let Some(value) = hash.values.get(position) else {
            let found = hash.values.len();
            return Err(Failure::Argument(format!("the image has {found} hashes of {algorithm}")));
        };
        memory::fill_sized(buffer, capacity, length, value.as_bytes())
    })
}

/// Writes a digest of a file to `buffer`, and the number of its bytes to `*length`.
///
/// `algorithm` is a name, as `sha256`. `capacity` is the size of the buffer; 64 bytes hold every
/// digest. `fingerprint`, `algorithm` and `buffer` must not be NULL; `length` may be NULL.
///
/// Errors: `unknown-algorithm`, `not-requested`, `invalid-argument` if the buffer is too small.
#[unsafe(no_mangle)]
pub extern "C" fn ownprint_fingerprint_digest(
    fingerprint: Option<&Fingerprint>,
    algorithm: *const c_char,
    buffer: *mut u8,
    capacity: usize,
    length: Option<&mut MaybeUninit<usize>>,
    error: Option<&mut MaybeUninit<ErrorInfo>>,
) -> Status {
    run(error, || {
        let algorithm: DigestAlgorithm = memory::text(algorithm)?.parse()?;
        let digest = core(fingerprint)?.digest(algorithm).ok_or(NotRequested)?;
        memory::fill_sized(buffer, capacity, length, digest.as_bytes())
    })
}
