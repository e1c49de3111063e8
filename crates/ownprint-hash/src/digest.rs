//! Cryptographic digests of a file's bytes, any subset in one streaming pass.

use std::io::Read;
use std::ops::ControlFlow;

use md5::Digest as _;
use zeroize::Zeroize;

use crate::bit_hash::{BitHash, hex};
use crate::error::Error;
use ownprint_pixels::wipe::{WipedBytes, wipe_stack};

/// Bytes that every digest takes in turn: they stay in the processor's cache between one digest and the next.
const CHUNK_BYTES: usize = 64 * 1024;

/// What is overwritten of the stack: BLAKE3's code for AVX2 keeps blocks of the file there, and reaches down 16 KiB.
const STACK_WORDS: usize = 24 * 1024 / 8;

/// A cryptographic digest algorithm, known by its stable name. BLAKE3's keyed mode is not offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum DigestAlgorithm {
    /// MD5 (RFC 1321), 128 bits. Broken against forgers; exchanges use it to find identical files.
    Md5,
    /// SHA-1 (FIPS 180-4), 160 bits. Broken against forgers; some exchanges still use it.
    Sha1,
    /// SHA-256 (FIPS 180-4), 256 bits.
    Sha256,
    /// BLAKE3, unkeyed, 256 bits.
    Blake3,
}

impl DigestAlgorithm {
    /// Every digest, in the order in which results are listed.
    pub const ALL: [Self; 4] = [Self::Md5, Self::Sha1, Self::Sha256, Self::Blake3];

    /// The stable name, as in every record and every binding.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Md5 => "md5",
            Self::Sha1 => "sha1",
            Self::Sha256 => "sha256",
            Self::Blake3 => "blake3",
        }
    }

    /// Bits a digest.
    #[must_use]
    pub fn bits(self) -> usize {
        match self {
            Self::Md5 => 128,
            Self::Sha1 => 160,
            Self::Sha256 | Self::Blake3 => 256,
        }
    }
}

impl std::fmt::Display for DigestAlgorithm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.name())
    }
}

impl std::str::FromStr for DigestAlgorithm {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        Self::ALL.into_iter().find(|algorithm| algorithm.name() == name).ok_or_else(|| {
            Error::UnknownAlgorithm { name: name.to_owned(), known: Self::ALL.map(Self::name).join(", ") }
        })
    }
}

/// The digest of some bytes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(
    feature = "serde",
    serde(try_from = "crate::serde_forms::DigestForm", into = "crate::serde_forms::DigestForm")
)]
pub struct Digest {
    /// What computed it.
    pub algorithm: DigestAlgorithm,
    bytes: Vec<u8>,
}

impl Digest {
    /// Builds a digest that was computed elsewhere from its lower-case hexadecimal digits.
    ///
    /// ```
    /// use ownprint_hash::{Digest, DigestAlgorithm};
    ///
    /// let digest = Digest::from_parts(DigestAlgorithm::Md5, "900150983cd24fb0d6963f7d28e17f72")?;
    /// assert_eq!(digest.as_bytes()[..2], [0x90, 0x01]);
    /// assert!(Digest::from_parts(DigestAlgorithm::Md5, "900150983CD24FB0D6963F7D28E17F72").is_err());
    /// # Ok::<(), ownprint_hash::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::InvalidHash`] for anything but the algorithm's number of lower-case hexadecimal digits.
    pub fn from_parts(algorithm: DigestAlgorithm, hex: &str) -> Result<Self, Error> {
        if hex.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return Err(Error::InvalidHash { detail: "a digest is written in lower case".to_owned() });
        }
        let bits = BitHash::from_hex_of(algorithm.bits(), hex)?;
        Ok(Self { algorithm, bytes: bits.as_bytes().to_vec() })
    }

    /// [`DigestAlgorithm::bits`] / 8 bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Lower-case hexadecimal digits.
    #[must_use]
    pub fn to_hex(&self) -> String {
        hex(&self.bytes)
    }
}

/// Takes bytes in pieces of any length and gives their digests, in constant memory.
///
/// ```
/// use ownprint_hash::{DigestAlgorithm, Digester};
///
/// let mut digester = Digester::new(&[DigestAlgorithm::Md5]);
/// digester.update(b"a");
/// digester.update(b"bc");
/// assert_eq!(digester.finalize()[0].to_hex(), "900150983cd24fb0d6963f7d28e17f72");
/// ```
#[derive(Debug, Clone, Default)]
pub struct Digester {
    // In one place for its whole life: each move would leave a copy of the last bytes behind.
    hashers: Box<Hashers>,
}

#[derive(Debug, Clone, Default)]
struct Hashers {
    md5: Option<md5::Md5>,
    sha1: Option<sha1::Sha1>,
    sha256: Option<sha2::Sha256>,
    blake3: Option<blake3::Hasher>,
}

impl Drop for Hashers {
    fn drop(&mut self) {
        // The others do so themselves.
        self.blake3.zeroize();
    }
}

impl Digester {
    /// Starts the named digests; one that is named twice is computed once.
    #[must_use]
    pub fn new(algorithms: &[DigestAlgorithm]) -> Self {
        let wants = |algorithm| algorithms.contains(&algorithm);
        let hashers = Hashers {
            md5: wants(DigestAlgorithm::Md5).then(md5::Md5::new),
            sha1: wants(DigestAlgorithm::Sha1).then(sha1::Sha1::new),
            sha256: wants(DigestAlgorithm::Sha256).then(sha2::Sha256::new),
            blake3: wants(DigestAlgorithm::Blake3).then(blake3::Hasher::new),
        };
        Self { hashers: Box::new(hashers) }
    }

    /// Takes the next bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        let Hashers { md5, sha1, sha256, blake3 } = &mut *self.hashers;
        for chunk in bytes.chunks(CHUNK_BYTES) {
            if let Some(md5) = md5 {
                md5.update(chunk);
            }
            if let Some(sha1) = sha1 {
                sha1.update(chunk);
            }
            if let Some(sha256) = sha256 {
                sha256.update(chunk);
            }
            if let Some(blake3) = blake3 {
                blake3.update(chunk);
            }
        }
        wipe_stack::<STACK_WORDS>();
    }

    /// The digests of all bytes taken, in the order of [`DigestAlgorithm::ALL`].
    #[must_use]
    pub fn finalize(mut self) -> Vec<Digest> {
        let Hashers { md5, sha1, sha256, blake3 } = &mut *self.hashers;
        let digest = |algorithm, bytes: &[u8]| Digest { algorithm, bytes: bytes.to_vec() };
        let digests = [
            md5.as_mut().map(|md5| digest(DigestAlgorithm::Md5, &md5.finalize_reset())),
            sha1.as_mut().map(|sha1| digest(DigestAlgorithm::Sha1, &sha1.finalize_reset())),
            sha256.as_mut().map(|sha256| digest(DigestAlgorithm::Sha256, &sha256.finalize_reset())),
            blake3.as_ref().map(|blake3| digest(DigestAlgorithm::Blake3, blake3.finalize().as_bytes())),
        ];
        wipe_stack::<STACK_WORDS>();
        digests.into_iter().flatten().collect()
    }

    /// Takes everything a reader gives. `observe` is told the bytes taken so far after every piece, and ends the
    /// reading when it breaks.
    ///
    /// # Errors
    /// [`Error::Io`] when the reader fails, [`Error::Cancelled`] when `observe` breaks.
    ///
    /// ```
    /// use std::ops::ControlFlow;
    /// use ownprint_hash::{DigestAlgorithm, Digester};
    ///
    /// let mut digester = Digester::new(&DigestAlgorithm::ALL);
    /// let bytes = digester.read(&[7u8; 100_000][..], |_so_far| ControlFlow::Continue(()))?;
    /// assert_eq!((bytes, digester.finalize().len()), (100_000, 4));
    /// # Ok::<(), ownprint_hash::Error>(())
    /// ```
    pub fn read(
        &mut self,
        reader: impl Read,
        mut observe: impl FnMut(u64) -> ControlFlow<()>,
    ) -> Result<u64, Error> {
        let mut total = 0;
        for_each_piece(reader, |piece| {
            self.update(piece);
            total += piece.len() as u64;
            if observe(total).is_break() {
                return Err(Error::Cancelled);
            }
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(total)
    }
}

/// Passes everything that a reader gives to `take`, until it breaks or fails.
///
/// # Errors
/// The reader's error, and the first error of `take`.
pub fn for_each_piece<E: From<std::io::Error>>(
    mut reader: impl Read,
    mut take: impl FnMut(&[u8]) -> Result<ControlFlow<()>, E>,
) -> Result<(), E> {
    let mut buffer = WipedBytes::zeroed(CHUNK_BYTES);
    loop {
        let count = match reader.read(&mut buffer.0) {
            Ok(0) => return Ok(()),
            Ok(count) => count,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error.into()),
        };
        if take(buffer.0.get(..count).unwrap_or_default())?.is_break() {
            return Ok(());
        }
    }
}
