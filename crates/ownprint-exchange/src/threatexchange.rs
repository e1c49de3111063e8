//! The lines of python-threatexchange's local file exchange, one per hash.

use ownprint_hash::{HashAlgorithm, PerceptualHash, VariantHashes};

/// Returns the signal name under which exchanges accept hashes of this algorithm, or `None`.
#[must_use]
pub fn signal(algorithm: HashAlgorithm) -> Option<&'static str> {
    [HashAlgorithm::PDQ, HashAlgorithm::PDQ_512].contains(&algorithm).then_some("pdq")
}

/// Returns the line of a hash in python-threatexchange's local file exchange, without a line end:
/// the signal name and the hash. `None` if exchanges do not accept the algorithm or the quality.
///
/// ```
/// use ownprint_exchange::threatexchange;
/// use ownprint_hash::{HashAlgorithm, PerceptualHash, Quality};
///
/// let pdq = HashAlgorithm::PDQ;
/// let hash = PerceptualHash::from_parts(pdq, vec![pdq.parse_hash(&"0f".repeat(32))?], Some(Quality::new(49)))?;
/// assert_eq!(threatexchange::to_line(&hash), None);
/// # Ok::<(), ownprint_hash::Error>(())
/// ```
#[must_use]
pub fn to_line(hash: &PerceptualHash) -> Option<String> {
    let signal = signal(hash.algorithm)?;
    let [value] = hash.values.as_slice() else { return None };
    hash.quality.is_none_or(|quality| quality.is_reliable()).then(|| format!("{signal} {value}"))
}

/// Returns the lines of a set of variants, without line ends, one per hash in the order of the set.
/// Hashes of a quality that exchanges do not accept are skipped.
pub fn variant_lines(variants: &VariantHashes) -> impl Iterator<Item = String> {
    variants.hashes.iter().filter_map(|hash| to_line(&hash.as_pdq()))
}

#[cfg(feature = "read")]
pub use crate::read::exchange::from_line;
