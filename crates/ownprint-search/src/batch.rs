//! Searches with several hashes at once, and searches that report equal hashes once.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZero;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use ownprint_hash::{BitHash, check_length};

use crate::error::Error;
use crate::hashes::Near;
use crate::index::{Hit, Index};
use crate::threads;

/// A distinct hash of an [`Index`] that a query found, with the number of its entries.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct DistinctHit<'index> {
    /// Its first entry, and the distance from the query.
    pub first: Hit<'index>,
    /// The number of entries that have this hash.
    pub count: usize,
}

impl Index {
    /// Returns what [`within`](Self::within) returns for each query, computed on up to `threads`
    /// threads. The result does not depend on their number.
    ///
    /// ```
    /// use std::num::NonZero;
    ///
    /// use ownprint_hash::{BitHash, HashAlgorithm};
    /// use ownprint_search::Index;
    ///
    /// let hashes = [1, 2, 255].map(|byte| BitHash::from_bytes(&[byte; 32]));
    /// let mut index = Index::new(HashAlgorithm::PDQ)?;
    /// index.insert(&hashes[0], "one")?;
    /// let hits = index.within_many(&hashes, 64, NonZero::new(2).unwrap())?;
    /// assert_eq!(hits.iter().map(Vec::len).collect::<Vec<_>>(), [1, 1, 0]);
    /// # Ok::<(), ownprint_search::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`within`](Self::within), for any of the queries.
    pub fn within_many(
        &self,
        queries: &[BitHash],
        radius: u32,
        threads: NonZero<usize>,
    ) -> Result<Vec<Vec<Hit<'_>>>, Error> {
        for query in queries {
            check_length(self.algorithm(), query)?;
        }
        let near = self.parts().0.within_many(queries, radius, threads.get());
        let hits = near.into_iter().map(|near| self.hits(near)).collect();
        self.check_intact()?;
        Ok(hits)
    }

    /// Returns what [`nearest`](Self::nearest) returns for each query, computed on up to `threads`
    /// threads.
    ///
    /// # Errors
    ///
    /// Those of [`nearest`](Self::nearest), for any of the queries.
    pub fn nearest_many(
        &self,
        queries: &[BitHash],
        count: usize,
        threads: NonZero<usize>,
    ) -> Result<Vec<Vec<Hit<'_>>>, Error> {
        let next = AtomicUsize::new(0);
        let done = Mutex::new(BTreeMap::new());
        threads::run(threads.get().min(queries.len()), || {
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                let Some(query) = queries.get(number) else { break };
                let hits = self.nearest(query, count);
                if let Ok(mut done) = done.lock() {
                    done.insert(number, hits);
                }
            }
        });
        done.into_inner().unwrap_or_default().into_values().collect()
    }

    /// Returns every entry within `radius` bits of any of these hashes once, with the position of
    /// the nearest of them (the first one of several), nearest first, then in insertion order.
    ///
    /// The hashes are those of one image, such as its eight rotations and reflections
    /// (`pdq-dihedral`) or its variants. They are searched in one pass.
    ///
    /// ```
    /// use ownprint_hash::{BitHash, HashAlgorithm};
    /// use ownprint_search::Index;
    ///
    /// let [image, mirror] = ["0f", "f0"].map(|byte| BitHash::from_hex(&byte.repeat(32)).unwrap());
    /// let mut index = Index::new(HashAlgorithm::PDQ)?;
    /// index.insert(&mirror, "case 7")?;
    /// let hits = index.within_any(&[image, mirror], 31)?;
    /// assert_eq!((hits[0].0, hits[0].1.distance), (1, 0));
    /// # Ok::<(), ownprint_search::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`within`](Self::within), for any of the hashes.
    pub fn within_any(
        &self,
        hashes: &[BitHash],
        radius: u32,
    ) -> Result<Vec<(usize, Hit<'_>)>, Error> {
        let mut nearest = BTreeMap::new();
        let found = self.within_many(hashes, radius, NonZero::<usize>::MIN)?;
        for (position, hits) in found.into_iter().enumerate() {
            for hit in hits {
                let (of, nearest) = nearest.entry(hit.entry).or_insert((position, hit));
                if hit.distance < nearest.distance {
                    (*of, *nearest) = (position, hit);
                }
            }
        }
        let mut hits: Vec<_> = nearest.into_values().collect();
        hits.sort_unstable_by_key(|(_, hit)| *hit);
        Ok(hits)
    }

    /// Returns every distinct hash within `radius` bits once, with the number of its entries,
    /// nearest first, then in insertion order. The length of the result does not grow with the
    /// copies of a hash.
    ///
    /// ```
    /// use ownprint_hash::{BitHash, HashAlgorithm};
    /// use ownprint_search::Index;
    ///
    /// let mut index = Index::new(HashAlgorithm::PDQ)?;
    /// let hash = BitHash::from_hex(&"0f".repeat(32))?;
    /// index.extend((0..1_000).map(|number| (hash.clone(), number.to_string())))?;
    /// let hits = index.distinct_within(&hash, 31)?;
    /// assert_eq!((hits.len(), hits[0].count, hits[0].first.payload), (1, 1_000, "0"));
    /// # Ok::<(), ownprint_search::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`within`](Self::within).
    pub fn distinct_within(
        &self,
        hash: &BitHash,
        radius: u32,
    ) -> Result<Vec<DistinctHit<'_>>, Error> {
        check_length(self.algorithm(), hash)?;
        let (hashes, payloads) = self.parts();
        let mut hits = Vec::new();
        let mut pending = BTreeMap::new();
        hashes.within(hash.as_bytes(), radius, &mut |entries, distance| {
            let mut present = entries.iter().copied().filter(|entry| payloads.has(*entry));
            if let Some(first) = present.next().and_then(|entry| self.hit(distance, entry)) {
                hits.push(DistinctHit { first, count: 1 + present.count() });
            }
        });
        // Pending entries come one by one, and may have the hash of others.
        if hashes.pending() > 0 {
            pending.extend(self.hashes_of(&hits)?);
            let mut merged = BTreeMap::<BitHash, DistinctHit<'_>>::new();
            for hit in hits.drain(..) {
                let Some(hash) = pending.remove(&hit.first.entry) else { continue };
                let known = merged.entry(hash).or_insert(DistinctHit { count: 0, ..hit.clone() });
                known.count += hit.count;
                known.first = known.first.min(hit.first);
            }
            hits.extend(merged.into_values());
        }
        self.check_intact()?;
        hits.sort_unstable();
        Ok(hits)
    }

    fn hits(&self, near: Vec<Near>) -> Vec<Hit<'_>> {
        let hit = |(distance, entry)| self.hit(distance, entry);
        let mut hits: Vec<_> = near.into_iter().filter_map(hit).collect();
        hits.sort_unstable();
        hits
    }

    /// Returns the hashes of the first entries.
    fn hashes_of(&self, hits: &[DistinctHit<'_>]) -> Result<BTreeMap<u32, BitHash>, Error> {
        let wanted: BTreeSet<u32> = hits.iter().map(|hit| hit.first.entry).collect();
        let mut found = BTreeMap::new();
        self.each(|entry, hash, _| {
            if wanted.contains(&entry) {
                found.insert(entry, hash.clone());
            }
        })?;
        Ok(found)
    }

    /// Returns the hashes that have a minimum of `minimum` entries, with the number of their
    /// entries: those with the most entries first, then in ascending order.
    ///
    /// ```
    /// use ownprint_hash::{BitHash, HashAlgorithm};
    /// use ownprint_search::Index;
    ///
    /// let mut index = Index::new(HashAlgorithm::PDQ)?;
    /// for byte in [7, 7, 7, 9, 9, 1] {
    ///     index.insert(&BitHash::from_bytes(&[byte; 32]), "")?;
    /// }
    /// assert_eq!(index.repeated(3)?, [(BitHash::from_bytes(&[7; 32]), 3)]);
    /// # Ok::<(), ownprint_search::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::InvalidIndex`] if the index was [opened](Self::open) from a damaged file.
    pub fn repeated(&self, minimum: usize) -> Result<Vec<(BitHash, usize)>, Error> {
        let (hashes, payloads) = self.parts();
        // Pending entries come one by one, after the others.
        let mut counts = BTreeMap::<BitHash, usize>::new();
        let threshold = if hashes.pending() > 0 { 1 } else { minimum.max(1) };
        hashes.each(&mut |entries, bytes| {
            let count = entries.iter().filter(|entry| payloads.has(**entry)).count();
            if count >= threshold {
                *counts.entry(BitHash::of_length(self.algorithm().bits(), bytes)).or_default() +=
                    count;
            }
        });
        self.check_intact()?;
        let mut repeated: Vec<_> = counts.into_iter().filter(|(_, it)| *it >= minimum).collect();
        repeated.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        Ok(repeated)
    }

    /// Returns what [`within`](Self::within) returns, found by a scan or by a lookup of slots;
    /// `None` if no slots are built, or the lookup is more work than a scan. For measurements and
    /// tests: [`within`](Self::within) chooses the faster one. Pending entries are skipped.
    ///
    /// # Errors
    ///
    /// Those of [`within`](Self::within).
    #[doc(hidden)]
    pub fn within_by(
        &self,
        hash: &BitHash,
        radius: u32,
        by_scan: bool,
    ) -> Result<Option<Vec<Hit<'_>>>, Error> {
        check_length(self.algorithm(), hash)?;
        let near = self.parts().0.within_by(hash.as_bytes(), radius, by_scan);
        let hits = near.map(|near| self.hits(near));
        self.check_intact()?;
        Ok(hits)
    }
}
