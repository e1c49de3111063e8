"""Writes the images and vectors of `conformance/kit`, or checks that they are current (`--check`).

The values are those of the reference implementations: PyPI pdqhash and ImageHash compute them here,
and `vectors/img-hash.json` has those of the crate img_hash.
"""

import argparse
import json
import pathlib
import sys
import tempfile

import numpy
from PIL import Image

import reference_imagehash
import reference_pdq

HERE = pathlib.Path(__file__).resolve().parent.parent
VECTORS = HERE / "vectors"
KIT = HERE / "kit"
sys.path.insert(0, str(KIT))

import png  # noqa: E402

IMAGEHASH = [
    "ahash",
    "ahash:9",
    "dhash",
    "dhash:16",
    "dhash-vertical",
    "phash",
    "phash:7",
    "phash:16",
    "phash-simple",
    "whash",
    "whash:16",
    "colorhash",
]

IMG_HASH = [
    "img-hash-mean:8x8",
    "img-hash-mean:8x8:dct",
    "img-hash-gradient:8x8",
    "img-hash-vertical-gradient:8x8",
    "img-hash-double-gradient:8x8",
    "blockhash:8x8",
    "blockhash:16x16",
]

TIES = ("ties", "levels", "stripes", "checks", "symmetric", "gradient")

PHOTOGRAPHS = ("lake.jpg", "hills.jpg")
"""Files of `examples/images`. The kit has the pixels that Pillow decodes."""

ROTATIONS = {
    "rotated-90": Image.Transpose.ROTATE_90,
    "rotated-180": Image.Transpose.ROTATE_180,
    "rotated-270": Image.Transpose.ROTATE_270,
    "mirrored": Image.Transpose.FLIP_LEFT_RIGHT,
    "upside-down": Image.Transpose.FLIP_TOP_BOTTOM,
    "transposed": Image.Transpose.TRANSPOSE,
    "transversed": Image.Transpose.TRANSVERSE,
}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    with tempfile.TemporaryDirectory() as folder:
        target = pathlib.Path(folder) if check else KIT
        (target / "images").mkdir(exist_ok=True)
        write(target)
        return differences(target) if check else 0


def differences(made):
    """Compares the committed kit with a new one, the images by their pixels."""
    names = [{path.name for path in (folder / "images").iterdir()} for folder in (made, KIT)]
    stale = sorted(names[0] ^ names[1])
    same = names[0] & names[1]
    stale += [
        name for name in same if png.read(made / "images" / name) != png.read(KIT / "images" / name)
    ]
    if (made / "vectors.json").read_text() != (KIT / "vectors.json").read_text():
        stale.append("vectors.json")
    for name in stale:
        print(f"conformance/kit: {name} is not current; run python/kit_vectors.py")
    return 1 if stale else 0


def write(target):
    """Writes `images` and `vectors.json` into a folder."""
    img_hash = {image["file"]: image["hashes"] for image in read("img-hash.json")["images"]}
    rows = []
    for kind, name, colour, samples, palette, source in images():
        path = target / "images" / f"{name}.png"
        height, width = samples.shape[:2]
        png.write(path, colour, width, height, numpy.ascontiguousarray(samples).tobytes(), palette)
        rows.append(row(kind, name, path, img_hash.get(source, {})))
    sampling = read("videos.json")["by_frames"]
    about = (
        "Written by conformance/python/kit_vectors.py; do not edit. README.md describes the fields."
    )
    text = json.dumps({"about": about, "images": rows, "vpdq_sampling": sampling}, indent=1)
    (target / "vectors.json").write_text(text + "\n")


def read(name):
    return json.loads((VECTORS / name).read_text())


def images():
    """Yields class, name, PNG colour type, samples, palette, and the file with the same pixels."""
    for image in read("pdq.json")["images"]:
        if image.get("file"):
            rgb = pixels(VECTORS / image["file"])
            yield class_of(image), image["name"], png.RGB, rgb, b"", image["file"]
    for name in PHOTOGRAPHS:
        with Image.open(HERE.parent / "examples/images" / name) as photograph:
            rgb = numpy.asarray(photograph.convert("RGB"))
        yield "ordinary", name.partition(".")[0], png.RGB, rgb, b"", None
    yield from channels()
    yield from rotations()


def pixels(path):
    with Image.open(path) as image:
        return numpy.asarray(image.convert("RGB"))


def class_of(image):
    """Returns the class of a generated image."""
    kind = image["name"].partition("-")[0]
    if kind == "flat":
        return "flat"
    if kind in TIES:
        return "ties"
    return "ordinary" if min(image["width"], image["height"]) >= 66 else "sizes"


def channels():
    """Yields an image of each other colour type. Every pixel is opaque."""
    path = VECTORS / "images/photo-19-160x107.ppm"
    rgb = pixels(path)
    opaque = numpy.full(rgb.shape[:2] + (1,), 255, numpy.uint8)
    grey = numpy.asarray(Image.fromarray(rgb).convert("L"))[..., None]
    yield (
        "channels",
        "rgba",
        png.RGBA,
        numpy.concatenate([rgb, opaque], 2),
        b"",
        f"images/{path.name}",
    )
    yield "channels", "grey", png.GREY, grey, b"", None
    yield "channels", "grey-alpha", png.GREY_ALPHA, numpy.concatenate([grey, opaque], 2), b"", None
    few = Image.fromarray(rgb).quantize(64)
    yield (
        "channels",
        "palette",
        png.PALETTE,
        numpy.asarray(few)[..., None],
        bytes(few.getpalette()[:192]),
        None,
    )


def rotations():
    """Yields an image in the seven other positions."""
    rgb = pixels(VECTORS / "images/photo-15-120x90.ppm")
    for name, rotation in ROTATIONS.items():
        yield (
            "rotation",
            name,
            png.RGB,
            numpy.asarray(Image.fromarray(rgb).transpose(rotation)),
            b"",
            None,
        )


def row(kind, name, path, img_hash):
    """Returns the vector of an image."""
    width, height, rgb = png.read_rgb(path)
    pixels = numpy.frombuffer(rgb, numpy.uint8).reshape(height, width, 3)
    pdq = reference_pdq.reference(pixels)
    hashes = {name: pdq["hashes"][name] for name in ("pdq", "pdq-512")}
    image = Image.fromarray(pixels)
    for algorithm in IMAGEHASH:
        value = reference_imagehash.of(image, algorithm)
        if "hex" in value:
            hashes[algorithm] = {"hex": value["hex"], "source": reference_imagehash.SOURCE}
    for algorithm in IMG_HASH:
        if algorithm in img_hash:
            hashes[algorithm] = {"hex": img_hash[algorithm], "source": "img_hash 3.2.0"}
    return {
        "name": name,
        "class": kind,
        "file": f"images/{path.name}",
        "width": width,
        "height": height,
        "rgb_md5": pdq["rgb_md5"],
        "hashes": hashes,
    }


if __name__ == "__main__":
    sys.exit(main())
