//! Distances between hashes.

use ownprint::hash::{Comparison, RegionComparison, VariantHash, VariantHashes};
use ownprint::{Error, HashAlgorithm, Quality};
use pyo3::prelude::*;

use crate::error::run;
use crate::hash::Hash;

/// Algorithm, distance, bits, threshold, whether the hashes match.
type Compared = (String, u32, usize, u32, bool);

/// Compares two hashes under the named algorithm. `qualities` are those that are known.
#[pyfunction]
pub(crate) fn compare(
    py: Python<'_>,
    algorithm: &str,
    a: Hash,
    b: Hash,
    qualities: Vec<u8>,
) -> PyResult<Compared> {
    run(py, || {
        let algorithm: HashAlgorithm = algorithm.parse()?;
        let (a, b) = (a.parse(algorithm)?, b.parse(algorithm)?);
        let comparison = Comparison::new(algorithm, &a, &b)?;
        let qualities = qualities.into_iter().map(Quality::new);
        Ok(compared(&qualities.fold(comparison, Comparison::with_quality)))
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

/// The hashes of an image's variants: names, hashes in hexadecimal digits, and qualities. A hash
/// without a quality counts as reliable.
pub(crate) type Variants = Vec<(String, String, Option<u8>)>;

/// Parses the hashes of an image's variants.
pub(crate) fn parse_variants(variants: &Variants) -> Result<VariantHashes, Error> {
    let parse = |(variant, hex, quality): &(String, String, Option<u8>)| {
        let hash = HashAlgorithm::PDQ.parse_hash(hex)?;
        let quality = Quality::new(quality.unwrap_or(100));
        Ok::<_, Error>(VariantHash::from_parts(variant.parse()?, hash, quality)?)
    };
    let hashes = variants.iter().map(parse).collect::<Result<_, _>>()?;
    Ok(VariantHashes::from_parts(None, hashes, Vec::new()))
}

/// Compares the nearest hashes of two images. Returns the names of their variants, too.
#[pyfunction]
pub(crate) fn compare_variants(
    py: Python<'_>,
    variants: Variants,
    query: Variants,
) -> PyResult<(Compared, String, String)> {
    run(py, || {
        let (variants, query) = (parse_variants(&variants)?, parse_variants(&query)?);
        let nearest = variants.nearest_pair(&query)?.ok_or_else(|| {
            let detail = "the set of variants has no hash".to_owned();
            Error::from(ownprint::hash::Error::NotComparable { detail })
        })?;
        let names = [nearest.hash, nearest.query].map(|hash| hash.variant.to_string());
        let [variant, query_variant] = names;
        Ok((compared(&nearest.comparison()?), variant, query_variant))
    })
}

/// Returns the number of bits that differ between two hashes of equal length.
#[pyfunction]
pub(crate) fn distance(py: Python<'_>, a: Hash, b: Hash) -> PyResult<u32> {
    run(py, || Ok(a.parse_any()?.distance(&b.parse_any()?)?))
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
