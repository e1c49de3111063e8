//! A fingerprint as a JSON object: what the command line prints a line of, and what every binding returns.

use super::members::Members;
use crate::{Comparison, Error, Fingerprint, PerceptualHash};

impl Fingerprint {
    /// The fingerprint as the text of a JSON object, on one line.
    ///
    /// Keys in this order: `format`, `width`, `height` (as hashed), `orientation` (as the file states it, 1 to 8),
    /// `stored_width`, `stored_height`, `pixels` (`upright` or `stored`), `damaged` (only when true), `rgb_md5` (only
    /// when asked for), `hashes`, `digests`, `warnings`. A file that is no picture has none of the first seven.
    ///
    /// ```
    /// use ownprint::{DigestAlgorithm, Fingerprinter};
    ///
    /// let fingerprint = Fingerprinter::new().digests([DigestAlgorithm::Md5]).bytes(b"not a picture")?;
    /// let start = r#"{"hashes":{},"digests":{"md5":"6e9c44002049964f36de016a79ef10d7"},"warnings":["#;
    /// assert!(fingerprint.to_json().starts_with(start));
    /// # Ok::<(), ownprint::Error>(())
    /// ```
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut text = String::new();
        let mut object = Members::open(&mut text, '{');
        if let Some(picture) = &self.picture {
            match picture.format {
                Some(format) => object.text("format", format.name()),
                None => object.bare("format", "null"),
            }
            object.bare("width", picture.size.width);
            object.bare("height", picture.size.height);
            object.bare("orientation", picture.orientation.to_exif());
            object.bare("stored_width", picture.stored.width);
            object.bare("stored_height", picture.stored.height);
            object.text("pixels", picture.order.name());
            if picture.damaged {
                object.bare("damaged", true);
            }
            if let Some(rgb_md5) = &picture.rgb_md5 {
                object.text("rgb_md5", rgb_md5);
            }
        }
        let mut hashes = object.inner("hashes", '{');
        for hash in &self.hashes {
            write_hash(&mut hashes, hash);
        }
        hashes.close('}');
        let mut digests = object.inner("digests", '{');
        for digest in &self.digests {
            digests.text(digest.algorithm.name(), &digest.to_hex());
        }
        digests.close('}');
        let mut warnings = object.inner("warnings", '[');
        for warning in &self.warnings {
            write_notice(warnings.inner_item('{'), warning.code(), &warning.to_string());
        }
        warnings.close(']');
        object.close('}');
        text
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
        object.text("algorithm", self.algorithm.name());
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
        write_notice(Members::open(&mut text, '{'), self.code(), &self.to_string());
        text
    }
}

fn write_notice(mut notice: Members<'_>, code: &str, message: &str) {
    notice.text("code", code);
    notice.text("message", message);
    notice.close('}');
}

fn write_hash(hashes: &mut Members<'_>, hash: &PerceptualHash) {
    let mut entry = hashes.inner(hash.algorithm.name(), '{');
    if let [value] = hash.values.as_slice() {
        entry.text("hex", &value.to_hex());
    } else {
        let mut values = entry.inner("hex", '[');
        for value in &hash.values {
            values.item(&value.to_hex());
        }
        values.close(']');
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
    use crate::{Fingerprinter, HashAlgorithm, Orientation, PixelFormat, Pixels};

    fn read(text: &str) -> Value {
        assert!(!text.contains('\n'));
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn a_fingerprint_of_pixels_reads_back() {
        let grey: Vec<u8> = (0..80 * 60).map(|at| (at * at / 7) as u8).collect();
        let pixels = Pixels::new(&grey, 80, 60, PixelFormat::L8).unwrap();
        let fingerprinter = Fingerprinter::new().algorithms(HashAlgorithm::all()).rgb_md5(true);
        let fingerprint = fingerprinter.pixels(&pixels, Orientation::Rotated90).unwrap();
        let object = read(&fingerprint.to_json());
        let keys: Vec<_> = object.as_object().unwrap().keys().collect();
        let expected = "format width height orientation stored_width stored_height pixels rgb_md5 hashes digests warnings";
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
