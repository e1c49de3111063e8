//! An in-memory index of hashes: search by radius and for the nearest entries.

use std::collections::BTreeMap;
use std::num::NonZero;

use ownprint_hash::{BitHash, HashAlgorithm, check_length};

use crate::error::Error;
use crate::table::{self, Hashes};

/// An in-memory index of hashes of one algorithm, searched by Hamming distance. Each entry has a
/// text, its payload.
///
/// Results are exact: every hash within the radius is found, and no other. Small indexes are
/// scanned. Above about ten thousand hashes, 16-bit slots are looked up (multi-index hashing); a
/// query whose slots are crowded falls back to a scan. The cost of a query is limited to two scans
/// for any data. Equal hashes are stored once.
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
    /// Indexed by entry; `None` if the entry was removed.
    payloads: Vec<Option<Box<str>>>,
    present: usize,
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
                "an index holds hashes of up to {} bits; {algorithm} hashes are longer",
                table::MAX_BITS
            );
            ownprint_hash::Error::NotComparable { detail }
        })?;
        Ok(Self { algorithm, hashes, payloads: Vec::new(), present: 0 })
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
            index.push(&hash, payload)?;
        }
        index.compact(threads);
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
        self.present
    }

    /// Returns `true` if it has no entries.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.present == 0
    }

    /// Adds an entry and returns its number. From time to time the index is compacted on this
    /// thread; use [`extend`](Self::extend) or [`build`](Self::build) to add many entries.
    ///
    /// # Errors
    ///
    /// [`Error::Hash`] if the hash has another length, [`Error::IndexFull`] after 2^32 - 1 entries.
    pub fn insert(&mut self, hash: &BitHash, payload: impl Into<String>) -> Result<u32, Error> {
        let entry = self.push(hash, payload.into())?;
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
        let outcome =
            entries.into_iter().try_for_each(|(hash, payload)| self.push(&hash, payload).map(drop));
        self.compact_if_due();
        outcome
    }

    pub(crate) fn compact_if_due(&mut self) {
        if self.hashes.has_pending() {
            self.compact(NonZero::<usize>::MIN);
        }
    }

    pub(crate) fn push(&mut self, hash: &BitHash, payload: String) -> Result<u32, Error> {
        check_length(self.algorithm, hash)?;
        let entry = u32::try_from(self.payloads.len()).ok().filter(|entry| *entry < u32::MAX);
        let entry = entry.ok_or_else(|| Error::IndexFull {
            detail: "all entry numbers are in use; build a new index".to_owned(),
        })?;
        self.hashes.insert(hash.as_bytes(), entry);
        self.payloads.push(Some(payload.into_boxed_str()));
        self.present += 1;
        Ok(entry)
    }

    pub(crate) fn compact(&mut self, threads: NonZero<usize>) {
        let payloads = &self.payloads;
        self.hashes.compact(&|entry| payload(payloads, entry).is_some(), threads.get());
    }

    /// Removes an entry and returns its payload; `None` if there is no entry with this number.
    pub fn remove(&mut self, entry: u32) -> Option<String> {
        let payload = self.payloads.get_mut(entry as usize)?.take()?;
        self.present -= 1;
        Some(payload.into())
    }

    /// Returns the payload of an entry; `None` if there is no entry with this number.
    #[must_use]
    pub fn payload(&self, entry: u32) -> Option<&str> {
        payload(&self.payloads, entry)
    }

    /// Returns every entry within `radius` bits of `hash`, nearest first, then in insertion order.
    ///
    /// # Errors
    ///
    /// [`Error::Hash`] if the hash has another length.
    pub fn within(&self, hash: &BitHash, radius: u32) -> Result<Vec<Hit<'_>>, Error> {
        check_length(self.algorithm, hash)?;
        let mut hits = Vec::new();
        self.hashes.within(hash.as_bytes(), radius, &mut |entry, distance| {
            hits.extend(self.payload(entry).map(|payload| Hit { distance, entry, payload }));
        });
        hits.sort_unstable();
        Ok(hits)
    }

    /// Calls `found` with every entry within `radius` bits of a hash of this algorithm's length, in
    /// no particular order.
    pub(crate) fn each_within(&self, hash: &BitHash, radius: u32, found: &mut dyn FnMut(u32)) {
        self.hashes.within(hash.as_bytes(), radius, &mut |entry, _| {
            if self.payload(entry).is_some() {
                found(entry);
            }
        });
    }

    /// Returns the `count` entries nearest to `hash`, nearest first, then in insertion order; all
    /// entries if there are fewer.
    ///
    /// # Errors
    ///
    /// [`Error::Hash`] if the hash has another length.
    pub fn nearest(&self, hash: &BitHash, count: usize) -> Result<Vec<Hit<'_>>, Error> {
        // Radii at which a slot lookup is cheap; they find near entries without a scan.
        let slots = self.hashes.slots();
        for radius in [1, 2].iter().filter_map(|share| (share * slots).checked_sub(1)) {
            let mut hits = self.within(hash, radius)?;
            if hits.len() >= count {
                hits.truncate(count);
                return Ok(hits);
            }
        }
        let is_present = |entry| self.payload(entry).is_some();
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
    /// assert_eq!(index.groups(2), [[0, 1, 3]]);
    /// # Ok::<(), ownprint_search::Error>(())
    /// ```
    pub fn groups(&mut self, radius: u32) -> Vec<Vec<u32>> {
        self.compact(NonZero::<usize>::MIN);
        let mut groups = BTreeMap::<u32, Vec<u32>>::new();
        self.hashes
            .groups(radius, &mut |entry, group| groups.entry(group).or_default().push(entry));
        let mut groups: Vec<_> = groups.into_values().filter(|group| group.len() > 1).collect();
        for group in &mut groups {
            group.sort_unstable();
        }
        groups.sort_unstable();
        groups
    }

    /// Calls `visit` with the number, the hash and the payload of every entry, in no particular
    /// order.
    pub fn each<'index>(&'index self, mut visit: impl FnMut(u32, &BitHash, &'index str)) {
        self.hashes.each(&mut |entry, bytes| {
            if let Some(payload) = self.payload(entry) {
                visit(entry, &BitHash::of_length(self.algorithm.bits(), bytes), payload);
            }
        });
    }

    /// Returns the number of hashes a query compares, which determines its time.
    #[cfg(test)]
    pub(crate) fn looked_at(&self, hash: &BitHash, radius: u32) -> usize {
        self.hashes.within(hash.as_bytes(), radius, &mut |_, _| ())
    }

    /// Returns the memory that the index uses, in bytes, payloads included.
    #[must_use]
    pub fn memory(&self) -> usize {
        let payloads: usize = self.payloads.iter().flatten().map(|payload| payload.len()).sum();
        self.hashes.memory() + size_of::<Option<Box<str>>>() * self.payloads.capacity() + payloads
    }
}

fn payload(payloads: &[Option<Box<str>>], entry: u32) -> Option<&str> {
    payloads.get(entry as usize)?.as_deref()
}

impl std::fmt::Debug for Index {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Index")
            .field("algorithm", &self.algorithm)
            .field("len", &self.present)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
