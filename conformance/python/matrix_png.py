"""PNG files of every colour type, depth, interlacing and filter, with ancillary chunks."""

import itertools
import struct
import zlib

import numpy
from PIL import Image

from decode_matrix import Case
from still_images import GREY, HEIGHT, PHOTO, WIDTH, Expected

ADAM7 = [
    (0, 0, 8, 8),
    (4, 0, 8, 8),
    (0, 4, 4, 8),
    (2, 0, 4, 4),
    (0, 2, 2, 4),
    (1, 0, 2, 2),
    (0, 1, 1, 2),
]
COLOURS = {0: "grey", 2: "RGB", 3: "palette", 4: "grey and alpha", 6: "RGBA"}
CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
DEPTHS = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}
# Names of chunks, each alone, and one file with all of them.
EXTRAS = (
    "none",
    "gAMA",
    "cHRM",
    "sRGB",
    "iCCP",
    "cICP",
    "bKGD",
    "sBIT",
    "hIST",
    "pHYs",
    "tIME",
    "eXIf",
    "eXIf after the pixels",
    "tEXt",
    "zTXt",
    "iTXt",
    "sPLT",
    "unknown",
    "several IDAT",
    "APNG",
    "APNG, IDAT is not a frame",
    "all",
)
BEFORE_PALETTE = ("gAMA", "cHRM", "sRGB", "iCCP", "cICP", "sBIT")


def cases(_folder):
    for color, interlace, has_trns, extra in itertools.product(
        COLOURS, (0, 1), (False, True), EXTRAS
    ):
        for depth in DEPTHS[color]:
            if has_trns and color in (4, 6):
                continue
            if extra == "hIST" and color != 3:
                continue
            options = (color, depth, interlace, has_trns, extra)
            rows = (f"PNG, {COLOURS[color]}", f"PNG, chunks: {extra}")
            yield Case(
                rows,
                f"PNG {options}",
                lambda path, a=options: path.write_bytes(png(*a)),
                Expected(True),
            )
    for width, height, interlace in itertools.product(
        (1, 2, 3, 5, 8, 9), (1, 2, 3, 5, 8, 9), (0, 1)
    ):
        for color, depth in ((0, 1), (3, 4), (2, 8), (6, 16)):
            yield Case(
                ("PNG, small sizes",),
                f"PNG {width}x{height} {interlace} {color} {depth}",
                lambda path, a=(color, depth, interlace, False, "none", (width, height)): (
                    path.write_bytes(png(*a))
                ),
                Expected(True),
            )


def chunk(name, payload):
    body = name + payload
    return struct.pack(">I", len(payload)) + body + struct.pack(">I", zlib.crc32(body))


def ancillary(color, depth, extra):
    """Returns the chunks before the palette, before the pixels, and after them."""
    exif = Image.Exif()
    exif[0x0112] = 6
    payloads = {
        "gAMA": struct.pack(">I", 100000),
        "cHRM": struct.pack(">8I", 31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000),
        "sRGB": b"\0",
        "iCCP": b"p\0\0" + zlib.compress(b"not a profile"),
        "cICP": bytes([9, 16, 0, 1]),
        "sBIT": bytes([1] * (3 if color == 3 else CHANNELS[color])),
        "bKGD": {0: b"\0\1", 4: b"\0\1", 3: b"\1"}.get(color, b"\0\1\0\1\0\1"),
        "hIST": bytes(2 << depth) if color == 3 else None,
        "pHYs": struct.pack(">IIB", 2835, 5670, 1),
        "tIME": bytes([7, 234, 1, 2, 3, 4, 5]),
        "eXIf": exif.tobytes()[6:],
        "eXIf after the pixels": exif.tobytes()[6:],
        "tEXt": b"Comment\0text",
        "zTXt": b"Comment\0\0" + zlib.compress(b"text"),
        "iTXt": b"Comment\0\0\0\0\0text",
        "sPLT": b"name\0\x08" + bytes(6),
        "unknown": b"any",
    }
    names = [name for name in payloads if extra == "all" or extra == name]
    before, middle, after = b"", b"", b""
    for name in names:
        if payloads[name] is None or (extra == "all" and name in ("eXIf after the pixels", "sRGB")):
            continue
        kind = b"quAl" if name == "unknown" else name[:4].encode()
        made = chunk(kind, payloads[name])
        if name in BEFORE_PALETTE:
            before += made
        elif name == "eXIf after the pixels":
            after += made
        else:
            middle += made
    return before, middle, after


def png(color, depth, interlace, has_trns, extra, size=(WIDTH, HEIGHT)):
    channels, (width, height) = CHANNELS[color], size
    photo, grey = PHOTO[:height, :width], GREY[:height, :width]
    samples = numpy.dstack([photo, 255 - grey])[..., :channels].astype(numpy.uint32)
    if color == 4:
        samples = numpy.dstack([grey, 255 - grey]).astype(numpy.uint32)
    samples = samples * 257 if depth == 16 else samples >> (8 - depth)
    before, middle, after = ancillary(color, depth, extra)
    file = b"\x89PNG\r\n\x1a\n"
    file += chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, interlace))
    file += before
    if color == 3:
        file += chunk(
            b"PLTE", bytes((i * 5 + c * 70) % 256 for i in range(1 << depth) for c in range(3))
        )
    if has_trns:
        file += chunk(b"tRNS", {0: b"\0\1", 2: b"\0\1\0\1\0\1", 3: b"\0\x80"}[color])
    file += middle
    stream = pixels(samples, depth, interlace)
    if extra.startswith("APNG"):
        return file + animation(stream, size, extra == "APNG") + chunk(b"IEND", b"")
    parts = [stream[i : i + 100] for i in range(0, len(stream), 100)]
    parts = parts if extra == "several IDAT" else [stream]
    return file + b"".join(chunk(b"IDAT", it) for it in parts) + after + chunk(b"IEND", b"")


def pixels(samples, depth, interlace):
    passes = ADAM7 if interlace else [(0, 0, 1, 1)]
    return zlib.compress(
        b"".join(filtered(samples[y::dy, x::dx], depth) for x, y, dx, dy in passes)
    )


def animation(stream, size, is_frame):
    """Returns `IDAT` and one more frame with the same pixels."""

    def control(number, width, height):
        return chunk(b"fcTL", struct.pack(">IIIIIHHBB", number, width, height, 0, 0, 1, 10, 0, 0))

    frames = chunk(b"acTL", struct.pack(">II", 2, 0))
    frames += control(0, *size) if is_frame else b""
    frames += chunk(b"IDAT", stream)
    first = 1 if is_frame else 0
    for number in (first, first + 2)[: 1 if is_frame else 2]:
        frames += control(number, *size) + chunk(b"fdAT", struct.pack(">I", number + 1) + stream)
    return frames


def filtered(samples, depth):
    """Returns the packed rows of a pass, with a different filter for each row."""
    if 0 in samples.shape:
        return b""
    height, width, channels = samples.shape
    if depth == 16:
        rows = samples.astype(">u2").view(numpy.uint8).reshape(height, -1)
    elif depth == 8:
        rows = samples.astype(numpy.uint8).reshape(height, -1)
    else:
        shifts = numpy.arange(depth)[::-1]
        bits = (samples.reshape(height, width, 1) >> shifts & 1).reshape(height, -1)
        rows = numpy.packbits(bits.astype(numpy.uint8), axis=1)
    unit = max(1, channels * depth // 8)
    previous = numpy.zeros(rows.shape[1], numpy.int32)
    result = b""
    for y, row in enumerate(rows.astype(numpy.int32)):
        left = numpy.concatenate([numpy.zeros(unit, numpy.int32), row[:-unit]])[: len(row)]
        corner = numpy.concatenate([numpy.zeros(unit, numpy.int32), previous[:-unit]])[: len(row)]
        guess = left + previous - corner
        distances = [abs(guess - left), abs(guess - previous), abs(guess - corner)]
        paeth = numpy.select(
            [
                (distances[0] <= distances[1]) & (distances[0] <= distances[2]),
                distances[1] <= distances[2],
            ],
            [left, previous],
            corner,
        )
        predicted = [0 * row, left, previous, (left + previous) // 2, paeth][y % 5]
        result += bytes([y % 5]) + (row - predicted).astype(numpy.uint8).tobytes()
        previous = row
    return result
