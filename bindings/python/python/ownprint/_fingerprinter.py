"""Fingerprints of files, bytes, file objects and pixels."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, Union

from ownprint import _input, _ownprint
from ownprint._ownprint import CancelToken
from ownprint._record import fingerprint_of
from ownprint._types import Fingerprint, PdqHash

if TYPE_CHECKING:
    from PIL.Image import Image

    from ownprint._input import Array, BytesLike, PixelFormat, Readable

    PixelSource: TypeAlias = Union[Array, Image]
    Source: TypeAlias = Union[str, os.PathLike[str], BytesLike, Readable, PixelSource]

__all__ = [
    "DigestStream",
    "FingerprintStream",
    "Fingerprinter",
    "Limits",
    "VpdqOptions",
    "digest_stream",
    "fingerprint",
    "pdq",
]

Progress: TypeAlias = Callable[[int], object]


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits on an image, checked before memory is allocated for it.

    A field that is `None` keeps the core's default.
    """

    file_bytes: int | None = None
    """Length of the encoded file in bytes."""
    width: int | None = None
    """Width in pixels, as stored."""
    height: int | None = None
    """Height in pixels, as stored."""
    pixels: int | None = None
    """Width times height."""
    memory: int | None = None
    """Bytes of decoded samples."""
    expansion: int | None = None
    """Bytes of RGB for each byte of the file, in images of more than 60 megapixels."""


@dataclass(frozen=True, slots=True)
class VpdqOptions:
    """Which frames of a video are hashed. A field that is `None` keeps the core's default."""

    seconds_per_hash: float | None = None
    """Seconds from one hashed frame to the next; 0 hashes every frame."""
    prune: int | None = None
    """Skips a frame whose hash differs by so few bits from that of the last retained one."""


@dataclass(frozen=True, slots=True)
class _Options:
    hashes: tuple[str, ...] | None
    digests: tuple[str, ...] | None
    variants: tuple[str, ...] | None
    orientation: str | None
    accept_damaged: bool
    rgb_md5: bool
    limits: Limits | None
    vpdq: VpdqOptions | None


class Fingerprinter:
    """Computes hashes and digests. One object serves any number of threads.

    >>> import ownprint
    >>> fingerprinter = ownprint.Fingerprinter(hashes=["pdq", "phash:16"], digests=["sha256"])
    >>> fingerprint = fingerprinter.fingerprint(b"P5 16 16 255 " + bytes(range(256)))
    >>> [hash.algorithm for hash in fingerprint.hashes]
    ['pdq', 'phash:16']
    """

    __slots__ = ("_core", "_options")

    def __init__(
        self,
        *,
        hashes: Iterable[str] | None = None,
        digests: Iterable[str] | None = None,
        variants: str | Iterable[str] | None = None,
        orientation: Literal["apply", "ignore"] | None = None,
        accept_damaged: bool = False,
        rgb_md5: bool = False,
        limits: Limits | None = None,
        vpdq: VpdqOptions | None = None,
    ) -> None:
        """Set what to compute. An argument that is `None` keeps the core's default.

        `hashes` are names of perceptual hashes, `vpdq` for videos, or `all`; `digests` are names
        of digests, or `all`. `variants` is the name of a set (`VariantSet`), or names of variants.
        `orientation` says whether the EXIF orientation is applied before
        hashing. `accept_damaged` hashes the part of a damaged file that can be decoded, with a
        warning. `rgb_md5` adds the MD5 of the hashed RGB bytes.

        Raises `HashError` for an unknown name.
        """
        self._options = _Options(
            _names(hashes),
            _names(digests),
            _names(variants),
            orientation,
            accept_damaged,
            rgb_md5,
            limits,
            vpdq,
        )
        self._core = _ownprint.Fingerprinter(self._options)

    def fingerprint(
        self,
        source: Source,
        *,
        format: PixelFormat | None = None,
        orientation: int = 1,
        cancel: CancelToken | None = None,
        progress: Progress | None = None,
    ) -> Fingerprint:
        """Fingerprint a file, or pixels.

        * A `str` or `os.PathLike` is the path of a file.
        * `bytes`, `bytearray`, `memoryview`, `mmap` and one-dimensional arrays are the bytes of a
          file. `bytes` are not copied.
        * An object with `read` is a file in binary mode. It is read from its position, and not
          closed.
        * An array of height x width or height x width x 1, 3 or 4 is pixels of grey, RGB or RGBA,
          of any strides. `format` states another order. Adjacent pixels are not copied. Do not
          change the array during the call.
        * An image of Pillow is pixels, as Pillow decoded them.

        `orientation` is the EXIF orientation of pixels. `cancel` ends the call from another thread.
        `progress` is called with the number of bytes read, about once a megabyte.

        An image that cannot be decoded is no exception: its digests are returned, and
        `Fingerprint.error` says why the hashes are missing. Raises `FileError`, `PixelsError` and
        `CancelledError`.
        """
        if isinstance(source, (str, os.PathLike)):
            text = self._core.file(source, cancel, progress)
        elif isinstance(source, bytes):
            text = self._core.bytes(source, cancel, progress)
        elif _input.is_pillow(source):
            data, size, mode = _input.pixels_of(source)
            text = self._core.pixels(data, size, mode, None, orientation, cancel)
        elif _input.is_array(source):
            array = _input.array_of(source)
            if array.ndim == 1:
                text = self._core.file_object(_input.file_in(array), cancel, progress)
            else:
                core_format = _input.core_format(format)
                text = self._core.array(array, core_format, orientation, cancel)
        elif hasattr(source, "read") and not _is_buffer(source):
            text = self._core.file_object(source, cancel, progress)
        else:
            text = self._core.file_object(_input.BufferReader(source), cancel, progress)
        return fingerprint_of(json.loads(text))

    def fingerprint_pixels(
        self,
        data: BytesLike,
        width: int,
        height: int,
        format: PixelFormat,
        *,
        stride: int | None = None,
        orientation: int = 1,
        cancel: CancelToken | None = None,
    ) -> Fingerprint:
        """Fingerprint pixels in a buffer: rows from top to bottom, `stride` bytes apart.

        >>> import ownprint
        >>> grey = bytes(range(256)) * 64
        >>> ownprint.Fingerprinter().fingerprint_pixels(grey, 128, 128, "grey").pdq.quality
        0
        """
        core_format = _input.core_format(format)
        assert core_format is not None
        size = (width, height)
        text = self._core.pixels(data, size, core_format, stride, orientation, cancel)
        return fingerprint_of(json.loads(text))

    def stream(
        self, *, cancel: CancelToken | None = None, progress: Progress | None = None
    ) -> FingerprintStream:
        """Return a stream that fingerprints one file in chunks."""
        return FingerprintStream(self._core.stream(cancel, progress))

    @property
    def algorithms(self) -> tuple[str, ...]:
        """The names of the hashes and digests that are computed."""
        return tuple(self._core.names())

    @property
    def limits(self) -> Limits:
        """The limits that apply."""
        return Limits(*self._core.limits())

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (self._options,))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Fingerprinter):
            return NotImplemented
        return self._options == other._options

    def __hash__(self) -> int:
        return hash(self._options)

    def __repr__(self) -> str:
        return f"Fingerprinter({', '.join(self.algorithms)})"


def _rebuild(options: _Options) -> Fingerprinter:
    fingerprinter = Fingerprinter.__new__(Fingerprinter)
    fingerprinter._options = options
    fingerprinter._core = _ownprint.Fingerprinter(options)
    return fingerprinter


def _names(names: str | Iterable[str] | None) -> tuple[str, ...] | None:
    return None if names is None else (names,) if isinstance(names, str) else tuple(names)


def _is_buffer(source: object) -> bool:
    # An `mmap` has `read` and a position, but its buffer is the whole file.
    try:
        memoryview(source)  # type: ignore[arg-type]
    except TypeError:
        return False
    return True


class FingerprintStream:
    """Fingerprints one file in chunks, one call at a time.

    >>> import ownprint
    >>> stream = ownprint.Fingerprinter().stream()
    >>> stream.update(b"not an ")
    True
    >>> stream.update(b"image")
    True
    >>> stream.finalize().digest("md5")
    'f4d3390ee84008b4b4192b3a93bfa089'
    """

    __slots__ = ("_core",)

    def __init__(self, core: _ownprint.FingerprintStream) -> None:
        self._core = core

    def update(self, data: BytesLike) -> bool:
        """Add the next bytes. Return whether more bytes can change the result."""
        return self._core.update(data)

    def finalize(self) -> Fingerprint:
        """End the stream, and return the fingerprint of all bytes."""
        return fingerprint_of(json.loads(self._core.finalize()))


class DigestStream:
    """Digests of bytes that arrive in chunks, in constant memory.

    >>> import ownprint
    >>> stream = ownprint.digest_stream(["md5"])
    >>> stream.update(b"not an image")
    >>> stream.finalize()
    {'md5': 'f4d3390ee84008b4b4192b3a93bfa089'}
    """

    __slots__ = ("_core",)

    def __init__(self, digests: Iterable[str] | None = None) -> None:
        self._core = _ownprint.DigestStream(None if digests is None else list(digests))

    def update(self, data: BytesLike) -> None:
        """Add the next bytes."""
        self._core.update(data)

    def finalize(self) -> dict[str, str]:
        """End the stream, and return the digests by name."""
        return dict(self._core.finalize())


def digest_stream(digests: Iterable[str] | None = None) -> DigestStream:
    """Return a stream that computes these digests; `None` keeps the core's default."""
    return DigestStream(digests)


_default: Fingerprinter | None = None


def default_fingerprinter() -> Fingerprinter:
    """Return a fingerprinter with the defaults of the core."""
    global _default
    if _default is None:
        _default = Fingerprinter()
    return _default


def fingerprint(
    source: Source,
    *,
    format: PixelFormat | None = None,
    orientation: int = 1,
    cancel: CancelToken | None = None,
    progress: Progress | None = None,
) -> Fingerprint:
    """Fingerprint a file or pixels with the defaults; see `Fingerprinter.fingerprint`.

    >>> import ownprint
    >>> fingerprint = ownprint.fingerprint(b"not an image")
    >>> fingerprint.image is None, fingerprint.warnings[0].code
    (True, 'not-an-image')
    """
    return default_fingerprinter().fingerprint(
        source, format=format, orientation=orientation, cancel=cancel, progress=progress
    )


def pdq(pixels: PixelSource | Any, *, format: PixelFormat | None = None) -> PdqHash:
    """Return the PDQ hash of pixels, and its quality from 0 to 100.

    `pixels` is an array or an image of Pillow, as for `Fingerprinter.fingerprint`.

    >>> import numpy, ownprint
    >>> grey = numpy.arange(65536, dtype=numpy.uint32).reshape(256, 256) % 251
    >>> hash, quality = ownprint.pdq(grey.astype(numpy.uint8))
    >>> len(hash), quality
    (64, 100)
    """
    if _input.is_pillow(pixels):
        return PdqHash(*_ownprint.pdq_pixels(*_input.pixels_of(pixels)))
    return PdqHash(*_ownprint.pdq_array(_input.array_of(pixels), _input.core_format(format)))
