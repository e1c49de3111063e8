//! An index that is replaced while it is searched.

use std::sync::{Arc, PoisonError, RwLock};

use crate::index::Index;

/// An index that threads search while another thread replaces it.
///
/// A reader takes a snapshot and searches it as long as it wants. Replacing the index waits for no
/// search, and no search waits for it: the lock is held only while a pointer is copied. An index is
/// freed with its last snapshot.
///
/// ```
/// use ownprint_hash::{BitHash, HashAlgorithm};
/// use ownprint_search::{Index, SharedIndex};
///
/// let shared = SharedIndex::new(Index::new(HashAlgorithm::PDQ)?);
/// let before = shared.snapshot();
/// let mut index = Index::new(HashAlgorithm::PDQ)?;
/// index.insert(&BitHash::from_hex(&"0f".repeat(32))?, "case 7")?;
/// shared.replace(index);
/// assert_eq!((before.len(), shared.snapshot().len()), (0, 1));
/// # Ok::<(), ownprint_search::Error>(())
/// ```
#[derive(Debug)]
pub struct SharedIndex(RwLock<Arc<Index>>);

impl SharedIndex {
    /// Shares an index.
    #[must_use]
    pub fn new(index: impl Into<Arc<Index>>) -> Self {
        Self(RwLock::new(index.into()))
    }

    /// Returns the index as it is now.
    #[must_use]
    pub fn snapshot(&self) -> Arc<Index> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Replaces the index, and returns the previous one.
    pub fn replace(&self, index: impl Into<Arc<Index>>) -> Arc<Index> {
        let index = index.into();
        let mut current = self.0.write().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut *current, index)
    }
}
