//! Decodes images for a module without a decoder for their format. The hashing module receives the
//! pixels.

use ownprint::Fingerprinter;
use ownprint::decode::{Error, image_decoder_revision};
use ownprint::exchange::{Decoder, decoded_image_to_json};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::{Limits, error_json, errors_as_json};

/// Decodes an image file that arrives in chunks; see `ownprint::decode::ImageStream`.
#[wasm_bindgen]
#[derive(Debug)]
pub struct ImageStream {
    fingerprinter: Fingerprinter,
    stream: ownprint::decode::ImageStream,
}

#[wasm_bindgen]
impl ImageStream {
    /// `accept_damaged` decodes the intact part of damaged files.
    #[wasm_bindgen(constructor)]
    #[must_use]
    #[allow(
        clippy::needless_pass_by_value,
        reason = "JavaScript passes ownership, and has nothing to free"
    )]
    pub fn new(limits: Limits, accept_damaged: bool) -> Self {
        let fingerprinter =
            Fingerprinter::builder().limits(limits.0).accept_damaged(accept_damaged).build();
        Self { stream: fingerprinter.decode_stream(), fingerprinter }
    }

    /// Adds the next bytes of the file.
    ///
    /// # Errors
    /// `limit-exceeded`.
    pub fn update(&mut self, bytes: &[u8]) -> Result<(), String> {
        errors_as_json(|| Ok(self.stream.update(bytes)?))
    }

    /// Decodes the image.
    ///
    /// # Errors
    /// Those of `ownprint::Fingerprinter::decode`.
    pub fn decode(self) -> Result<DecodedImage, String> {
        let decoded = errors_as_json(|| Ok(self.stream.finalize()?))?;
        let (info, warnings) = self.fingerprinter.describe(&decoded);
        let warnings: Vec<_> = warnings.iter().map(Into::into).collect();
        let revision = info.format.and_then(image_decoder_revision);
        let decoder = revision.map(|revision| Decoder::Ownprint { revision });
        let description = decoded_image_to_json(&info, &warnings, decoder);
        Ok(DecodedImage { decoded, description })
    }
}

/// A decoded image; see `ownprint::decode::DecodedImage`.
#[wasm_bindgen]
#[derive(Debug)]
pub struct DecodedImage {
    decoded: ownprint::decode::DecodedImage,
    description: String,
}

#[wasm_bindgen]
impl DecodedImage {
    /// The width in pixels.
    #[must_use]
    pub fn width(&self) -> u32 {
        self.decoded.size().width
    }

    /// The height in pixels.
    #[must_use]
    pub fn height(&self) -> u32 {
        self.decoded.size().height
    }

    /// The EXIF value of the orientation.
    #[must_use]
    pub fn orientation(&self) -> u16 {
        self.decoded.orientation.to_exif()
    }

    /// Returns the properties of the image, as a fingerprint without hashes in JSON.
    #[must_use]
    pub fn description(&self) -> String {
        self.description.clone()
    }

    /// Returns a range of the RGB bytes, in row order. The last range is shorter. Ranges avoid a
    /// complete copy, which would double the memory.
    #[must_use]
    pub fn rgb(&self, start: usize, length: usize) -> Vec<u8> {
        self.decoded.rgb().iter().skip(start).take(length).copied().collect()
    }
}

/// Returns the error for an instance that trapped. The AV1 decoder panics on some damaged frames.
/// Native builds catch that panic and return the same error.
#[wasm_bindgen]
#[must_use]
pub fn trapped() -> String {
    #[cfg(feature = "avif")]
    let error = Error::Damaged {
        format: ownprint::Format::Avif,
        detail: "the decoder panicked".to_owned(),
    };
    #[cfg(not(feature = "avif"))]
    let error = Error::Internal;
    error_json(&error.into())
}
