//! Cryptographic digests of bytes: any subset, in one streaming pass.

use std::io::Read;
use std::ops::ControlFlow;

use md5::Digest as _;
use zeroize::Zeroize;

use ownprint_pixels::wipe::{WipedBytes, wipe_stack};

use crate::bit_hash::{BitHash, hex};
use crate::error::Error;

/// Bytes passed to each digest in turn; small enough that they stay in the processor's cache for
/// all of them.
const CHUNK_BYTES: usize = 64 * 1024;

/// Size of the stack area that is overwritten: BLAKE3's AVX2 code keeps blocks of the input there,
/// down to 16 KiB.
const STACK_WORDS: usize = 24 * 1024 / 8;

/// A cryptographic digest algorithm, identified by its stable name. BLAKE3's keyed mode is not
/// offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum DigestAlgorithm {
    /// MD5 (RFC 1321), 128 bits. Not collision-resistant; exchanges use it to find identical files.
    Md5,
    /// SHA-1 (FIPS 180-4), 160 bits. Not collision-resistant; some exchanges still use it.
    Sha1,
    /// SHA-256 (FIPS 180-4), 256 bits.
    Sha256,
    /// SHA-512 (FIPS 180-4), 512 bits.
    #[cfg(feature = "sha512")]
    Sha512,
    /// BLAKE3, unkeyed, 256 bits.
    Blake3,
}

impl DigestAlgorithm {
    /// All algorithms of this build, in the order in which results are listed.
    #[cfg(feature = "sha512")]
    pub const ALL: [Self; 5] = [Self::Md5, Self::Sha1, Self::Sha256, Self::Sha512, Self::Blake3];
    /// All algorithms of this build, in the order in which results are listed.
    #[cfg(not(feature = "sha512"))]
    pub const ALL: [Self; 4] = [Self::Md5, Self::Sha1, Self::Sha256, Self::Blake3];

    /// Returns the stable name, as in records and bindings.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Md5 => "md5",
            Self::Sha1 => "sha1",
            Self::Sha256 => "sha256",
            #[cfg(feature = "sha512")]
            Self::Sha512 => "sha512",
            Self::Blake3 => "blake3",
        }
    }

    /// Returns the number of bits of a digest.
    #[must_use]
    pub fn bits(self) -> usize {
        match self {
            Self::Md5 => 128,
            Self::Sha1 => 160,
            Self::Sha256 | Self::Blake3 => 256,
            #[cfg(feature = "sha512")]
            Self::Sha512 => 512,
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
            Error::UnknownAlgorithm {
                name: name.to_owned(),
                known: Self::ALL.map(Self::name).join(", "),
            }
        })
    }
}

/// A digest of bytes, with its algorithm.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(
    feature = "serde",
    serde(try_from = "crate::serde_repr::DigestRepr", into = "crate::serde_repr::DigestRepr")
)]
pub struct Digest {
    /// The algorithm.
    pub algorithm: DigestAlgorithm,
    bytes: Vec<u8>,
}

impl Digest {
    /// Creates a digest that was computed elsewhere, from its lower-case hexadecimal digits.
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
    ///
    /// [`Error::InvalidHash`] unless the text is the algorithm's number of lower-case hexadecimal
    /// digits.
    pub fn from_parts(algorithm: DigestAlgorithm, hex: &str) -> Result<Self, Error> {
        if hex.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return Err(Error::InvalidHash {
                detail: "digests are written in lower case".to_owned(),
            });
        }
        let bits = BitHash::from_hex_of(algorithm.bits(), hex)?;
        Ok(Self { algorithm, bytes: bits.as_bytes().to_vec() })
    }

    /// Returns the bytes, [`DigestAlgorithm::bits`] / 8 of them.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Returns the lower-case hexadecimal digits.
    #[must_use]
    pub fn to_hex(&self) -> String {
        hex(&self.bytes)
    }
}

/// Computes digests of bytes that arrive in chunks of any length, in constant memory.
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
    // Boxed, because every move would leave a copy of the last bytes in memory.
    hashers: Box<Hashers>,
}

#[derive(Debug, Clone, Default)]
struct Hashers {
    md5: Option<md5::Md5>,
    sha1: Option<sha1::Sha1>,
    sha256: Option<sha2::Sha256>,
    #[cfg(feature = "sha512")]
    sha512: Option<sha2::Sha512>,
    blake3: Option<blake3::Hasher>,
}

impl Drop for Hashers {
    fn drop(&mut self) {
        // The other hashers zeroize themselves.
        self.blake3.zeroize();
    }
}

impl Digester {
    /// Creates a digester for these algorithms; duplicates are computed once.
    #[must_use]
    pub fn new(algorithms: &[DigestAlgorithm]) -> Self {
        let wants = |algorithm| algorithms.contains(&algorithm);
        let hashers = Hashers {
            md5: wants(DigestAlgorithm::Md5).then(md5::Md5::new),
            sha1: wants(DigestAlgorithm::Sha1).then(sha1::Sha1::new),
            sha256: wants(DigestAlgorithm::Sha256).then(sha2::Sha256::new),
            #[cfg(feature = "sha512")]
            sha512: wants(DigestAlgorithm::Sha512).then(sha2::Sha512::new),
            blake3: wants(DigestAlgorithm::Blake3).then(blake3::Hasher::new),
        };
        Self { hashers: Box::new(hashers) }
    }

    /// Adds the next bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        let Hashers {
            md5,
            sha1,
            sha256,
            #[cfg(feature = "sha512")]
            sha512,
            blake3,
        } = &mut *self.hashers;
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
            #[cfg(feature = "sha512")]
            if let Some(sha512) = sha512 {
                sha512.update(chunk);
            }
            if let Some(blake3) = blake3 {
                blake3.update(chunk);
            }
        }
        wipe_stack::<STACK_WORDS>();
    }

    /// Returns the digests of all bytes, in the order of [`DigestAlgorithm::ALL`].
    #[must_use]
    pub fn finalize(mut self) -> Vec<Digest> {
        let Hashers {
            md5,
            sha1,
            sha256,
            #[cfg(feature = "sha512")]
            sha512,
            blake3,
        } = &mut *self.hashers;
        let digest = |algorithm, bytes: &[u8]| Digest { algorithm, bytes: bytes.to_vec() };
        let digests = [
            md5.as_mut().map(|md5| digest(DigestAlgorithm::Md5, &md5.finalize_reset())),
            sha1.as_mut().map(|sha1| digest(DigestAlgorithm::Sha1, &sha1.finalize_reset())),
            sha256.as_mut().map(|sha256| digest(DigestAlgorithm::Sha256, &sha256.finalize_reset())),
            #[cfg(feature = "sha512")]
            sha512.as_mut().map(|sha512| digest(DigestAlgorithm::Sha512, &sha512.finalize_reset())),
            blake3
                .as_ref()
                .map(|blake3| digest(DigestAlgorithm::Blake3, blake3.finalize().as_bytes())),
        ];
        wipe_stack::<STACK_WORDS>();
        digests.into_iter().flatten().collect()
    }

    /// Reads a reader to its end and returns the number of bytes. After every chunk, `observe`
    /// receives the number of bytes read so far; breaking cancels.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] if the reader fails, [`Error::Cancelled`] if `observe` breaks.
    ///
    /// ```
    /// use std::ops::ControlFlow;
    /// use ownprint_hash::{DigestAlgorithm, Digester};
    ///
    /// let mut digester = Digester::new(&DigestAlgorithm::ALL);
    /// let bytes = digester.read(&[7u8; 100_000][..], |_so_far| ControlFlow::Continue(()))?;
    /// assert_eq!((bytes, digester.finalize().len()), (100_000, DigestAlgorithm::ALL.len()));
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

/// Passes everything that a reader yields to `take`, until it breaks or fails.
///
/// # Errors
///
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
