"""The functions of PyPI `pdqhash` 0.2.8, bit for bit.

>>> import numpy
>>> from ownprint.compat import pdqhash
>>> hash, quality = pdqhash.compute(numpy.zeros((64, 64, 3), numpy.uint8))
>>> hash.shape, hash.dtype.name, quality
((256,), 'int64', 0)
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from ownprint import _ownprint
from ownprint._fingerprinter import Fingerprinter, Limits

__all__ = ["compute", "compute_dihedral", "compute_float"]

Bits = npt.NDArray[np.int64]

_C_NAMES = {"float32": "float", "float64": "double", "int32": "int", "int64": "long"}

# `pdqhash` has no limits; those of the types remain.
_NO_LIMITS = Limits(
    width=2**32 - 1, height=2**32 - 1, pixels=2**64 - 1, memory=2**64 - 1, expansion=2**32 - 1
)


def compute(image: npt.NDArray[np.uint8]) -> tuple[Bits, int]:
    """Return the 256 bits of the PDQ hash of RGB pixels, and its quality.

    Other than `pdqhash`, releases the GIL, and does not copy the pixels.
    """
    hash, quality = _ownprint.pdq_array(_rgb(image))
    return _bits(hash), quality


def compute_dihedral(image: npt.NDArray[np.uint8]) -> tuple[list[Bits], int]:
    """Return the hashes of the eight rotations and mirror images, and the quality.

    The order is that of `pdqhash`: original, rotated by 90, 180 and 270 degrees, mirrored top to
    bottom, left to right, and about both diagonals.
    """
    found = _dihedral().fingerprint(_rgb(image)).hashes[0]
    assert found.quality is not None
    return [_bits(hash) for hash in found.values], found.quality


def compute_float(image: npt.NDArray[np.uint8]) -> tuple[npt.NDArray[np.float64], int]:
    """Return the 256 coefficients that the bits of `compute` compare with their median, and the
    quality."""
    coefficients, quality = _ownprint.pdq_coefficients(_rgb(image))
    return np.array(coefficients)[::-1], quality


@cache
def _dihedral() -> Fingerprinter:
    return Fingerprinter(hashes=["pdq-dihedral"], digests=[], limits=_NO_LIMITS)


def _bits(hash: str) -> Bits:
    return np.unpackbits(np.frombuffer(bytes.fromhex(hash), np.uint8)).astype(np.int64)


def _rgb(image: Any) -> npt.NDArray[np.uint8]:
    """Check an argument, with the exceptions of `pdqhash`, and return its first three channels."""
    if image is None:
        raise TypeError("'NoneType' object is not subscriptable")
    if not isinstance(image, np.ndarray):
        name = type(image).__name__
        raise TypeError(f"Argument 'image' has incorrect type (expected numpy.ndarray, got {name})")
    if image.ndim != 3:
        raise ValueError(f"Buffer has wrong number of dimensions (expected 3, got {image.ndim})")
    if image.dtype == np.int8:
        raise NotImplementedError("pixels of int8: ownprint hashes pixels of uint8")
    if image.dtype == np.bool_:
        image = image.view(np.uint8)
    if image.dtype != np.uint8:
        name = _C_NAMES.get(image.dtype.name, image.dtype.name)
        raise ValueError(f"Buffer dtype mismatch, expected 'char' but got '{name}'")
    height, width, channels = image.shape
    if channels < 3:
        raise IndexError(f"index {channels} is out of bounds for axis 2 with size {channels}")
    if height == 0 or width == 0:
        axis = 0 if height == 0 else 1
        raise IndexError(f"Out of bounds on buffer access (axis {axis})")
    if not np.empty_like(image[:, :, 0]).flags.c_contiguous:
        # Its luma has the order of the pixels in memory, and is then read row by row.
        raise NotImplementedError(
            "columns before rows in memory: pdqhash reads such pixels in the wrong order; "
            "pass numpy.ascontiguousarray(image)"
        )
    rgb: npt.NDArray[np.uint8] = image[:, :, :3]
    return rgb
