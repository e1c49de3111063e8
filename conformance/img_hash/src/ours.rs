//! The hashes of ownprint.

use ownprint::{ExifOrientation, Fingerprinter, HashAlgorithm, PixelFormat, Pixels};
use ownprint_conformance::Raw;

/// Returns the hashes of ownprint for the names, in the same order.
pub fn ours(raw: &Raw, names: &[String]) -> Result<Vec<Vec<u8>>, Box<dyn std::error::Error>> {
    let algorithms: Vec<HashAlgorithm> =
        names.iter().map(|name| name.parse()).collect::<Result<_, _>>()?;
    let pixels = Pixels::new(&raw.rgb, raw.width, raw.height, PixelFormat::Rgb8)?;
    let fingerprinter = Fingerprinter::builder().hashes(algorithms.iter().copied()).build();
    let fingerprint = fingerprinter.fingerprint_pixels(&pixels, ExifOrientation::Normal)?;
    let image = fingerprint.image()?;
    let hash = |algorithm: &HashAlgorithm| {
        let hash = image.hash(*algorithm).ok_or_else(|| format!("no {algorithm}"))?;
        Ok(hash.values[0].as_bytes().to_vec())
    };
    algorithms.iter().map(hash).collect()
}
