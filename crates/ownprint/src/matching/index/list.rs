//! Filling an index from a list.

use std::io::BufRead;

use super::Index;
use crate::{Error, HashList};

impl Index {
    /// Adds the hashes of its algorithm that a [`HashList`] of any form has, each under the name that it has there, and gives
    /// how many there were. None is added when any line is wrong.
    ///
    /// ```
    /// use ownprint::{HashAlgorithm, Index};
    ///
    /// let mut index = Index::new(HashAlgorithm::PDQ)?;
    /// let list = format!("pdq {}\n", "0f".repeat(32));
    /// assert_eq!(index.insert_list(list.as_bytes())?, 1);
    /// # Ok::<(), ownprint::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::InvalidRecord`] with line and column, [`Error::Io`] of the reader.
    pub fn insert_list(&mut self, list: impl BufRead) -> Result<usize, Error> {
        let algorithm = self.algorithm;
        let listed = HashList::sniffed(list)
            .filter(|listed| !listed.as_ref().is_ok_and(|listed| listed.algorithm != algorithm))
            .map(|listed| listed.map(|listed| (listed.value, listed.name.unwrap_or_default())))
            .collect::<Result<Vec<_>, _>>()?;
        let count = listed.len();
        self.extend(listed)?;
        Ok(count)
    }
}
