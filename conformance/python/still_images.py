"""What the matrices of still images have in common: the image, and the pixels that are expected."""

from typing import NamedTuple

import av
import imagecodecs
import numpy
from PIL import Image, ImageOps

# An odd size, so that rows have padding and blocks have edges.
WIDTH, HEIGHT = 75, 61


class Expected(NamedTuple):
    """What `compare` of decode_matrix_stills.py needs."""

    is_lossless: bool = False
    """Every RGB byte must be equal."""
    pixels: object = None
    """The RGB pixels, or a function that reads a path. `None` means those of Pillow."""
    known: str = ""
    """A difference that docs/pixels.md or docs/formats.md describes."""


def photo(width, height, seed=1):
    """Returns a colour image of random blocks, smoothed, whose PDQ hash has few undecided bits."""
    blocks = numpy.random.default_rng(seed).integers(0, 256, (12, 15, 3), numpy.uint8)
    return numpy.asarray(Image.fromarray(blocks).resize((width, height), Image.Resampling.BICUBIC))


PHOTO = photo(WIDTH, HEIGHT)
GREY = PHOTO[..., 0]


def opened(alpha, size=(WIDTH, HEIGHT)):
    """Returns the image for Pillow, with or without alpha."""
    pixels = photo(*size)
    image = Image.fromarray(pixels)
    if alpha:
        image.putalpha(Image.fromarray(255 - pixels[..., 0]))
    return image


def by_pillow(path):
    """Returns the pixels that Pillow gives, oriented. 16-bit grey keeps the high byte."""
    with Image.open(path) as image:
        if image.mode.startswith("I"):
            grey = numpy.asarray(ImageOps.exif_transpose(image)).astype(numpy.uint16) >> 8
            return numpy.repeat(grey.astype(numpy.uint8)[..., None], 3, 2)
        return numpy.asarray(ImageOps.exif_transpose(image).convert("RGB"))


def by_libavif(path):
    """Returns the high byte of the samples of an AVIF file of more than 8 bits.

    Pillow requests 8 bits, which libavif computes with the less precise libyuv.
    """
    samples = imagecodecs.avif_decode(path.read_bytes())
    # The array has 16 bits for every depth beyond 8; libavif does not scale them.
    depth = av1_depth(path.read_bytes())
    samples = (samples >> (depth - 8)).astype(numpy.uint8)
    return samples[..., :3] if samples.ndim == 3 else numpy.repeat(samples[..., None], 3, 2)


def av1_depth(data):
    """Returns the depth in the configuration of the first AV1 item."""
    flags = data[data.index(b"av1C") + 6]
    return 8 if not flags & 0x40 else 12 if flags & 0x20 else 10


def by_ffmpeg(path):
    """Returns the pixels of FFmpeg, the second decoder of HEVC."""
    with av.open(str(path)) as file:
        return next(file.decode(video=0)).to_ndarray(format="rgb24")
