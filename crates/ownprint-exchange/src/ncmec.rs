//! The names of hash types in NCMEC's hash sharing.

use ownprint_hash::{DigestAlgorithm, HashAlgorithm};

/// A hash type of NCMEC's hash sharing API, version 2, as of October 2024.
///
/// ```
/// use ownprint_exchange::NcmecHashName;
/// use ownprint_hash::{DigestAlgorithm, HashAlgorithm};
///
/// let pdq: NcmecHashName = "PDQ".parse()?;
/// assert_eq!(pdq.hash_algorithm(), Some(HashAlgorithm::PDQ));
/// assert_eq!(NcmecHashName::of_digest(DigestAlgorithm::Sha1).unwrap().name(), "SHA1");
/// # Ok::<(), ownprint_exchange::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NcmecHashName {
    /// MD5 of the file.
    Md5,
    /// SHA-1 of the file.
    Sha1,
    /// Microsoft `PhotoDNA`; not computed by this library.
    PhotoDna,
    /// PDQ.
    Pdq,
    /// `NetClean`; not computed by this library.
    NetClean,
    /// Videntifier; not computed by this library.
    Videntifier,
    /// TMK+PDQF of a video; not computed by this library.
    TmkPdqf,
    /// `PhotoDNA` of the scenes of a video; not computed by this library.
    SsvhPhotoDna,
    /// Safer's hash of the scenes of a video; not computed by this library.
    SsvhSaferHash,
}

impl NcmecHashName {
    /// All types.
    pub const ALL: [Self; 9] = [
        Self::Md5,
        Self::Sha1,
        Self::PhotoDna,
        Self::Pdq,
        Self::NetClean,
        Self::Videntifier,
        Self::TmkPdqf,
        Self::SsvhPhotoDna,
        Self::SsvhSaferHash,
    ];

    /// Returns the name in NCMEC's records.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Md5 => "MD5",
            Self::Sha1 => "SHA1",
            Self::PhotoDna => "PDNA",
            Self::Pdq => "PDQ",
            Self::NetClean => "NETCLEAN",
            Self::Videntifier => "VIDENTIFIER",
            Self::TmkPdqf => "TMK_PDQF",
            Self::SsvhPhotoDna => "SSVH_PDNA",
            Self::SsvhSaferHash => "SSVH_SAFER_HASH",
        }
    }

    /// Returns the perceptual hash algorithm, if this library computes it.
    #[must_use]
    pub fn hash_algorithm(self) -> Option<HashAlgorithm> {
        (self == Self::Pdq).then_some(HashAlgorithm::PDQ)
    }

    /// Returns the digest algorithm, if the type is a digest.
    #[must_use]
    pub fn digest_algorithm(self) -> Option<DigestAlgorithm> {
        DigestAlgorithm::ALL.into_iter().find(|&digest| Self::of_digest(digest) == Some(self))
    }

    /// Returns the type for hashes of `algorithm`: PDQ for `pdq` and `pdq-512`, `None` for others.
    #[must_use]
    pub fn of_hash(algorithm: HashAlgorithm) -> Option<Self> {
        [HashAlgorithm::PDQ, HashAlgorithm::PDQ_512].contains(&algorithm).then_some(Self::Pdq)
    }

    /// Returns the type for digests of `algorithm`; `None` for others.
    #[must_use]
    pub fn of_digest(algorithm: DigestAlgorithm) -> Option<Self> {
        match algorithm {
            DigestAlgorithm::Md5 => Some(Self::Md5),
            DigestAlgorithm::Sha1 => Some(Self::Sha1),
            // NCMEC lists no other digest.
            _ => None,
        }
    }
}

impl std::fmt::Display for NcmecHashName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.name())
    }
}

impl std::str::FromStr for NcmecHashName {
    type Err = ownprint_hash::Error;

    /// Parses a name as NCMEC's records contain it, in capitals.
    fn from_str(name: &str) -> Result<Self, ownprint_hash::Error> {
        Self::ALL.into_iter().find(|kind| kind.name() == name).ok_or_else(|| {
            ownprint_hash::Error::UnknownAlgorithm {
                name: name.to_owned(),
                known: Self::ALL.map(Self::name).join(", "),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_hashes_and_digests_round_trip() {
        for kind in NcmecHashName::ALL {
            assert_eq!(kind.name().parse::<NcmecHashName>().unwrap(), kind);
            if let Some(hash) = kind.hash_algorithm() {
                assert_eq!(NcmecHashName::of_hash(hash), Some(kind));
            }
            if let Some(digest) = kind.digest_algorithm() {
                assert_eq!(NcmecHashName::of_digest(digest), Some(kind));
            }
        }
        assert_eq!("pdq".parse::<NcmecHashName>().unwrap_err().code(), "unknown-algorithm");
    }
}
