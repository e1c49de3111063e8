//! The interface of the core for JavaScript. It takes bytes, numbers and names, and returns JSON.
//! It contains no logic of its own.
//!
//! The JSON is the format of the core, so that fingerprints have the same members everywhere.
//! Errors are thrown as a JSON string with `code` and `message`, which the TypeScript client
//! converts to an `OwnprintError`.
//!
//! A module hashes (feature `hashes`), decodes images for a hashing module (feature `images`), or
//! handles videos (feature `video`).

#[cfg(feature = "images")]
pub mod decoding;
#[cfg(any(feature = "full", feature = "video"))]
mod frames;
#[cfg(feature = "hashes")]
pub mod hashing;
#[cfg(feature = "full")]
pub mod records;
#[cfg(feature = "full")]
pub mod searching;
#[cfg(feature = "full")]
pub mod variants;
#[cfg(feature = "video")]
pub mod video;
#[cfg(feature = "full")]
pub mod video_searching;

use ownprint::Error;
use wasm_bindgen::prelude::wasm_bindgen;
use zeroize::Zeroize;
use zeroizing_alloc::ZeroAlloc;

/// Overwrites freed memory, because decoders free buffers that held pixels.
#[global_allocator]
static WIPING_ALLOCATOR: ZeroAlloc<std::alloc::System> = ZeroAlloc(std::alloc::System);

/// Limits on images; see `ownprint::Limits`.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Limits(ownprint::Limits);

#[wasm_bindgen]
impl Limits {
    /// Omitted limits keep the defaults of the core.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new(
        file_bytes: Option<f64>,
        width: Option<f64>,
        height: Option<f64>,
        pixels: Option<f64>,
        memory: Option<f64>,
        expansion: Option<f64>,
    ) -> Self {
        let mut limits = ownprint::Limits::default();
        // Numbers from JavaScript saturate here, so a limit above the integer range means no limit.
        limits.file_bytes = file_bytes.map_or(limits.file_bytes, |value| value as u64);
        limits.width = width.map_or(limits.width, |value| value as u32);
        limits.height = height.map_or(limits.height, |value| value as u32);
        limits.pixels = pixels.map_or(limits.pixels, |value| value as u64);
        limits.memory = memory.map_or(limits.memory, |value| value as u64);
        limits.expansion = expansion.map_or(limits.expansion, |value| value as u32);
        Self(limits)
    }
}

#[cfg(feature = "hashes")]
#[wasm_bindgen]
impl Limits {
    /// Checks the length in bytes of a file that another decoder will decode.
    ///
    /// # Errors
    /// `limit-exceeded`.
    #[wasm_bindgen(js_name = checkFileBytes)]
    pub fn check_file_bytes(&self, bytes: f64) -> Result<(), String> {
        errors_as_json(|| Ok(self.0.check_file_bytes(bytes as u64)?))
    }

    /// Checks the size of an image that another decoder decoded to four bytes per pixel.
    ///
    /// # Errors
    /// `limit-exceeded`.
    #[wasm_bindgen(js_name = checkImage)]
    pub fn check_image(&self, width: u32, height: u32) -> Result<(), String> {
        let size = ownprint::Size { width, height };
        errors_as_json(|| Ok(self.0.check_image(size, size.pixels() * 4)?))
    }
}

/// Overwrites the stack, where digests and decoders leave blocks of the file. The client calls it
/// separately after each call with a file or pixels, when the stack frames of that call are
/// released.
#[wasm_bindgen(js_name = wipeStack)]
#[allow(clippy::large_stack_arrays, reason = "it is the stack that is to be overwritten")]
pub fn wipe_stack() {
    /// Much more than decoders and hashes use, and half of the stack of a WebAssembly module.
    const WORDS: usize = 512 * 1024 / 8;
    [0u64; WORDS].zeroize();
}

/// Converts an error to JSON.
fn error_json(error: &Error) -> String {
    ownprint::exchange::Diagnostic::from(error).to_json()
}

/// Runs `work` and converts its error to JSON.
fn errors_as_json<T>(work: impl FnOnce() -> Result<T, Error>) -> Result<T, String> {
    work().map_err(|error| error_json(&error))
}

/// Creates a view of pixels from JavaScript. `format` is a name; a `stride` of 0 means rows without
/// padding.
#[cfg(any(feature = "hashes", feature = "video"))]
fn described<'a>(
    data: &'a [u8],
    width: u32,
    height: u32,
    format: &str,
    stride: usize,
) -> Result<ownprint::Pixels<'a>, Error> {
    let format = format.parse()?;
    Ok(match stride {
        0 => ownprint::Pixels::new(data, width, height, format)?,
        _ => ownprint::Pixels::with_stride(data, width, height, format, stride)?,
    })
}
