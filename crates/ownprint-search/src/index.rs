//! An in-memory index of hashes: search by radius and for the nearest entries.

use std::collections::BTreeMap;
use std::num::NonZero;
use std::sync::Arc;

use ownprint_hash::{BitHash, HashAlgorithm, check_length};

use crate::code::MAX_BITS;
use crate::error::Error;
use crate::hashes::Hashes;
use crate::mapping::Mapping;
use crate::payloads::Payloads;
use crate::table;

/// An index of hashes of one algorithm, searched by Hamming distance. Each entry has a text, its
/// payload.
///
/// Results are exact: every hash within the radius is found, and no other. Small indexes are
/// scanned. Above 16,384 hashes, slots of their bits are looked up (multi-index hashing); a query
/// whose slots are crowded falls back to a scan. The cost of a query is limited to two scans for any
/// data. Equal hashes are stored once.
///
/// An index is in memory, or [opened](Self::open) where its file is.
///
/// An entry is identified by its number: 0, 1, 2 … in insertion order. The number of a removed
/// entry is not reused.
///
/// ```
/// use ownprint_hash::{BitHash, HashAlgorithm};
/// use ownprint_search::Index;
///
/// let mut index = Index::new(HashAlgorithm::PDQ)?;
/// let known = BitHash::from_hex(&"0f".repeat(32))?;
/// index.insert(&known, "case 7")?;
/// let query = BitHash::from_hex(&format!("{}ff", "0f".repeat(31)))?;
/// let hits = index.within(&query, HashAlgorithm::PDQ.threshold())?;
/// assert_eq!((hits[0].entry, hits[0].distance, hits[0].payload), (0, 4, "case 7"));
/// # Ok::<(), ownprint_search::Error>(())
/// ```
pub struct Index {
    algorithm: HashAlgorithm,
    hashes: Box<dyn Hashes>,
    payloads: Payloads,
    /// The file that the index was opened from.
    mapping: Option<Arc<Mapping>>,
}

/// An entry of an [`Index`] that a query found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Hit<'index> {
    /// The Hamming distance from the query, in bits.
    pub distance: u32,
    /// The number of the entry.
    pub entry: u32,
    /// The payload of the entry.
    pub payload: &'index str,
}

impl Index {
    /// Creates an empty index for hashes of `algorithm`.
    ///
    /// # Errors
    ///
    /// [`NotComparable`](ownprint_hash::Error::NotComparable) if the algorithm's hashes exceed 1,024
    /// bits.
    pub fn new(algorithm: HashAlgorithm) -> Result<Self, Error> {
        let hashes = table::of_bits(algorithm.bits()).ok_or_else(|| {
            let detail = format!(
                "an index holds hashes of up to {MAX_BITS} bits; {algorithm} hashes are longer"
            );
            ownprint_hash::Error::NotComparable { detail }
        })?;
        Ok(Self { algorithm, hashes, payloads: Payloads::default(), mapping: None })
    }

    /// Creates an index of `entries`, compacted on up to `threads` threads. The result does not
    /// depend on their number.
    ///
    /// ```
    /// use std::num::NonZero;
    ///
    /// use ownprint_hash::{BitHash, HashAlgorithm};
    /// use ownprint_search::Index;
    ///
    /// let entries = [1, 2, 3].map(|byte| (BitHash::from_bytes(&[byte; 32]), format!("number {byte}")));
    /// let index = Index::build(HashAlgorithm::PDQ, entries, NonZero::<usize>::MIN)?;
    /// assert_eq!(index.len(), 3);
    /// # Ok::<(), ownprint_search::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The errors of [`new`](Self::new) and [`insert`](Self::insert).
    pub fn build(
        algorithm: HashAlgorithm,
        entries: impl IntoIterator<Item = (BitHash, String)>,
        threads: NonZero<usize>,
    ) -> Result<Self, Error> {
        let mut index = Self::new(algorithm)?;
        for (hash, payload) in entries {
            index.push(&hash, &payload)?;
        }
        index.compact(threads);
        index.payloads.shrink();
        Ok(index)
    }

    /// Returns the algorithm of its hashes.
    #[must_use]
    pub fn algorithm(&self) -> HashAlgorithm {
        self.algorithm
    }

    /// Returns the number of entries.
    #[must_use]
    pub fn len(&self) -> usize {
        self.payloads.present()
    }

    /// Returns `true` if it has no entries.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds an entry and returns its number. From time to time the index is compacted on this
    /// thread; use [`extend`](Self::extend) or [`build`](Self::build) to add many entries.
    ///
    /// # Errors
    ///
    /// [`Error::Hash`] if the hash has another length, [`Error::IndexFull`] after 2^32 - 1 entries
    /// or if the payload exceeds 64 MiB, [`Error::InvalidIndex`] if the index was
    /// [opened](Self::open) from a damaged file.
    pub fn insert(&mut self, hash: &BitHash, payload: impl Into<String>) -> Result<u32, Error> {
        let entry = self.push(hash, &payload.into())?;
        self.compact_if_due();
        Ok(entry)
    }

    /// Adds many entries and compacts the index once. Their numbers are consecutive.
    ///
    /// ```
    /// use ownprint_hash::{BitHash, HashAlgorithm};
    /// use ownprint_search::Index;
    ///
    /// let mut index = Index::new(HashAlgorithm::PDQ)?;
    /// index.extend([1, 2, 3].map(|byte| (BitHash::from_bytes(&[byte; 32]), format!("number {byte}"))))?;
    /// assert_eq!(index.payload(2), Some("number 3"));
    /// # Ok::<(), ownprint_search::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The errors of [`insert`](Self::insert); entries before the invalid one are added.
    pub fn extend(
        &mut self,
        entries: impl IntoIterator<Item = (BitHash, String)>,
    ) -> Result<(), Error> {
        let outcome = entries
            .into_iter()
            .try_for_each(|(hash, payload)| self.push(&hash, &payload).map(drop));
        self.compact_if_due();
        outcome
    }

    pub(crate) fn compact_if_due(&mut self) {
        if self.hashes.has_pending() {
            self.compact(NonZero::<usize>::MIN);
        }
    }

    pub(crate) fn push(&mut self, hash: &BitHash, payload: &str) -> Result<u32, Error> {
        check_length(self.algorithm, hash)?;
        let entry = self.payloads.push(payload)?;
        self.check_intact()?;
        self.hashes.insert(hash.as_bytes(), entry);
        Ok(entry)
    }

    pub(crate) fn compact(&mut self, threads: NonZero<usize>) {
        let payloads = &self.payloads;
        self.hashes.compact(&|entry| payloads.has(entry), threads.get());
        self.payloads.compact();
    }

    /// Removes an entry and returns its payload; `None` if there is no entry with this number.
    pub fn remove(&mut self, entry: u32) -> Option<String> {
        self.payloads.remove(entry)
    }

    /// Returns the payload of an entry; `None` if there is no entry with this number, or if the
    /// index was [opened](Self::open) from a file that is damaged there.
    #[must_use]
    pub fn payload(&self, entry: u32) -> Option<&str> {
        self.payloads.get(entry)
    }

    /// Returns every entry within `radius` bits of `hash`, nearest first, then in insertion order.
    ///
    /// # Errors
    ///
    /// [`Error::Hash`] if the hash has another length; [`Error::InvalidIndex`] if the index was
    /// [opened](Self::open) from a damaged file.
    pub fn within(&self, hash: &BitHash, radius: u32) -> Result<Vec<Hit<'_>>, Error> {
        check_length(self.algorithm, hash)?;
        let mut hits = Vec::new();
        self.hashes.within(hash.as_bytes(), radius, &mut |entries, distance| {
            hits.extend(entries.iter().filter_map(|&entry| self.hit(distance, entry)));
        });
        self.check_intact()?;
        hits.sort_unstable();
        Ok(hits)
    }

    pub(crate) fn hit(&self, distance: u32, entry: u32) -> Option<Hit<'_>> {
        let payload = self.payload(entry)?;
        Some(Hit { distance, entry, payload })
    }

    /// Calls `found` with every entry within `radius` bits of a hash of this algorithm's length, in
    /// no particular order.
    pub(crate) fn each_within(&self, hash: &BitHash, radius: u32, found: &mut dyn FnMut(u32)) {
        self.hashes.within(hash.as_bytes(), radius, &mut |entries, _| {
            entries.iter().copied().filter(|entry| self.payloads.has(*entry)).for_each(&mut *found);
        });
    }

    /// Returns the `count` entries nearest to `hash`, nearest first, then in insertion order; all
    /// entries if there are fewer.
    ///
    /// # Errors
    ///
    /// [`Error::Hash`] if the hash has another length.
    pub fn nearest(&self, hash: &BitHash, count: usize) -> Result<Vec<Hit<'_>>, Error> {
        // They find near entries without a scan.
        for radius in self.hashes.cheap_radii() {
            let mut hits = self.within(hash, radius)?;
            if hits.len() >= count {
                hits.truncate(count);
                return Ok(hits);
            }
        }
        let is_present = |entry| self.payloads.has(entry);
        let mut hits =
            self.within(hash, self.hashes.radius_of_nearest(hash.as_bytes(), count, &is_present))?;
        hits.truncate(count);
        Ok(hits)
    }

    /// Groups entries that are near one another: entries within `radius` bits of a member belong to
    /// its group (single linkage), so two members may be farther apart. Entries without neighbours
    /// are omitted. Groups are ordered by their first entries, entries by their numbers.
    ///
    /// ```
    /// use ownprint_hash::{BitHash, HashAlgorithm};
    /// use ownprint_search::Index;
    ///
    /// let mut index = Index::new(HashAlgorithm::PDQ)?;
    /// for byte in [1, 2, 255, 3] {
    ///     index.insert(&BitHash::from_bytes(&[&[0; 31][..], &[byte]].concat()), "")?;
    /// }
    /// assert_eq!(index.groups(2)?, [[0, 1, 3]]);
    /// # Ok::<(), ownprint_search::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::InvalidIndex`] if the index was [opened](Self::open) from a damaged file.
    pub fn groups(&mut self, radius: u32) -> Result<Vec<Vec<u32>>, Error> {
        if self.hashes.pending() > 0 || self.len() < self.payloads.len() {
            self.compact(NonZero::<usize>::MIN);
        }
        let mut groups = BTreeMap::<u32, Vec<u32>>::new();
        self.hashes
            .groups(radius, &mut |entry, group| groups.entry(group).or_default().push(entry));
        self.check_intact()?;
        let mut groups: Vec<_> = groups.into_values().filter(|group| group.len() > 1).collect();
        for group in &mut groups {
            group.sort_unstable();
        }
        groups.sort_unstable();
        Ok(groups)
    }

    /// Calls `visit` with the number, the hash and the payload of every entry, in no particular
    /// order.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidIndex`] if the index was [opened](Self::open) from a damaged file; `visit`
    /// was called with a part of the entries then.
    pub fn each<'index>(
        &'index self,
        mut visit: impl FnMut(u32, &BitHash, &'index str),
    ) -> Result<(), Error> {
        self.hashes.each(&mut |entries, bytes| {
            let hash = BitHash::of_length(self.algorithm.bits(), bytes);
            for &entry in entries {
                if let Some(payload) = self.payload(entry) {
                    visit(entry, &hash, payload);
                }
            }
        });
        self.check_intact()
    }

    /// Returns an error if a part of the file that was used is damaged.
    pub(crate) fn check_intact(&self) -> Result<(), Error> {
        self.mapping.as_ref().map_or(Ok(()), |mapping| mapping.state())
    }

    pub(crate) fn mapping(&self) -> Option<&Arc<Mapping>> {
        self.mapping.as_ref()
    }

    /// Returns what a file holds of the index.
    pub(crate) fn parts(&self) -> (&dyn Hashes, &Payloads) {
        (&*self.hashes, &self.payloads)
    }

    pub(crate) fn hashes_mut(&mut self) -> &mut dyn Hashes {
        &mut *self.hashes
    }

    pub(crate) fn set_payloads(&mut self, payloads: Payloads) {
        self.mapping = payloads.mapping().cloned();
        self.payloads = payloads;
    }

    /// Returns a compacted index of the entries that are present, numbered from 0.
    pub(crate) fn renumbered(&self) -> Result<Self, Error> {
        let mut entries = Vec::with_capacity(self.len());
        self.each(|entry, hash, _| entries.push((entry, hash.clone())))?;
        entries.sort_unstable();
        let mut renumbered = Self::new(self.algorithm)?;
        renumbered.payloads = self.payloads.renumbered()?;
        self.check_intact()?;
        for (entry, (_, hash)) in (0..).zip(&entries) {
            renumbered.hashes.insert(hash.as_bytes(), entry);
        }
        renumbered.compact(NonZero::<usize>::MIN);
        Ok(renumbered)
    }

    /// Returns the number of hashes a query compares, which determines its time.
    #[cfg(test)]
    pub(crate) fn looked_at(&self, hash: &BitHash, radius: u32) -> usize {
        self.hashes.within(hash.as_bytes(), radius, &mut |_, _| ())
    }

    /// Returns the memory that the index uses, in bytes, payloads included. The file of an
    /// [opened](Self::open) index is not included.
    #[must_use]
    pub fn memory(&self) -> usize {
        self.hashes.memory() + self.payloads.memory()
    }
}

impl std::fmt::Debug for Index {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Index")
            .field("algorithm", &self.algorithm)
            .field("len", &self.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
