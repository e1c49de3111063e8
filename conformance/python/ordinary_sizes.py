#!/usr/bin/env python3
"""Checks that the default limits accept ordinary images of every size and encoder quality.

    python ordinary_sizes.py CORPUS [--ownprint PROGRAM] [--whole] [--ratios]

Scales the photographs of CORPUS/photos, one of them blurred, and a sky with and without noise to
phone sizes, and encodes them as JPEG, progressive JPEG, WebP, HEIC, AVIF and JPEG XL. Without
--whole, a sample is made: a blurred photograph and a sky of 12 megapixels at two qualities. With
--whole, 1 to 50 megapixels at qualities 20 to 95, and 200 megapixels in formats whose decoders need
less than the default memory. --ratios prints the pixels for each byte of every
file (docs/limits.md). The exit status is 1 if any image is refused.
"""

import argparse
import sys
import tempfile
from pathlib import Path

import numpy
import pillow_heif
import pillow_jxl  # noqa: F401  registers the format
from PIL import Image, ImageFilter

from decode_differential import hash_all

FORMATS = {
    "jpg": ("JPEG", {}),
    "progressive.jpg": ("JPEG", {"progressive": True}),
    "webp": ("WEBP", {"method": 1}),
    "heic": ("HEIF", {}),
    "avif": ("AVIF", {"speed": 10}),
    "jxl": ("JXL", {"effort": 1}),
}
# WebP has a maximum of 16,383 pixels for each dimension; encoding HEIC takes minutes.
LARGE = ("jpg", "progressive.jpg", "avif", "jxl")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--ownprint", default="cargo run --release -q -p ownprint-cli --")
    parser.add_argument("--whole", action="store_true")
    parser.add_argument("--ratios", action="store_true")
    options = parser.parse_args()
    Image.MAX_IMAGE_PIXELS = None
    pillow_heif.register_heif_opener()
    sources = photographs(options.corpus / "photos")
    if not sources:
        print(f"skipped: {options.corpus} has no folder of photos")
        return 0
    checked, refused = 0, []
    with tempfile.TemporaryDirectory() as folder:
        for name, megapixels, image in images(sources, options.whole):
            files = {
                path: (image.width * image.height, path.stat().st_size)
                for path in encoded(Path(folder), name, megapixels, image, options.whole)
            }
            for path, record in zip(files, hash_all(options.ownprint, files), strict=True):
                checked += 1
                pixels, length = files[path]
                if options.ratios:
                    print(f"{path.name}\t{length} bytes\t{pixels / length:.1f} pixels a byte")
                if "pdq" not in record.get("hashes", {}):
                    refused.append(f"{path.name}: {record.get('error')}")
                path.unlink()
    print(f"{checked} images, {len(refused)} refused", *refused, sep="\n")
    return 1 if refused else 0


def photographs(folder):
    """Returns the sources of the images: a name and a small image each."""
    paths = sorted(path for path in folder.glob("*") if path.suffix in (".jpg", ".png"))
    sources = {path.stem: Image.open(path).convert("RGB") for path in paths}
    if sources:
        name, image = next(reversed(sources.items()))
        sources[f"{name}-blurred"] = image.filter(ImageFilter.GaussianBlur(12))
    return sources


def images(sources, whole):
    names = list(sources) if whole else list(sources)[-1:]
    for megapixels in (1, 12, 24, 50, 200) if whole else (12,):
        width = int((megapixels * 1.5e6) ** 0.5)
        size = (width, int(width / 1.5))
        for name in names:
            yield name, megapixels, sources[name].resize(size, Image.Resampling.BICUBIC)
        yield "sky", megapixels, sky(size, 0)
        if whole:
            yield "sky-with-noise", megapixels, sky(size, 1.5)


def sky(size, noise):
    """Returns a vertical gradient of blue with normally distributed noise."""
    width, height = size
    random = numpy.random.default_rng(1)
    image = numpy.empty((height, width, 3), numpy.uint8)
    for y in range(height):
        color = numpy.array([90, 140, 220]) + numpy.array([80, 70, 30]) * y / height
        image[y] = (color + random.normal(0, noise, (width, 1))).clip(0, 255)
    return Image.fromarray(image)


def encoded(folder, name, megapixels, image, whole):
    for ending, (encoder, options) in FORMATS.items():
        if megapixels == 200 and ending not in LARGE:
            continue
        for quality in (20, 50, 65, 75, 85, 95) if whole and megapixels < 50 else (20, 65):
            path = folder / f"{name}-{megapixels}-{quality}.{ending}"
            image.save(path, encoder, quality=quality, **options)
            yield path


if __name__ == "__main__":
    sys.exit(main())
