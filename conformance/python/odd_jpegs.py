#!/usr/bin/env python3
"""Makes one JPEG of every odd kind that phones, printers and encoders write, and prints what becomes of it, as the table in docs/formats.md.

    python odd_jpegs.py --programs FOLDER

Images are held against Pillow's (libjpeg-turbo). What has to be refused is made of an ordinary file by the marker or the byte that
names the coding: whoever reads it decides by that. Exit status 1 where a kind that is to be hashed is more than 10 bits from Pillow's PDQ, or
one that is to be refused is not.
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
    print("| JPEG | what becomes of it | PDQ beside Pillow's, bits |\n|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        rows = [row(options.programs / "ownprint", Path(folder) / "odd.jpg", *kind) for kind in kinds()]
    for text, _ in rows:
        print(text)
    wrong = [text for text, is_right in rows if not is_right]
    return 1 if wrong else 0


def kinds():
    """Names, files, and whether they are to be hashed."""
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
        "RGB and luma with a profile of no RGB space, as XYB has one: ignored": (
            jpeg(photo, keep_rgb=True, icc_profile=profile()),
            jpeg(photo, icc_profile=profile()),
        ),
        "CMYK, by Adobe's custom inverted": cmyk,
        "YCCK": changed(cmyk, b"Adobe", 11, 2),
        "MPO, several images in a row, as stereo cameras and iPhones with a gain map write: the first": mpo(photo, thumbnail),
        "Ultra HDR, a gain map behind and named in XMP: the base image": ultra_hdr(photo, thumbnail),
        "turned by EXIF": (turned(photo, 6), turned(photo, 5)),
        "stray bytes between headers; anything behind the end": (stray(ordinary), ordinary + bytes(99)),
    }
    refused = {
        "12 bits a sample": frame_header(ordinary, 0xC1, bits=12),
        "arithmetic coding": (frame_header(ordinary, 0xC9), frame_header(ordinary, 0xCA)),
        "lossless": frame_header(ordinary, 0xC3),
        "hierarchical": frame_header(ordinary, 0xC5),
        "JPEG-LS": frame_header(ordinary, 0xF7),
    }
    for group, is_hashed in ((hashed, True), (refused, False)):
        for name, files in group.items():
            yield name, files if isinstance(files, tuple) else (files,), is_hashed


def row(ownprint, path, name, files, is_hashed):
    """The line of the table, and whether it says what it should."""
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
    """One that makes other pixels for whoever applies it."""
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
    """With bytes that belong to nothing behind the first segment."""
    at = 4 + int.from_bytes(file[4:6], "big")
    return file[:at] + bytes(9) + file[at:]


def changed(file, after, offset, value):
    """With another byte so far behind the first one of `after`."""
    at = file.index(after) + offset
    return file[:at] + bytes([value]) + file[at + 1 :]


def frame_header(file, marker, bits=8):
    """With another coding in the frame's header: the marker, the bits of a sample."""
    at = file.index(b"\xff\xc0")
    return file[:at] + bytes([0xFF, marker]) + file[at + 2 : at + 4] + bytes([bits]) + file[at + 5 :]


if __name__ == "__main__":
    sys.exit(main())
