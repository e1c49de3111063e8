//! The search index and hash lists, in the full build only.

use std::num::NonZero;

use ownprint::exchange::{HashListReader, ListedHash, SkippedRows};
use ownprint::search::Index;
use ownprint::{BitHash, Error, HashAlgorithm, PerceptualHash, Quality};
use serde::Serialize;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::hashing::Json;
use crate::{error_json, errors_as_json};

/// Hashes of one algorithm in memory, each with a text; see `ownprint::search::Index`.
#[wasm_bindgen]
#[derive(Debug)]
pub struct HashIndex(Index);

#[wasm_bindgen]
impl HashIndex {
    /// Returns an empty index for hashes of the named algorithm.
    ///
    /// # Errors
    /// `unknown-algorithm`, `not-comparable` for hashes of over 1,024 bits.
    #[wasm_bindgen(constructor)]
    pub fn new(algorithm: &str) -> Result<Self, String> {
        errors_as_json(|| Ok(Self(Index::new(algorithm.parse()?)?)))
    }

    /// Loads a saved index.
    ///
    /// # Errors
    /// `invalid-index`, `unknown-algorithm`.
    pub fn load(bytes: &[u8]) -> Result<Self, String> {
        Index::load(bytes, NonZero::<usize>::MIN)
            .map(Self)
            .map_err(|error| error_json(&Error::from(error)))
    }

    /// Returns the bytes of the index file.
    ///
    /// # Errors
    /// Never fails, because it writes to memory.
    pub fn save(&self) -> Result<Vec<u8>, String> {
        let mut bytes = Vec::new();
        self.0.save(&mut bytes).map(|()| bytes).map_err(|error| error_json(&Error::from(error)))
    }

    /// The stable name of the algorithm of the hashes.
    #[must_use]
    pub fn algorithm(&self) -> String {
        self.0.algorithm().name().into_owned()
    }

    /// The number of entries.
    #[must_use]
    pub fn size(&self) -> usize {
        self.0.len()
    }

    /// Adds a hash in hexadecimal digits, and returns the number of the entry.
    ///
    /// # Errors
    /// `invalid-hash`, `not-comparable`.
    pub fn insert(&mut self, hex: &str, payload: String) -> Result<u32, String> {
        errors_as_json(|| Ok(self.0.insert(&self.0.algorithm().parse_hash(hex)?, payload)?))
    }

    /// Returns a reader for a list that will be added to this index.
    #[must_use]
    #[wasm_bindgen(js_name = listReader)]
    pub fn list_reader(&self) -> IndexReader {
        IndexReader(ownprint::IndexReader::new(self.0.algorithm()))
    }

    /// Adds the hashes of a list that have this algorithm, with their names, and returns their
    /// number. If a line is invalid, no hash is added.
    ///
    /// # Errors
    /// `invalid-record`.
    #[wasm_bindgen(js_name = insertReader)]
    pub fn insert_reader(&mut self, reader: IndexReader) -> Result<usize, String> {
        errors_as_json(|| reader.0.finalize(&mut self.0))
    }

    /// Removes an entry and returns its text, or nothing if no entry has this number.
    pub fn remove(&mut self, entry: u32) -> Option<String> {
        self.0.remove(entry)
    }

    /// Returns every entry within a distance of a hash, nearest first, as rows of entry, distance,
    /// text, and variant or null. The default distance is the threshold of the algorithm.
    ///
    /// # Errors
    /// `invalid-hash`, `not-comparable`.
    pub fn within(&self, hex: &str, radius: Option<u32>) -> Json {
        let radius = radius.unwrap_or(self.0.algorithm().threshold());
        self.search(hex, |index, hash| index.within(hash, radius))
    }

    /// Returns the entries nearest to a hash, nearest first, in the same form.
    ///
    /// # Errors
    /// `invalid-hash`, `not-comparable`.
    pub fn nearest(&self, hex: &str, count: usize) -> Json {
        self.search(hex, |index, hash| index.nearest(hash, count))
    }

    /// Returns the entries that have others within a distance, in groups. The default distance is
    /// the threshold of the algorithm.
    ///
    /// # Errors
    /// Never fails.
    pub fn groups(&mut self, radius: Option<u32>) -> Json {
        let radius = radius.unwrap_or(self.0.algorithm().threshold());
        json(&errors_as_json(|| Ok(self.0.groups(radius)?))?)
    }
}

impl HashIndex {
    fn search(
        &self,
        hex: &str,
        search: impl for<'index> FnOnce(
            &'index Index,
            &BitHash,
        ) -> Result<
            Vec<ownprint::search::Hit<'index>>,
            ownprint::search::Error,
        >,
    ) -> Json {
        let index = &self.0;
        let hits = errors_as_json(|| Ok(search(index, &index.algorithm().parse_hash(hex)?)?))?;
        let rows = hits.iter().map(|hit| {
            let (_, variant) = hit.name_and_variant();
            (hit.entry, hit.distance, hit.payload, variant.map(|variant| variant.to_string()))
        });
        json(&rows.collect::<Vec<_>>())
    }
}

/// Reads a list for an index; see `ownprint::IndexReader`.
#[wasm_bindgen]
#[derive(Debug)]
pub struct IndexReader(ownprint::IndexReader);

#[wasm_bindgen]
impl IndexReader {
    /// Reads the next bytes of the list.
    ///
    /// # Errors
    /// `invalid-record`.
    pub fn update(&mut self, bytes: &[u8]) -> Result<(), String> {
        errors_as_json(|| Ok(self.0.update(bytes)?))
    }
}

/// Reads a list of hashes in chunks; see `ownprint::exchange::HashListReader`.
#[wasm_bindgen]
#[derive(Debug)]
pub struct ListReader(HashListReader);

#[wasm_bindgen]
impl ListReader {
    /// Returns a reader that detects the format of the list.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new() -> Self {
        Self(HashListReader::detecting())
    }

    /// Reads the next bytes and returns the hashes that they complete, as rows of algorithm,
    /// digits, quality or null, name or null, line, and variant or null.
    ///
    /// # Errors
    /// `invalid-record`.
    pub fn update(&mut self, bytes: &[u8]) -> Json {
        errors_as_json(|| Ok(self.0.update(bytes)?)).and_then(rows)
    }

    /// Ends the list and returns the hashes that its last line completes, in the same form.
    ///
    /// # Errors
    /// `invalid-record`.
    pub fn finalize(self) -> Json {
        errors_as_json(|| Ok(self.0.finalize()?)).and_then(rows)
    }

    /// Returns a reader that skips invalid rows.
    #[must_use]
    #[wasm_bindgen(js_name = skipInvalid)]
    pub fn skip_invalid() -> Self {
        Self(HashListReader::detecting().skip_invalid())
    }

    /// Ends the list as `finalize` does, and returns the rows and what was skipped.
    ///
    /// # Errors
    /// `invalid-record`.
    #[wasm_bindgen(js_name = finalizeWithSkipped)]
    pub fn finalize_with_skipped(self) -> Json {
        let (hashes, skipped) = errors_as_json(|| Ok(self.0.finalize_with_skipped()?))?;
        Ok(format!("[{},{}]", rows(hashes)?, skipped_json(&skipped)?))
    }
}

impl Default for ListReader {
    fn default() -> Self {
        Self::new()
    }
}

fn rows(listed: Vec<ListedHash>) -> Json {
    let row = |hash: ListedHash| {
        let (algorithm, hex) = (hash.algorithm.name(), hash.value.to_hex());
        let variant = hash.variant.map(|variant| variant.to_string());
        (algorithm, hex, hash.quality.map(Quality::value), hash.name, hash.line, variant)
    };
    json(&listed.into_iter().map(row).collect::<Vec<_>>())
}

/// Returns the number of skipped rows, and rows of line, column, code and message.
pub(crate) fn skipped_json(skipped: &SkippedRows) -> Json {
    let rows = skipped.rows().iter().map(|row| (row.line, row.column, row.code, &row.detail));
    json(&(skipped.count(), rows.collect::<Vec<_>>()))
}

/// Returns the line of a hash for a hash exchange, or nothing if exchanges do not accept it.
///
/// # Errors
/// `unknown-algorithm`, `invalid-hash`, `not-comparable`.
#[wasm_bindgen(js_name = exchangeLine)]
pub fn exchange_line(
    algorithm: &str,
    hex: &str,
    quality: Option<u8>,
) -> Result<Option<String>, String> {
    errors_as_json(|| {
        let algorithm: HashAlgorithm = algorithm.parse()?;
        let hash = algorithm.parse_hash(hex)?;
        let hash = PerceptualHash::from_parts(algorithm, vec![hash], quality.map(Quality::new))?;
        Ok(ownprint::exchange::threatexchange::to_line(&hash))
    })
}

/// Converts to rows without field names. The TypeScript client adds the names.
pub(crate) fn json(value: &impl Serialize) -> Json {
    serde_json::to_string(value).map_err(|_| error_json(&ownprint::hash::Error::Internal.into()))
}
