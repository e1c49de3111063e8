"""What can be fingerprinted: paths, bytes, file objects, numpy arrays, images of Pillow."""

from __future__ import annotations

import os
import sys
from typing import (
    TYPE_CHECKING,
    Any,
    Literal,
    NamedTuple,
    Protocol,
    TypeAlias,
    TypeGuard,
    Union,
)

from ownprint._errors import PixelsError
from ownprint._extras import extra

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    from PIL.Image import Image

    Array: TypeAlias = npt.NDArray[np.uint8]
    BytesLike: TypeAlias = Union[bytes, bytearray, memoryview]

__all__ = ["PixelFormat", "Readable"]

PixelFormat: TypeAlias = Literal["rgb", "rgba", "bgr", "bgra", "grey"]
"""The channels of a pixel, in the order of memory. Alpha is ignored, not composited."""

_CORE_FORMATS = {"rgb": "rgb8", "rgba": "rgba8", "bgr": "bgr8", "bgra": "bgra8", "grey": "l8"}

# The modes of Pillow whose bytes the core reads as they are.
_MODES = {"RGB": "rgb8", "RGBA": "rgba8", "RGBX": "rgba8", "L": "l8"}

# Modes with other than 8 bits a channel, which Pillow would clip instead of scale.
_DEEP_MODES = ("I", "F")


class Readable(Protocol):
    """A file object in binary mode."""

    def read(self, size: int, /) -> bytes:
        """Return the next bytes, `size` of them at most; none at the end."""
        ...


class RawPixels(NamedTuple):
    """Pixels in a buffer without padding."""

    data: bytes
    size: tuple[int, int]
    format: str


def core_format(format: str | None) -> str | None:
    """Return the core's name of a pixel format."""
    return None if format is None else _CORE_FORMATS.get(format, format)


def is_pillow(source: object) -> TypeGuard[Image]:
    """Return whether this is an image of Pillow, without importing Pillow."""
    module = sys.modules.get("PIL.Image")
    return module is not None and isinstance(source, module.Image)


def is_array(source: object) -> bool:
    """Return whether this is a numpy array, or has the interface of one."""
    return hasattr(source, "__array_interface__")


def pixels_of(image: Image) -> RawPixels:
    """Return the pixels of an image of Pillow. Other modes than RGB, RGBA and L are converted to
    RGB by Pillow."""
    if image.mode.startswith(_DEEP_MODES):
        message = (
            f"images of mode {image.mode} have more than 8 bits a channel; "
            "scale them to 8 bits first"
        )
        raise PixelsError("invalid-pixels", message)
    if image.mode not in _MODES:
        image = image.convert("RGB")
    return RawPixels(image.tobytes(), image.size, _MODES[image.mode])


def file_in(array: Any) -> BufferReader:
    """Return a reader of an array of one dimension, which is the bytes of a file."""
    if array.dtype != "uint8":
        message = f"the bytes of a file are an array of uint8, found {array.dtype}"
        raise PixelsError("invalid-pixels", message)
    return BufferReader(array)


def array_of(source: object) -> Any:
    """Return the numpy array of an object that has the interface of one."""
    with extra("numpy"):
        import numpy

    return numpy.asarray(source)


class BufferReader:
    """Reads a buffer in chunks, so that a memory-mapped file is never copied as a whole."""

    def __init__(self, source: object) -> None:
        view = memoryview(source)  # type: ignore[arg-type]
        if view.ndim != 1:
            raise TypeError(
                f"a buffer of {view.ndim} dimensions is not the bytes of a file; "
                "pass pixels as a numpy array"
            )
        # A view that is not contiguous cannot be read as bytes.
        self._view = view.cast("B") if view.c_contiguous else memoryview(view.tobytes())
        self._position = 0

    def read(self, size: int, /) -> bytes:
        """Return the next bytes."""
        start, self._position = self._position, self._position + size
        return bytes(self._view[start : self._position])


def describe(source: object) -> str | None:
    """Return the path of a source, if it has one."""
    if isinstance(source, (str, os.PathLike)):
        path = os.fspath(source)
        return path if isinstance(path, str) else os.fsdecode(path)
    return None
