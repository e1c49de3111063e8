//! The index of videos, in the full build only.

use std::num::NonZero;

use ownprint::search::VideoIndex as Index;
use ownprint::{Error, Quality};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::frames::{features, thresholds};
use crate::hashing::Json;
use crate::searching::json;
use crate::{error_json, errors_as_json};

/// Videos in memory, each with a text; see `ownprint::search::VideoIndex`.
#[wasm_bindgen]
#[derive(Debug)]
pub struct VideoIndex(Index);

/// The videos that a query matches, the best one first.
#[wasm_bindgen]
#[derive(Debug)]
pub struct VideoMatches {
    /// Number, text, and the numbers of hashes: of the query, of those found, of the compared
    /// video, of those found.
    rows: Vec<(u32, String, [usize; 4])>,
    percents: Vec<f64>,
}

#[wasm_bindgen]
impl VideoIndex {
    /// Returns an empty index of frames of a minimum quality, by default the core's.
    ///
    /// # Errors
    /// None in practice.
    #[wasm_bindgen(constructor)]
    pub fn new(quality: Option<u8>) -> Result<Self, String> {
        errors_as_json(|| {
            Ok(Self(match quality {
                Some(quality) => Index::with_quality(Quality::new(quality))?,
                None => Index::new()?,
            }))
        })
    }

    /// Loads a saved index.
    ///
    /// # Errors
    /// `invalid-index`.
    pub fn load(bytes: &[u8]) -> Result<Self, String> {
        errors_as_json(|| Ok(Self(Index::load(bytes, NonZero::<usize>::MIN)?)))
    }

    /// Returns the bytes of the index file.
    ///
    /// # Errors
    /// Never fails, because it writes to memory.
    pub fn save(&self) -> Result<Vec<u8>, String> {
        let mut bytes = Vec::new();
        self.0.save(&mut bytes).map(|()| bytes).map_err(|error| error_json(&Error::from(error)))
    }

    /// The minimum quality of the frames in the index.
    #[must_use]
    pub fn quality(&self) -> u8 {
        self.0.quality().value()
    }

    /// The number of videos.
    #[must_use]
    pub fn size(&self) -> usize {
        self.0.len()
    }

    /// The number of hashes.
    #[must_use]
    pub fn frames(&self) -> usize {
        self.0.frames()
    }

    /// Adds a video, and returns its number. Hashes are hexadecimal digits separated by blanks.
    ///
    /// # Errors
    /// `invalid-hash`.
    pub fn insert(
        &mut self,
        hashes: &str,
        qualities: &[u8],
        payload: String,
    ) -> Result<u32, String> {
        errors_as_json(|| Ok(self.0.insert(&features(hashes, qualities)?, payload)?))
    }

    /// Adds the videos of a list, with their names, and returns their number. If a line is invalid,
    /// no video is added.
    ///
    /// # Errors
    /// `invalid-record`.
    #[wasm_bindgen(js_name = insertList)]
    pub fn insert_list(&mut self, list: &[u8]) -> Result<usize, String> {
        errors_as_json(|| ownprint::insert_videos(&mut self.0, list))
    }

    /// Removes a video and returns its text, or nothing if no video has this number.
    pub fn remove(&mut self, video: u32) -> Option<String> {
        self.0.remove(video)
    }

    /// Returns the videos that a query matches. Omitted thresholds keep the defaults of the core.
    ///
    /// # Errors
    /// `invalid-hash`, `not-comparable` for a minimum quality below that of the index.
    pub fn matches(
        &self,
        hashes: &str,
        qualities: &[u8],
        quality: Option<u8>,
        distance: Option<u32>,
        query_percent: Option<f64>,
        compared_percent: Option<f64>,
    ) -> Result<VideoMatches, String> {
        errors_as_json(|| {
            let thresholds = thresholds(quality, distance, query_percent, compared_percent);
            let hits = self.0.matches(&features(hashes, qualities)?, &thresholds)?;
            let row = |hit: &ownprint::search::VideoHit<'_>| {
                let it = &hit.comparison;
                let counts = [it.query, it.query_found, it.compared, it.compared_found];
                (hit.video, hit.payload.to_owned(), counts)
            };
            let percents = hits
                .iter()
                .flat_map(|it| [it.comparison.query_percent(), it.comparison.compared_percent()]);
            Ok(VideoMatches { rows: hits.iter().map(row).collect(), percents: percents.collect() })
        })
    }

    /// Returns the videos that match others, in groups. Omitted thresholds keep the defaults of the
    /// core.
    ///
    /// # Errors
    /// `not-comparable` for a minimum quality below that of the index.
    pub fn groups(
        &self,
        quality: Option<u8>,
        distance: Option<u32>,
        query_percent: Option<f64>,
        compared_percent: Option<f64>,
    ) -> Json {
        let thresholds = thresholds(quality, distance, query_percent, compared_percent);
        json(&errors_as_json(|| Ok(self.0.groups(&thresholds)?))?)
    }
}

#[wasm_bindgen]
impl VideoMatches {
    /// The rows of number, text and counts.
    ///
    /// # Errors
    /// Never fails.
    pub fn rows(&self) -> Json {
        json(&self.rows)
    }

    /// The percentages of the query and of the compared video, for each row. They are no part of
    /// the JSON, because code that prints floating-point numbers would make the module larger.
    #[must_use]
    pub fn percents(&self) -> Vec<f64> {
        self.percents.clone()
    }
}
