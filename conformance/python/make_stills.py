#!/usr/bin/env python3
"""Writes the HEIC, AVIF and JPEG XL files of conformance/vectors/stills, and the expected values.

    python make_stills.py FOLDER PIXMAP

For each file, expected.json has the MD5 of the RGB bytes and the PDQ hash of the image decoded by
pillow-heif, Pillow's AVIF or pillow-jxl-plugin. PIXMAP is a P6 pixmap that `paint` wrote. There is
one file for each code path of the decoders: subsampled and full chroma, grey, more than 8 bits,
rotated, with alpha, lossless and lossy, with a profile that libjxl replaces. Needs cjxl.
"""

import hashlib
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import imagecodecs
import numpy
import pdqhash
import pillow_heif
import pillow_jxl  # noqa: F401  (registers itself)
from PIL import Image, ImageOps

from reference_pdq import read_pixmap

pillow_heif.register_heif_opener()
TURNED = 6


def main():
    folder, pixmap = map(Path, sys.argv[1:3])
    folder.mkdir(parents=True, exist_ok=True)
    image = Image.fromarray(read_pixmap(pixmap))
    for name, write in kinds(image).items():
        write(folder / name)
        print(f"{name}\t{(folder / name).stat().st_size} bytes")
    expected = {name: reference_of(folder / name) for name in sorted(kinds(image))}
    (folder / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")


def reference_of(path):
    with Image.open(path) as image:
        rgb = numpy.asarray(ImageOps.exif_transpose(image).convert("RGB"))
    vector, quality = pdqhash.compute(rgb)
    return {
        "width": rgb.shape[1],
        "height": rgb.shape[0],
        "rgb_md5": hashlib.md5(rgb.tobytes()).hexdigest(),
        "pdq": numpy.packbits(vector).tobytes().hex(),
        "quality": quality,
    }


def kinds(image):
    grey, clear = image.convert("L"), image.copy()
    clear.putalpha(Image.linear_gradient("L").resize(image.size))
    turned = Image.Exif()
    turned[0x0112] = TURNED
    return {
        "420.heic": saver(image, "HEIF", quality=80, chroma=420),
        "444.heic": saver(image, "HEIF", quality=80, chroma=444),
        "grey.heic": saver(grey, "HEIF", quality=80),
        "alpha.heic": saver(clear, "HEIF", quality=80),
        "10-bit.heic": lambda path: ten_bits(image, path),
        "420.avif": saver(image, "AVIF", quality=80, subsampling="4:2:0"),
        "422.avif": saver(image, "AVIF", quality=80, subsampling="4:2:2"),
        "444.avif": saver(image, "AVIF", quality=80, subsampling="4:4:4"),
        "limited.avif": saver(image, "AVIF", quality=80, range="limited"),
        "grey.avif": saver(image, "AVIF", quality=80, subsampling="4:0:0"),
        "alpha.avif": saver(clear, "AVIF", quality=80),
        "turned.avif": saver(image, "AVIF", quality=80, exif=turned.tobytes()),
        "lossless.jxl": saver(image, "JXL", lossless=True),
        "grey-lossless.jxl": saver(grey, "JXL", lossless=True),
        "alpha-lossless.jxl": saver(clear, "JXL", lossless=True),
        "lossy.jxl": saver(image, "JXL", quality=80),
        "profile-lossy.jxl": lambda path: with_profile(image, path),
    }


def saver(image, kind, **options):
    return lambda path: image.save(path, kind, **options)


def ten_bits(image, path):
    """Returns 16-bit samples, of which the encoder keeps the upper ten bits."""
    samples = numpy.asarray(image).astype("<u2") * 257
    pillow_heif.encode("RGB;16", image.size, samples.tobytes(), path, quality=80)


def with_profile(image, path):
    """Writes a lossy file with a profile of gamma 1.8, which libjxl decodes to linear sRGB."""
    profile = imagecodecs.cms_profile(
        "rgb",
        whitepoint=[0.3457, 0.3585, 1],
        primaries=[0.64, 0.33, 1, 0.21, 0.71, 1, 0.15, 0.06, 1],
        gamma=1.8,
    )
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "source.png"
        image.save(source, icc_profile=profile)
        subprocess.run(["cjxl", source, path, "-d", "1", "--quiet"], check=True)


if __name__ == "__main__":
    main()
