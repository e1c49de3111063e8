//! Fingerprints and comparisons.

use ownprint::hash::Comparison;
use ownprint::{
    BitHash, Error, ExifOrientation, FingerprinterBuilder, HashAlgorithm, Orientation, Selection,
};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::{Limits, described, error_json, errors_as_json};

/// A fingerprint, comparison or capabilities as JSON, or an error as JSON.
pub(crate) type Json = Result<String, String>;

/// Computes fingerprints; see `ownprint::Fingerprinter`.
#[wasm_bindgen]
#[derive(Debug, Default)]
pub struct Fingerprinter(FingerprinterBuilder);

#[wasm_bindgen]
impl Fingerprinter {
    /// Returns a fingerprinter with the defaults of the core.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Selects hashes and digests by name, separated by commas.
    ///
    /// # Errors
    /// `unknown-algorithm`.
    pub fn select(&mut self, names: &str) -> Result<(), String> {
        let selection: Selection = errors_as_json(|| Ok(names.parse()?))?;
        self.change(|it| it.selection(selection));
        Ok(())
    }

    /// Adds the hashes of variants: the name of a set, or names of variants separated by commas.
    ///
    /// # Errors
    /// `unknown-variant`, `invalid-variants`.
    pub fn variants(&mut self, names: &str) -> Result<(), String> {
        let variants = errors_as_json(|| Ok(names.parse()?))?;
        self.change(|it| it.variants(Some(variants)));
        Ok(())
    }

    /// Computes digests only, whichever hashes are selected.
    #[wasm_bindgen(js_name = digestsOnly)]
    pub fn digests_only(&mut self) {
        self.change(|it| it.hashes([]).variants(None).vpdq(None));
    }

    /// Ignores the EXIF orientation.
    #[wasm_bindgen(js_name = ignoreOrientation)]
    pub fn ignore_orientation(&mut self) {
        self.change(|it| it.orientation(Orientation::Ignore));
    }

    /// Hashes the intact part of damaged files.
    #[wasm_bindgen(js_name = acceptDamaged)]
    pub fn accept_damaged(&mut self) {
        self.change(|it| it.accept_damaged(true));
    }

    /// Adds the MD5 of the hashed RGB bytes.
    #[wasm_bindgen(js_name = rgbMd5)]
    pub fn rgb_md5(&mut self) {
        self.change(|it| it.rgb_md5(true));
    }

    /// Sets the limits on images.
    #[allow(
        clippy::needless_pass_by_value,
        reason = "JavaScript passes ownership, and has nothing to free"
    )]
    pub fn limits(&mut self, limits: Limits) {
        self.change(|it| it.limits(limits.0));
    }

    /// Fingerprints a whole file.
    ///
    /// # Errors
    /// Those of `ownprint::Fingerprinter::fingerprint_bytes`.
    #[wasm_bindgen(js_name = fingerprintBytes)]
    pub fn fingerprint_bytes(&self, bytes: &[u8]) -> Json {
        fingerprint(self.0.clone().build().fingerprint_bytes(bytes))
    }

    /// Starts a file that arrives in chunks.
    #[must_use]
    pub fn stream(&self) -> FingerprintStream {
        FingerprintStream(self.0.clone().build().stream())
    }

    /// Fingerprints decoded pixels. `format` is a name; a `stride` of 0 means rows without padding.
    ///
    /// # Errors
    /// `invalid-pixels`, `limit-exceeded`.
    #[wasm_bindgen(js_name = fingerprintPixels)]
    pub fn fingerprint_pixels(
        &self,
        data: &[u8],
        width: u32,
        height: u32,
        format: &str,
        stride: usize,
        orientation: u16,
    ) -> Json {
        let hash = || {
            let pixels = described(data, width, height, format, stride)?;
            self.0
                .clone()
                .build()
                .fingerprint_pixels(&pixels, ExifOrientation::from_exif(orientation))
        };
        fingerprint(hash())
    }

    fn change(&mut self, step: impl FnOnce(FingerprinterBuilder) -> FingerprinterBuilder) {
        self.0 = step(std::mem::take(&mut self.0));
    }
}

/// Fingerprints a file that arrives in chunks; see `ownprint::FingerprintStream`.
#[wasm_bindgen]
#[derive(Debug)]
pub struct FingerprintStream(ownprint::FingerprintStream);

#[wasm_bindgen]
impl FingerprintStream {
    /// Adds the next bytes. Returns `false` if further bytes cannot change the result.
    pub fn update(&mut self, bytes: &[u8]) -> bool {
        self.0.update(bytes);
        self.0.wants_more()
    }

    /// Returns the name of the format that the first bytes show, even if this build cannot decode
    /// it.
    #[must_use]
    pub fn format(&self) -> Option<String> {
        self.0.format().map(|format| format.name().to_owned())
    }

    /// Returns the name of the format that the first bytes show, if pixels are needed and this
    /// build cannot decode it.
    #[must_use]
    pub fn undecodable(&self) -> Option<String> {
        self.0.undecodable().map(|format| format.name().to_owned())
    }

    /// Returns the fingerprint of the bytes that were added.
    ///
    /// # Errors
    /// Those of `ownprint::Fingerprinter::fingerprint_bytes`.
    pub fn finalize(self) -> Json {
        fingerprint(self.0.finalize())
    }
}

/// Compares two hashes in hexadecimal digits under the named algorithm.
///
/// # Errors
/// `unknown-algorithm`, `invalid-hash`, `not-comparable`.
#[wasm_bindgen]
pub fn compare(algorithm: &str, a: &str, b: &str) -> Json {
    errors_as_json(|| {
        let algorithm: HashAlgorithm = algorithm.parse()?;
        let (a, b) = (algorithm.parse_hash(a)?, algorithm.parse_hash(b)?);
        Ok(ownprint::exchange::comparison_to_json(&Comparison::new(algorithm, &a, &b)?))
    })
}

/// Returns the index of the hash that is nearest to another, from 0. The hashes have the same
/// length, in hexadecimal digits, separated by blanks.
///
/// # Errors
/// `invalid-hash`, `not-comparable`.
#[wasm_bindgen]
pub fn nearest(hashes: &str, hash: &str) -> Result<usize, String> {
    errors_as_json(|| {
        let hashes = hashes.split(' ').map(BitHash::from_hex).collect::<Result<Vec<_>, _>>()?;
        Ok(BitHash::from_hex(hash)?.nearest(&hashes)?.map_or(0, |(index, _)| index))
    })
}

/// Returns the number of bits that differ between two hashes of equal length, in hexadecimal
/// digits.
///
/// # Errors
/// `invalid-hash`, `not-comparable`.
#[wasm_bindgen]
pub fn distance(a: &str, b: &str) -> Result<u32, String> {
    errors_as_json(|| Ok(BitHash::from_hex(a)?.distance(&BitHash::from_hex(b)?)?))
}

/// Returns the capabilities of this build as JSON.
#[wasm_bindgen]
#[must_use]
pub fn capabilities() -> String {
    ownprint::capabilities()
}

/// Returns the error for an instance that trapped: the core's error for internal defects.
#[wasm_bindgen(js_name = internalError)]
#[must_use]
pub fn internal_error() -> String {
    error_json(&ownprint::hash::Error::Internal.into())
}

fn fingerprint(result: Result<ownprint::Fingerprint, Error>) -> Json {
    errors_as_json(|| Ok(result?.into_record().to_json()))
}
