//! A fingerprint as a JSON object: what the command line prints a line of, and what every binding returns.

use serde_json::{Map, Value, json};

use crate::{Error, Fingerprint, PerceptualHash, PixelOrder};

impl Fingerprint {
    /// The fingerprint as a JSON object.
    ///
    /// Keys in this order: `format`, `width`, `height` (as hashed), `orientation` (as the file states it, 1 to 8),
    /// `stored_width`, `stored_height`, `pixels` (`upright` or `stored`), `damaged` (only when true), `rgb_md5` (only
    /// when asked for), `hashes`, `digests`, `warnings`. A file that is no picture has none of the first seven.
    ///
    /// ```
    /// let fingerprint = ownprint::Fingerprinter::new().bytes(b"not a picture")?;
    /// let json = fingerprint.to_json();
    /// assert_eq!(json["digests"]["md5"], "6e9c44002049964f36de016a79ef10d7");
    /// # Ok::<(), ownprint::Error>(())
    /// ```
    #[must_use]
    pub fn to_json(&self) -> Map<String, Value> {
        let mut object = Map::new();
        let mut put = |key: &str, value: Value| object.insert(key.to_owned(), value);
        if let Some(picture) = &self.picture {
            put("format", json!(picture.format.map(|format| format.name())));
            put("width", json!(picture.size.width));
            put("height", json!(picture.size.height));
            put("orientation", json!(picture.orientation.to_exif()));
            put("stored_width", json!(picture.stored.width));
            put("stored_height", json!(picture.stored.height));
            let order = match picture.order {
                PixelOrder::Upright => "upright",
                PixelOrder::Stored => "stored",
            };
            put("pixels", json!(order));
            if picture.damaged {
                put("damaged", json!(true));
            }
            if let Some(rgb_md5) = &picture.rgb_md5 {
                put("rgb_md5", json!(rgb_md5));
            }
        }
        put("hashes", self.hashes.iter().map(hash_entry).collect::<Map<_, _>>().into());
        let digests =
            self.digests.iter().map(|digest| (digest.algorithm.name().to_owned(), json!(digest.to_hex())));
        put("digests", digests.collect::<Map<_, _>>().into());
        let warnings = self.warnings.iter().map(|warning| notice(warning.code(), &warning.to_string()));
        put("warnings", warnings.collect::<Vec<_>>().into());
        object
    }
}

impl Error {
    /// The error as a JSON object with `code` and `message`.
    #[must_use]
    pub fn to_json(&self) -> Value {
        notice(self.code(), &self.to_string())
    }
}

fn notice(code: &str, message: &str) -> Value {
    json!({ "code": code, "message": message })
}

fn hash_entry(hash: &PerceptualHash) -> (String, Value) {
    let hex = match hash.values.as_slice() {
        [value] => json!(value.to_hex()),
        values => values.iter().map(|value| json!(value.to_hex())).collect::<Vec<_>>().into(),
    };
    let mut entry = Map::from_iter([("hex".to_owned(), hex)]);
    if let Some(quality) = hash.quality {
        entry.insert("quality".to_owned(), json!(quality.value()));
    }
    (hash.algorithm.name().to_owned(), entry.into())
}
