//! The registry of hash families: which algorithms exist, the order of results, and the code that
//! computes them.
//!
//! A new family is a folder with `ALGORITHMS` and `start`, and an entry in [`FAMILIES`].

use std::cmp::Ordering;
use std::str::FromStr;

use ownprint_pixels::Size;

use crate::algorithm::{Descriptor, HashAlgorithm, Parameters, grammar, parse_parameters};
use crate::error::Error;
use crate::hasher::Hasher;
#[cfg(feature = "imagehash")]
use crate::imagehash;
#[cfg(feature = "img-hash")]
use crate::img_hash;
use crate::pdq;

type Start = fn(&[HashAlgorithm], Size) -> Option<Box<dyn Hasher>>;

const FAMILIES: &[(&[Descriptor], Start)] = &[
    (&pdq::ALGORITHMS, pdq::start),
    #[cfg(feature = "imagehash")]
    (&imagehash::ALGORITHMS, imagehash::start),
    #[cfg(feature = "img-hash")]
    (&img_hash::ALGORITHMS, img_hash::start),
];

fn descriptors() -> impl Iterator<Item = &'static Descriptor> {
    FAMILIES.iter().flat_map(|(algorithms, _)| algorithms.iter())
}

/// Starts the hashers of `requested` for an image of `size`, one for each family.
pub(crate) fn start(requested: &[HashAlgorithm], size: Size) -> Vec<Box<dyn Hasher>> {
    FAMILIES.iter().filter_map(|(_, start)| start(requested, size)).collect()
}

impl HashAlgorithm {
    /// Returns every algorithm of this build with its default parameters, in the order in which
    /// results are listed.
    pub fn all() -> impl Iterator<Item = Self> {
        descriptors().map(Self::with_defaults)
    }

    /// Returns the names that [`FromStr`] accepts, each with its optional parameters.
    pub(crate) fn names() -> impl Iterator<Item = String> {
        descriptors().map(grammar)
    }

    /// Returns `true` if `name` begins with the base name of one of the algorithms.
    pub(crate) fn has_base_name_of(name: &str) -> bool {
        let base_name = name.split(':').next();
        descriptors().any(|descriptor| base_name == Some(descriptor.base_name))
    }

    fn rank(self) -> (usize, Parameters) {
        let position =
            descriptors().position(|descriptor| descriptor.base_name == self.base_name());
        (position.unwrap_or(FAMILIES.len()), self.parameters())
    }
}

impl PartialOrd for HashAlgorithm {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for HashAlgorithm {
    fn cmp(&self, other: &Self) -> Ordering {
        self.rank().cmp(&other.rank())
    }
}

impl FromStr for HashAlgorithm {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        let base_name = name.split(':').next();
        let Some(descriptor) =
            descriptors().find(|descriptor| base_name == Some(descriptor.base_name))
        else {
            let known = Self::names().collect::<Vec<_>>().join(", ");
            return Err(Error::UnknownAlgorithm { name: name.to_owned(), known });
        };
        let parameters = parse_parameters(descriptor, name).ok_or_else(|| {
            Error::UnknownAlgorithm { name: name.to_owned(), known: grammar(descriptor) }
        })?;
        Ok(Self::new(descriptor, parameters))
    }
}
