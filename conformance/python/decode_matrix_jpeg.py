#!/usr/bin/env python3
"""Compares JPEG files of every combination of options with Pillow, and prints a table.

    python decode_matrix_jpeg.py --programs FOLDER [--every N]

The files are written by cjpeg of libjpeg-turbo, with its scan scripts, and by Pillow. Decoders
round differently: the maximum distance of the PDQ hashes is 4 bits for images of 64x64 pixels and
more, and the maximum mean difference of the samples is 2 for all. A file may also be refused with
a reason. `--every N` uses every N-th file of a deterministic order. The exit status is 1 if there
is any other difference.
"""

import io
import itertools
import shutil
import subprocess
import sys

import numpy
import pdqhash
from PIL import Image

from decode_matrix import Case, refused, run
from videos import image

MOST_BITS = 4
MOST_DIFFERENCE = 2
PDQ_SIZE = 64
SIZES = [
    (1, 1),
    (7, 5),
    (8, 8),
    (15, 17),
    (16, 16),
    (33, 31),
    (48, 48),
    (64, 64),
    (65, 63),
    (70, 70),
    (127, 129),
    (321, 243),
]
SAMPLINGS = [
    "1x1",
    "2x1",
    "1x2",
    "2x2",
    "4x1",
    "1x4",
    "4x2",
    "2x4",
    "4x4",
    "3x1",
    "1x3",
    "3x3",
    "3x2",
]
MIXED_SAMPLINGS = [
    "2x2,1x2,1x2",
    "2x2,2x1,2x1",
    "2x2,2x1,1x2",
    "1x1,2x2,2x2",
    "1x1,2x1,1x2",
    "2x1,1x1,2x1",
    "1x2,1x1,1x2",
    "4x2,2x1,2x1",
    "2x2,1x1,2x2",
]
SCANS = {
    "interleaved": None,
    "not interleaved": "0;1;2;",
    "chroma first": "2;1;0;",
    "luma last": "1;0;2;",
    "luma, then both chroma": "0;1 2;",
    "luma with one chroma": "0 1;2;",
    "chroma, then luma with chroma": "1;0 2;",
    "progressive": "",
    "progressive, no successive approximation": "0 1 2:0-0,0,0;0:1-63,0,0;1:1-63,0,0;2:1-63,0,0;",
    "progressive, bands": "0:0-0,0,0;1 2:0-0,0,0;2:1-63,0,0;0:1-5,0,0;1:1-63,0,0;0:6-63,0,0;",
    "progressive, bits": "0 1 2:0-0,0,1;0:1-63,0,2;1:1-63,0,1;2:1-63,0,1;0:1-63,2,1;0 1 2:0-0,1,0;1:1-63,1,0;2:1-63,1,0;0:1-63,1,0;",
}
RESTARTS = [None, "1", "1B", "7B"]
GREY_SCANS = {
    "interleaved": None,
    "progressive": "",
    "progressive, bands": "0:0-0,0,0;0:1-20,0,0;0:21-63,0,0;",
}
QUALITIES = ["90", "30"]


def main():
    if shutil.which("cjpeg") is None:
        print("skipped the files of cjpeg, which is not installed")
    return run(
        __doc__, lambda folder: itertools.chain(by_cjpeg(folder), by_pillow(), cmyk()), compare
    )


def compare(path, _, ours):
    """Returns the kind of the result and a short description."""
    try:
        with Image.open(path) as opened:
            theirs = numpy.asarray(opened.convert("RGB"))
    except Exception as error:  # Pillow's decoders raise many types of exceptions.
        return ("both refuse" if isinstance(ours, str) else "DIFFERENT"), f"Pillow: {error}"
    if isinstance(ours, str):
        return refused(ours)
    difference = numpy.abs(ours.astype(int) - theirs.astype(int)).mean()
    bits = 0
    if min(theirs.shape[:2]) >= PDQ_SIZE:
        bits = int(
            (pdqhash.compute(ours)[0] != pdqhash.compute(numpy.ascontiguousarray(theirs))[0]).sum()
        )
    is_close = bits <= MOST_BITS and difference <= MOST_DIFFERENCE
    return ("close" if is_close else "DIFFERENT"), f"{bits} bits, mean difference {difference:.2f}"


def by_cjpeg(folder):
    program = shutil.which("cjpeg")
    if program is None:
        return
    samplings = SAMPLINGS + MIXED_SAMPLINGS
    for size, sampling, (scans, script), restart, quality in itertools.product(
        SIZES, samplings, SCANS.items(), RESTARTS, QUALITIES
    ):
        options = ["-sample", sampling]
        yield cjpeg(
            program,
            folder,
            (f"YCbCr, sampling factors {sampling}", f"YCbCr, scans: {scans}"),
            size,
            options,
            script,
            restart,
            quality,
        )
    for size, (scans, script), restart, quality in itertools.product(
        SIZES, SCANS.items(), RESTARTS, QUALITIES
    ):
        yield cjpeg(
            program, folder, (f"RGB, scans: {scans}",), size, ["-rgb"], script, restart, quality
        )
    for size, (scans, script), restart, quality in itertools.product(
        SIZES, GREY_SCANS.items(), RESTARTS, QUALITIES
    ):
        yield cjpeg(
            program,
            folder,
            (f"grey, scans: {scans}",),
            size,
            ["-grayscale"],
            script,
            restart,
            quality,
        )


def cjpeg(program, folder, rows, size, options, script, restart, quality):
    name = f"cjpeg {rows} {size} {restart} {quality}"

    def writer(path):
        command = [program, "-quality", quality, *options, "-outfile", path]
        if restart:
            command += ["-restart", restart]
        if script == "":
            command.append("-progressive")
        elif script:
            scans = folder / "scans.txt"
            scans.write_text(script)
            command += ["-scans", scans]
        source = io.BytesIO()
        Image.fromarray(image(*size, 0.4)).save(source, "PPM")
        subprocess.run(
            command,
            input=source.getvalue(),
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    return Case(rows, name, writer)


def by_pillow():
    modes = {"RGB": {}, "L": {}, "CMYK": {}, "RGB kept": {"keep_rgb": True}}
    for size, (mode, kept), progressive, subsampling, restart, quality in itertools.product(
        SIZES,
        modes.items(),
        (False, True),
        (0, 1, 2, "4:1:1", "4:4:0"),
        ({}, {"restart_marker_rows": 1}, {"restart_marker_blocks": 3}),
        (20, 75, 95),
    ):
        row = f"Pillow {mode}, {'progressive' if progressive else 'baseline'}"

        def writer(
            path,
            size=size,
            mode=mode,
            kept=kept,
            progressive=progressive,
            subsampling=subsampling,
            restart=restart,
            quality=quality,
        ):
            opened = Image.fromarray(image(*size, 0.4)).convert(mode.split()[0])
            options = {} if mode in ("L", "CMYK") or kept else {"subsampling": subsampling}
            opened.save(
                path, "JPEG", quality=quality, progressive=progressive, **kept, **restart, **options
            )

        yield Case((row,), f"{row} {subsampling} {restart} {quality} {size}", writer)


def cmyk():
    """CMYK and YCCK with every subsampling, CMYK also without an Adobe segment."""
    kinds = ("CMYK", "CMYK without an Adobe segment", "YCCK")
    for size, kind, subsampling, progressive, quality in itertools.product(
        SIZES, kinds, ("4:4:4", "4:2:2", "4:2:0"), (False, True), (20, 75, 95)
    ):

        def writer(
            path,
            size=size,
            kind=kind,
            subsampling=subsampling,
            progressive=progressive,
            quality=quality,
        ):
            opened = Image.fromarray(image(*size, 0.4))
            if kind == "YCCK":
                # The colours of YCbCr, with black of little structure.
                planes = [*opened.convert("YCbCr").split(), opened.convert("L").point(half)]
                opened = Image.merge("CMYK", [plane.point(inverted) for plane in planes])
            file = io.BytesIO()
            opened.convert("CMYK").save(
                file, "JPEG", quality=quality, subsampling=subsampling, progressive=progressive
            )
            path.write_bytes(with_adobe(file.getvalue(), kind))

        row = f"{kind}, subsampling {subsampling}"
        yield Case((row,), f"{row} {progressive} {quality} {size}", writer)


def half(value):
    return 128 + value // 2


def inverted(value):
    return 255 - value


def with_adobe(data, kind):
    """Removes the segment APP14, or writes into it that the components are YCCK."""
    at = data.index(b"\xff\xee")
    end = at + 2 + int.from_bytes(data[at + 2 : at + 4])
    if kind == "YCCK":
        return data[: end - 1] + b"\2" + data[end:]
    return data[:at] + data[end:] if kind.endswith("segment") else data


if __name__ == "__main__":
    sys.exit(main())
