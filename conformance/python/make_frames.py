#!/usr/bin/env python3
"""Writes files with several frames, pages or images to conformance/vectors/frames.

    python make_frames.py FOLDER

Pillow writes TIFF, MPO and AVIF; libjxl (imagecodecs) writes JPEG XL. Each file has two images: a
pattern, and the same pattern upside down. TIFF and JPEG XL are lossless.
"""

import sys
from pathlib import Path

import imagecodecs
import numpy
from PIL import Image

WIDTH, HEIGHT = 24, 16


def main():
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, write in WRITERS.items():
        write(folder / name)
        print(f"{name}\t{(folder / name).stat().st_size} bytes")


def pattern():
    y, x = numpy.mgrid[:HEIGHT, :WIDTH]
    return numpy.stack([x * 10, y * 15, (x // 8 + y // 8) % 2 * 200], axis=-1).astype("u1")


def pillow(kind, **options):
    def write(path):
        image, further = (Image.fromarray(pixels) for pixels in (pattern(), pattern()[::-1]))
        image.save(path, kind, save_all=True, append_images=[further], **options)

    return write


def jpeg_xl(path):
    frames = numpy.stack([pattern(), pattern()[::-1]])
    path.write_bytes(imagecodecs.jpegxl_encode(frames, lossless=True, photometric="rgb"))


WRITERS = {
    "pages.tiff": pillow("TIFF"),
    "two.mpo": pillow("MPO", quality=90),
    "animated.avif": pillow("AVIF", quality=90, subsampling="4:4:4"),
    "animated.jxl": jpeg_xl,
}

if __name__ == "__main__":
    main()
