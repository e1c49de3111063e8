"""The names of algorithms, and what this build computes and decodes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from ownprint import _ownprint

__all__ = [
    "Capabilities",
    "DigestAlgorithm",
    "DigestInfo",
    "FormatInfo",
    "HashAlgorithm",
    "HashInfo",
    "VariantSet",
    "capabilities",
    "hash_info",
]


class HashAlgorithm:
    """The names of the perceptual hashes, with their default parameters.

    A name may carry other parameters, for example `phash:16`.
    """

    PDQ: Final = "pdq"
    PDQ_512: Final = "pdq-512"
    PDQ_DIHEDRAL: Final = "pdq-dihedral"
    PDQ_512_DIHEDRAL: Final = "pdq-512-dihedral"
    AHASH: Final = "ahash"
    DHASH: Final = "dhash"
    DHASH_VERTICAL: Final = "dhash-vertical"
    PHASH: Final = "phash"
    PHASH_SIMPLE: Final = "phash-simple"
    WHASH: Final = "whash"
    COLORHASH: Final = "colorhash"
    CROP_RESISTANT: Final = "crop-resistant"
    IMG_HASH_MEAN: Final = "img-hash-mean"
    IMG_HASH_GRADIENT: Final = "img-hash-gradient"
    IMG_HASH_VERTICAL_GRADIENT: Final = "img-hash-vertical-gradient"
    IMG_HASH_DOUBLE_GRADIENT: Final = "img-hash-double-gradient"
    BLOCKHASH: Final = "blockhash"
    VPDQ: Final = "vpdq"


class VariantSet:
    """The names of the predefined sets of variants; see `docs/coverage.md`."""

    COMPACT: Final = "compact"
    """8 hashes of an image on a list."""
    STANDARD: Final = "standard"
    """16 hashes of an image on a list."""
    WIDE: Final = "wide"
    """32 hashes of an image on a list."""
    QUERY: Final = "query"
    """Up to 32 hashes of an image that is looked up."""
    QUERY_WIDE: Final = "query-wide"
    """Up to 124 hashes of an image that is looked up in a list of images with sets."""


class DigestAlgorithm:
    """The names of the digests."""

    MD5: Final = "md5"
    SHA1: Final = "sha1"
    SHA256: Final = "sha256"
    SHA512: Final = "sha512"
    BLAKE3: Final = "blake3"


@dataclass(frozen=True, slots=True)
class HashInfo:
    """The properties of a perceptual hash."""

    name: str
    """The stable name, in its shortest form."""
    bits: int
    """Bits of one hash."""
    hashes: int | None
    """Hashes of one image; `None` where the image determines the number."""
    threshold: int
    """The largest distance of two hashes that match."""
    reference: str
    """The implementation whose hashes these equal bit for bit."""


@dataclass(frozen=True, slots=True)
class DigestInfo:
    """The properties of a digest."""

    name: str
    """The stable name."""
    bits: int
    """Bits of one digest."""


@dataclass(frozen=True, slots=True)
class FormatInfo:
    """The properties of an image format."""

    name: str
    """The stable name."""
    decoded: bool
    """Whether this build decodes it."""
    deterministic: str
    """`always`, or `lossless` if only lossless images have the same pixels on every machine."""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What this build computes and decodes."""

    hashes: tuple[HashInfo, ...]
    """The perceptual hashes, with their default parameters."""
    digests: tuple[DigestInfo, ...]
    """The digests."""
    formats: tuple[FormatInfo, ...]
    """The image formats that are recognized."""
    defaults: tuple[str, ...]
    """The names of the hashes and digests that are computed by default."""


@lru_cache(maxsize=1)
def capabilities() -> Capabilities:
    """Return what this build computes and decodes, and what it computes by default.

    >>> import ownprint
    >>> ownprint.capabilities().defaults
    ('pdq', 'vpdq', 'md5', 'sha256', 'blake3')
    """
    members = json.loads(_ownprint.capabilities())
    return Capabilities(
        tuple(HashInfo(**it) for it in members["hashes"]),
        tuple(DigestInfo(**it) for it in members["digests"]),
        tuple(FormatInfo(**it) for it in members["formats"]),
        tuple(members["defaults"]),
    )


@lru_cache(maxsize=256)
def hash_info(name: str) -> HashInfo:
    """Return the properties of the hash algorithm with this name, parameters included.

    >>> import ownprint
    >>> ownprint.hash_info("phash:16").bits
    256

    Raises `HashError` with the code `unknown-algorithm`.
    """
    return HashInfo(*_ownprint.hash_info(name))
