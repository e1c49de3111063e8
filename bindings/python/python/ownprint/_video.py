"""vPDQ of frames that another decoder returns, and vPDQ's text forms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ownprint import _input, _ownprint
from ownprint._comparison import Video, features_of
from ownprint._types import VpdqFeature, VpdqFrame

if TYPE_CHECKING:
    from ownprint._fingerprinter import Limits, PixelSource, VpdqOptions
    from ownprint._input import PixelFormat

__all__ = [
    "VpdqHasher",
    "read_vpdq_features",
    "read_vpdq_frame",
    "write_vpdq_features",
    "write_vpdq_frame",
]


class VpdqHasher:
    """Computes vPDQ from the frames of a video, for example those of PyAV or OpenCV.

    Memory holds one frame and the hashes. With `frames_per_second`, every
    `trunc(seconds_per_hash * frames_per_second)`-th frame is hashed, as the reference
    implementation does. Without it, the first frame at or after each multiple of
    `seconds_per_hash` is hashed, with its own time.

    >>> import numpy, ownprint
    >>> hasher = ownprint.VpdqHasher(frames_per_second=25)
    >>> for index in range(50):
    ...     if hasher.wants(index, index / 25):
    ...         hasher.update(index, index / 25, numpy.zeros((90, 160, 3), numpy.uint8))
    >>> [frame.frame for frame in hasher.finalize()]
    [0, 25]
    """

    __slots__ = ("_core",)

    def __init__(
        self,
        *,
        frames_per_second: float | None = None,
        options: VpdqOptions | None = None,
        limits: Limits | None = None,
    ) -> None:
        self._core = _ownprint.VpdqHasher(frames_per_second, options, limits)

    def wants(self, index: int, seconds: float) -> bool:
        """Return whether `update` uses the frame `index` (from 0), shown after `seconds`."""
        return self._core.wants(index, seconds)

    def update(
        self, index: int, seconds: float, pixels: PixelSource, *, format: PixelFormat | None = None
    ) -> None:
        """Hash a frame, without retaining it. A frame that is not wanted is ignored."""
        array = _input.array_of(pixels)
        self._core.update(index, seconds, array, _input.core_format(format))

    def finalize(self) -> list[VpdqFrame]:
        """End the hasher, and return the hashed frames in the order of their numbers."""
        return [_frame(*frame) for frame in self._core.finalize()]


def _frame(number: int, hash: str, quality: int, seconds: float) -> VpdqFrame:
    return VpdqFrame(hash, quality, seconds, number)


def read_vpdq_features(text: str) -> list[VpdqFeature]:
    """Read the features of a video from python-threatexchange's JSON, strictly.

    >>> import ownprint
    >>> ownprint.read_vpdq_features('["' + "0f" * 32 + ',100,1.0"]')[0].seconds
    1.0
    """
    return [VpdqFeature(*feature) for feature in _ownprint.read_vpdq_features(text)]


def write_vpdq_features(video: Video) -> str:
    """Return the features of a video as python-threatexchange writes them. Times are rounded to
    three significant digits."""
    return _ownprint.write_vpdq_features(features_of(video))


def read_vpdq_frame(line: str) -> VpdqFrame:
    """Read one line of vPDQ's text format, strictly: `FRAME,QUALITY,HASH,SECONDS`."""
    return _frame(*_ownprint.read_vpdq_frame(line))


def write_vpdq_frame(frame: VpdqFrame) -> str:
    """Return the line of a frame, without a line break. Times are rounded to milliseconds."""
    return _ownprint.write_vpdq_frame(frame.frame, frame.hash, frame.quality, frame.seconds)
