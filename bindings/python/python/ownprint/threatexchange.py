"""Signal types for python-threatexchange, with ownprint's hashes and index.

A program that lists its signal types replaces the import:

    from ownprint.threatexchange import PdqSignal, VideoMD5Signal, VPDQSignal

The names (`pdq`, `video_md5`, `vpdq`) are those of the stock types, so exchanges fill them. The
command line cannot replace a type that it has, so the extension adds types of other names:

    threatexchange config extensions add ownprint.threatexchange

`ownprint_pdq` and `ownprint_video_md5` are the types of PDQ and MD5 there, and `vpdq` is that of
vPDQ. This module needs PyPI `threatexchange` 1.2.
"""

from __future__ import annotations

import pathlib
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from ownprint._capabilities import VariantSet, hash_info
from ownprint._comparison import VpdqThresholds, compare, compare_videos
from ownprint._extras import extra
from ownprint._fingerprinter import Fingerprinter, VpdqOptions
from ownprint._index import Index
from ownprint._lists import threatexchange_line
from ownprint._ownprint import vpdq_thresholds
from ownprint._types import Fingerprint, VpdqFeature
from ownprint._video import read_vpdq_features, write_vpdq_features

with extra("threatexchange"):
    from threatexchange.content_type.content_base import ContentType
    from threatexchange.content_type.photo import PhotoContent
    from threatexchange.content_type.video import VideoContent
    from threatexchange.exchanges.impl.fb_threatexchange_signal import (
        HasFbThreatExchangeIndicatorType,
    )
    from threatexchange.extensions.manifest import ThreatExchangeExtensionManifest
    from threatexchange.signal_type import md5, signal_base
    from threatexchange.signal_type.index import (
        IndexMatch,
        IndexMatchUntyped,
        SignalSimilarityInfo,
        SignalSimilarityInfoWithIntDistance,
        SignalTypeIndex,
    )

if TYPE_CHECKING:
    from ownprint._fingerprinter import Source

__all__ = [
    "TX_MANIFEST",
    "PDQIndex",
    "PdqSignal",
    "VPDQIndex",
    "VPDQSignal",
    "VPDQSimilarityInfo",
    "VariantSimilarityInfo",
    "VideoMD5Signal",
]

T = TypeVar("T")


@dataclass
class VariantSimilarityInfo(SignalSimilarityInfoWithIntDistance):
    """The distance of a match, and the variant of the image that is this near."""

    query_variant: str

    def pretty_str(self) -> str:
        """Return the distance and the variant."""
        return f"{self.distance} ({self.query_variant})"


class PDQIndex(SignalTypeIndex[T]):
    """An index of PDQ hashes: exact, for millions of hashes.

    Queries find every entry within the threshold of PDQ, nearest first. They run in parallel on
    any number of threads.
    """

    def __init__(self, entries: Iterable[tuple[str, T]] = ()) -> None:
        super().__init__()
        self._index = Index("pdq")
        self._entries: list[T] = []
        self.add_all(entries)

    @classmethod
    def get_match_threshold(cls) -> int:
        """Return the largest distance of a match."""
        return hash_info("pdq").threshold

    def __len__(self) -> int:
        return len(self._entries)

    def query(
        self, query: str
    ) -> Sequence[IndexMatchUntyped[SignalSimilarityInfoWithIntDistance, T]]:
        """Return the entries within the threshold of a hash, nearest first."""
        info = SignalSimilarityInfoWithIntDistance
        return [
            IndexMatchUntyped(info(hit.distance), self._entries[hit.entry])
            for hit in self._index.query(query, self.get_match_threshold())
        ]

    def query_image(self, image: Source) -> Sequence[IndexMatchUntyped[VariantSimilarityInfo, T]]:
        """Return the entries within the threshold of an image or of its variants, nearest first.

        The variants undo likely edits: borders, screenshots, rotations, mirror images. `image` is
        a path or the bytes of a file. An image with a quality below 50 finds nothing.

        Raises `DecodeError` for a file that is damaged or no image.
        """
        variants = _query_fingerprinter().fingerprint(image).raise_for_error().variants
        if variants is None:
            return []
        return [
            IndexMatchUntyped(
                VariantSimilarityInfo(hit.distance, hit.query_variant), self._entries[hit.entry]
            )
            for hit in self._index.query_variants(variants, self.get_match_threshold())
        ]

    def add(self, signal_str: str, entry: T) -> None:
        """Add an entry; equal hashes are all kept."""
        self.add_all([(signal_str, entry)])

    def add_all(self, entries: Iterable[tuple[str, T]]) -> None:
        """Add many entries at once. If a hash is invalid, none is added."""
        added = list(entries)
        self._index.extend([(signal, "") for signal, _ in added])
        self._entries.extend(entry for _, entry in added)


class PdqSignal(
    signal_base.SimpleSignalType,
    signal_base.BytesHasher,
    HasFbThreatExchangeIndicatorType,
    signal_base.CanGenerateRandomSignal,
):
    """PDQ, a hash of images by which similar images match.

    As the stock type, the EXIF orientation of a file is ignored. Other than the stock type, images
    with a palette, of CMYK, and of 16 bits are hashed as they look.
    """

    INDICATOR_TYPE = "HASH_PDQ"

    @classmethod
    def get_content_types(cls) -> list[type[ContentType]]:
        """Return the content of this type: photos."""
        return [PhotoContent]

    @classmethod
    def get_index_cls(cls) -> type[PDQIndex[Any]]:
        """Return the class of the index."""
        return PDQIndex

    @classmethod
    def validate_signal_str(cls, signal_str: str) -> str:
        """Return a hash of 64 lowercase hexadecimal digits, or raise `ValueError`."""
        compare(signal_str, signal_str)
        if signal_str != signal_str.lower():
            raise ValueError("a PDQ hash must be in lowercase digits")
        return signal_str

    @classmethod
    def compare_hash(
        cls, hash1: str, hash2: str, pdq_dist_threshold: int | None = None
    ) -> signal_base.SignalComparisonResult:
        """Compare two hashes. `None` is the threshold of PDQ."""
        found = compare(hash1, hash2)
        threshold = found.threshold if pdq_dist_threshold is None else pdq_dist_threshold
        return signal_base.SignalComparisonResult.from_simple_dist(found.distance, threshold)

    @classmethod
    def hash_from_bytes(cls, bytes_: bytes) -> str:
        """Return the hash of an image, or an empty text if its quality is too low for exchanges.

        Raises `DecodeError` for a file that is damaged or no image.
        """
        return _pdq_of(_fingerprinter("pdq").fingerprint(bytes_))

    @classmethod
    def hash_from_file(cls, file: pathlib.Path) -> str:
        """Return the hash of an image file, as `hash_from_bytes`."""
        return _pdq_of(_fingerprinter("pdq").fingerprint(file))

    @classmethod
    def get_random_signal(cls) -> str:
        """Return a random hash."""
        return f"{random.getrandbits(256):064x}"

    @staticmethod
    def get_examples() -> list[str]:
        """Return hashes of photographs."""
        return [
            "8c739cdb99cb579246da24d2d84b98cb9f9c06901690e4c3e96b8b6bdf0c55b4",
            "b241f21934344db0e9a068fb9267924714340cb44d2ee8fbf2efb24fb37f0d34",
        ]


class VideoMD5Signal(md5.VideoMD5Signal):
    """MD5 of the bytes of a video file, with ownprint's digest."""

    @classmethod
    def hash_from_file(cls, file: pathlib.Path) -> str:
        """Return the MD5 of a file, in constant memory."""
        return _md5_of(_fingerprinter("md5").fingerprint(file))

    @classmethod
    def hash_from_bytes(cls, bytes_: bytes) -> str:
        """Return the MD5 of bytes."""
        return _md5_of(_fingerprinter("md5").fingerprint(bytes_))


@dataclass
class VPDQSimilarityInfo(SignalSimilarityInfo):
    """The share of each video that is found in the other."""

    query_match_percent: float
    compared_match_percent: float

    def pretty_str(self) -> str:
        """Return both percentages, as the stock type prints them."""
        return f"{self.query_match_percent:.0f}%[{self.compared_match_percent:.0f}%]"


class VPDQIndex(SignalTypeIndex[T], Generic[T]):
    """An index of videos by the PDQ hashes of their frames: exact."""

    def __init__(
        self,
        quality_threshold: int | None = None,
        query_match_threshold_pct: float | None = None,
        index_match_threshold_pct: float | None = None,
    ) -> None:
        """Create an empty index. A threshold that is `None` is that of vPDQ."""
        super().__init__()
        quality, distance, query_percent, compared_percent = vpdq_thresholds()
        if quality_threshold is not None:
            quality = quality_threshold
        if query_match_threshold_pct is not None:
            query_percent = query_match_threshold_pct
        if index_match_threshold_pct is not None:
            compared_percent = index_match_threshold_pct
        self._quality = quality
        self._thresholds = VpdqThresholds(quality, distance, query_percent, compared_percent)
        self._frames = Index("pdq")
        self._numbers: dict[str, int] = {}
        self._videos_of: list[list[int]] = []
        self._videos: list[tuple[list[VpdqFeature], T]] = []

    @classmethod
    def build(
        cls,
        entries: Iterable[tuple[str, T]],
        quality_threshold: int | None = None,
        query_match_threshold_pct: float | None = None,
        index_match_threshold_pct: float | None = None,
    ) -> VPDQIndex[T]:
        """Create an index of videos."""
        index = cls(quality_threshold, query_match_threshold_pct, index_match_threshold_pct)
        index.add_all(entries)
        return index

    def __len__(self) -> int:
        return len(self._videos)

    def add(self, signal_str: str, entry: T) -> None:
        """Add a video. Raises `ValueError` if no frame has the necessary quality."""
        features = self._usable(signal_str)
        if not features:
            raise ValueError("a video without frames of sufficient quality cannot be found")
        new = [it.hash for it in features if it.hash not in self._numbers]
        self._frames.extend([(hash, "") for hash in new])
        for hash in new:
            self._numbers[hash] = len(self._videos_of)
            self._videos_of.append([])
        for feature in features:
            self._videos_of[self._numbers[feature.hash]].append(len(self._videos))
        self._videos.append((features, entry))

    def query(self, query: str) -> list[IndexMatch[T]]:
        """Return the videos that match, with the share of each video that is found in the other."""
        features = self._usable(query)
        hits = self._frames.query_many(
            [it.hash for it in features], self._thresholds.distance, threads=1
        )
        candidates = {
            video for frames in hits for hit in frames for video in self._videos_of[hit.entry]
        }
        matches: list[IndexMatch[T]] = []
        for video in sorted(candidates):
            listed, entry = self._videos[video]
            found = compare_videos(features, listed, self._thresholds)
            if found.is_match:
                info = VPDQSimilarityInfo(found.query_percent, found.compared_percent)
                matches.append(IndexMatchUntyped(info, entry))
        return matches

    def _usable(self, signal_str: str) -> list[VpdqFeature]:
        """Return the features of sufficient quality, equal hashes once."""
        video = read_vpdq_features(signal_str) if signal_str else []
        features = [it for it in video if it.quality >= self._quality]
        return list({it.hash: it for it in reversed(features)}.values())[::-1]


class VPDQSignal(signal_base.SimpleSignalType, signal_base.FileHasher):
    """vPDQ, the PDQ hashes of the frames of a video.

    The stock type decodes with ffmpeg. This one needs no other program.
    """

    @classmethod
    def get_content_types(cls) -> list[type[ContentType]]:
        """Return the content of this type: videos."""
        return [VideoContent]

    @classmethod
    def get_index_cls(cls) -> type[VPDQIndex[Any]]:
        """Return the class of the index."""
        return VPDQIndex

    @classmethod
    def validate_signal_str(cls, signal_str: str) -> str:
        """Return the features of a video in JSON, or raise `ValueError`."""
        read_vpdq_features(signal_str)
        return signal_str

    @classmethod
    def hash_from_file(cls, file: pathlib.Path, seconds_per_hash: float = 1) -> str:
        """Return the features of a video in JSON.

        Raises `DecodeError` for a video that is damaged or that ownprint does not decode.
        """
        fingerprint = _video_fingerprinter(seconds_per_hash).fingerprint(file).raise_for_error()
        return write_vpdq_features(fingerprint.video or [])

    @classmethod
    def compare_hash(
        cls,
        hash1: str,
        hash2: str,
        query_match_pct_thresh: float | None = None,
        compare_match_pct_thresh: float | None = None,
    ) -> signal_base.SignalComparisonResult:
        """Compare a video with another one. A threshold that is `None` is that of vPDQ."""
        thresholds = VpdqThresholds(
            query_percent=query_match_pct_thresh, compared_percent=compare_match_pct_thresh
        )
        found = compare_videos(read_vpdq_features(hash1), read_vpdq_features(hash2), thresholds)
        info = VPDQSimilarityInfo(found.query_percent, found.compared_percent)
        return signal_base.SignalComparisonResult(found.is_match, info)

    @staticmethod
    def get_examples() -> list[str]:
        """Return the features of a video."""
        frames = enumerate(PdqSignal.get_examples())
        return [write_vpdq_features([VpdqFeature(hash, 100, float(at)) for at, hash in frames])]


class _ExtensionPdqSignal(PdqSignal):
    """PDQ for the command line, which has a type `pdq`."""

    @classmethod
    def get_name(cls) -> str:
        return f"ownprint_{PdqSignal.get_name()}"


class _ExtensionVideoMD5Signal(VideoMD5Signal):
    """MD5 for the command line, which has a type `video_md5`."""

    @classmethod
    def get_name(cls) -> str:
        return f"ownprint_{VideoMD5Signal.get_name()}"


TX_MANIFEST = ThreatExchangeExtensionManifest(
    signal_types=(_ExtensionPdqSignal, _ExtensionVideoMD5Signal, VPDQSignal),
)
"""The extension for the command line."""


@cache
def _fingerprinter(algorithm: str) -> Fingerprinter:
    if algorithm == "md5":
        return Fingerprinter(hashes=[], digests=["md5"])
    return Fingerprinter(hashes=[algorithm], digests=[], orientation="ignore")


@cache
def _query_fingerprinter() -> Fingerprinter:
    variants = VariantSet.QUERY
    return Fingerprinter(hashes=["pdq"], digests=[], variants=variants, orientation="ignore")


@cache
def _video_fingerprinter(seconds_per_hash: float) -> Fingerprinter:
    options = VpdqOptions(seconds_per_hash=seconds_per_hash)
    return Fingerprinter(hashes=["vpdq"], digests=[], vpdq=options)


def _pdq_of(fingerprint: Fingerprint) -> str:
    hash = fingerprint.raise_for_error().hashes[0]
    # The core knows which qualities exchanges accept.
    return "" if threatexchange_line(hash) is None else hash.hash


def _md5_of(fingerprint: Fingerprint) -> str:
    return fingerprint.digest("md5") or ""
