//! Conversions of pointers: the only unsafe code of this repository's own crates.
//!
//! Every function receives pointers that a function of the interface received from its caller in C.
//! What the caller must keep is documented there and in `include/ownprint.h`: a pointer is null, or
//! points to as many bytes as the length next to it says, or to a text that ends with a zero byte;
//! nothing writes to them during the call; and a text is freed once.

use std::ffi::{CStr, CString, c_char};
use std::mem::MaybeUninit;
use std::path::PathBuf;

use crate::error::{Failure, assign};

/// Returns the bytes of the caller. A null pointer is valid if there are none.
pub(crate) fn bytes<'a>(pointer: *const u8, length: usize) -> Result<&'a [u8], Failure> {
    if length == 0 {
        return Ok(&[]);
    }
    if pointer.is_null() {
        return Err(Failure::argument("a pointer to bytes is NULL, and their number is not 0"));
    }
    if isize::try_from(length).is_err() {
        return Err(Failure::argument("a length is larger than any object in memory"));
    }
    // SAFETY: the pointer is not null, the length fits, bytes have no alignment, and the caller
    // promises that the bytes are readable and unchanged during the call.
    Ok(unsafe { std::slice::from_raw_parts(pointer, length) })
}

/// Returns the text of the caller without its zero byte.
fn text_bytes<'a>(pointer: *const c_char) -> Result<&'a [u8], Failure> {
    if pointer.is_null() {
        return Err(Failure::argument("a text is NULL"));
    }
    // SAFETY: the pointer is not null, and the caller promises a text that ends with a zero byte
    // and is unchanged during the call.
    Ok(unsafe { CStr::from_ptr(pointer) }.to_bytes())
}

/// Returns the UTF-8 text of the caller.
pub(crate) fn text<'a>(pointer: *const c_char) -> Result<&'a str, Failure> {
    std::str::from_utf8(text_bytes(pointer)?)
        .map_err(|_| Failure::argument("a text is not valid UTF-8"))
}

/// Returns the path of the caller: any bytes on Unix, UTF-8 elsewhere.
pub(crate) fn path(pointer: *const c_char) -> Result<PathBuf, Failure> {
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStrExt;
        Ok(std::ffi::OsStr::from_bytes(text_bytes(pointer)?).into())
    }
    #[cfg(not(unix))]
    {
        text(pointer).map(PathBuf::from)
    }
}

/// Copies bytes into a buffer of the caller that holds `capacity` bytes.
pub(crate) fn fill(pointer: *mut u8, capacity: usize, bytes: &[u8]) -> Result<(), Failure> {
    if pointer.is_null() {
        return Err(Failure::argument("the buffer for the result is NULL"));
    }
    if capacity < bytes.len() {
        let needed = bytes.len();
        return Err(Failure::Argument(format!(
            "the buffer for the result holds {capacity} bytes; it needs {needed}"
        )));
    }
    // SAFETY: the pointer is not null, the caller promises that `capacity` bytes are writable, and
    // `bytes` belongs to this library and does not overlap them.
    unsafe { std::ptr::copy_nonoverlapping(bytes.as_ptr(), pointer, bytes.len()) };
    Ok(())
}

/// Copies bytes into a buffer as [`fill`] does, and writes their number to `length`, if the caller
/// wants it.
pub(crate) fn fill_sized(
    pointer: *mut u8,
    capacity: usize,
    length: Option<&mut MaybeUninit<usize>>,
    bytes: &[u8],
) -> Result<(), Failure> {
    fill(pointer, capacity, bytes)?;
    assign(length, bytes.len());
    Ok(())
}

/// Returns a text that the caller owns and frees with [`free`], or null if a byte of it is zero.
pub(crate) fn owned(text: String) -> *mut c_char {
    CString::new(text).map_or(std::ptr::null_mut(), CString::into_raw)
}

/// Frees a text that [`owned`] returned. Null is ignored.
pub(crate) fn free(text: *mut c_char) {
    if !text.is_null() {
        // SAFETY: the caller promises that `owned` returned the pointer, that it was not freed, and
        // that the text still has its length.
        drop(unsafe { CString::from_raw(text) });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_and_impossible_lengths() {
        assert_eq!(bytes(std::ptr::null(), 0).ok(), Some(&[][..]));
        assert!(bytes(std::ptr::null(), 1).is_err());
        assert!(bytes([7].as_ptr(), usize::MAX).is_err());
        assert_eq!(bytes([7].as_ptr(), 1).ok(), Some(&[7][..]));
    }

    #[test]
    fn buffers_are_filled_if_they_are_large_enough() {
        let mut buffer = [1; 4];
        assert!(fill(buffer.as_mut_ptr(), 2, &[7; 3]).is_err());
        assert!(fill(std::ptr::null_mut(), 4, &[7; 3]).is_err());
        assert_eq!(buffer, [1; 4]);
        assert!(fill(buffer.as_mut_ptr(), 3, &[7; 3]).is_ok());
        assert_eq!(buffer, [7, 7, 7, 1]);
    }

    #[test]
    fn texts() {
        assert!(text(std::ptr::null()).is_err() && text(c"\xff".as_ptr()).is_err());
        assert_eq!(text(c"pdq".as_ptr()).ok(), Some("pdq"));
        let owned = owned("é".to_owned());
        assert_eq!(text(owned).ok(), Some("é"));
        free(owned);
        free(std::ptr::null_mut());
        assert!(super::owned("\0".to_owned()).is_null());
    }
}
