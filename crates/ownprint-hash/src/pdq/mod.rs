//! PDQ, the perceptual hash that hash-sharing programmes exchange for images.
//!
//! Reference: facebook/ThreatExchange, `pdq/cpp`. The steps are luma, two rounds of box filters,
//! 64x64 samples, a 16x16 discrete cosine transform, and one bit per coefficient. Published
//! pipelines differ in the steps before the filter, so each is an algorithm of its own:
//!
//! | name | before the filter | equals bit for bit |
//! |---|---|---|
//! | `pdq` | none | PyPI `pdqhash`, python-threatexchange, Hasher-Matcher-Actioner; the Java reference except for the rounding of luma |
//! | `pdq-512` | nearest neighbour to 512x512 if width or height exceeds 512 | the same after that reduction; the C++ command line, Meta's WebAssembly build except for the rounding of luma |
//! | `pdq-dihedral`, `pdq-512-dihedral` | the same | the eight hashes of `pdqDihedralHash256esFromFloatLuma` |

mod boxes;
mod cosines;
pub(crate) mod dct;
pub(crate) mod dihedral;
mod jarosz;
mod lanes;
mod luma;
mod median;
mod nearest;
pub(crate) mod quality;
mod sampler;
pub(crate) mod samples;
pub(crate) mod transform;
mod weights;

use fearless_simd::Level;
use zeroize::Zeroize;

use ownprint_pixels::Size;

use self::nearest::NearestRows;
use self::sampler::{Sampled, Sampler};
use self::samples::Samples;
use crate::algorithm::{Descriptor, HashAlgorithm, Parameters};
use crate::bit_hash::{BitHash, Quality};
use crate::hasher::Hasher;
use crate::perceptual_hash::PerceptualHash;

/// Number of bits of a hash.
const BITS: usize = 256;

/// Number of hashes of a dihedral set.
const DIHEDRAL: usize = 8;

/// The algorithms of this family.
pub(crate) static ALGORITHMS: [Descriptor; 4] = [
    descriptor(
        "pdq",
        1,
        |_| "facebook/ThreatExchange PDQ at full resolution, as PyPI pdqhash 0.2.8",
    ),
    descriptor(
        "pdq-512",
        1,
        |_| "facebook/ThreatExchange PDQ after nearest-neighbour 512x512, as its C++ command line",
    ),
    descriptor(
        "pdq-dihedral",
        DIHEDRAL,
        |_| "facebook/ThreatExchange PDQ at full resolution, eight rotations and mirror images",
    ),
    descriptor(
        "pdq-512-dihedral",
        DIHEDRAL,
        |_| "facebook/ThreatExchange PDQ after 512x512, eight rotations and mirror images",
    ),
];

const fn descriptor(
    base_name: &'static str,
    hashes: usize,
    reference: fn(Parameters) -> &'static str,
) -> Descriptor {
    Descriptor {
        base_name,
        sizes: None,
        options: &[],
        bits: |_| BITS,
        hashes: Some(hashes),
        threshold: |_| 31,
        reference,
    }
}

impl HashAlgorithm {
    /// PDQ at full resolution, as `pdqhash` of PyPI and python-threatexchange.
    pub const PDQ: Self = Self::with_defaults(&ALGORITHMS[0]);
    /// PDQ after nearest-neighbour reduction to 512x512, as the C++ command line and Meta's
    /// WebAssembly build.
    pub const PDQ_512: Self = Self::with_defaults(&ALGORITHMS[1]);
    /// The eight rotations and mirror images of [`PDQ`](Self::PDQ).
    pub const PDQ_DIHEDRAL: Self = Self::with_defaults(&ALGORITHMS[2]);
    /// The eight rotations and mirror images of [`PDQ_512`](Self::PDQ_512).
    pub const PDQ_512_DIHEDRAL: Self = Self::with_defaults(&ALGORITHMS[3]);
}

/// The hashes to compute from the samples.
#[derive(Debug, Default)]
struct Requested {
    hash: Option<HashAlgorithm>,
    dihedral: Option<HashAlgorithm>,
}

impl Requested {
    fn of(requested: &[HashAlgorithm], hash: HashAlgorithm, dihedral: HashAlgorithm) -> Self {
        let wanted = |algorithm| requested.contains(&algorithm).then_some(algorithm);
        Self { hash: wanted(hash), dihedral: wanted(dihedral) }
    }

    fn any(&self) -> bool {
        self.hash.is_some() || self.dihedral.is_some()
    }
}

/// Starts the algorithms of this family that are in `requested`; they share the filter.
pub(crate) fn start(requested: &[HashAlgorithm], size: Size) -> Option<Box<dyn Hasher>> {
    let full = Requested::of(requested, HashAlgorithm::PDQ, HashAlgorithm::PDQ_DIHEDRAL);
    let nearest = Requested::of(requested, HashAlgorithm::PDQ_512, HashAlgorithm::PDQ_512_DIHEDRAL);
    (full.any() || nearest.any())
        .then(|| Box::new(PdqHasher::new(full, nearest, size, Level::new())) as Box<dyn Hasher>)
}

struct PdqHasher {
    full: Requested,
    nearest: Requested,
    samplers: Samplers,
}

/// The samplers.
enum Samplers {
    /// Both scales are the same: width and height are 512 or less.
    Shared(Box<Sampler>),
    /// Each requested scale has its own sampler.
    Separate { full: Option<Box<Sampler>>, nearest: Option<Box<NearestRows>> },
}

impl PdqHasher {
    fn new(full: Requested, nearest: Requested, size: Size, level: Level) -> Self {
        let samplers = if size.width.max(size.height) <= nearest::SIDE {
            Samplers::Shared(Box::new(Sampler::new(size, level)))
        } else {
            Samplers::Separate {
                full: full.any().then(|| Box::new(Sampler::new(size, level))),
                nearest: nearest.any().then(|| Box::new(NearestRows::new(size, level))),
            }
        };
        Self { full, nearest, samplers }
    }
}

impl Hasher for PdqHasher {
    fn update(&mut self, rows: &[&[u8]]) {
        match &mut self.samplers {
            Samplers::Shared(sampler) => sampler.push(rows),
            Samplers::Separate { full, nearest } => {
                if let Some(sampler) = full {
                    sampler.push(rows);
                }
                if let Some(rows_of_512) = nearest {
                    rows_of_512.push(rows);
                }
            }
        }
    }

    fn finalize(self: Box<Self>) -> Vec<PerceptualHash> {
        let mut hashes = Vec::new();
        match self.samplers {
            Samplers::Shared(sampler) => {
                let sampled = sampler.finish();
                sampled.hash(&self.full, &mut hashes);
                sampled.hash(&self.nearest, &mut hashes);
            }
            Samplers::Separate { full, nearest } => {
                if let Some(sampler) = full {
                    sampler.finish().hash(&self.full, &mut hashes);
                }
                if let Some(rows_of_512) = nearest {
                    rows_of_512.finish().hash(&self.nearest, &mut hashes);
                }
            }
        }
        hashes
    }
}

impl Sampled {
    fn hash(&self, wanted: &Requested, hashes: &mut Vec<PerceptualHash>) {
        if let Some(algorithm) = wanted.hash {
            let samples = self.unfiltered.as_deref().or(self.filtered.as_deref());
            hashes.push(hash_samples(algorithm, samples, |original| vec![dct::bits(original)]));
        }
        if let Some(algorithm) = wanted.dihedral {
            hashes.push(hash_samples(algorithm, self.filtered.as_deref(), |original| {
                dihedral::variants(original).iter().map(dct::bits).collect()
            }));
        }
    }
}

/// Returns hashes and quality of samples; zeros if the image was too small to have any.
fn hash_samples(
    algorithm: HashAlgorithm,
    samples: Option<&Samples>,
    values: impl FnOnce(&dct::Coefficients) -> Vec<BitHash>,
) -> PerceptualHash {
    let Some(samples) = samples else {
        let zeros = vec![BitHash::from_bytes(&[0; BITS / 8]); algorithm.hashes().unwrap_or(1)];
        return PerceptualHash::new(algorithm, zeros, Some(Quality::new(0)));
    };
    let mut coefficients = dct::transform(samples);
    let hash =
        PerceptualHash::new(algorithm, values(&coefficients), Some(quality::of_samples(samples)));
    coefficients.as_flattened_mut().zeroize();
    hash
}
