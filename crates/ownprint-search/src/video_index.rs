//! An in-memory index of videos: which listed videos have the frames of a query.

use std::collections::BTreeMap;
use std::num::NonZero;
use std::ops::Range;

use ownprint_hash::{BitHash, HashAlgorithm, Quality, VpdqComparison, VpdqFeature, VpdqThresholds};

use crate::error::Error;
use crate::groups::Groups;
use crate::index::Index;
use crate::video_counts::Counts;

/// An in-memory index of videos, searched by the hashes of their frames. Each video has a text, its
/// payload.
///
/// Results are exact: they equal those of [`VpdqComparison::new`] with every video of the index.
/// The frames are in an [`Index`], so a query looks up each of its frames instead of comparing it
/// with all.
///
/// As in python-threatexchange's index, frames below the [minimum quality](Self::quality) are not
/// stored, and equal hashes of a video count once. A video without other frames matches nothing.
///
/// A query takes up to 9 bytes for each stored hash and 16 for each video, and the matches. Its
/// work is limited to two scans of the index for each of its distinct hashes, and one step for each
/// stored frame that is found: a frame that is in every video, such as a title, is found once in
/// each.
///
/// A video is identified by its number: 0, 1, 2 … in insertion order. The number of a removed video
/// is not reused.
///
/// ```
/// use ownprint_hash::{BitHash, Quality, VpdqFeature, VpdqThresholds};
/// use ownprint_search::VideoIndex;
///
/// let feature = |digits: &str, seconds| {
///     VpdqFeature::new(BitHash::from_hex(&digits.repeat(32))?, Quality::new(90), seconds)
/// };
/// let video = [feature("0f", 0.0)?, feature("55", 1.0)?, feature("a0", 2.0)?];
/// let mut index = VideoIndex::new()?;
/// index.insert(&video, "case 7")?;
/// let matches = index.matches(&video[..2], &VpdqThresholds::default())?;
/// assert_eq!((matches[0].video, matches[0].payload), (0, "case 7"));
/// assert_eq!(matches[0].comparison.query_percent(), 100.0);
/// assert_eq!(matches[0].comparison.compared_percent().round(), 67.0);
/// # Ok::<(), ownprint_search::Error>(())
/// ```
#[derive(Debug)]
pub struct VideoIndex {
    /// An entry for each distinct hash of each video.
    frames: Index,
    /// Indexed by entry.
    owners: Vec<Owner>,
    /// Indexed by the number of the video; `None` if the video was removed.
    videos: Vec<Option<Video>>,
    present: usize,
    quality: Quality,
}

/// The video of an entry, and the highest quality of its frames with this hash.
#[derive(Debug, Clone, Copy)]
struct Owner {
    video: u32,
    quality: u8,
}

/// A video of an index.
#[derive(Debug)]
pub(crate) struct Video {
    pub(crate) payload: Box<str>,
    /// The entry of its first hash; the others follow.
    first: u32,
    /// The number of its distinct hashes.
    pub(crate) frames: u32,
    /// The qualities of its hashes, highest first.
    qualities: Box<[u8]>,
}

impl Video {
    /// Returns the entries of its hashes.
    pub(crate) fn entries(&self) -> Range<u32> {
        self.first..self.first.saturating_add(self.frames)
    }

    /// Returns the number of hashes of this quality or a higher one.
    fn usable(&self, quality: u8) -> usize {
        self.qualities.partition_point(|&it| it >= quality)
    }
}

/// A video of a [`VideoIndex`] that a query matches.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct VideoHit<'index> {
    /// The comparison of the query with the video.
    pub comparison: VpdqComparison,
    /// The number of the video.
    pub video: u32,
    /// The payload of the video.
    pub payload: &'index str,
}

impl VideoIndex {
    /// Creates an empty index with the default minimum quality, 50.
    ///
    /// # Errors
    ///
    /// Those of [`Index::new`]; PDQ hashes cause none.
    pub fn new() -> Result<Self, Error> {
        Self::with_quality(VpdqThresholds::default().quality)
    }

    /// Creates an empty index that stores frames of `quality` or higher. Queries cannot use frames
    /// of a lower quality.
    ///
    /// # Errors
    ///
    /// Those of [`Index::new`]; PDQ hashes cause none.
    pub fn with_quality(quality: Quality) -> Result<Self, Error> {
        Ok(Self {
            frames: Index::new(HashAlgorithm::PDQ)?,
            owners: Vec::new(),
            videos: Vec::new(),
            present: 0,
            quality,
        })
    }

    /// Creates an index of `videos`, compacted on up to `threads` threads. The result does not
    /// depend on their number.
    ///
    /// # Errors
    ///
    /// Those of [`insert`](Self::insert).
    pub fn build<Features: AsRef<[VpdqFeature]>>(
        quality: Quality,
        videos: impl IntoIterator<Item = (Features, String)>,
        threads: NonZero<usize>,
    ) -> Result<Self, Error> {
        let mut index = Self::with_quality(quality)?;
        for (features, payload) in videos {
            index.push(features.as_ref(), payload)?;
        }
        index.compact(threads);
        Ok(index)
    }

    /// Returns the minimum quality of the frames in the index.
    #[must_use]
    pub fn quality(&self) -> Quality {
        self.quality
    }

    /// Returns the number of videos.
    #[must_use]
    pub fn len(&self) -> usize {
        self.present
    }

    /// Returns `true` if it has no videos.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.present == 0
    }

    /// Returns the number of hashes: of each video, the distinct ones of sufficient quality.
    #[must_use]
    pub fn frames(&self) -> usize {
        self.frames.len()
    }

    /// Adds a video and returns its number.
    ///
    /// # Errors
    ///
    /// [`Error::IndexFull`] after 2^32 - 1 videos or hashes. The video is not added then.
    pub fn insert(
        &mut self,
        features: &[VpdqFeature],
        payload: impl Into<String>,
    ) -> Result<u32, Error> {
        let video = self.push(features, payload.into())?;
        self.frames.compact_if_due();
        Ok(video)
    }

    /// Adds many videos and compacts the index once. Their numbers are consecutive.
    ///
    /// # Errors
    ///
    /// Those of [`insert`](Self::insert); videos before the one that fails are added.
    pub fn extend<Features: AsRef<[VpdqFeature]>>(
        &mut self,
        videos: impl IntoIterator<Item = (Features, String)>,
    ) -> Result<(), Error> {
        let outcome = videos
            .into_iter()
            .try_for_each(|(features, payload)| self.push(features.as_ref(), payload).map(drop));
        self.frames.compact_if_due();
        outcome
    }

    pub(crate) fn push(&mut self, features: &[VpdqFeature], payload: String) -> Result<u32, Error> {
        // By hash, the highest quality: a video has a frame of sufficient quality with this hash if
        // that one suffices.
        let mut best = BTreeMap::<&BitHash, u8>::new();
        for feature in features.iter().filter(|it| it.quality >= self.quality) {
            let quality = best.entry(feature.hash()).or_default();
            *quality = feature.quality.value().max(*quality);
        }
        let (video, first, frames) = self.room(best.len()).ok_or_else(|| Error::IndexFull {
            detail: "all numbers of videos or hashes are in use; build a new index".to_owned(),
        })?;
        let mut qualities: Vec<u8> = best.values().copied().collect();
        qualities.sort_unstable_by_key(|&quality| std::cmp::Reverse(quality));
        for (hash, quality) in best {
            self.frames.push(hash, "")?;
            self.owners.push(Owner { video, quality });
        }
        let (payload, qualities) = (payload.into_boxed_str(), qualities.into_boxed_slice());
        self.videos.push(Some(Video { payload, first, frames, qualities }));
        self.present += 1;
        Ok(video)
    }

    /// Returns the number of the next video, its first entry and the number of its hashes, if all
    /// of them have numbers.
    fn room(&self, hashes: usize) -> Option<(u32, u32, u32)> {
        let video = u32::try_from(self.videos.len()).ok().filter(|video| *video < u32::MAX)?;
        let (first, hashes) = (u32::try_from(self.owners.len()).ok()?, u32::try_from(hashes).ok()?);
        first.checked_add(hashes).map(|_end| (video, first, hashes))
    }

    pub(crate) fn compact(&mut self, threads: NonZero<usize>) {
        self.frames.compact(threads);
    }

    /// Removes a video and returns its payload; `None` if there is no video with this number.
    pub fn remove(&mut self, video: u32) -> Option<String> {
        let removed = self.videos.get_mut(video as usize)?.take()?;
        self.present -= 1;
        for entry in removed.entries() {
            self.frames.remove(entry);
        }
        Some(removed.payload.into())
    }

    /// Returns the payload of a video; `None` if there is no video with this number.
    #[must_use]
    pub fn payload(&self, video: u32) -> Option<&str> {
        self.video(video).map(|video| &*video.payload)
    }

    /// Returns every video for which [`VpdqComparison::is_match`] is `true`, with the query as the
    /// first operand: those with the highest percentage of the query first, then those with the
    /// highest percentage of their own frames, then in insertion order.
    ///
    /// If both percentages of `thresholds` are 0, every video with frames is a match, as it is
    /// there.
    ///
    /// # Errors
    ///
    /// [`NotComparable`](ownprint_hash::Error::NotComparable) if the minimum quality of
    /// `thresholds` is below that of the index.
    pub fn matches(
        &self,
        query: &[VpdqFeature],
        thresholds: &VpdqThresholds,
    ) -> Result<Vec<VideoHit<'_>>, Error> {
        self.check(thresholds)?;
        let mut hashes: Vec<&BitHash> = query
            .iter()
            .filter(|feature| feature.quality >= thresholds.quality)
            .map(VpdqFeature::hash)
            .collect();
        hashes.sort_unstable();
        hashes.dedup();
        let mut counts = Counts::new(self.videos.len(), self.owners.len());
        let mut hits = self.matching(&hashes, thresholds, &mut counts);
        hits.sort_by(|a, b| {
            let percents = |it: &VideoHit<'_>| {
                [it.comparison.query_percent(), it.comparison.compared_percent()]
            };
            let [a_percents, b_percents] = [percents(a), percents(b)];
            // The percentages are finite.
            let order = b_percents.partial_cmp(&a_percents);
            order.unwrap_or(std::cmp::Ordering::Equal).then(a.video.cmp(&b.video))
        });
        Ok(hits)
    }

    /// Groups videos that match one another: videos that match a member, or that a member matches,
    /// belong to its group (single linkage). Videos without a match are omitted. Groups are ordered
    /// by their first videos, videos by their numbers.
    ///
    /// # Errors
    ///
    /// Those of [`matches`](Self::matches).
    pub fn groups(&self, thresholds: &VpdqThresholds) -> Result<Vec<Vec<u32>>, Error> {
        self.check(thresholds)?;
        let hashes = self.hashes();
        let mut counts = Counts::new(self.videos.len(), self.owners.len());
        let mut groups = Groups::new(self.videos.len());
        for (number, video) in self.videos() {
            let is_usable = |entry: &u32| self.quality_of(*entry) >= thresholds.quality.value();
            let query: Vec<&BitHash> = video
                .entries()
                .filter(is_usable)
                .filter_map(|entry| hashes.get(entry as usize))
                .collect();
            for hit in self.matching(&query, thresholds, &mut counts) {
                groups.join(number, hit.video);
            }
        }
        let mut members = BTreeMap::<u32, Vec<u32>>::new();
        for (number, _) in self.videos() {
            members.entry(groups.first(number)).or_default().push(number);
        }
        Ok(members.into_values().filter(|group| group.len() > 1).collect())
    }

    /// Calls `visit` with the number, the hashes and the payload of every video, in insertion
    /// order. The hashes have the highest quality of their frames, and no times.
    ///
    /// # Errors
    ///
    /// Those of [`VpdqFeature::new`]; the hashes of an index cause none.
    pub fn each<'index>(
        &'index self,
        mut visit: impl FnMut(u32, Vec<VpdqFeature>, &'index str),
    ) -> Result<(), Error> {
        let hashes = self.hashes();
        for (number, video) in self.videos() {
            let feature = |entry: u32| {
                let hash = hashes.get(entry as usize)?.clone();
                Some(VpdqFeature::new(hash, Quality::new(self.quality_of(entry)), 0.0))
            };
            let features = video.entries().filter_map(feature).collect::<Result<_, _>>()?;
            visit(number, features, &video.payload);
        }
        Ok(())
    }

    /// Returns the memory that the index uses, in bytes, payloads included.
    #[must_use]
    pub fn memory(&self) -> usize {
        let of_video = |it: &Video| it.payload.len() + it.qualities.len();
        self.frames.memory()
            + size_of::<Owner>() * self.owners.capacity()
            + size_of::<Option<Video>>() * self.videos.capacity()
            + self.videos.iter().flatten().map(of_video).sum::<usize>()
    }

    fn check(&self, thresholds: &VpdqThresholds) -> Result<(), Error> {
        if thresholds.quality >= self.quality {
            return Ok(());
        }
        let detail = format!(
            "the index has frames of quality {} and higher, and frames from quality {} are to be \
             compared",
            self.quality, thresholds.quality
        );
        Err(ownprint_hash::Error::NotComparable { detail }.into())
    }

    /// Returns the videos that match distinct hashes, in no particular order.
    fn matching(
        &self,
        query: &[&BitHash],
        thresholds: &VpdqThresholds,
        counts: &mut Counts,
    ) -> Vec<VideoHit<'_>> {
        for hash in query {
            counts.next_hash();
            self.frames.each_within(hash, thresholds.distance, &mut |entry| {
                if let Some(owner) = self.owners.get(entry as usize)
                    && owner.quality >= thresholds.quality.value()
                {
                    counts.add(owner.video, entry);
                }
            });
        }
        let hit = |number: u32, found: [usize; 2]| {
            let video = self.video(number)?;
            let compared = [video.usable(thresholds.quality.value()), found[1]];
            let comparison =
                VpdqComparison::from_counts([query.len(), found[0]], compared, thresholds);
            let hit = VideoHit { comparison, video: number, payload: &video.payload };
            comparison.is_match().then_some(hit)
        };
        let needs_frames = thresholds.query_percent > 0.0 || thresholds.compared_percent > 0.0;
        let hits = if needs_frames {
            counts.videos().filter_map(|(video, found)| hit(video, found)).collect()
        } else {
            self.videos().filter_map(|(video, _)| hit(video, counts.of(video))).collect()
        };
        counts.clear(|video| self.video(video).map(Video::entries).unwrap_or_default());
        hits
    }

    fn video(&self, number: u32) -> Option<&Video> {
        self.videos.get(number as usize)?.as_ref()
    }

    /// Returns the videos with their numbers, in insertion order.
    pub(crate) fn videos(&self) -> impl Iterator<Item = (u32, &Video)> {
        let videos = (0..).zip(&self.videos);
        videos.filter_map(|(number, video)| Some((number, video.as_ref()?)))
    }

    pub(crate) fn quality_of(&self, entry: u32) -> u8 {
        self.owners.get(entry as usize).map_or(0, |owner| owner.quality)
    }

    /// Returns the hash of each entry; an empty one if the entry was removed.
    pub(crate) fn hashes(&self) -> Vec<BitHash> {
        let mut hashes = vec![BitHash::from_bytes(&[]); self.owners.len()];
        // An index in memory causes no error.
        let _ = self.frames.each(|entry, hash, _| {
            if let Some(place) = hashes.get_mut(entry as usize) {
                place.clone_from(hash);
            }
        });
        hashes
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
