"""Paints small test videos and writes them with PyAV."""

import functools
from fractions import Fraction

import av
import numpy as np


def image(width, height, time):
    """Returns a frame of a moving image with enough structure for a hash."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float64)
    x, y = x * 320 / width, y * 240 / height
    red = 127 + 80 * np.sin(x / 23 + 7 * time) + 40 * np.cos(y / 17 + 3 * time)
    green = 127 + 90 * np.sin((x + y) / 31 - 5 * time)
    blue = 127 + 70 * np.cos(x / 11 - y / 29 + 9 * time)
    disc = (x - 320 * (0.2 + 0.6 * time)) ** 2 + (y - 240 * (0.5 + 0.3 * np.sin(6 * time))) ** 2 < 1600
    red[disc], green[disc], blue[disc] = 240, 60, 30
    return np.clip(np.stack([red, green, blue], -1), 0, 255).astype(np.uint8)


def write(path, width, height, frames, rate=Fraction(30), codec="libx264", options=None, pixels="yuv420p", container=None, again=None):
    """Writes a video of `frames` frames to `path`. The extension selects the container. If `again`
    is given, the content repeats after this number of frames.
    """
    painted = functools.cache(lambda index: image(width, height, index / 90))
    with av.open(str(path), "w", options=container or {}) as video:
        stream = video.add_stream(codec, rate=rate, options={"threads": "1", **(options or {})})
        stream.width, stream.height, stream.pix_fmt = width, height, pixels
        if pixels == "yuvj420p":
            stream.codec_context.color_range = av.video.reformatter.ColorRange.JPEG
        for index in range(frames):
            frame = av.VideoFrame.from_ndarray(painted(index % (again or frames)), format="rgb24")
            for packet in stream.encode(frame):
                video.mux(packet)
        for packet in stream.encode():
            video.mux(packet)
