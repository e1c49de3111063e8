//! Which hashes and digests were asked for.

use std::str::FromStr;

use ownprint::{DigestAlgorithm, Error, Fingerprinter, HashAlgorithm};

/// Hashes and digests, named in one list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Selection {
    pub(crate) hashes: Vec<HashAlgorithm>,
    pub(crate) digests: Vec<DigestAlgorithm>,
}

impl Selection {
    pub(crate) fn everything() -> Self {
        Self { hashes: HashAlgorithm::all().collect(), digests: DigestAlgorithm::ALL.to_vec() }
    }

    /// What a fingerprinter computes as it is: the library's own choice unless told otherwise.
    pub(crate) fn of(fingerprinter: &Fingerprinter) -> Self {
        Self {
            hashes: fingerprinter.chosen_algorithms().to_vec(),
            digests: fingerprinter.chosen_digests().to_vec(),
        }
    }

    /// Sets what a fingerprinter computes.
    pub(crate) fn apply(&self, fingerprinter: Fingerprinter) -> Fingerprinter {
        fingerprinter.algorithms(self.hashes.iter().copied()).digests(self.digests.iter().copied())
    }

    fn add(&mut self, name: &str) -> Result<(), Error> {
        if let Ok(hash) = name.parse::<HashAlgorithm>() {
            if !self.hashes.contains(&hash) {
                self.hashes.push(hash);
            }
        } else if let Ok(digest) = name.parse::<DigestAlgorithm>() {
            if !self.digests.contains(&digest) {
                self.digests.push(digest);
            }
        } else {
            return Err(Error::UnknownAlgorithm { name: name.to_owned(), known: known() });
        }
        Ok(())
    }
}

impl FromStr for Selection {
    type Err = Error;

    fn from_str(list: &str) -> Result<Self, Error> {
        let mut selection = Self::default();
        for name in list.split(',').map(str::trim) {
            if name == ALL {
                selection = Self::everything();
            } else {
                selection.add(name)?;
            }
        }
        Ok(selection)
    }
}

/// The name that stands for every hash and digest.
const ALL: &str = "all";

fn known() -> String {
    let hashes = HashAlgorithm::all().map(HashAlgorithm::name);
    let digests = DigestAlgorithm::ALL.into_iter().map(DigestAlgorithm::name);
    hashes.chain(digests).chain([ALL]).collect::<Vec<_>>().join(", ")
}
