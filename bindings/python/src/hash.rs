//! A hash as the caller passes it.

use ownprint::{BitHash, Error, HashAlgorithm};
use pyo3::prelude::*;

use crate::input::Bytes;

/// Hexadecimal digits, or packed bits.
#[derive(FromPyObject)]
pub(crate) enum Hash {
    Hex(String),
    Packed(Bytes),
}

impl Hash {
    /// Parses a hash of `algorithm`.
    pub(crate) fn parse(&self, algorithm: HashAlgorithm) -> Result<BitHash, Error> {
        match self {
            Self::Hex(hex) => Ok(algorithm.parse_hash(hex)?),
            Self::Packed(bytes) => packed(bytes, algorithm),
        }
    }

    /// Parses a hash whose length says how many bits it has.
    pub(crate) fn parse_any(&self) -> Result<BitHash, Error> {
        match self {
            Self::Hex(hex) => Ok(BitHash::from_hex(hex)?),
            Self::Packed(bytes) if bytes.is_empty() => Err(not_comparable("the hash is empty")),
            Self::Packed(bytes) => Ok(BitHash::of_length(bytes.len() * 8, bytes)),
        }
    }
}

fn packed(bytes: &[u8], algorithm: HashAlgorithm) -> Result<BitHash, Error> {
    let bits = algorithm.bits();
    let expected = bits.div_ceil(8);
    if bytes.len() != expected {
        let found = bytes.len();
        let detail = format!("expected {expected} bytes for {algorithm}, found {found}");
        return Err(not_comparable(&detail));
    }
    // The first bits of the first byte are unused, and must not add to a distance.
    let unused = expected * 8 - bits;
    if bytes.first().is_some_and(|first| first.leading_zeros() < unused as u32) {
        let detail = format!("the first {unused} of {} bits must be zero", expected * 8);
        return Err(not_comparable(&detail));
    }
    Ok(BitHash::of_length(bits, bytes))
}

fn not_comparable(detail: &str) -> Error {
    ownprint::hash::Error::NotComparable { detail: detail.to_owned() }.into()
}
