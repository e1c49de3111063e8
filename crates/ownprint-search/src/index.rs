//! An index of hashes in memory: exact search, nearest and within a radius.

use std::collections::BTreeMap;
use std::num::NonZero;

use crate::error::Error;
use crate::table::{self, Hashes};
use ownprint_hash::{BitHash, HashAlgorithm, check_length};

/// Hashes of one algorithm, each with a text of the caller's, found by their Hamming distance from another.
///
/// Answers are exact: every hash within the radius, no other, whatever the hashes are. Up to some ten thousand hashes all are
/// compared; more are looked up by slots of sixteen bits (multi-index hashing), and compared after all where a query's slots
/// are crowded, so that no choice of hashes makes a query slower than two comparisons of all. Equal hashes are kept once.
///
/// An entry is known by its number: 0, 1, 2 … in the order in which entries came; a removed entry's number is not given again.
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
    /// By entry; `None` for a removed one.
    payloads: Vec<Option<Box<str>>>,
    present: usize,
}

/// A hash of an [`Index`] that a query found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Hit<'index> {
    /// Bits that differ from the query.
    pub distance: u32,
    /// The entry's number.
    pub entry: u32,
    /// The text that was given with it.
    pub payload: &'index str,
}

impl Index {
    /// An empty index for hashes of `algorithm`.
    ///
    /// # Errors
    /// [`Error::IndexFull`] for hashes of over 1,024 bits.
    pub fn new(algorithm: HashAlgorithm) -> Result<Self, Error> {
        let hashes = table::of_bits(algorithm.bits()).ok_or_else(|| Error::IndexFull {
            detail: format!("an index takes hashes of up to {} bits, not {algorithm}", table::MAX_BITS),
        })?;
        Ok(Self { algorithm, hashes, payloads: Vec::new(), present: 0 })
    }

    /// An index of all `entries`, made ready on up to `threads` threads; the same whatever their number.
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
    /// Those of [`new`](Self::new) and [`insert`](Self::insert).
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

    /// The algorithm whose hashes it has.
    #[must_use]
    pub fn algorithm(&self) -> HashAlgorithm {
        self.algorithm
    }

    /// How many entries it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.present
    }

    /// Whether it has no entry.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.present == 0
    }

    /// Adds an entry and gives its number. Every now and then all entries are put in order, on this thread; whoever adds many
    /// at once uses [`extend`](Self::extend) or [`build`](Self::build).
    ///
    /// # Errors
    /// [`Error::Hash`] for a hash of another length, [`Error::IndexFull`] after 2^32 - 1 entries.
    pub fn insert(&mut self, hash: &BitHash, payload: impl Into<String>) -> Result<u32, Error> {
        let entry = self.push(hash, payload.into())?;
        if self.hashes.has_pending() {
            self.compact(NonZero::<usize>::MIN);
        }
        Ok(entry)
    }

    /// Adds many entries, and puts all in order once. Their numbers follow one another.
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
    /// Those of [`insert`](Self::insert); the entries before the one that is wrong are in the index then.
    pub fn extend(&mut self, entries: impl IntoIterator<Item = (BitHash, String)>) -> Result<(), Error> {
        let outcome = entries.into_iter().try_for_each(|(hash, payload)| self.push(&hash, payload).map(drop));
        if self.hashes.has_pending() {
            self.compact(NonZero::<usize>::MIN);
        }
        outcome
    }

    pub(crate) fn push(&mut self, hash: &BitHash, payload: String) -> Result<u32, Error> {
        check_length(self.algorithm, hash)?;
        let entry = u32::try_from(self.payloads.len()).ok().filter(|entry| *entry < u32::MAX);
        let entry = entry.ok_or_else(|| Error::IndexFull {
            detail: "this index has had all the entries that it can; build a new one".to_owned(),
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

    /// Removes an entry and gives back its text; `None` where there is none of that number.
    pub fn remove(&mut self, entry: u32) -> Option<String> {
        let payload = self.payloads.get_mut(entry as usize)?.take()?;
        self.present -= 1;
        Some(payload.into())
    }

    /// The text of an entry; `None` where there is none of that number.
    #[must_use]
    pub fn payload(&self, entry: u32) -> Option<&str> {
        payload(&self.payloads, entry)
    }

    /// Every entry within `radius` of `hash`, nearest first, then in the order in which they came.
    ///
    /// # Errors
    /// [`Error::Hash`] for a hash of another length.
    pub fn within(&self, hash: &BitHash, radius: u32) -> Result<Vec<Hit<'_>>, Error> {
        check_length(self.algorithm, hash)?;
        let mut hits = Vec::new();
        self.hashes.within(hash.as_bytes(), radius, &mut |entry, distance| {
            hits.extend(self.payload(entry).map(|payload| Hit { distance, entry, payload }));
        });
        hits.sort_unstable();
        Ok(hits)
    }

    /// The `count` entries nearest to `hash`, nearest first, then in the order in which they came; fewer where there are no
    /// more.
    ///
    /// # Errors
    /// [`Error::Hash`] for a hash of another length.
    pub fn nearest(&self, hash: &BitHash, count: usize) -> Result<Vec<Hit<'_>>, Error> {
        // Radii that slots are looked up for in a moment: near entries are found so if there are any.
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

    /// The entries that have others near them, in groups: who is within `radius` of one member is a member too (single
    /// linkage), so two members may be farther apart than that. Groups in the order of their first entries, entries in
    /// order.
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
        self.hashes.groups(radius, &mut |entry, group| groups.entry(group).or_default().push(entry));
        let mut groups: Vec<_> = groups.into_values().filter(|group| group.len() > 1).collect();
        for group in &mut groups {
            group.sort_unstable();
        }
        groups.sort_unstable();
        groups
    }

    /// Tells every entry: its number, its hash and its text, in no particular order.
    pub fn each<'index>(&'index self, mut tell: impl FnMut(u32, &BitHash, &'index str)) {
        self.hashes.each(&mut |entry, bytes| {
            if let Some(payload) = self.payload(entry) {
                tell(entry, &BitHash::of_length(self.algorithm.bits(), bytes), payload);
            }
        });
    }

    /// How many of the entries' hashes a query looks at: what its time depends on.
    #[cfg(test)]
    fn looked_at(&self, hash: &BitHash, radius: u32) -> usize {
        self.hashes.within(hash.as_bytes(), radius, &mut |_, _| ())
    }

    /// Bytes of memory that it takes, texts included.
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
