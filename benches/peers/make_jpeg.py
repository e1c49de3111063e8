"""Encodes a P6 pixmap as a camera would, with a sensor's grain: PIXMAP JPEG ORIENTATION (EXIF, 1 to 8) QUALITY."""

import sys

import numpy
from PIL import Image

GRAIN = 3.5
"""Standard deviation: at quality 95 it makes 12 megapixels a file of some 4 MB, as phones write them, at 88 one of less than 2."""


def main():
    pixmap, jpeg, orientation, quality = sys.argv[1:]
    with Image.open(pixmap) as image:
        pixels = numpy.asarray(image).astype(numpy.float32)
    grain = numpy.random.RandomState(1).normal(0, GRAIN, pixels.shape).astype(numpy.float32)
    image = Image.fromarray(numpy.clip(pixels + grain, 0, 255).astype(numpy.uint8))
    exif = image.getexif()
    exif[0x0112] = int(orientation)
    image.save(jpeg, quality=int(quality), subsampling="4:2:0", exif=exif)


if __name__ == "__main__":
    main()
