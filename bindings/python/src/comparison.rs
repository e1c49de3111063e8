//! Distances between hashes.

use ownprint::hash::{Comparison, RegionComparison, Variant, VariantHash};
use ownprint::{BitHash, Error, HashAlgorithm, Quality};
use pyo3::prelude::*;

use crate::error::run;

/// Algorithm, distance, bits, threshold, whether the hashes match.
type Compared = (String, u32, usize, u32, bool);

/// Compares two hashes under the named algorithm.
#[pyfunction]
pub(crate) fn compare(py: Python<'_>, algorithm: &str, a: &str, b: &str) -> PyResult<Compared> {
    run(py, || {
        let algorithm: HashAlgorithm = algorithm.parse()?;
        let (a, b) = (algorithm.parse_hash(a)?, algorithm.parse_hash(b)?);
        Ok(compared(&Comparison::new(algorithm, &a, &b)?))
    })
}

/// Compares two images with one hash for each region. Returns the number of regions of `a` that
/// are found in `b`, the sum of their distances, and whether the images match.
#[pyfunction]
pub(crate) fn compare_regions(
    py: Python<'_>,
    algorithm: &str,
    a: Vec<String>,
    b: Vec<String>,
) -> PyResult<(usize, u32, bool)> {
    run(py, || {
        let algorithm: HashAlgorithm = algorithm.parse()?;
        let parse = |hashes: &[String]| {
            hashes.iter().map(|hash| algorithm.parse_hash(hash)).collect::<Result<Vec<_>, _>>()
        };
        let found = RegionComparison::new(algorithm, &parse(&a)?, &parse(&b)?)?;
        Ok((found.found, found.distance, found.is_match()))
    })
}

/// Compares a PDQ hash with the nearest of a set of variants, each a name, a hash and a quality.
/// Returns the name of the nearest variant, too.
#[pyfunction]
pub(crate) fn compare_variants(
    py: Python<'_>,
    variants: Vec<(String, String, u8)>,
    hash: &str,
) -> PyResult<(String, Compared)> {
    run(py, || {
        let algorithm = HashAlgorithm::PDQ;
        let parse = |(variant, hex, quality): &(String, String, u8)| {
            let (variant, hash): (Variant, _) = (variant.parse()?, algorithm.parse_hash(hex)?);
            Ok::<_, Error>(VariantHash::from_parts(variant, hash, Quality::new(*quality))?)
        };
        let hashes = variants.iter().map(parse).collect::<Result<_, _>>()?;
        let set = ownprint::hash::VariantHashes::from_parts(None, hashes, Vec::new());
        let hash = algorithm.parse_hash(hash)?;
        let (nearest, _) = set.nearest(&hash)?.ok_or_else(|| {
            let detail = "the set of variants has no hash".to_owned();
            Error::from(ownprint::hash::Error::NotComparable { detail })
        })?;
        let comparison = Comparison::new(algorithm, &nearest.value, &hash)?;
        Ok((nearest.variant.to_string(), compared(&comparison)))
    })
}

/// Returns the number of bits that differ between two hashes of equal length.
#[pyfunction]
pub(crate) fn distance(py: Python<'_>, a: &str, b: &str) -> PyResult<u32> {
    run(py, || Ok(BitHash::from_hex(a)?.distance(&BitHash::from_hex(b)?)?))
}

fn compared(comparison: &Comparison) -> Compared {
    let algorithm = comparison.algorithm;
    (
        algorithm.name().into_owned(),
        comparison.distance,
        algorithm.bits(),
        algorithm.threshold(),
        comparison.is_match(),
    )
}
