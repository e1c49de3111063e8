//! The index of videos: exact search by the hashes of frames.

use std::fs::File;
use std::io::{BufReader, BufWriter};
use std::num::NonZero;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use ownprint::Quality;
use ownprint::search::VideoIndex as Index;

use crate::error::caught;
use crate::video_comparison::{VideoComparison, VideoThresholds, core};
use crate::{OwnprintError, VpdqFeature};

/// A video that a search found.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct VideoHit {
    /// The number of the video.
    pub video: u32,
    /// The text that was inserted with it.
    pub payload: String,
    /// The comparison of the query with the video.
    pub comparison: VideoComparison,
}

/// Videos in memory, each with a text. A query finds those that have its frames; the results are
/// those of comparing it with every video.
///
/// Searches run in parallel on any number of threads; a change waits for them.
#[derive(Debug, uniffi::Object)]
pub struct VideoIndex(RwLock<Index>);

#[uniffi::export]
impl VideoIndex {
    /// Returns an empty index of frames of a minimum quality. `None` is the core's default.
    ///
    /// # Errors
    /// None in practice.
    #[uniffi::constructor]
    pub fn new(quality: Option<u8>) -> Result<Arc<Self>, OwnprintError> {
        caught(|| {
            Ok(Self::of(match quality {
                Some(quality) => Index::with_quality(Quality::new(quality))?,
                None => Index::new()?,
            }))
        })
    }

    /// Loads the index that was saved at a path. Its videos are renumbered from 0, in the order in
    /// which they were inserted.
    ///
    /// # Errors
    /// `io`, `invalid-index`.
    #[uniffi::constructor]
    pub fn load(path: &str) -> Result<Arc<Self>, OwnprintError> {
        caught(|| {
            Ok(Self::of(Index::load(BufReader::new(File::open(path)?), NonZero::<usize>::MIN)?))
        })
    }

    /// Saves the index at a path, and replaces an existing file.
    ///
    /// # Errors
    /// `io`.
    pub fn save(&self, path: &str) -> Result<(), OwnprintError> {
        caught(|| Ok(self.read().save(BufWriter::new(File::create(path)?))?))
    }

    /// Returns the minimum quality of the frames in the index.
    #[must_use]
    pub fn quality(&self) -> u8 {
        self.read().quality().value()
    }

    /// Returns the number of videos.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.read().len() as u64
    }

    /// Returns the number of hashes: of each video, the distinct ones of sufficient quality.
    #[must_use]
    pub fn frames(&self) -> u64 {
        self.read().frames() as u64
    }

    /// Inserts a video, and returns its number.
    ///
    /// # Errors
    /// `not-comparable`, `invalid-hash`, `invalid-video` for invalid features.
    pub fn insert(&self, video: &[VpdqFeature], payload: String) -> Result<u32, OwnprintError> {
        caught(|| Ok(self.write().insert(&core(video)?, payload)?))
    }

    /// Inserts the videos of a list, with their names, and returns their number. The list has
    /// records with videos (JSON lines or CSV), the lines of vPDQ, or the JSON of
    /// python-threatexchange. If a line is invalid, none is inserted.
    ///
    /// # Errors
    /// `invalid-record`, with line and column.
    pub fn insert_list(&self, list: &[u8]) -> Result<u64, OwnprintError> {
        caught(|| Ok(ownprint::insert_videos(&mut self.write(), list)? as u64))
    }

    /// Removes a video, and returns its text; `None` if there is no video with that number.
    pub fn remove(&self, video: u32) -> Option<String> {
        self.write().remove(video)
    }

    /// Returns every video that a query matches, the best one first.
    ///
    /// # Errors
    /// `not-comparable` if the minimum quality is below that of the index, `invalid-hash`,
    /// `invalid-video`.
    pub fn matches(
        &self,
        query: &[VpdqFeature],
        thresholds: VideoThresholds,
    ) -> Result<Vec<VideoHit>, OwnprintError> {
        caught(|| {
            let index = self.read();
            let hits = index.matches(&core(query)?, &thresholds.to_core())?;
            Ok(hits
                .iter()
                .map(|hit| VideoHit {
                    video: hit.video,
                    payload: hit.payload.to_owned(),
                    comparison: VideoComparison::of(&hit.comparison),
                })
                .collect())
        })
    }

    /// Returns the videos that match others, in groups.
    ///
    /// # Errors
    /// `not-comparable` if the minimum quality is below that of the index.
    pub fn groups(&self, thresholds: VideoThresholds) -> Result<Vec<Vec<u32>>, OwnprintError> {
        caught(|| Ok(self.read().groups(&thresholds.to_core())?))
    }
}

impl VideoIndex {
    fn of(index: Index) -> Arc<Self> {
        Arc::new(Self(RwLock::new(index)))
    }

    // A panic leaves an index that is still valid.
    fn read(&self) -> RwLockReadGuard<'_, Index> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Index> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn feature(byte: u8, quality: u8) -> VpdqFeature {
        VpdqFeature { hex: format!("{byte:02x}").repeat(32), quality, seconds: 0.0 }
    }

    #[test]
    fn a_video_is_found_after_saving_and_loading() {
        let index = VideoIndex::new(None).unwrap();
        let video = [feature(0x0f, 100), feature(0x55, 100), feature(0xa0, 10)];
        assert_eq!(index.insert(&video, "a".to_owned()).unwrap(), 0);
        let list = format!("0,90,{},0.000\n", "0f".repeat(32));
        assert_eq!(index.insert_list(list.as_bytes()).unwrap(), 1);
        assert_eq!((index.count(), index.frames(), index.quality()), (2, 3, 50));
        let path = std::env::temp_dir().join(format!("ownprint-ffi-{}", std::process::id()));
        let path = path.to_str().unwrap();
        index.save(path).unwrap();
        let loaded = VideoIndex::load(path).unwrap();
        std::fs::remove_file(path).unwrap();
        for index in [&index, &loaded] {
            let hits = index.matches(&video, VideoThresholds::default()).unwrap();
            assert_eq!(hits.len(), 1);
            assert_eq!((hits[0].video, hits[0].payload.as_str()), (0, "a"));
            assert!(hits[0].comparison.compared_percent > 99.0);
            let half = VideoThresholds { query_percent: Some(50.0), ..VideoThresholds::default() };
            assert_eq!(index.matches(&video, half).unwrap().len(), 2);
            assert_eq!(index.groups(half).unwrap(), [[0, 1]]);
            let low = VideoThresholds { quality: Some(5), ..VideoThresholds::default() };
            let OwnprintError::Failed { code, .. } = index.matches(&video, low).unwrap_err();
            assert_eq!(code, "not-comparable");
        }
        assert_eq!(loaded.remove(0), Some("a".to_owned()));
        assert!(VideoIndex::load("there/is/no/such/file").is_err());
    }
}
