"""PyPI pdqhash: `python3 pdqhash_python.py pdq` or `pdq-512`. Needs pdqhash, numpy and Pillow."""

import sys

import numpy
import pdqhash
from PIL import Image


def nearest_512(pixels):
    """Scales like the C++ command line: to 512x512 if a dimension exceeds 512."""
    height, width, _ = pixels.shape
    if max(height, width) <= 512:
        return pixels
    scaled = pixels[numpy.arange(512) * height // 512][:, numpy.arange(512) * width // 512]
    return numpy.ascontiguousarray(scaled)


for line in sys.stdin:
    with Image.open(line.rstrip("\n")) as image:
        rgb = numpy.asarray(image.convert("RGB"))
    vector, quality = pdqhash.compute(nearest_512(rgb) if sys.argv[1] == "pdq-512" else rgb)
    print(f"{int(''.join(str(int(bit)) for bit in vector), 2):064x},{quality}", flush=True)
