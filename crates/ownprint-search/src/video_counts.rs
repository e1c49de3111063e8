//! Counts, for each video of an index, the hashes that it has in common with a query.

use std::ops::Range;

/// The counts of one query after another, in memory that does not grow with the matches.
#[derive(Debug)]
pub(crate) struct Counts {
    videos: Vec<Count>,
    /// The videos with a hash in common.
    touched: Vec<u32>,
    /// One bit for each entry that was found.
    found: Vec<u64>,
    /// The number of the query's hash, from 1.
    hash: u32,
}

#[derive(Debug, Clone, Copy, Default)]
struct Count {
    /// Hashes of the query that are found in the video.
    query: u32,
    /// Hashes of the video that are found in the query.
    compared: u32,
    /// The last of the query's hashes that was counted.
    last: u32,
}

impl Counts {
    pub(crate) fn new(videos: usize, entries: usize) -> Self {
        Self {
            videos: vec![Count::default(); videos],
            touched: Vec::new(),
            found: vec![0; entries.div_ceil(64)],
            hash: 0,
        }
    }

    /// Begins the next hash of the query.
    pub(crate) fn next_hash(&mut self) {
        self.hash += 1;
    }

    /// Counts an entry that matches the hash of the query.
    pub(crate) fn add(&mut self, video: u32, entry: u32) {
        let (Some(count), Some(word)) =
            (self.videos.get_mut(video as usize), self.found.get_mut(entry as usize / 64))
        else {
            return;
        };
        if count.last == 0 {
            self.touched.push(video);
        }
        if count.last != self.hash {
            count.last = self.hash;
            count.query += 1;
        }
        let bit = 1 << (entry % 64);
        if *word & bit == 0 {
            *word |= bit;
            count.compared += 1;
        }
    }

    /// Returns the numbers of hashes found: of the query in the video, and of the video in the
    /// query.
    pub(crate) fn of(&self, video: u32) -> [usize; 2] {
        let count = self.videos.get(video as usize).copied().unwrap_or_default();
        [count.query as usize, count.compared as usize]
    }

    /// Returns the videos with a hash in common, with [their counts](Self::of).
    pub(crate) fn videos(&self) -> impl Iterator<Item = (u32, [usize; 2])> {
        self.touched.iter().map(|&video| (video, self.of(video)))
    }

    /// Forgets the query. `entries_of` returns the entries of a video.
    pub(crate) fn clear(&mut self, entries_of: impl Fn(u32) -> Range<u32>) {
        for video in self.touched.drain(..) {
            if let Some(count) = self.videos.get_mut(video as usize) {
                *count = Count::default();
            }
            for entry in entries_of(video) {
                if let Some(word) = self.found.get_mut(entry as usize / 64) {
                    *word &= !(1 << (entry % 64));
                }
            }
        }
        self.hash = 0;
    }
}
