//! The perceptual hashes: what each is called, and how they share one pass over the pixels.
//!
//! Adding a family is a folder here with its `ALGORITHMS` and `start`, and a line in [`FAMILIES`].

mod algorithm;
#[cfg(feature = "imagehash")]
mod imagehash;
#[cfg(feature = "img-hash")]
mod img_hash;
mod pdq;

use self::algorithm::Descriptor;
pub use self::algorithm::HashAlgorithm;
pub(crate) use self::pdq::variants;
use crate::matching::check_length;
use crate::{BitHash, Error, Quality, Size};

type Start = fn(&[HashAlgorithm], Size) -> Option<Box<dyn Hasher>>;

const FAMILIES: &[(&[Descriptor], Start)] = &[
    (&pdq::ALGORITHMS, pdq::start),
    #[cfg(feature = "imagehash")]
    (&imagehash::ALGORITHMS, imagehash::start),
    #[cfg(feature = "img-hash")]
    (&img_hash::ALGORITHMS, img_hash::start),
];

/// Takes an upright image's rows from top to bottom and gives the hashes of one family.
pub(crate) trait Hasher {
    /// Takes the next rows of RGB triples: [`BLOCK_ROWS`](crate::oriented_rows::BLOCK_ROWS), fewer only at the end.
    fn push(&mut self, rows: &[&[u8]]);
    /// The hashes, once every row was pushed.
    fn finish(self: Box<Self>) -> Vec<PerceptualHash>;
}

fn descriptors() -> impl Iterator<Item = &'static Descriptor> {
    FAMILIES.iter().flat_map(|(algorithms, _)| algorithms.iter())
}

/// Starts what computes `requested` for an image of `size`, one hasher a family.
pub(crate) fn start(requested: &[HashAlgorithm], size: Size) -> Vec<Box<dyn Hasher>> {
    FAMILIES.iter().filter_map(|(_, start)| start(requested, size)).collect()
}

/// An image's hash under one algorithm, with what makes it meaningful.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PerceptualHash {
    /// What computed it.
    pub algorithm: HashAlgorithm,
    /// [`HashAlgorithm::hashes`] values, or as many as the image has.
    pub values: Vec<BitHash>,
    /// How much the image has to recognise, where the algorithm says it.
    pub quality: Option<Quality>,
}

impl PerceptualHash {
    /// A hash that was computed elsewhere.
    ///
    /// ```
    /// use ownprint::{HashAlgorithm, PerceptualHash, Quality};
    ///
    /// let pdq = HashAlgorithm::PDQ;
    /// let hash = PerceptualHash::from_parts(pdq, vec![pdq.parse_hash(&"0f".repeat(32))?], Some(Quality::new(80)))?;
    /// assert!(hash.threatexchange_line().is_some());
    /// # Ok::<(), ownprint::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::NotComparable`] when a value has not the algorithm's length.
    pub fn from_parts(
        algorithm: HashAlgorithm,
        values: Vec<BitHash>,
        quality: Option<Quality>,
    ) -> Result<Self, Error> {
        values.iter().try_for_each(|value| check_length(algorithm, value))?;
        Ok(Self::new(algorithm, values, quality))
    }

    pub(crate) fn new(algorithm: HashAlgorithm, values: Vec<BitHash>, quality: Option<Quality>) -> Self {
        Self { algorithm, values, quality }
    }
}
