#!/usr/bin/env python3
"""Compares the pixels that ownprint hashes with Pillow's, over every image in a folder.

    python decode_differential.py FOLDER [--ownprint "cargo run --release -q -p ownprint-cli --"]

Needs Pillow, numpy and pdqhash. For PNG, GIF, WebP, BMP, TIFF, PNM and lossless JPEG XL, the pixels
must be equal: the MD5 of the oriented RGB bytes is compared. JPEG decoders round differently, so
the PDQ hashes are compared: maximum 10 bits at a quality of 80 or more. For HEIC, AVIF and lossy
JPEG XL the maximum is 2 bits at a quality of 50 or more (differential_stills.py configures their
decoders). Differences that docs/pixels.md describes are listed as known. The exit status is 1 if
there is any other difference.
"""

import argparse
import hashlib
import json
import shlex
import subprocess
import sys
import warnings
from pathlib import Path

import numpy
import pdqhash
from PIL import Image, ImageOps

# Formats whose decoders round differently: the maximum distance of PDQ hashes, and the minimum
# quality for which it applies.
LOSSY = {"jpeg": (10, 80), "heic": (2, 50), "avif": (2, 50), "jxl": (2, 50)}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--ownprint", default="cargo run --release -q -p ownprint-cli --")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    paths = sorted(path for path in options.folder.rglob("*") if path.is_file())
    counts = {}
    for path, ours in zip(paths, hash_all(options.ownprint, paths), strict=True):
        kind, detail = compare(path, ours)
        counts[kind] = counts.get(kind, 0) + 1
        if kind != "equal":
            print(f"{kind}\t{path.relative_to(options.folder)}\t{detail}")
    print(", ".join(f"{count} {kind}" for kind, count in sorted(counts.items())))
    return 1 if counts.get("DIFFERENT") else 0


def hash_all(command, paths):
    """Returns one JSON object per path, in order. A refused file has an object with an error."""
    arguments = ["hash", "--algorithms", "pdq", "--rgb-md5", "--format", "jsonl", "--files-from", "-"]
    lines = "".join(f"{path}\n" for path in paths)
    run = subprocess.run(shlex.split(command) + arguments, input=lines, stdout=subprocess.PIPE, text=True)
    if run.returncode not in (0, 1):
        sys.exit(f"{command} ended with status {run.returncode}")
    return [json.loads(line) for line in run.stdout.splitlines()]


def compare(path, ours):
    """Returns the kind of the result and a short description."""
    try:
        with Image.open(path) as image:
            mode = image.mode
            rgb = ImageOps.exif_transpose(image).convert("RGB")
            theirs = numpy.asarray(rgb)
    except Exception as error:  # Pillow's decoders raise many types of exceptions.
        theirs, refusal = None, f"{type(error).__name__}: {error}"
    if "rgb_md5" not in ours or ours["rgb_md5"] is None:
        reason = ours.get("error", {}).get("code") or ", ".join(map(str, ours.get("warnings", [])))
        return ("both refuse" if theirs is None else "only Pillow decodes"), reason
    if theirs is None:
        return "only ownprint decodes", refusal
    if ours["rgb_md5"] == hashlib.md5(theirs.tobytes()).hexdigest():
        return "equal", ""
    # This test does not check whether the size in a record is before or after orientation.
    if sorted([ours["width"], ours["height"]]) != sorted(theirs.shape[:2]):
        return "DIFFERENT", f"{ours['width']}x{ours['height']}, Pillow {theirs.shape[1]}x{theirs.shape[0]}"
    bits, quality = pdq_distance(ours, theirs)
    detail = f"{ours['format']}, Pillow mode {mode}, PDQ {bits} bits apart at quality {quality}"
    if ours["format"] in LOSSY and not (ours["format"] == "jxl" and ours.get("deterministic", True)):
        most, least = LOSSY[ours["format"]]
        return ("close" if bits <= most or quality < least else "DIFFERENT"), detail
    known = known_cause(path, ours["format"], mode)
    return ("known", f"{detail}: {known}") if known else ("DIFFERENT", detail)


def pdq_distance(ours, theirs):
    vector, quality = pdqhash.compute(numpy.ascontiguousarray(theirs))
    hexadecimal = numpy.packbits(vector).tobytes().hex()
    difference = int(ours["hashes"]["pdq"]["hex"], 16) ^ int(hexadecimal, 16)
    return difference.bit_count(), quality


def known_cause(path, container, mode):
    """Returns the difference described in docs/pixels.md that explains other pixels, if there is
    one.
    """
    data = path.read_bytes()
    if mode.startswith("I"):
        return "Pillow clips 16-bit grey"
    if container == "pnm" and b"255" not in data[:32].split():
        return "maximum other than 255"
    if container == "bmp":
        if int.from_bytes(data[28:30], "little") == 16:
            return "rounding of 5 and 6 bits"
    if container == "tiff":
        with Image.open(path) as image:
            if image.info.get("compression") in ("jpeg", "tiff_jpeg"):
                return "JPEG inside TIFF"
    return None


if __name__ == "__main__":
    sys.exit(main())
