"""Encodes a P6 pixmap as a JPEG with the grain of a camera sensor. Arguments: PIXMAP JPEG
ORIENTATION (EXIF, 1 to 8) QUALITY.
"""

import sys

import numpy
from PIL import Image

GRAIN = 3.5
"""Standard deviation of the grain. 12 megapixels become about 4 MB at quality 95, like files of
phones, and less than 2 MB at quality 88.
"""


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
