"""`ownprint.compat.imagehash` next to PyPI `ImageHash`: the same types, bits and exceptions."""

from __future__ import annotations

import functools
import inspect
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import imagehash as theirs
import numpy as np
import pytest
from conftest import IMAGES, VECTORS
from PIL import Image

from ownprint.compat import imagehash as ours

RANDOM = np.random.default_rng(11)

SQUARE = ["average_hash", "phash", "phash_simple", "dhash", "dhash_vertical", "whash"]
CALLS: list[tuple[str, dict[str, Any]]] = [
    *((name, {}) for name in SQUARE),
    *((name, {"hash_size": 16}) for name in SQUARE),
    ("average_hash", {"hash_size": 2}),
    ("phash", {"hash_size": 9}),
    ("phash_simple", {"hash_size": 1}),
    ("dhash_vertical", {"hash_size": 1}),
    ("whash", {"hash_size": 1}),
    ("whash", {"mode": "db4"}),
    ("whash", {"remove_max_haar_ll": False}),
    ("whash", {"mode": "db4", "remove_max_haar_ll": False, "hash_size": 16}),
    ("colorhash", {}),
    ("colorhash", {"binbits": 1}),
    ("colorhash", {"binbits": 7}),
]


def photos() -> list[Image.Image]:
    paths = sorted([*IMAGES.glob("*.jpg"), *(VECTORS / "images").glob("*.p[pn][mg]")])
    assert len(paths) >= 40
    return [Image.open(path).convert("RGB") for path in paths]


def random_image(mode: str, size: tuple[int, int] = (97, 61)) -> Image.Image:
    cells = RANDOM.integers(0, 256, (size[1] // 6 + 1, size[0] // 6 + 1, 4), np.uint8)
    pixels = np.kron(cells, np.ones((6, 6, 1), np.uint8))[: size[1], : size[0]]
    image = Image.fromarray(np.ascontiguousarray(pixels), "RGBA")
    return image if mode == "RGBA" else image.convert("RGB").convert(mode)


def assert_same(a: Any, b: Any) -> None:
    assert type(a).__name__ == type(b).__name__
    if hasattr(a, "segment_hashes"):
        assert len(a.segment_hashes) == len(b.segment_hashes)
        for x, y in zip(a.segment_hashes, b.segment_hashes, strict=True):
            assert_same(x, y)
        return
    assert a.hash.dtype == b.hash.dtype and a.hash.shape == b.hash.shape
    assert np.array_equal(a.hash, b.hash)
    assert (str(a), hash(a), len(a), repr(a)) == (str(b), hash(b), len(b), repr(b))


@pytest.mark.filterwarnings("ignore:Level value")
@pytest.mark.parametrize(("name", "arguments"), CALLS, ids=str)
def test_images(name: str, arguments: dict[str, Any]) -> None:
    for image in photos():
        a, b = (getattr(it, name)(image, **arguments) for it in (ours, theirs))
        assert_same(a, b)


@pytest.mark.parametrize(
    "mode", ["RGB", "RGBA", "L", "P", "1", "LA", "CMYK", "YCbCr", "HSV", "I;16"]
)
def test_modes(mode: str) -> None:
    for size in ((97, 61), (40, 200)):
        image = random_image("L", size) if mode == "I;16" else random_image(mode, size)
        if mode == "I;16":
            image = image.convert("I").convert("I;16")
        for name in SQUARE:
            assert_same(getattr(ours, name)(image), getattr(theirs, name)(image))
        if mode in ("RGB", "RGBA", "P"):
            assert_same(ours.colorhash(image), theirs.colorhash(image))
        else:
            with pytest.raises(NotImplementedError, match=f"mode {mode}"):
                ours.colorhash(image)


def test_crop_resistant_hash() -> None:
    images = [Image.open(path) for path in sorted(IMAGES.glob("*.jpg"))[:3]]
    images += [random_image("RGB", (300, 200)), random_image("P", (320, 240))]
    found = 0
    for image in images:
        a, b = ours.crop_resistant_hash(image), theirs.crop_resistant_hash(image)
        assert_same(a, b)
        found += len(a.segment_hashes)
        assert a - a == b - b and a.matches(a)
    assert found > len(images)


def test_corpus(corpus: Path) -> None:
    paths = sorted((corpus / "pdq").rglob("*.jpg"))[:40]
    assert len(paths) >= 20
    for path in paths:
        image = Image.open(path)
        image.draft("RGB", (800, 800))
        for name in [*SQUARE, "colorhash"]:
            if name != "colorhash" or image.mode == "RGB":
                assert_same(getattr(ours, name)(image), getattr(theirs, name)(image))


def test_operators() -> None:
    image = random_image("RGB")
    modules = [
        (it, it.phash(image), it.phash(image.rotate(90)), it.phash(image, hash_size=16))
        for it in (ours, theirs)
    ]
    results = [
        (a - b, a == b, a == a, a != b, a.__eq__(None), a.__ne__(None), len({a, b, a}), hash(a))
        for _, a, b, _ in modules
    ]
    assert results[0] == results[1]
    assert type(modules[0][1] - modules[0][2]) is type(modules[1][1] - modules[1][2])
    for other in (None, 3):
        raised = [
            error_of(lambda a=a, it=it: a - (it if it is None else c))
            for (_, a, _, c), it in zip(modules, [other] * 2, strict=True)
        ]
        assert raised[0] == raised[1] and raised[0][0] is TypeError
    again = pickle.loads(pickle.dumps(modules[0][1]))
    assert again == modules[0][1]
    multi = [it.ImageMultiHash([a, b]) for it, a, b, _ in modules]
    others = [it.ImageMultiHash([b, it.phash(image.rotate(3))]) for it, _, b, _ in modules]
    results = [
        (
            a - b,
            a == b,
            a != b,
            a.hash_diff(b),
            a.matches(b, 2, bit_error_rate=0.1),
            a.matches(b, hamming_cutoff=40),
            str(a),
            repr(a),
            hash(a),
            str(a.best_match([b, a])),
        )
        for a, b in zip(multi, others, strict=True)
    ]
    assert results[0] == results[1]


def error_of(call: Callable[[], Any]) -> tuple[type[BaseException], str]:
    with pytest.raises(Exception) as caught:
        call()
    return type(caught.value), str(caught.value)


def test_texts() -> None:
    image = random_image("RGB")
    for size in (2, 3, 8, 9, 16):
        text = str(theirs.dhash(image, size))
        assert_same(ours.hex_to_hash(text), theirs.hex_to_hash(text))
        assert ours.hex_to_hash(text) == ours.dhash(image, size)
    for bits in (1, 3, 5):
        text = str(theirs.colorhash(image, bits))
        assert_same(ours.hex_to_flathash(text, bits), theirs.hex_to_flathash(text, bits))
    text = "9f172786e71f1e00,ffffffffffff0000"
    assert_same(ours.hex_to_multihash(text), theirs.hex_to_multihash(text))
    assert_same(
        ours.old_hex_to_hash("9f172786e71f1e00"), theirs.old_hex_to_hash("9f172786e71f1e00")
    )
    for call in ("old_hex_to_hash", "hex_to_hash"):
        raised = [error_of(lambda it=it: getattr(it, call)("xyz")) for it in (ours, theirs)]
        assert raised[0] == raised[1]


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("average_hash", {"hash_size": 1}),
        ("phash", {"hash_size": 0}),
        ("dhash", {"hash_size": -3}),
        ("whash", {"hash_size": 7}),
        ("whash", {"hash_size": 32, "image_scale": 16}),
        ("whash", {"image_scale": 9}),
    ],
)
def test_exceptions(name: str, arguments: dict[str, Any]) -> None:
    image = random_image("RGB")
    raised = [
        error_of(lambda it=it: getattr(it, name)(image, **arguments)) for it in (ours, theirs)
    ]
    assert raised[0][0] is raised[1][0]
    assert raised[0][1].split("\n")[0] == raised[1][1].split("\n")[0]


@pytest.mark.parametrize(
    ("name", "arguments", "named"),
    [
        ("average_hash", {"mean": np.median}, "average_hash(mean=...)"),
        ("phash", {"highfreq_factor": 8}, "phash(highfreq_factor=8)"),
        ("phash_simple", {"highfreq_factor": 2}, "phash_simple(highfreq_factor=2)"),
        ("whash", {"image_scale": 16}, "whash(image_scale=...)"),
        ("whash", {"mode": "db2"}, "whash(mode='db2')"),
        ("phash", {"hash_size": 129}, "hash_size=129"),
        ("colorhash", {"binbits": 17}, "colorhash(binbits=17)"),
        ("crop_resistant_hash", {"hash_func": theirs.phash}, "crop_resistant_hash(hash_func=...)"),
        ("crop_resistant_hash", {"limit_segments": 1}, "crop_resistant_hash(limit_segments=...)"),
        ("crop_resistant_hash", {"segment_threshold": 100}, "(segment_threshold=...)"),
        ("crop_resistant_hash", {"min_segment_size": 100}, "(min_segment_size=...)"),
        ("crop_resistant_hash", {"segmentation_image_size": 200}, "(segmentation_image_size=...)"),
        (
            "crop_resistant_hash",
            {"hash_func": functools.partial(ours.dhash, hash_size=16)},
            "crop_resistant_hash(hash_func=...)",
        ),
    ],
)
def test_other_arguments_are_refused_by_name(
    name: str, arguments: dict[str, Any], named: str
) -> None:
    kind, message = error_of(lambda: getattr(ours, name)(random_image("RGB"), **arguments))
    assert kind is NotImplementedError and named in message


def test_signatures() -> None:
    for name in [
        *SQUARE,
        "colorhash",
        "crop_resistant_hash",
        "hex_to_hash",
        "hex_to_flathash",
        "hex_to_multihash",
        "old_hex_to_hash",
    ]:
        a, b = (inspect.signature(getattr(it, name)).parameters for it in (ours, theirs))
        assert list(a) == list(b), name
        defaults = [{k: v.default for k, v in it.items() if k != "hash_func"} for it in (a, b)]
        assert defaults[0] == defaults[1], name
