//! The perceptual hashes: what each is called, and how they share one pass over the pixels.
//!
//! Adding a family is a folder here with its `ALGORITHMS` and `start`, and a line in [`FAMILIES`].

mod pdq;

use crate::{BitHash, Error, Quality, Size};

type Start = fn(&[HashAlgorithm], Size) -> Option<Box<dyn Hasher>>;

const FAMILIES: &[(&[Descriptor], Start)] = &[(&pdq::ALGORITHMS, pdq::start)];

/// Takes an upright picture's rows from top to bottom and gives the hashes of one family.
pub(crate) trait Hasher {
    /// Takes the next rows of RGB triples: [`BLOCK_ROWS`](crate::walk::BLOCK_ROWS), fewer only at the end.
    fn push(&mut self, rows: &[&[u8]]);
    /// The hashes, once every row was pushed.
    fn finish(self: Box<Self>) -> Vec<PerceptualHash>;
}

/// Starts what computes `requested` for a picture of `size`, one hasher a family.
pub(crate) fn start(requested: &[HashAlgorithm], size: Size) -> Vec<Box<dyn Hasher>> {
    FAMILIES.iter().filter_map(|(_, start)| start(requested, size)).collect()
}

/// What is known of an algorithm before it runs.
#[derive(Debug)]
pub(crate) struct Descriptor {
    pub(crate) name: &'static str,
    pub(crate) bits: usize,
    pub(crate) hashes: usize,
    pub(crate) threshold: u32,
    pub(crate) reference: &'static str,
}

/// A perceptual hash algorithm, known by its stable name.
///
/// ```
/// use ownprint::HashAlgorithm;
///
/// let pdq: HashAlgorithm = "pdq".parse()?;
/// assert_eq!(pdq, HashAlgorithm::PDQ);
/// assert_eq!((pdq.bits(), pdq.threshold()), (256, 31));
/// # Ok::<(), ownprint::Error>(())
/// ```
#[derive(Clone, Copy)]
pub struct HashAlgorithm(&'static Descriptor);

impl HashAlgorithm {
    /// PDQ at full resolution: `pdqhash` of PyPI, the Java reference, python-threatexchange.
    pub const PDQ: Self = Self(&pdq::ALGORITHMS[0]);
    /// PDQ after nearest-neighbour reduction to 512x512: the C++ command line, Meta's WebAssembly build.
    pub const PDQ_512: Self = Self(&pdq::ALGORITHMS[1]);
    /// The eight turns and mirrors of [`PDQ`](Self::PDQ).
    pub const PDQ_DIHEDRAL: Self = Self(&pdq::ALGORITHMS[2]);
    /// The eight turns and mirrors of [`PDQ_512`](Self::PDQ_512).
    pub const PDQ_512_DIHEDRAL: Self = Self(&pdq::ALGORITHMS[3]);

    /// Every algorithm of this build, in the order in which results are listed.
    pub fn all() -> impl Iterator<Item = Self> {
        FAMILIES.iter().flat_map(|(algorithms, _)| algorithms.iter().map(Self))
    }

    /// The stable name, as in every record and every binding.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.0.name
    }

    /// Bits a hash.
    #[must_use]
    pub fn bits(self) -> usize {
        self.0.bits
    }

    /// Hashes a picture: 1, or 8 for dihedral sets.
    #[must_use]
    pub fn hashes(self) -> usize {
        self.0.hashes
    }

    /// The Hamming distance up to which two hashes are taken for the same picture.
    #[must_use]
    pub fn threshold(self) -> u32 {
        self.0.threshold
    }

    /// The implementation that this equals bit for bit.
    #[must_use]
    pub fn reference(self) -> &'static str {
        self.0.reference
    }
}

impl PartialEq for HashAlgorithm {
    fn eq(&self, other: &Self) -> bool {
        self.name() == other.name()
    }
}

impl Eq for HashAlgorithm {}

impl std::hash::Hash for HashAlgorithm {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.name().hash(state);
    }
}

impl std::fmt::Display for HashAlgorithm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.name())
    }
}

impl std::fmt::Debug for HashAlgorithm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "HashAlgorithm({self})")
    }
}

impl std::str::FromStr for HashAlgorithm {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        Self::all().find(|algorithm| algorithm.name() == name).ok_or_else(|| Error::UnknownAlgorithm {
            name: name.to_owned(),
            known: Self::all().map(Self::name).collect::<Vec<_>>().join(", "),
        })
    }
}

/// A picture's hash under one algorithm, with what makes it meaningful.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PerceptualHash {
    /// What computed it.
    pub algorithm: HashAlgorithm,
    /// [`HashAlgorithm::hashes`] values.
    pub values: Vec<BitHash>,
    /// How much the picture has to recognise, where the algorithm says it.
    pub quality: Option<Quality>,
}

impl PerceptualHash {
    pub(crate) fn new(algorithm: HashAlgorithm, values: Vec<BitHash>, quality: Option<Quality>) -> Self {
        Self { algorithm, values, quality }
    }
}
