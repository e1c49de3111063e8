"""Paints small test videos and writes them with PyAV."""

import functools
import struct
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


def units_of(path):
    """Returns the parameter sets and the samples, each a list of units."""
    with av.open(str(path)) as video:
        extra = video.streams.video[0].codec_context.extradata
        samples = [split(bytes(packet)) for packet in video.demux(video=0) if packet.size]
    sets, at = [], 6
    for count in (extra[5] & 31, None):
        if count is None:
            count, at = extra[at], at + 1
        for _ in range(count):
            length = int.from_bytes(extra[at : at + 2])
            sets.append(extra[at + 2 : at + 2 + length])
            at += 2 + length
    return sets, samples


def split(sample):
    units = []
    while sample:
        length = int.from_bytes(sample[:4])
        units.append(sample[4 : 4 + length])
        sample = sample[4 + length :]
    return units


def mux(sets, samples):
    """Returns an MP4 file of one track."""
    prefixed = lambda unit: struct.pack(">I", len(unit)) + unit
    data = [b"".join(map(prefixed, sample)) for sample in samples]
    by_kind = lambda kind: [it[:65535] for it in sets if it and it[0] & 31 == kind]
    listed = lambda units: bytes([len(units)]) + b"".join(struct.pack(">H", len(it)) + it for it in units)
    sequences, others = by_kind(7)[:31], by_kind(8)[:255]
    head = sequences[0][1:4] if sequences else b"\x42\0\x1e"
    configuration = box("avcC", b"\1" + head + b"\xff" + bytes([0xE0 | len(sequences)]) + listed(sequences)[1:] + listed(others))
    counted = lambda kind, *values: box(kind, struct.pack(f">II{len(values)}I", 0, 1, *values))
    table = box(
        "stbl",
        box("stsd", struct.pack(">II", 0, 1), box("avc1", bytes(78), configuration)),
        counted("stts", len(data), 1),
        counted("stsc", 1, len(data), 1),
        box("stsz", struct.pack(f">III{len(data)}I", 0, 0, len(data), *map(len, data))),
        counted("stco", 24),
    )
    media = box("mdia", box("mdhd", struct.pack(">6I", 0, 0, 0, 25, len(data), 0)), box("hdlr", bytes(8), b"vide", bytes(13)), box("minf", table))
    movie = box("moov", box("mvhd", struct.pack(">5I", 0, 0, 0, 25, len(data)), bytes(80)), box("trak", media))
    return box("ftyp", b"isom\0\0\0\0") + box("mdat", *data) + movie


def box(kind, *parts):
    body = b"".join(parts)
    return struct.pack(">I", 8 + len(body)) + kind.encode() + body
