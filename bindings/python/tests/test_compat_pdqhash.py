"""`ownprint.compat.pdqhash` next to PyPI `pdqhash`: the same types, bits and exceptions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pdqhash as theirs
import pytest
from conftest import IMAGES, VECTORS
from PIL import Image

from ownprint.compat import pdqhash as ours

RANDOM = np.random.default_rng(3)


def arrays() -> list[np.ndarray]:
    sizes = [
        (64, 64),
        (63, 65),
        (5, 5),
        (4, 80),
        (3, 3),
        (1, 1),
        (128, 129),
        (700, 33),
        (513, 1025),
    ]
    found = [RANDOM.integers(0, 256, (*size, 3), np.uint8) for size in sizes]
    large = found[-1]
    y, x = np.mgrid[0:300, 0:400]
    found += [
        large[::-1],
        large[:, ::-2],
        large[10:300, 20:400],
        large[:1].repeat(70, axis=0),
        np.broadcast_to(large[:, :, :1], large.shape),
        large[..., ::-1],
        np.concatenate([large, large], axis=2),
        np.zeros((90, 70, 3), np.uint8),
        np.full((90, 70, 3), 255, np.uint8),
        np.dstack([x % 256, y % 256, (x + y) // 3 % 256]).astype(np.uint8),
        np.dstack([(x // 20 + y // 20) % 2 * 255] * 3).astype(np.uint8),
        RANDOM.integers(0, 2, (80, 90, 3)).astype(bool),
    ]
    return found


def images() -> list[np.ndarray]:
    paths = sorted([*IMAGES.glob("*.jpg"), *(VECTORS / "images").glob("*.p[pn][mg]")])
    assert len(paths) >= 40
    return [np.asarray(Image.open(path).convert("RGB")) for path in paths]


def assert_equal(pixels: np.ndarray) -> None:
    for name in ("compute", "compute_float"):
        (a, quality_a), (b, quality_b) = (getattr(it, name)(pixels) for it in (ours, theirs))
        assert a.dtype == b.dtype and a.shape == b.shape and np.array_equal(a, b), name
        assert quality_a == quality_b and type(quality_a) is type(quality_b), name
    (a, quality_a), (b, quality_b) = (it.compute_dihedral(pixels) for it in (ours, theirs))
    assert quality_a == quality_b and len(a) == len(b) == 8
    assert all(np.array_equal(x, y) and x.dtype == y.dtype for x, y in zip(a, b, strict=True))


@pytest.mark.parametrize("pixels", arrays(), ids=lambda it: "x".join(map(str, it.shape)))
def test_arrays(pixels: np.ndarray) -> None:
    if min(pixels.shape[:2]) < 5:
        # The coefficients of `pdqhash` are not initialized there.
        for name in ("compute", "compute_dihedral"):
            a, b = (getattr(it, name)(pixels) for it in (ours, theirs))
            assert np.array_equal(np.array(a[0]), np.array(b[0])) and a[1] == b[1]
        return
    assert_equal(pixels)


def test_images() -> None:
    for pixels in images():
        if min(pixels.shape[:2]) >= 5:
            assert_equal(pixels)


def test_corpus(corpus: Path) -> None:
    paths = sorted((corpus / "pdq").rglob("*.jpg"))[:60]
    assert len(paths) >= 20
    for path in paths:
        assert_equal(np.asarray(Image.open(path).convert("RGB")))


PIXELS = np.zeros((70, 80, 3), np.uint8)


@pytest.mark.parametrize("name", ["compute", "compute_dihedral", "compute_float"])
@pytest.mark.parametrize(
    "image",
    [
        None,
        [1],
        PIXELS[..., 0],
        PIXELS[np.newaxis],
        PIXELS.astype(np.float32),
        PIXELS.astype(np.float64),
        PIXELS.astype(np.int64),
        PIXELS[..., :2],
        PIXELS[..., :1],
        PIXELS[..., :0],
        PIXELS[:0],
        PIXELS[:, :0],
    ],
)
def test_exceptions(name: str, image: Any) -> None:
    raised = []
    for module in (ours, theirs):
        with pytest.raises(Exception) as caught:
            getattr(module, name)(image)
        raised.append((type(caught.value), str(caught.value)))
    assert raised[0] == raised[1]


def test_signed_pixels_are_refused_by_name() -> None:
    with pytest.raises(NotImplementedError, match="int8"):
        ours.compute(PIXELS.astype(np.int8))


@pytest.mark.parametrize(
    "turned", [np.asfortranarray(arrays()[8]), np.rot90(arrays()[8]), arrays()[8].swapaxes(0, 1)]
)
def test_pixels_that_pdqhash_reads_in_the_wrong_order(turned: np.ndarray) -> None:
    """No hash is better than another one than that of PyPI, or than a wrong one."""
    right = theirs.compute(np.ascontiguousarray(turned))[0]
    assert not np.array_equal(theirs.compute(turned)[0], right)
    with pytest.raises(NotImplementedError, match="ascontiguousarray"):
        ours.compute(turned)
    assert np.array_equal(ours.compute(np.ascontiguousarray(turned))[0], right)
