//! PDQ of pixels, digests of bytes, and the comparison of hashes.

use std::ffi::c_char;
use std::mem::MaybeUninit;

use ownprint::hash::{Comparison, Digester};
use ownprint::{BitHash, DigestAlgorithm, HashAlgorithm, PixelFormat};

use crate::error::{ErrorInfo, Failure, Status, assign, run};
use crate::fingerprinter::view;
use crate::memory;

/// Writes the PDQ hash of RGB pixels, 32 bytes, to `*hash`, and its quality, 0 to 100, to
/// `*quality`.
///
/// `rgb` has `length` bytes, three a pixel: rows from top to bottom, each `stride` bytes after the
/// one before, or without padding if `stride` is 0. `hash` must not be NULL; `quality` may be NULL.
///
/// Errors: `invalid-pixels`, `invalid-argument`. Any thread may call it.
#[unsafe(no_mangle)]
pub extern "C" fn ownprint_pdq_rgb(
    rgb: *const u8,
    length: usize,
    width: u32,
    height: u32,
    stride: usize,
    hash: Option<&mut [u8; 32]>,
    quality: Option<&mut MaybeUninit<u8>>,
    error: Option<&mut MaybeUninit<ErrorInfo>>,
) -> Status {
    run(error, || {
        let hash = hash.ok_or_else(|| Failure::null("place for the hash"))?;
        let rgb = memory::bytes(rgb, length)?;
        let (pdq, found) = ownprint::pdq(&view(rgb, width, height, stride, PixelFormat::Rgb8)?)?;
        memory::fill(hash.as_mut_ptr(), hash.len(), pdq.as_bytes())?;
        assign(quality, found.value());
        Ok(())
    })
}

/// Writes the digest of bytes to `buffer`, and the number of its bytes to `*length`.
///
/// `algorithm` is a name, as `sha512`. `capacity` is the size of the buffer; 64 bytes hold every
/// digest. `algorithm` and `buffer` must not be NULL; `bytes` may be NULL if `count` is 0, and
/// `length` may be NULL.
///
/// Errors: `unknown-algorithm`, `invalid-argument`. Any thread may call it.
#[unsafe(no_mangle)]
pub extern "C" fn ownprint_digest(
    algorithm: *const c_char,
    bytes: *const u8,
    count: usize,
    buffer: *mut u8,
    capacity: usize,
    length: Option<&mut MaybeUninit<usize>>,
    error: Option<&mut MaybeUninit<ErrorInfo>>,
) -> Status {
    run(error, || {
        let algorithm: DigestAlgorithm = memory::text(algorithm)?.parse()?;
        let mut digester = Digester::new(&[algorithm]);
        digester.update(memory::bytes(bytes, count)?);
        let digest = digester.finalize().pop().ok_or(ownprint::decode::Error::Internal)?;
        memory::fill_sized(buffer, capacity, length, digest.as_bytes())
    })
}

/// Returns the hash of an algorithm from the caller's bytes, which are read only if their number is
/// that of the algorithm.
pub(crate) fn hash_of(
    algorithm: HashAlgorithm,
    bytes: *const u8,
    length: usize,
) -> Result<BitHash, Failure> {
    let bits = algorithm.bits();
    let expected = bits.div_ceil(8);
    if length != expected {
        let detail = format!("expected {expected} bytes for {algorithm}, found {length}");
        return Err(ownprint::hash::Error::NotComparable { detail }.into());
    }
    let hash = BitHash::from_bytes(memory::bytes(bytes, length)?);
    if hash.bits() == bits {
        return Ok(hash);
    }
    let digits = hash.to_hex();
    let padding = "0".repeat(digits.len() - bits.div_ceil(4));
    let digits = digits.strip_prefix(&padding).ok_or_else(|| {
        let detail = format!("the bits before the {bits} bits of {algorithm} are not zero");
        ownprint::hash::Error::InvalidHash { detail }
    })?;
    Ok(algorithm.parse_hash(digits)?)
}

/// Parses the hexadecimal digits of a hash into `buffer`, and writes the number of its bytes to
/// `*length`.
///
/// `algorithm` is a name, as `pdq`. `capacity` is the size of the buffer. `algorithm`, `hex` and
/// `buffer` must not be NULL; `length` may be NULL.
///
/// Errors: `unknown-algorithm`, `invalid-hash`, `not-comparable`, `invalid-argument` if the buffer
/// is too small. Any thread may call it.
#[unsafe(no_mangle)]
pub extern "C" fn ownprint_hash_from_hex(
    algorithm: *const c_char,
    hex: *const c_char,
    buffer: *mut u8,
    capacity: usize,
    length: Option<&mut MaybeUninit<usize>>,
    error: Option<&mut MaybeUninit<ErrorInfo>>,
) -> Status {
    run(error, || {
        let algorithm: HashAlgorithm = memory::text(algorithm)?.parse()?;
        let hash = algorithm.parse_hash(memory::text(hex)?)?;
        memory::fill_sized(buffer, capacity, length, hash.as_bytes())
    })
}

/// Returns the hexadecimal digits of a hash, as records and lists have them.
///
/// `algorithm` is a name, as `pdq`. `algorithm`, `hash` and `out` must not be NULL. The caller
/// frees `*out` with `ownprint_string_free`; it is NULL if the call fails.
///
/// Errors: `unknown-algorithm`, `invalid-hash`, `not-comparable`. Any thread may call it.
#[unsafe(no_mangle)]
pub extern "C" fn ownprint_hash_to_hex(
    algorithm: *const c_char,
    hash: *const u8,
    length: usize,
    out: Option<&mut MaybeUninit<*mut c_char>>,
    error: Option<&mut MaybeUninit<ErrorInfo>>,
) -> Status {
    let Some(out) = out else { return run(error, || Err(Failure::null("place for the text"))) };
    out.write(std::ptr::null_mut());
    run(error, || {
        let algorithm: HashAlgorithm = memory::text(algorithm)?.parse()?;
        let hash = hash_of(algorithm, hash, length)?;
        out.write(memory::owned(hash.to_hex()));
        Ok(())
    })
}

/// Writes the Hamming distance of two hashes of `length` bytes, in bits, to `*distance`.
///
/// `a` and `b` must not be NULL unless `length` is 0, and `distance` must not be NULL. Errors:
/// `invalid-argument`. Any thread may call it.
#[unsafe(no_mangle)]
pub extern "C" fn ownprint_distance(
    a: *const u8,
    b: *const u8,
    length: usize,
    distance: Option<&mut MaybeUninit<u32>>,
    error: Option<&mut MaybeUninit<ErrorInfo>>,
) -> Status {
    run(error, || {
        let distance = distance.ok_or_else(|| Failure::null("place for the distance"))?;
        let hash = |pointer| memory::bytes(pointer, length).map(BitHash::from_bytes);
        distance.write(hash(a)?.distance(&hash(b)?)?);
        Ok(())
    })
}

/// Compares two hashes of an algorithm, each of `length` bytes: writes their Hamming distance in
/// bits to `*distance`, and whether it is within the threshold of the algorithm to `*is_match`.
///
/// `algorithm` is a name, as `pdq`. `algorithm`, `a` and `b` must not be NULL; `distance` and
/// `is_match` may be NULL.
///
/// Errors: `unknown-algorithm`, `invalid-hash`, `not-comparable`, `invalid-argument`. Any thread
/// may call it.
#[unsafe(no_mangle)]
pub extern "C" fn ownprint_compare(
    algorithm: *const c_char,
    a: *const u8,
    b: *const u8,
    length: usize,
    distance: Option<&mut MaybeUninit<u32>>,
    is_match: Option<&mut MaybeUninit<bool>>,
    error: Option<&mut MaybeUninit<ErrorInfo>>,
) -> Status {
    run(error, || {
        let algorithm: HashAlgorithm = memory::text(algorithm)?.parse()?;
        let hash = |pointer| hash_of(algorithm, pointer, length);
        let comparison = Comparison::new(algorithm, &hash(a)?, &hash(b)?)?;
        assign(distance, comparison.distance);
        assign(is_match, comparison.is_match());
        Ok(())
    })
}
