"""Arrays of every layout, buffers and images of Pillow give the hash of the same pixels."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

import ownprint

RANDOM = np.random.default_rng(7)
RGB = np.ascontiguousarray(
    np.kron(RANDOM.integers(0, 256, (23, 31, 3), np.uint8), np.ones((5, 4, 1), np.uint8))
)
GREY = RGB[..., 1].copy()


def of(pixels: np.ndarray, format: str | None = None) -> tuple[str, int]:
    """The hash by every entry point that takes arrays."""
    hash = ownprint.pdq(pixels, format=format)
    fingerprint = ownprint.fingerprint(pixels, format=format)
    assert fingerprint.pdq == hash
    assert fingerprint.digests == ()
    return hash


def plain(pixels: np.ndarray) -> tuple[str, int]:
    """The hash of a contiguous copy as a PPM file: no array reaches the native module."""
    pixels = np.ascontiguousarray(pixels)
    height, width = pixels.shape[:2]
    kind = b"P5" if pixels.ndim == 2 else b"P6"
    file = b"%s %d %d 255\n" % (kind, width, height) + pixels.tobytes()
    hash = ownprint.fingerprint(file).pdq
    assert hash is not None
    return hash


def with_alpha(pixels: np.ndarray) -> np.ndarray:
    alpha = RANDOM.integers(0, 256, (*pixels.shape[:2], 1), np.uint8)
    return np.concatenate([pixels, alpha], axis=2)


LAYOUTS = {
    "contiguous": lambda it: it,
    "rows reversed": lambda it: it[::-1],
    "columns reversed": lambda it: it[:, ::-1],
    "both reversed": lambda it: it[::-1, ::-1],
    "crop": lambda it: it[3:90, 5:101],
    "every second row": lambda it: it[::2],
    "every third column": lambda it: it[:, ::3],
    "rows and columns from the end": lambda it: it[::-2, ::-3],
    "Fortran order": np.asfortranarray,
    "rotated": np.rot90,
    "transposed": lambda it: it.swapaxes(0, 1),
    "broadcast": lambda it: np.broadcast_to(it[:1], it.shape),
    "read-only": lambda it: [it := it.copy(), it.setflags(write=False)][0],
    "unaligned": lambda it: np.frombuffer(b"x" + it.tobytes(), np.uint8)[1:].reshape(it.shape),
    "one row": lambda it: it[:1],
    "one column": lambda it: it[:, :1],
    "a part of a larger array": lambda it: np.pad(it, [(4, 4)] * 2 + [(0, 0)] * (it.ndim - 2))[
        4:-4, 4:-4
    ],
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_layouts(layout: str) -> None:
    change = LAYOUTS[layout]
    rgb, grey = change(RGB), change(GREY)
    expected = plain(rgb)
    assert of(rgb) == expected
    assert of(rgb, "rgb") == expected
    assert of(grey) == of(grey, "grey") == plain(grey)
    assert of(change(RGB[..., ::-1]), "bgr") == expected
    assert of(change(np.ascontiguousarray(RGB[..., ::-1])), "bgr") == expected
    rgba = change(with_alpha(RGB))
    assert of(rgba) == of(rgba, "rgba") == plain(rgba[..., :3])
    bgra = change(np.ascontiguousarray(with_alpha(RGB)[..., [2, 1, 0, 3]]))
    assert of(bgra, "bgra") == expected


def test_views_of_other_channels() -> None:
    bgr = np.ascontiguousarray(RGB[..., ::-1])
    assert of(bgr[..., ::-1]) == plain(RGB)
    assert of(RGB[..., ::-1], "bgr") == plain(RGB)
    assert of(with_alpha(RGB)[..., :3]) == plain(RGB)
    planes = np.ascontiguousarray(RGB.transpose(2, 0, 1))
    assert of(planes.transpose(1, 2, 0)) == plain(RGB)
    assert of(GREY[..., np.newaxis]) == plain(GREY)
    assert of(RGB[..., 1], "grey") == plain(GREY)
    assert plain(RGB) != of(RGB, "bgr")


def test_pixels_in_a_buffer() -> None:
    height, width, _ = RGB.shape
    rows = np.pad(RGB.reshape(height, -1), [(0, 0), (0, 11)])
    fingerprinter = ownprint.Fingerprinter()
    for data in (rows.tobytes(), bytearray(rows.tobytes()), memoryview(rows.tobytes())):
        stride = rows.shape[1]
        found = fingerprinter.fingerprint_pixels(data, width, height, "rgb", stride=stride)
        assert found.pdq == plain(RGB)
    turned = fingerprinter.fingerprint_pixels(RGB.tobytes(), width, height, "rgb", orientation=6)
    assert turned.pdq == plain(np.rot90(RGB, -1))
    assert turned.image is not None
    assert (turned.image.width, turned.image.stored_width) == (height, width)


def test_orientation_of_an_array() -> None:
    turned = [
        RGB,
        RGB[:, ::-1],
        RGB[::-1, ::-1],
        RGB[::-1],
        RGB.swapaxes(0, 1),
        np.rot90(RGB, -1),
        RGB[::-1, ::-1].swapaxes(0, 1),
        np.rot90(RGB),
    ]
    for orientation, expected in enumerate(turned, 1):
        found = ownprint.fingerprint(RGB, orientation=orientation)
        assert found.pdq == plain(expected), orientation


@pytest.mark.parametrize(
    "mode", ["RGB", "RGBA", "RGBX", "L", "1", "P", "LA", "CMYK", "YCbCr", "HSV"]
)
def test_modes_of_pillow(mode: str) -> None:
    image = Image.fromarray(RGB).convert(mode)
    expected = plain(np.asarray(image.convert("RGB")))
    assert ownprint.pdq(image) == expected
    assert ownprint.fingerprint(image).pdq == expected


@pytest.mark.parametrize("mode", ["I", "F", "I;16"])
def test_deep_modes_of_pillow_are_refused(mode: str) -> None:
    image = Image.new(mode, (64, 64))
    with pytest.raises(ownprint.PixelsError, match=r"mode .* more than 8 bits"):
        ownprint.pdq(image)


@pytest.mark.parametrize(
    ("pixels", "format", "message"),
    [
        (RGB.astype(np.float32), None, "expected an array of uint8, found an array of float32"),
        (RGB.astype(np.int8), None, "expected an array of uint8, found an array of int8"),
        (RGB.astype(bool), None, "expected an array of uint8, found an array of bool"),
        (RGB[np.newaxis], None, "found 4 dimensions"),
        (RGB[..., :2], None, "expected 1, 3 or 4 channels, found 2"),
        (RGB, "rgba", "rgba8 pixels have 4 channels, the array has 3"),
        (GREY, "bgr", "bgr8 pixels have 3 channels, the array has 1"),
        (RGB[:0], None, "124x0 has no pixels"),
        (RGB[:, :0], None, "0x115 has no pixels"),
    ],
)
def test_other_arrays_are_refused(pixels: np.ndarray, format: str | None, message: str) -> None:
    with pytest.raises(ownprint.PixelsError) as caught:
        ownprint.pdq(pixels, format=format)
    assert caught.value.code == "invalid-pixels"
    assert message in str(caught.value)


def test_unknown_formats_and_orientations_are_refused() -> None:
    with pytest.raises(ownprint.PixelsError) as caught:
        ownprint.pdq(RGB, format="cmyk")
    assert caught.value.code == "unknown-name"
    for orientation in (0, 9):
        with pytest.raises(ownprint.PixelsError):
            ownprint.fingerprint(RGB, orientation=orientation)


def test_limits_apply_to_arrays() -> None:
    limited = ownprint.Fingerprinter(limits=ownprint.Limits(pixels=1000))
    with pytest.raises(ownprint.PixelsError) as caught:
        limited.fingerprint(RGB)
    assert caught.value.code == "limit-exceeded"


# In a process of its own, because the largest memory of this one may be larger already.
COPIES = """
import re
from pathlib import Path
import numpy as np
import ownprint

large = np.zeros((6000, 8000, 3), np.uint8)
large[::7] = 200
ownprint.pdq(large[:100])

# The peak of this program alone: that of `getrusage` includes the process that started it.
def peak():
    return int(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1])

def grown(view):
    before = peak()
    ownprint.pdq(view)
    return peak() - before

for view in (large, large[::-1], large[::2], large[:, 16:], large[..., ::-1], large[:, ::2]):
    print(grown(view) * 1024 / view.nbytes)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the peak is read from /proc")
def test_adjacent_rows_are_not_copied() -> None:
    done = subprocess.run(
        [sys.executable, "-c", COPIES], capture_output=True, text=True, check=True
    )
    *adjacent, columns = [float(share) for share in done.stdout.split()]
    assert max(adjacent) < 0.1
    # The layout that is copied shows that a copy would be seen.
    assert columns > 0.8
