#!/usr/bin/env python3
"""Makes unusual kinds of JPEG and prints the table of results in docs/formats.md.

    python odd_jpegs.py --programs FOLDER

There is one kind per feature that phones, printers and encoders use. The hashes are compared with
those of Pillow's decoder (libjpeg-turbo). Unsupported kinds are made from an ordinary file by
changing the marker or byte that names the coding, because decoders check only that. The exit status
is 1 if a supported kind is more than 10 bits from Pillow's PDQ, or if an unsupported kind is
accepted.
"""

import argparse
import io
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy
from PIL import Image, ImageCms, ImageOps

from decode_differential import pdq_distance
from videos import image

MOST_BITS = 10
SIZE = (640, 480)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--programs", type=Path, required=True)
    options = parser.parse_args()
    print("| JPEG | result | distance to PDQ of Pillow's pixels, bits |\n|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        rows = [row(options.programs / "ownprint", Path(folder) / "odd.jpg", *kind) for kind in kinds()]
    for text, _ in rows:
        print(text)
    wrong = [text for text, is_right in rows if not is_right]
    return 1 if wrong else 0


def kinds():
    """Yields names, files, and whether they must be hashed."""
    photo = Image.fromarray(image(*SIZE, 0.4))
    thumbnail = photo.resize((160, 120))
    ordinary, cmyk = jpeg(photo), jpeg(photo.convert("CMYK"))
    hashed = {
        "baseline, 4:2:0": ordinary,
        "progressive": jpeg(photo, progressive=True),
        "4:4:4, 4:2:2": (jpeg(photo, subsampling=0), jpeg(photo, subsampling=1)),
        "restart markers": jpeg(photo, restart_marker_rows=1),
        "grey": jpeg(photo.convert("L")),
        "RGB": jpeg(photo, keep_rgb=True),
        "RGB and YCbCr with an ICC profile of another color space (as in XYB): profile ignored": (
            jpeg(photo, keep_rgb=True, icc_profile=profile()),
            jpeg(photo, icc_profile=profile()),
        ),
        "CMYK, inverted (Adobe convention)": cmyk,
        "YCCK": changed(cmyk, b"Adobe", 11, 2),
        "MPO (stereo cameras, iPhones with a gain map): the first image": mpo(photo, thumbnail),
        "Ultra HDR (gain map after the image, named in XMP): the base image": ultra_hdr(photo, thumbnail),
        "rotated by EXIF": (turned(photo, 6), turned(photo, 5)),
        "stray bytes between headers; data after the end": (stray(ordinary), ordinary + bytes(99)),
    }
    refused = {
        "12 bits per sample": frame_header(ordinary, 0xC1, bits=12),
        "arithmetic coding": (frame_header(ordinary, 0xC9), frame_header(ordinary, 0xCA)),
        "lossless": frame_header(ordinary, 0xC3),
        "hierarchical": frame_header(ordinary, 0xC5),
        "JPEG-LS": frame_header(ordinary, 0xF7),
    }
    for group, is_hashed in ((hashed, True), (refused, False)):
        for name, files in group.items():
            yield name, files if isinstance(files, tuple) else (files,), is_hashed


def row(ownprint, path, name, files, is_hashed):
    """Returns the line of the table, and whether the result is correct."""
    outcomes, distances = set(), []
    for file in files:
        path.write_bytes(file)
        command = [ownprint, "hash", "--algorithms", "pdq", "--format", "jsonl", path]
        record = json.loads(subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False).stdout)
        if "error" in record:
            outcomes.add(f"`{record['error']['code']}`: {record['error']['message']}")
            continue
        outcomes.add("hashed" + "".join(f", warning `{warning['code']}`" for warning in record["warnings"]))
        distances.append(distance(file, record))
    outcome = "; ".join(sorted(outcomes)).replace(str(path), "")
    bits = ", ".join(map(str, distances)) or "-"
    is_right = len(distances) == len(files) and max(distances) <= MOST_BITS if is_hashed else not distances
    return f"| {name} | {outcome} | {bits} |", is_right


def distance(file, record):
    with Image.open(io.BytesIO(file)) as image:
        pixels = numpy.asarray(ImageOps.exif_transpose(image).convert("RGB"))
    return pdq_distance(record, pixels)[0]


def jpeg(image, **options):
    file = io.BytesIO()
    image.save(file, "JPEG", quality=88, **options)
    return file.getvalue()


def profile():
    """Returns a profile that changes the pixels if a decoder applies it."""
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("XYZ")).tobytes()


def mpo(first, second):
    file = io.BytesIO()
    first.save(file, "MPO", save_all=True, append_images=[second], quality=88)
    return file.getvalue()


def ultra_hdr(photo, gain_map):
    words = (
        b'http://ns.adobe.com/xap/1.0/\0<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
        b'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description '
        b'xmlns:hdrgm="http://ns.adobe.com/hdr-gain-map/1.0/" hdrgm:Version="1.0"/></rdf:RDF></x:xmpmeta>'
    )
    both = mpo(photo, gain_map.convert("L"))
    return both[:2] + b"\xff\xe1" + (len(words) + 2).to_bytes(2, "big") + words + both[2:]


def turned(photo, orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    return jpeg(photo, exif=exif)


def stray(file):
    """Inserts bytes that belong to no segment after the first segment."""
    at = 4 + int.from_bytes(file[4:6], "big")
    return file[:at] + bytes(9) + file[at:]


def changed(file, after, offset, value):
    """Replaces the byte at an offset from the first occurrence of `after`."""
    at = file.index(after) + offset
    return file[:at] + bytes([value]) + file[at + 1 :]


def frame_header(file, marker, bits=8):
    """Replaces the marker and the bits per sample in the frame header."""
    at = file.index(b"\xff\xc0")
    return file[:at] + bytes([0xFF, marker]) + file[at + 2 : at + 4] + bytes([bits]) + file[at + 5 :]


if __name__ == "__main__":
    sys.exit(main())
