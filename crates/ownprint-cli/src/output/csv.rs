//! Comma-separated values (RFC 4180, with plain line feeds): a header, then one row a path.
//!
//! The columns depend only on what was asked for, never on the files.

use ownprint::{DigestAlgorithm, Fingerprint, HashAlgorithm, Selection};

use super::Output;
use crate::pictures::Entry;

#[derive(Debug)]
pub(crate) struct Csv {
    hashes: Vec<HashAlgorithm>,
    digests: Vec<DigestAlgorithm>,
}

impl Csv {
    pub(crate) fn new(selection: &Selection) -> Self {
        let mut hashes = selection.hashes.clone();
        hashes.sort();
        Self {
            hashes,
            digests: DigestAlgorithm::ALL.into_iter().filter(|it| selection.digests.contains(it)).collect(),
        }
    }

    fn values(&self, fingerprint: &Fingerprint) -> Vec<String> {
        let mut values = picture_values(fingerprint);
        for &algorithm in &self.hashes {
            let hash = fingerprint.hash(algorithm);
            values.push(hash.map_or_else(String::new, |hash| joined(hash.values.iter())));
            values.push(text(hash.and_then(|hash| hash.quality)));
        }
        for &algorithm in &self.digests {
            values.push(fingerprint.digest(algorithm).map_or_else(String::new, |digest| digest.to_hex()));
        }
        values.push(joined(fingerprint.warnings.iter().map(|warning| warning.code())));
        values
    }
}

impl Output for Csv {
    fn begin(&mut self) -> String {
        let mut columns: Vec<String> =
            ["path"].into_iter().chain(PICTURE_COLUMNS).map(str::to_owned).collect();
        for algorithm in &self.hashes {
            columns.extend([algorithm.to_string(), format!("{algorithm}_quality")]);
        }
        columns.extend(self.digests.iter().map(ToString::to_string));
        columns.extend(["warnings", "error_code", "error_message"].map(str::to_owned));
        row(&columns)
    }

    fn entry(&mut self, entry: &Entry) -> (String, Option<String>) {
        let mut fields = vec![entry.path.to_string_lossy().into_owned()];
        match &entry.result {
            Ok(fingerprint) => {
                fields.extend(self.values(fingerprint));
                fields.extend([String::new(), String::new()]);
            }
            Err(error) => {
                let empty = PICTURE_COLUMNS.len() + 2 * self.hashes.len() + self.digests.len() + 1;
                fields.extend(std::iter::repeat_n(String::new(), empty));
                fields.extend([error.code().to_owned(), error.to_string()]);
            }
        }
        (row(&fields), None)
    }
}

const PICTURE_COLUMNS: [&str; 9] = [
    "format",
    "width",
    "height",
    "orientation",
    "stored_width",
    "stored_height",
    "pixels",
    "damaged",
    "rgb_md5",
];

fn picture_values(fingerprint: &Fingerprint) -> Vec<String> {
    let Some(picture) = &fingerprint.picture else {
        return vec![String::new(); PICTURE_COLUMNS.len()];
    };
    vec![
        text(picture.format),
        picture.size.width.to_string(),
        picture.size.height.to_string(),
        picture.orientation.to_exif().to_string(),
        picture.stored.width.to_string(),
        picture.stored.height.to_string(),
        picture.order.name().to_owned(),
        picture.damaged.to_string(),
        text(picture.rgb_md5.as_ref()),
    ]
}

fn text(value: Option<impl ToString>) -> String {
    value.map_or_else(String::new, |value| value.to_string())
}

fn joined(values: impl Iterator<Item = impl ToString>) -> String {
    values.map(|value| value.to_string()).collect::<Vec<_>>().join(" ")
}

fn row(fields: &[String]) -> String {
    let fields: Vec<_> = fields.iter().map(|field| quoted(field)).collect();
    fields.join(",") + "\n"
}

fn quoted(field: &str) -> String {
    if field.contains([',', '"', '\n', '\r']) || field.starts_with(' ') || field.ends_with(' ') {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field.to_owned()
    }
}
