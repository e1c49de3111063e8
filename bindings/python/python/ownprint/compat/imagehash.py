"""The functions of PyPI `ImageHash` 4.3.2, bit for bit.

>>> from PIL import Image
>>> from ownprint.compat import imagehash
>>> a = imagehash.phash(Image.linear_gradient("L"))
>>> b = imagehash.phash(Image.linear_gradient("L").rotate(180))
>>> str(a), int(a - b)
('8000800080008000', 4)

The hashes are those of ImageHash with the installed Pillow: the scaling of Pillow 12, or of Pillow
13. scipy and PyWavelets are not needed. A call whose arguments ownprint does not compute bit for
bit raises `NotImplementedError`: `mean` of `average_hash`, `highfreq_factor`, `image_scale`, the
arguments of `crop_resistant_hash`, hashes of more than 128 rows.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy
import PIL
from PIL import Image

from ownprint._fingerprinter import Fingerprinter
from ownprint.compat._hash_objects import (
    ImageHash,
    ImageMultiHash,
    _binary_array_to_hex,
    hex_to_flathash,
    hex_to_hash,
    hex_to_multihash,
    old_hex_to_hash,
)
from ownprint.compat.pdqhash import _NO_LIMITS

if TYPE_CHECKING:
    import numpy.typing as npt

    NDArray: TypeAlias = npt.NDArray[numpy.bool_]

__all__ = [
    "ANTIALIAS",
    "HashFunc",
    "ImageHash",
    "ImageMultiHash",
    "MeanFunc",
    "WhashMode",
    "_binary_array_to_hex",
    "average_hash",
    "colorhash",
    "crop_resistant_hash",
    "dhash",
    "dhash_vertical",
    "hex_to_flathash",
    "hex_to_hash",
    "hex_to_multihash",
    "old_hex_to_hash",
    "phash",
    "phash_simple",
    "whash",
]

__version__ = "4.3.2"
"""The version of ImageHash whose hashes these are."""

ANTIALIAS = Image.Resampling.LANCZOS

WhashMode: TypeAlias = Literal["haar", "db4"]
MeanFunc: TypeAlias = Callable[[Any], float]
HashFunc: TypeAlias = Callable[[Image.Image], ImageHash]

# Larger hashes have no name in the core: docs/imagehash.md says why.
_LARGEST = 128
_LARGEST_BINBITS = 16

# The modes of which Pillow computes the same hue, saturation and luma directly and through RGB.
_COLOUR_MODES = ("RGB", "RGBA", "RGBX", "P")


def average_hash(image: Image.Image, hash_size: int = 8, mean: MeanFunc = numpy.mean) -> ImageHash:
    """Return the average hash: pixels that are brighter than the mean."""
    if hash_size < 2:
        raise ValueError("Hash size must be greater than or equal to 2")
    if mean is not numpy.mean:
        raise _unavailable("average_hash(mean=...)", "numpy.mean")
    return _square(image, "ahash", hash_size)


def phash(image: Image.Image, hash_size: int = 8, highfreq_factor: int = 4) -> ImageHash:
    """Return the perceptual hash: coefficients of a cosine transform above their median."""
    if hash_size < 2:
        raise ValueError("Hash size must be greater than or equal to 2")
    _check_factor("phash", highfreq_factor)
    return _square(image, "phash", hash_size)


def phash_simple(image: Image.Image, hash_size: int = 8, highfreq_factor: int = 4) -> ImageHash:
    """Return the perceptual hash of a transform along the rows, above the mean."""
    _check_factor("phash_simple", highfreq_factor)
    return _square(image, "phash-simple", hash_size)


def dhash(image: Image.Image, hash_size: int = 8) -> ImageHash:
    """Return the difference hash: pixels that are brighter than their left neighbours."""
    if hash_size < 2:
        raise ValueError("Hash size must be greater than or equal to 2")
    return _square(image, "dhash", hash_size)


def dhash_vertical(image: Image.Image, hash_size: int = 8) -> ImageHash:
    """Return the difference hash of columns: pixels that are brighter than those above."""
    return _square(image, "dhash-vertical", hash_size)


def whash(
    image: Image.Image,
    hash_size: int = 8,
    image_scale: int | None = None,
    mode: WhashMode = "haar",
    remove_max_haar_ll: bool = True,
) -> ImageHash:
    """Return the wavelet hash: coefficients of a Haar or Daubechies wavelet above their median."""
    natural = max(2 ** int(numpy.log2(min(image.size))), hash_size)
    scale = natural if image_scale is None else image_scale
    assert scale & (scale - 1) == 0 or image_scale is None, "image_scale is not power of 2"
    assert hash_size & (hash_size - 1) == 0, "hash_size is not power of 2"
    assert int(numpy.log2(hash_size)) <= int(numpy.log2(scale)), "hash_size in a wrong range"
    if scale != natural:
        raise _unavailable("whash(image_scale=...)", "None")
    if mode not in ("haar", "db4"):
        raise _unavailable(f"whash(mode={mode!r})", "'haar' and 'db4'")
    options = ":db4" * (mode == "db4") + ":keep-ll" * (not remove_max_haar_ll)
    return _square(image, "whash", hash_size, options)


def colorhash(image: Image.Image, binbits: int = 3) -> ImageHash:
    """Return the fractions of black, grey, and six hues, faint and bright."""
    if binbits < 1:
        raise ValueError("binbits must be > 0")
    if binbits > _LARGEST_BINBITS:
        raise _unavailable(f"colorhash(binbits={binbits})", f"1 to {_LARGEST_BINBITS}")
    if image.mode not in _COLOUR_MODES:
        raise _unavailable(
            f"colorhash of an image of mode {image.mode}", f"the modes {', '.join(_COLOUR_MODES)}"
        )
    rgb = image.convert("RGB")
    found = _fingerprinter(f"colorhash:{binbits}").fingerprint_pixels(
        rgb.tobytes(), rgb.width, rgb.height, "rgb"
    )
    return ImageHash(_array(found.hashes[0].hash, 14, binbits))


def crop_resistant_hash(
    image: Image.Image,
    hash_func: HashFunc = dhash,
    limit_segments: int | None = None,
    segment_threshold: int = 128,
    min_segment_size: int = 500,
    segmentation_image_size: int = 300,
) -> ImageMultiHash:
    """Return one `dhash` for each bright and dark region of the image."""
    for name, value, expected in (
        ("hash_func", hash_func, dhash),
        ("limit_segments", limit_segments or None, None),
        ("segment_threshold", segment_threshold, 128),
        ("min_segment_size", min_segment_size, 500),
        ("segmentation_image_size", segmentation_image_size, 300),
    ):
        if value != expected:
            shown = "dhash" if expected is dhash else expected
            raise _unavailable(f"crop_resistant_hash({name}=...)", str(shown))
    hashes = _hashes(image, f"crop-resistant{_pillow_13()}")
    return ImageMultiHash([ImageHash(_array(hash, 8, 8)) for hash in hashes])


def _unavailable(what: str, available: str) -> NotImplementedError:
    return NotImplementedError(
        f"{what} is not computed bit for bit by ownprint; available: {available}"
    )


def _check_factor(name: str, highfreq_factor: int) -> None:
    if highfreq_factor != 4:
        raise _unavailable(f"{name}(highfreq_factor={highfreq_factor})", "4")


def _square(image: Image.Image, name: str, hash_size: int, options: str = "") -> ImageHash:
    if hash_size < 1:
        raise ValueError("height and width must be > 0")
    if hash_size > _LARGEST:
        raise _unavailable(f"hash_size={hash_size}", f"up to {_LARGEST}")
    hash = _hashes(image, f"{name}:{int(hash_size)}{options}{_pillow_13()}")[0]
    # Coefficients of `db4` overlap, so there are more than `hash_size` rows.
    side = hash_size if ":db4" not in options else int((len(hash) * 4) ** 0.5)
    return ImageHash(_array(hash, side, side))


def _hashes(image: Image.Image, name: str) -> tuple[str, ...]:
    # Pillow converts to luma, whatever the mode, as ImageHash has it do.
    grey = image.convert("L")
    found = _fingerprinter(name).fingerprint_pixels(grey.tobytes(), grey.width, grey.height, "grey")
    return found.hashes[0].values


@cache
def _fingerprinter(name: str) -> Fingerprinter:
    return Fingerprinter(hashes=[name], digests=[], limits=_NO_LIMITS)


def _pillow_13() -> str:
    return ":pillow13" if int(PIL.__version__.split(".")[0]) >= 13 else ""


def _array(hash: str, rows: int, columns: int) -> NDArray:
    """Return the bits of a hash in hexadecimal digits, which has leading zero bits."""
    bits = numpy.unpackbits(numpy.frombuffer(bytes.fromhex(hash.zfill(len(hash) + 1 & ~1)), "u1"))
    return bits[bits.size - rows * columns :].reshape(rows, columns).astype(bool)
