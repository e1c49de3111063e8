#!/usr/bin/env python3
"""Compares PNG, BMP, GIF, WebP, HEIC, AVIF and JPEG XL of every combination of options with Pillow.

    python decode_matrix_stills.py --programs FOLDER [--every N]

PNG, BMP, GIF and the containers of WebP, HEIC and AVIF are written byte by byte, what is in them
by Pillow, pillow-heif, imagecodecs, pillow-jxl-plugin, and by cwebp and cjxl if they are installed.
The reference is Pillow with the plugins of libheif, libavif and libjxl, or the pixels that were
written. All RGB bytes must be equal for lossless formats. For lossy ones, the maximum distance of
the PDQ hashes is 4 bits for images of 64x64 pixels and more, and the maximum mean difference of the
samples is 2. A file may also be refused with a reason. A difference that docs/pixels.md describes
is known. `--every N` uses every N-th file of a deterministic order. The exit status is 1 if there
is any other difference.
"""

import itertools
import shutil
import sys
from pathlib import Path

import numpy
import pdqhash

import matrix_bmp
import matrix_gif
import matrix_heif
import matrix_heif_derived
import matrix_jxl
import matrix_png
import matrix_webp
from decode_matrix import refused, run
from still_images import by_pillow

MOST_BITS = 4
MOST_DIFFERENCE = 2
PDQ_SIZE = 64
FORMATS = (
    matrix_png,
    matrix_bmp,
    matrix_gif,
    matrix_webp,
    matrix_heif,
    matrix_heif_derived,
    matrix_jxl,
)


def main():
    for program in ("cjxl", "cwebp"):
        if shutil.which(program) is None:
            print(f"skipped the files of {program}, which is not installed")
    return run(__doc__, all_cases, compare)


def all_cases(folder: Path):
    return itertools.chain.from_iterable(module.cases(folder) for module in FORMATS)


def compare(path, expected, ours):
    """Returns the kind of the result and a short description."""
    try:
        theirs = expected.pixels
        if theirs is None or callable(theirs):
            theirs = (theirs or by_pillow)(path)
    except Exception as error:  # Pillow's decoders raise many types of exceptions.
        theirs, refusal = None, f"{type(error).__name__}: {error}"
    if isinstance(ours, str):
        if theirs is None and not ours.startswith("internal"):
            return "both refuse", ours
        return refused(ours)
    if theirs is None:
        return ("known, Pillow refuses" if expected.known else "DIFFERENT"), f"Pillow: {refusal}"
    kind, detail = difference(ours, theirs, expected.is_lossless)
    if kind == "DIFFERENT" and expected.known:
        return f"known, {expected.known}", detail
    return kind, detail


def difference(ours, theirs, is_lossless):
    if ours.shape != theirs.shape:
        return "DIFFERENT", f"{ours.shape}, expected {theirs.shape}"
    if numpy.array_equal(ours, theirs):
        return "equal", ""
    mean = numpy.abs(ours.astype(int) - theirs.astype(int)).mean()
    bits = 0
    if min(theirs.shape[:2]) >= PDQ_SIZE:
        hashes = [pdqhash.compute(numpy.ascontiguousarray(rgb))[0] for rgb in (ours, theirs)]
        bits = int((hashes[0] != hashes[1]).sum())
    is_close = not is_lossless and bits <= MOST_BITS and mean <= MOST_DIFFERENCE
    return ("close" if is_close else "DIFFERENT"), f"{bits} bits, mean difference {mean:.2f}"


if __name__ == "__main__":
    sys.exit(main())
