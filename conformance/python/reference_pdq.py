"""Hashes raw pixels with PyPI pdqhash.

As a program, it reads paths of P6 pixmaps from standard input and prints one JSON object per line.
"""

import hashlib
import json
import sys

import numpy
import pdqhash

SOURCE = "pdqhash 0.2.8"


def read_pixmap(path):
    """Reads the RGB pixels of a P6 file with three header lines: magic, size, range."""
    with open(path, "rb") as file:
        magic, size, depth, rgb = file.read().split(b"\n", 3)
    if magic != b"P6" or depth != b"255":
        raise ValueError(f"{path} is not an 8-bit P6 pixmap")
    width, height = map(int, size.split())
    return numpy.frombuffer(rgb, numpy.uint8).reshape(height, width, 3)


def write_pixmap(path, rgb):
    """Writes a file for read_pixmap."""
    height, width, _ = rgb.shape
    with open(path, "wb") as file:
        file.write(b"P6\n%d %d\n255\n" % (width, height))
        file.write(rgb.tobytes())


def reference(rgb):
    """Returns the hashes of all four algorithms in the format of ownprint's records."""
    small = nearest_512(rgb)
    return {
        "width": rgb.shape[1],
        "height": rgb.shape[0],
        "rgb_md5": hashlib.md5(rgb.tobytes()).hexdigest(),
        "hashes": {
            "pdq": one(rgb),
            "pdq-512": one(small),
            "pdq-dihedral": eight(rgb),
            "pdq-512-dihedral": eight(small),
        },
    }


def nearest_512(rgb):
    """Scales an image with a side above 512, like the C++ command line."""
    height, width, _ = rgb.shape
    if max(height, width) <= 512:
        return rgb
    rows = numpy.arange(512) * height // 512
    columns = numpy.arange(512) * width // 512
    return numpy.ascontiguousarray(rgb[rows][:, columns])


def one(rgb):
    vector, quality = pdqhash.compute(rgb)
    return {"hex": to_hex(vector), "quality": int(quality)}


def eight(rgb):
    vectors, quality = pdqhash.compute_dihedral(rgb)
    return {"hex": [to_hex(vector) for vector in vectors], "quality": int(quality)}


def to_hex(vector):
    """Formats a hash; pdqhash returns the highest bit first."""
    return f"{int(''.join('1' if bit else '0' for bit in vector), 2):064x}"


if __name__ == "__main__":
    for line in sys.stdin:
        path = line.rstrip("\n")
        print(json.dumps({"path": path, **reference(read_pixmap(path))}), flush=True)
