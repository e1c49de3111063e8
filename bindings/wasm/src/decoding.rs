//! Images decoded for a module that has no decoder for their format: the module that hashes gets the pixels.

use ownprint::{Error, Fingerprinter};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::{Limits, told};

/// Decodes an image file that arrives in chunks; see `ownprint::ImageStream`.
#[wasm_bindgen]
#[derive(Debug)]
pub struct ImageStream(ownprint::ImageStream);

#[wasm_bindgen]
impl ImageStream {
    /// `accept_damaged` decodes damaged files as far as they go.
    #[wasm_bindgen(constructor)]
    #[must_use]
    #[allow(clippy::needless_pass_by_value, reason = "JavaScript gives it away, and has nothing to free")]
    pub fn new(limits: Limits, accept_damaged: bool) -> Self {
        Self(Fingerprinter::new().limits(limits.0).accept_damaged(accept_damaged).image_stream())
    }

    /// Adds the next bytes of the file.
    ///
    /// # Errors
    /// `limit-exceeded`.
    pub fn update(&mut self, bytes: &[u8]) -> Result<(), String> {
        told(|| self.0.push(bytes))
    }

    /// Decodes the image.
    ///
    /// # Errors
    /// Those of `ownprint::Fingerprinter::decode`.
    pub fn decode(self) -> Result<DecodedImage, String> {
        told(|| self.0.decode()).map(DecodedImage)
    }
}

/// A decoded image; see `ownprint::DecodedImage`.
#[wasm_bindgen]
#[derive(Debug)]
pub struct DecodedImage(ownprint::DecodedImage);

#[wasm_bindgen]
impl DecodedImage {
    /// Pixels a row.
    #[must_use]
    pub fn width(&self) -> u32 {
        self.0.image.stored.width
    }

    /// Rows.
    #[must_use]
    pub fn height(&self) -> u32 {
        self.0.image.stored.height
    }

    /// The orientation's EXIF value.
    #[must_use]
    pub fn orientation(&self) -> u16 {
        self.0.image.orientation.to_exif()
    }

    /// What is known of the image, in the form of a fingerprint that has no hashes.
    #[must_use]
    pub fn description(&self) -> String {
        self.0.to_json()
    }

    /// The pixels from one byte on, so many of them: red, green, blue, row after row. Shorter at the end. A copy of all at once would
    /// double the memory.
    #[must_use]
    pub fn rgb(&self, start: usize, length: usize) -> Vec<u8> {
        self.0.rgb().iter().skip(start).take(length).copied().collect()
    }
}

/// What to say when an instance trapped. The AV1 decoder is known to, on damaged frames: natively that panic is caught, and means the
/// same.
#[wasm_bindgen]
#[must_use]
pub fn trapped() -> String {
    #[cfg(feature = "avif")]
    let error =
        Error::Damaged { format: ownprint::Format::Avif, detail: "the decoder gave up on it".to_owned() };
    #[cfg(not(feature = "avif"))]
    let error = Error::Internal;
    error.to_json()
}
