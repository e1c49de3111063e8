//! The core for JavaScript. Bytes, numbers and names come in, JSON goes out; nothing is decided
//! here.
//!
//! The text is the core's own JSON form, so that a fingerprint has one shape everywhere. What fails
//! is thrown as JSON too, a string with `code` and `message`: the TypeScript client makes an
//! `OwnprintError` of it.
//!
//! A module hashes (feature `hashes`), or it decodes images for one that does (feature `images`),
//! or it is for videos (feature `video`).

#[cfg(feature = "images")]
pub mod decoding;
#[cfg(feature = "hashes")]
pub mod hashing;
#[cfg(feature = "full")]
pub mod records;
#[cfg(feature = "full")]
pub mod searching;
#[cfg(feature = "video")]
pub mod video;

use ownprint::Error;
use wasm_bindgen::prelude::wasm_bindgen;
use zeroize::Zeroize;
use zeroizing_alloc::ZeroAlloc;

/// Overwrites what it takes back: decoders free buffers that held pixels.
#[global_allocator]
static WIPING_ALLOCATOR: ZeroAlloc<std::alloc::System> = ZeroAlloc(std::alloc::System);

/// What an image may ask for; see `ownprint::Limits`.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Limits(ownprint::Limits);

#[wasm_bindgen]
impl Limits {
    /// What is skipped keeps the core's default.
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
        // JavaScript's numbers saturate here: a limit beyond what can be counted is no limit.
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
    /// Compares the length of a file that another decoder is about to decode, in bytes.
    ///
    /// # Errors
    /// `limit-exceeded`.
    #[wasm_bindgen(js_name = checkFileBytes)]
    pub fn check_file_bytes(&self, bytes: f64) -> Result<(), String> {
        told(|| Ok(self.0.check_file_bytes(bytes as u64)?))
    }

    /// Compares the size of an image that another decoder decoded into four bytes a pixel.
    ///
    /// # Errors
    /// `limit-exceeded`.
    #[wasm_bindgen(js_name = checkImage)]
    pub fn check_image(&self, width: u32, height: u32) -> Result<(), String> {
        let size = ownprint::Size { width, height };
        told(|| Ok(self.0.check_image(size, size.pixels() * 4)?))
    }
}

/// Overwrites the stack: digests and decoders leave blocks of the file there. To be called by
/// itself after whatever saw a file or pixels, when all frames of that work are below.
#[wasm_bindgen(js_name = wipeStack)]
#[allow(clippy::large_stack_arrays, reason = "it is the stack that is to be overwritten")]
pub fn wipe_stack() {
    /// Much more than decoders and hashes take, half of what a WebAssembly module has.
    const WORDS: usize = 512 * 1024 / 8;
    [0u64; WORDS].zeroize();
}

/// An error as JSON.
fn error_json(error: &Error) -> String {
    ownprint::exchange::Diagnostic::from(error).to_json()
}

/// Returns what `work` returns, its error as JSON.
fn told<T>(work: impl FnOnce() -> Result<T, Error>) -> Result<T, String> {
    work().map_err(|error| error_json(&error))
}

/// Pixels as JavaScript describes them: their format by name, a stride of 0 for rows that follow
/// one another.
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
