//! What this build computes and decodes.

use crate::OwnprintError;
use crate::error::caught;
use crate::options::default_algorithms;

/// What this build computes and decodes.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Capabilities {
    /// The perceptual hashes, with their default parameters.
    pub hashes: Vec<HashInfo>,
    /// The digests.
    pub digests: Vec<DigestInfo>,
    /// The file formats that are recognized.
    pub formats: Vec<FormatInfo>,
    /// The names of the hashes and digests that are computed by default.
    pub defaults: Vec<String>,
}

/// The properties of a perceptual hash algorithm.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct HashInfo {
    /// The stable name, in its shortest form.
    pub name: String,
    /// Bits in one hash.
    pub bits: u32,
    /// Hashes of one image; `None` where the image determines the number.
    pub hashes: Option<u32>,
    /// The largest distance of two hashes that match.
    pub threshold: u32,
    /// The implementation whose hashes these equal bit for bit.
    pub reference: String,
}

/// The properties of a digest algorithm.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct DigestInfo {
    /// The stable name.
    pub name: String,
    /// Bits in one digest.
    pub bits: u32,
}

/// The properties of a file format.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct FormatInfo {
    /// The stable name.
    pub name: String,
    /// Whether this build decodes it.
    pub decoded: bool,
    /// Which files of this format have the same pixels on every device.
    pub deterministic: Determinism,
}

/// Which files of a format have the same pixels on every device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum Determinism {
    /// All of them.
    Always,
    /// Those that were compressed without loss.
    Lossless,
}

/// Returns what this build computes and decodes, and what it computes by default.
#[must_use]
#[uniffi::export]
pub fn capabilities() -> Capabilities {
    Capabilities {
        hashes: ownprint::HashAlgorithm::all().map(HashInfo::from).collect(),
        digests: ownprint::DigestAlgorithm::ALL.map(DigestInfo::from).to_vec(),
        formats: ownprint::Format::ALL.map(FormatInfo::from).to_vec(),
        defaults: default_algorithms(),
    }
}

/// Returns the image format whose signature is at the start of a file, or `None` if there is none.
/// The first [`probe_bytes`] bytes are enough.
#[must_use]
#[uniffi::export]
pub fn probe(bytes: &[u8]) -> Option<FormatInfo> {
    ownprint::decode::probe(bytes).map(FormatInfo::from)
}

/// Returns the number of bytes that [`probe`] needs.
#[must_use]
#[uniffi::export]
pub fn probe_bytes() -> u32 {
    count(ownprint::decode::PROBE_BYTES)
}

/// Returns the properties of the hash algorithm with this name, parameters included: `pdq`,
/// `phash:16`.
///
/// # Errors
/// `unknown-algorithm`.
#[uniffi::export]
pub fn hash_info(name: &str) -> Result<HashInfo, OwnprintError> {
    caught(|| Ok(name.parse::<ownprint::HashAlgorithm>()?.into()))
}

/// Returns the properties of the digest algorithm with this name.
///
/// # Errors
/// `unknown-algorithm`.
#[uniffi::export]
pub fn digest_info(name: &str) -> Result<DigestInfo, OwnprintError> {
    caught(|| Ok(name.parse::<ownprint::DigestAlgorithm>()?.into()))
}

impl From<ownprint::HashAlgorithm> for HashInfo {
    fn from(hash: ownprint::HashAlgorithm) -> Self {
        Self {
            name: hash.name().into_owned(),
            bits: count(hash.bits()),
            hashes: hash.hashes().map(count),
            threshold: hash.threshold(),
            reference: hash.reference().to_owned(),
        }
    }
}

impl From<ownprint::DigestAlgorithm> for DigestInfo {
    fn from(digest: ownprint::DigestAlgorithm) -> Self {
        Self { name: digest.name().to_owned(), bits: count(digest.bits()) }
    }
}

impl From<ownprint::Format> for FormatInfo {
    fn from(format: ownprint::Format) -> Self {
        let is_always = format.is_always_deterministic();
        Self {
            name: format.name().to_owned(),
            decoded: ownprint::decode::can_decode(format),
            deterministic: if is_always { Determinism::Always } else { Determinism::Lossless },
        }
    }
}

/// Converts a number of bits or hashes; no algorithm has more than fit.
pub(crate) fn count(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_is_probed_from_its_signature() {
        let gif = probe(b"GIF89a and more").unwrap();
        assert_eq!((gif.name.as_str(), gif.decoded), ("gif", true));
        let heic = probe(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic").unwrap();
        // Another package of the same build may enable the decoder, so this crate's feature does
        // not tell.
        let is_decoded = ownprint::decode::can_decode(ownprint::Format::Heic);
        assert_eq!((heic.name.as_str(), heic.decoded), ("heic", is_decoded));
        assert_eq!(probe(b"a text"), None);
        assert!(probe_bytes() > 0);
    }

    #[test]
    fn names_are_printed_in_their_shortest_form() {
        assert_eq!(hash_info("phash:8").unwrap().name, "phash");
        let phash = hash_info("phash:16").unwrap();
        assert_eq!((phash.name.as_str(), phash.bits), ("phash:16", 256));
        assert_eq!(digest_info("sha256").unwrap().bits, 256);
        for error in [hash_info("md5").map(|_| ()), digest_info("pdq").map(|_| ())] {
            let OwnprintError::Failed { code, .. } = error.unwrap_err();
            assert_eq!(code, "unknown-algorithm");
        }
    }
}
