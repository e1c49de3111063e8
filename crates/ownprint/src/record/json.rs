//! A fingerprint as a JSON object: what the command line prints a line of, and what every binding returns.

use super::members::Members;
use crate::{
    Comparison, DecodedImage, Digest, Error, Fingerprint, FingerprintRecord, ImageInfo, Orientation,
    PerceptualHash, VariantHashes, VideoFingerprint,
};

impl Fingerprint {
    /// The fingerprint as the text of a JSON object, on one line.
    ///
    /// Keys in this order: `schema` (1), `format`, `width`, `height` (as hashed), `orientation` (as the file states it,
    /// 1 to 8), `stored_width`, `stored_height`, `pixels` (`upright` or `stored`), `damaged` (only when true), `rgb_md5`
    /// (only when asked for), `hashes`, `variants` and `video` (only when asked for), `digests`, `warnings`,
    /// `exact` (only when false: another machine may get other bits). A file that is no image has nothing between `schema` and
    /// `hashes`.
    ///
    /// Under schema 1 these members keep their names, types and meanings; algorithms, formats and codes may be added.
    ///
    /// ```
    /// use ownprint::{DigestAlgorithm, Fingerprinter};
    ///
    /// let fingerprint = Fingerprinter::new().digests([DigestAlgorithm::Md5]).bytes(b"not an image")?;
    /// let start = r#"{"schema":1,"hashes":{},"digests":{"md5":"f4d3390ee84008b4b4192b3a93bfa089"},"warnings":["#;
    /// assert!(fingerprint.to_json().starts_with(start));
    /// # Ok::<(), ownprint::Error>(())
    /// ```
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut text = String::new();
        let mut object = Members::open(&mut text, '{');
        object.bare("schema", FingerprintRecord::SCHEMA);
        object.image_and_hashes(self.image.as_ref(), &self.hashes);
        object.sets(self.variants.as_ref(), self.video.as_ref());
        object.digests(&self.digests);
        let mut warnings = object.inner("warnings", '[');
        for warning in &self.warnings {
            write_diagnostic(warnings.inner_item('{'), warning.code(), &warning.to_string());
        }
        warnings.close(']');
        if self.image.as_ref().is_some_and(|image| !image.deterministic) {
            object.bare("deterministic", false);
        }
        object.close('}');
        text
    }
}

impl DecodedImage {
    /// What is known of the image in the form of [`Fingerprint::to_json`], with no hash and no digest.
    #[must_use]
    pub fn to_json(&self) -> String {
        Fingerprint {
            image: Some(self.image.clone()),
            hashes: Vec::new(),
            variants: None,
            video: None,
            digests: Vec::new(),
            warnings: self.warnings.clone(),
        }
        .to_json()
    }
}

impl Members<'_> {
    /// The members of the image, and of its hashes.
    pub(super) fn image_and_hashes(&mut self, image: Option<&ImageInfo>, hashes: &[PerceptualHash]) {
        if let Some(image) = image {
            self.image(image);
        }
        let mut object = self.inner("hashes", '{');
        for hash in hashes {
            write_hash(&mut object, hash);
        }
        object.close('}');
    }

    /// The members that are there only when asked for.
    pub(super) fn sets(&mut self, variants: Option<&VariantHashes>, video: Option<&VideoFingerprint>) {
        if let Some(variants) = variants {
            variants.write(self.inner("variants", '{'));
        }
        if let Some(video) = video {
            video.write(self.inner("video", '{'));
        }
    }

    pub(super) fn digests(&mut self, digests: &[Digest]) {
        let mut object = self.inner("digests", '{');
        for digest in digests {
            object.text(digest.algorithm.name(), &digest.to_hex());
        }
        object.close('}');
    }

    fn image(&mut self, image: &ImageInfo) {
        match image.format {
            Some(format) => self.text("format", format.name()),
            None => self.bare("format", "null"),
        }
        self.bare("width", image.size.width);
        self.bare("height", image.size.height);
        self.bare("orientation", image.orientation.to_exif());
        self.bare("stored_width", image.stored.width);
        self.bare("stored_height", image.stored.height);
        self.bare("orientation_applied", image.order == Orientation::Apply);
        if image.damaged {
            self.bare("damaged", true);
        }
        if let Some(rgb_md5) = &image.rgb_md5 {
            self.text("rgb_md5", rgb_md5);
        }
    }
}

impl Comparison {
    /// The comparison as the text of a JSON object, on one line: `algorithm`, `distance`, `bits`, `threshold`, `match`
    /// and, in words, `verdict`.
    ///
    /// ```
    /// use ownprint::{BitHash, Comparison, HashAlgorithm};
    ///
    /// let hash = BitHash::from_hex(&"0f".repeat(32))?;
    /// let json = Comparison::new(HashAlgorithm::PDQ, &hash, &hash)?.to_json();
    /// assert!(json.starts_with(r#"{"algorithm":"pdq","distance":0,"bits":256,"threshold":31,"match":true,"#));
    /// # Ok::<(), ownprint::Error>(())
    /// ```
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut text = String::new();
        let mut object = Members::open(&mut text, '{');
        object.text("algorithm", &self.algorithm.name());
        object.bare("distance", self.distance);
        object.bare("bits", self.algorithm.bits());
        object.bare("threshold", self.algorithm.threshold());
        object.bare("match", self.is_match());
        object.text("verdict", self.verdict());
        object.close('}');
        text
    }
}

impl Error {
    /// The error as the text of a JSON object with `code` and `message`, on one line.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut text = String::new();
        write_diagnostic(Members::open(&mut text, '{'), self.code(), &self.to_string());
        text
    }
}

fn write_diagnostic(mut diagnostic: Members<'_>, code: &str, message: &str) {
    diagnostic.text("code", code);
    diagnostic.text("message", message);
    diagnostic.close('}');
}

fn write_hash(hashes: &mut Members<'_>, hash: &PerceptualHash) {
    let mut entry = hashes.inner(&hash.algorithm.name(), '{');
    match hash.values.as_slice() {
        [value] if hash.algorithm.hashes() == Some(1) => entry.text("hex", &value.to_hex()),
        several => {
            let mut values = entry.inner("hex", '[');
            for value in several {
                values.item(&value.to_hex());
            }
            values.close(']');
        }
    }
    if let Some(quality) = hash.quality {
        entry.bare("quality", quality.value());
    }
    entry.close('}');
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::{ExifOrientation, Fingerprinter, HashAlgorithm, PixelFormat, Pixels};

    fn read(text: &str) -> Value {
        assert!(!text.contains('\n'));
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn a_fingerprint_of_pixels_reads_back() {
        let grey: Vec<u8> = (0..80 * 60).map(|at| (at * at / 7) as u8).collect();
        let pixels = Pixels::new(&grey, 80, 60, PixelFormat::L8).unwrap();
        let fingerprinter = Fingerprinter::new().algorithms(HashAlgorithm::all()).rgb_md5(true);
        let fingerprint = fingerprinter.pixels(&pixels, ExifOrientation::Rotated90).unwrap();
        let object = read(&fingerprint.to_json());
        let keys: Vec<_> = object.as_object().unwrap().keys().collect();
        let expected = "schema format width height orientation stored_width stored_height orientation_applied rgb_md5 hashes digests warnings";
        assert_eq!(keys, expected.split(' ').collect::<Vec<_>>());
        assert_eq!(object["format"], Value::Null);
        assert_eq!((&object["width"], &object["stored_width"]), (&json!(60), &json!(80)));
        let pdq = &fingerprint.hashes[0];
        let quality = pdq.quality.unwrap().value();
        assert_eq!(object["hashes"]["pdq"], json!({ "hex": pdq.values[0].to_hex(), "quality": quality }));
        assert_eq!(object["hashes"]["pdq-dihedral"]["hex"].as_array().unwrap().len(), 8);
        assert_eq!(object["digests"], json!({}));
    }

    #[test]
    fn an_error_reads_back() {
        let error = Error::InvalidHash { detail: "\"\u{7}\"".to_owned() };
        let expected = json!({ "code": "invalid-hash", "message": error.to_string() });
        assert_eq!(read(&error.to_json()), expected);
    }
}
