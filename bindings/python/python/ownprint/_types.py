"""The results of a call: images, hashes, digests, videos, warnings."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, NamedTuple

from ownprint import _ownprint
from ownprint._errors import DecodeError

if TYPE_CHECKING:
    from typing import Self

__all__ = [
    "Diagnostic",
    "Digest",
    "Fingerprint",
    "FingerprintRecord",
    "ImageInfo",
    "PdqHash",
    "PerceptualHash",
    "SkippedVariant",
    "VariantHash",
    "VariantHashes",
    "VideoFingerprint",
    "VpdqFeature",
    "VpdqFrame",
]


class PdqHash(NamedTuple):
    """A PDQ hash and its quality. Always send them together: exchanges discard hashes of a quality
    below 50."""

    hash: str
    """The hash in 64 hexadecimal digits."""
    quality: int
    """The quality, 0 to 100: how much detail the hash is based on."""


@dataclass(frozen=True, slots=True)
class PerceptualHash:
    """The hash of an image under one algorithm."""

    algorithm: str
    """The stable name of the algorithm."""
    values: tuple[str, ...]
    """The hashes in hexadecimal digits: one, eight of a dihedral set, or one for each region."""
    quality: int | None = None
    """The quality, 0 to 100, for algorithms that compute it."""

    @property
    def hash(self) -> str:
        """The first hash, which is the only one of most algorithms."""
        return self.values[0]


@dataclass(frozen=True, slots=True)
class Digest:
    """The digest of the bytes of a file."""

    algorithm: str
    """The stable name of the algorithm."""
    hex: str
    """The digest in hexadecimal digits."""


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """A warning or an error: a stable code, and a sentence."""

    code: str
    """The stable code, in kebab case."""
    message: str
    """A sentence for people; empty for warnings that were read from CSV."""


@dataclass(frozen=True, slots=True)
class ImageInfo:
    """The properties of a decoded image."""

    format: str | None
    """The stable name of the file format; `None` for pixels."""
    width: int
    """Pixels in a row, as hashed."""
    height: int
    """Number of rows, as hashed."""
    orientation: int
    """The EXIF orientation that the file or the caller states, 1 to 8."""
    stored_width: int
    """Pixels in a row, as stored."""
    stored_height: int
    """Number of rows, as stored."""
    orientation_applied: bool
    """Whether the orientation was applied before hashing."""
    damaged: bool = False
    """Whether only part of the file could be decoded; only if damaged files were accepted."""
    rgb_md5: str | None = None
    """MD5 of the hashed RGB bytes, if requested."""
    deterministic: bool = True
    """Whether every device computes the same bits from this file."""


@dataclass(frozen=True, slots=True)
class VariantHash:
    """The PDQ hash of one variant of an image."""

    variant: str
    """The name of the variant; `original` for the unchanged image."""
    hash: str
    """The hash in 64 hexadecimal digits."""
    quality: int
    """The quality of the edited image, 0 to 100."""


@dataclass(frozen=True, slots=True)
class SkippedVariant:
    """A variant that has no hash in the set."""

    variant: str
    """The name of the variant."""
    reason: str
    """`quality` if the quality is too low, `near` if an earlier variant has nearly this hash."""
    quality: int | None = None
    """That quality."""
    to: str | None = None
    """The name of that earlier variant."""
    distance: int | None = None
    """The number of bits that differ from it."""


@dataclass(frozen=True, slots=True)
class VariantHashes:
    """The hashes of a set of variants of one image."""

    set: str | None
    """The name of the set; `None` for variants that were named one by one."""
    hashes: tuple[VariantHash, ...]
    """The hashes: the unchanged image first."""
    skipped: tuple[SkippedVariant, ...] = ()
    """The variants of the set that were skipped."""


@dataclass(frozen=True, slots=True)
class VpdqFeature:
    """The PDQ hash of a frame of a video, with its quality and time."""

    hash: str
    """The hash in 64 hexadecimal digits."""
    quality: int
    """The quality of the frame, 0 to 100; comparisons of videos skip frames below 50."""
    seconds: float
    """Seconds from the start of the video."""


@dataclass(frozen=True, slots=True)
class VpdqFrame(VpdqFeature):
    """A feature with the number of its frame."""

    frame: int
    """The number of the frame, from 0."""


@dataclass(frozen=True, slots=True)
class VideoFingerprint:
    """A video and the PDQ hashes of its frames."""

    format: str
    """The stable name of the container, such as `mp4`."""
    codec: str
    """The stable name of the codec, such as `h264`."""
    width: int
    """Pixels in a row, as stored."""
    height: int
    """Number of rows, as stored."""
    frames: int
    """The number of frames that the container lists."""
    frame_rate: tuple[int, int]
    """The average frame rate as a fraction: frames, and the seconds that they take."""
    vpdq: tuple[VpdqFrame, ...]
    """The frames that were hashed."""
    damaged: bool = False
    """Whether only part of the video could be decoded; only if damaged files were accepted."""


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """The hashes and digests of one file, or of pixels.

    The digests are always there. If the file could not be decoded, `image` is `None`, and `error`
    or a warning has the reason.
    """

    image: ImageInfo | None = None
    """The decoded image; `None` for a file that was not decoded as an image."""
    hashes: tuple[PerceptualHash, ...] = ()
    """The perceptual hashes, in the order of `capabilities()`."""
    variants: VariantHashes | None = None
    """The hashes of the variants of the image, if requested."""
    video: VideoFingerprint | None = None
    """The video and the hashes of its frames, if requested."""
    digests: tuple[Digest, ...] = ()
    """The digests of the bytes of the file; none for pixels."""
    warnings: tuple[Diagnostic, ...] = ()
    """The warnings about this result."""
    error: Diagnostic | None = None
    """Why requested hashes are missing: the file is damaged, truncated, or exceeds a limit."""
    decoder: str = "ownprint"
    """`platform` in a record of an image that a browser or an operating system decoded."""
    decoder_revision: int | None = None
    """The revision of the decoder of this package that made the pixels; `None` for pixels.

    Two fingerprints of one file with the same revision have the same hashes.
    """

    @property
    def pdq(self) -> PdqHash | None:
        """The PDQ hash and its quality, if there is one.

        >>> import ownprint
        >>> grey = bytes(range(256)) * 256
        >>> ownprint.fingerprint(b"P5 256 256 255 " + grey).pdq.quality
        44
        """
        found = self.hash("pdq")
        return (
            None if found is None or found.quality is None else PdqHash(found.hash, found.quality)
        )

    def hash(self, algorithm: str) -> PerceptualHash | None:
        """Return the hash of one algorithm by its shortest name, if it was requested."""
        return next((hash for hash in self.hashes if hash.algorithm == algorithm), None)

    def digest(self, algorithm: str) -> str | None:
        """Return the digest of one algorithm in hexadecimal digits, if it was requested.

        >>> import ownprint
        >>> ownprint.fingerprint(b"not an image").digest("md5")
        'f4d3390ee84008b4b4192b3a93bfa089'
        """
        found = (digest.hex for digest in self.digests if digest.algorithm == algorithm)
        return next(found, None)

    def raise_for_error(self) -> Self:
        """Return this fingerprint, or raise `DecodeError` if requested hashes are missing."""
        if self.error is not None:
            raise DecodeError(self.error.code, self.error.message)
        return self

    def to_record(self, path: str | None = None) -> FingerprintRecord:
        """Return the record of this fingerprint, for a file with this path or name."""
        parts = {field.name: getattr(self, field.name) for field in fields(Fingerprint)}
        return FingerprintRecord(**parts, path=path)

    def to_dict(self) -> dict[str, Any]:
        """Return the record as a dictionary with the members of its JSON."""
        record: dict[str, Any] = json.loads(self.to_json())
        return record

    def to_json(self) -> str:
        """Return the record as a JSON object on one line, as `ownprint hash` writes it.

        >>> import ownprint
        >>> ownprint.Fingerprinter(digests=["md5"]).fingerprint(b"not an image").to_json()[:23]
        '{"schema":1,"hashes":{}'
        """
        from ownprint._record import to_members

        return _ownprint.read_record(json.dumps(to_members(self)))


@dataclass(frozen=True, slots=True)
class FingerprintRecord(Fingerprint):
    """The record of one file: one line of JSON, or one row of CSV."""

    path: str | None = None
    """The path of the file, or another name for it."""

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Parse one record, strictly.

        >>> import ownprint
        >>> text = ownprint.fingerprint(b"not an image").to_record("note.txt").to_json()
        >>> ownprint.FingerprintRecord.from_json(text).path
        'note.txt'

        Raises `RecordError` with line and column.
        """
        from ownprint._record import record_of

        return record_of(cls, json.loads(_ownprint.read_record(text)))

    @classmethod
    def from_dict(cls, record: dict[str, Any]) -> Self:
        """Build a record from a dictionary with the members of its JSON, strictly."""
        return cls.from_json(json.dumps(record))
