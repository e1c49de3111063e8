//! The lines of python-threatexchange's local file exchange, one for each hash.

use ownprint_hash::{HashAlgorithm, PerceptualHash, VariantHashes};

/// Returns the name by which exchanges know hashes of this algorithm, if they accept them.
#[must_use]
pub fn signal(algorithm: HashAlgorithm) -> Option<&'static str> {
    [HashAlgorithm::PDQ, HashAlgorithm::PDQ_512].contains(&algorithm).then_some("pdq")
}

/// Returns the line by which python-threatexchange's local file exchange carries this hash, without its end: the signal's
/// name and the hash. `None` for an algorithm that exchanges do not accept and for a quality that they discard.
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

/// Returns the lines of a set of variants, without their ends, one for each hash in the order of the set. A hash whose
/// quality exchanges discard has no line.
pub fn variant_lines(variants: &VariantHashes) -> impl Iterator<Item = String> {
    variants.hashes.iter().filter_map(|hash| to_line(&hash.as_pdq()))
}

#[cfg(feature = "read")]
pub use crate::read::exchange::from_line;
