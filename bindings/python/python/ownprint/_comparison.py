"""Distances between hashes, and comparison of videos."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias, Union

from ownprint import _ownprint
from ownprint._errors import HashError
from ownprint._types import (
    PdqHash,
    PerceptualHash,
    VariantHashes,
    VideoFingerprint,
    VpdqFeature,
)

__all__ = [
    "Comparison",
    "RegionComparison",
    "VideoComparison",
    "VpdqThresholds",
    "compare",
    "compare_regions",
    "compare_variants",
    "compare_videos",
    "distance",
]

HashLike: TypeAlias = Union[str, bytes, PdqHash, PerceptualHash]
"""A hash: hexadecimal digits, packed bits, or a result of this package."""

Video: TypeAlias = Union[VideoFingerprint, Iterable[VpdqFeature]]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The distance between two hashes of one algorithm."""

    algorithm: str
    """The stable name of the algorithm of both hashes."""
    distance: int
    """The number of bits that differ."""
    bits: int
    """Bits of one hash."""
    threshold: int
    """The largest distance of two hashes that match."""
    is_match: bool
    """Whether the distance is within the threshold, and no known quality is below 50."""
    variant: str | None = None
    """The name of the nearest variant, if a set of variants was compared."""
    query_variant: str | None = None
    """The name of the nearest variant of the image that is looked up, if it has a set."""


@dataclass(frozen=True, slots=True)
class RegionComparison:
    """How many regions two images have in common."""

    found: int
    """The number of regions of the first image that are found in the second."""
    distance: int
    """The sum of the distances of those regions."""
    is_match: bool
    """Whether the images match."""


@dataclass(frozen=True, slots=True)
class VideoComparison:
    """How many frames two videos have in common."""

    query_percent: float
    """Percentage of the frames of the query that match a frame of the compared video."""
    compared_percent: float
    """Percentage of the frames of the compared video that match a frame of the query."""
    is_match: bool
    """Whether the videos match."""


@dataclass(frozen=True, slots=True)
class VpdqThresholds:
    """When two frames, and two videos, match. A field that is `None` keeps the core's default,
    which is that of python-threatexchange."""

    quality: int | None = None
    """The minimum quality; frames below it are ignored in both videos."""
    distance: int | None = None
    """The largest distance of matching frames."""
    query_percent: float | None = None
    """Minimum percentage of the frames of the query."""
    compared_percent: float | None = None
    """Minimum percentage of the frames of the compared video."""


def compare(a: HashLike, b: HashLike, algorithm: str | None = None) -> Comparison:
    """Compare two hashes under an algorithm: by default that of a `PerceptualHash`, or PDQ.

    A hash is a `PdqHash` or `PerceptualHash`, hexadecimal digits, or packed bits. If a hash has a
    quality below 50, the comparison is no match.

    >>> import ownprint
    >>> comparison = ownprint.compare("0f" * 32, "0f" * 31 + "ff")
    >>> comparison.distance, comparison.is_match
    (4, True)
    >>> ownprint.compare("0f" * 32, ownprint.PdqHash("0f" * 32, 12)).is_match
    False

    Raises `HashError` for an unknown algorithm, for hashes of another length or of different
    algorithms, and for a `PerceptualHash` of several values.
    """
    named = algorithm or next(
        (it.algorithm for it in (a, b) if isinstance(it, PerceptualHash)), "pdq"
    )
    named = _ownprint.hash_info(named)[0]
    for it in (a, b):
        own = "pdq" if isinstance(it, PdqHash) else getattr(it, "algorithm", named)
        if own != named:
            raise HashError("not-comparable", f"expected a hash of {named}, found one of {own}")
    qualities = [it.quality for it in (a, b) if isinstance(it, (PdqHash, PerceptualHash))]
    known = [quality for quality in qualities if quality is not None]
    return Comparison(*_ownprint.compare(named, _value(a), _value(b), known))


def _value(hash: HashLike) -> str | bytes:
    """Return the digits or bits of a hash."""
    if isinstance(hash, PerceptualHash) and len(hash.values) != 1:
        detail = f"{hash.algorithm} has {len(hash.values)} hashes here; pass one of `values`"
        raise HashError("not-comparable", detail)
    return hash.hash if isinstance(hash, (PdqHash, PerceptualHash)) else hash


def compare_regions(
    a: Iterable[str], b: Iterable[str], algorithm: str = "crop-resistant"
) -> RegionComparison:
    """Compare two images that have one hash for each region."""
    return RegionComparison(*_ownprint.compare_regions(algorithm, list(a), list(b)))


def compare_variants(variants: VariantHashes | str, query: VariantHashes | str) -> Comparison:
    """Compare the nearest hashes of two images, and name their variants.

    Each argument is the set of an image's variants, or a PDQ hash. `query` is the image that is
    looked up; its set is `VariantSet.QUERY`. Hashes with a quality below 50 never match.

    >>> import ownprint
    >>> mirror = ownprint.VariantHash("mirror", "0f" * 32, 100)
    >>> found = ownprint.compare_variants("0f" * 32, ownprint.VariantHashes(None, (mirror,)))
    >>> found.distance, found.query_variant, found.is_match
    (0, 'mirror', True)
    """
    found, variant, query_variant = _ownprint.compare_variants(
        hashes_of(variants), hashes_of(query)
    )
    return Comparison(
        *found,
        variant=None if isinstance(variants, str) else variant,
        query_variant=None if isinstance(query, str) else query_variant,
    )


def hashes_of(variants: VariantHashes | str) -> list[tuple[str, str, int | None]]:
    """Return the hashes of variants, or one hash, as the native module takes them."""
    if isinstance(variants, str):
        return [("original", variants, None)]
    return [(it.variant, it.hash, it.quality) for it in variants.hashes]


def distance(a: HashLike, b: HashLike) -> int:
    """Return the number of bits that differ between two hashes of equal length.

    A hash is hexadecimal digits, packed bits, a `PdqHash` or a `PerceptualHash`.

    >>> import ownprint
    >>> ownprint.distance("ff00", "0f01"), ownprint.distance(bytes.fromhex("ff00"), "0f01")
    (5, 5)
    """
    return _ownprint.distance(_value(a), _value(b))


def compare_videos(
    query: Video, compared: Video, thresholds: VpdqThresholds | None = None
) -> VideoComparison:
    """Compare a video that is looked up with another one.

    >>> import ownprint
    >>> frame = ownprint.VpdqFeature("0f" * 32, 100, 0.0)
    >>> ownprint.compare_videos([frame], [frame]).is_match
    True
    """
    found = _ownprint.compare_videos(features_of(query), features_of(compared), thresholds)
    return VideoComparison(*found)


def features_of(video: Video) -> list[tuple[str, int, float]]:
    """Return the features of a video as the native module takes them."""
    frames = video.vpdq if isinstance(video, VideoFingerprint) else video
    return [(it.hash, it.quality, it.seconds) for it in frames]
