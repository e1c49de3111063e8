//! The version, what this build can do, and the release of texts.

use std::ffi::{CStr, c_char};

use crate::error::caught;
use crate::memory;

/// The version with a zero byte.
const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), "\0");

/// Returns the version of this library, as `0.1.0`. The text is static and must not be freed.
///
/// Any thread may call it.
#[unsafe(no_mangle)]
pub extern "C" fn ownprint_version() -> *const c_char {
    CStr::from_bytes_with_nul(VERSION.as_bytes()).unwrap_or_default().as_ptr()
}

/// Returns the hashes, digests and formats of this build, and its defaults, as a JSON object.
///
/// The caller frees the text with `ownprint_string_free`. Any thread may call it.
#[unsafe(no_mangle)]
pub extern "C" fn ownprint_capabilities() -> *mut c_char {
    caught(|| Ok(memory::owned(ownprint::capabilities()))).unwrap_or(std::ptr::null_mut())
}

/// Frees a text that a function of this library returned as `char *`. NULL is ignored.
///
/// The text must be as it was returned, and must not be used again.
#[unsafe(no_mangle)]
pub extern "C" fn ownprint_string_free(text: *mut c_char) {
    let _ = caught(|| {
        memory::free(text);
        Ok(())
    });
}
