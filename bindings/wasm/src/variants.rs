//! The comparison of two sets of variants, in the full build only.

use ownprint::hash::{VariantHash, VariantHashes};
use ownprint::{Error, HashAlgorithm, Quality};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::errors_as_json;
use crate::hashing::Json;
use crate::searching::json;

/// Compares the nearest hashes of an image on a list and of an image that is looked up. Each text
/// has a line for each hash: variant, hexadecimal digits and quality, separated by blanks. Returns
/// the comparison and the names of both variants.
///
/// # Errors
/// `unknown-variant`, `invalid-hash`, `not-comparable`.
#[wasm_bindgen(js_name = compareVariants)]
pub fn compare_variants(listed: &str, query: &str) -> Json {
    errors_as_json(|| {
        let (listed, query) = (parsed(listed)?, parsed(query)?);
        let nearest = listed.nearest_pair(&query)?.ok_or_else(|| {
            let detail = "the set of variants has no hash".to_owned();
            ownprint::hash::Error::NotComparable { detail }
        })?;
        let comparison = ownprint::exchange::comparison_to_json(&nearest.comparison()?);
        let names = [nearest.hash, nearest.query].map(|hash| hash.variant.to_string());
        Ok((comparison, names))
    })
    .and_then(|(comparison, names)| Ok(format!("[{comparison},{}]", json(&names)?)))
}

/// Parses the hashes of a set.
fn parsed(text: &str) -> Result<VariantHashes, Error> {
    let hashes = text.lines().map(|line| {
        let mut words = line.splitn(3, ' ');
        let mut next = || words.next().unwrap_or_default();
        let variant = next().parse()?;
        let value = HashAlgorithm::PDQ.parse_hash(next())?;
        let quality = next().parse().map_err(|_| ownprint::hash::Error::InvalidHash {
            detail: "the quality of a variant is an integer from 0 to 100".to_owned(),
        })?;
        Ok::<_, Error>(VariantHash::from_parts(variant, value, Quality::new(quality))?)
    });
    Ok(VariantHashes::from_parts(None, hashes.collect::<Result<_, _>>()?, Vec::new()))
}
