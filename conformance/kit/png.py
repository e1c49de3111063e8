"""Reads and writes the PNG files of the kit, and writes pixmaps, with the standard library only.

Eight bits per sample, not interlaced. A program that has no PNG decoder can be tested with pixmaps
(`--input ppm`).
"""

import struct
import zlib

SIGNATURE = b"\x89PNG\r\n\x1a\n"

GREY, RGB, PALETTE, GREY_ALPHA, RGBA = 0, 2, 3, 4, 6

CHANNELS = {GREY: 1, RGB: 3, PALETTE: 1, GREY_ALPHA: 2, RGBA: 4}
"""The number of samples per pixel of each colour type."""


def read_rgb(path):
    """Returns the width, the height and the RGB bytes of a PNG file. Alpha is dropped."""
    colour, width, height, samples, palette = read(path)
    if colour == RGB:
        return width, height, samples
    if colour == RGBA:
        return width, height, pick(samples, 4, (0, 1, 2))
    if colour == GREY:
        return width, height, pick(samples, 1, (0, 0, 0))
    if colour == GREY_ALPHA:
        return width, height, pick(samples, 2, (0, 0, 0))
    return width, height, b"".join(palette[3 * index : 3 * index + 3] for index in samples)


def pick(samples, channels, order):
    """Returns three of the channels of each pixel."""
    pixels = bytearray(len(samples) // channels * 3)
    for to, channel in enumerate(order):
        pixels[to::3] = samples[channel::channels]
    return bytes(pixels)


def read(path):
    """Returns colour type, width, height, samples and palette of a PNG file."""
    header, compressed, palette = None, b"", b""
    for kind, content in chunks(path):
        if kind == b"IHDR":
            header = struct.unpack(">IIBBBBB", content)
        elif kind == b"PLTE":
            palette = content
        elif kind == b"IDAT":
            compressed += content
    width, height, depth, colour, _, _, interlaced = header
    if depth != 8 or interlaced or colour not in CHANNELS:
        raise ValueError(f"{path}: only eight bits per sample without interlacing")
    channels = CHANNELS[colour]
    return (
        colour,
        width,
        height,
        unfilter(zlib.decompress(compressed), width, height, channels),
        palette,
    )


def chunks(path):
    """Yields the type and the content of each chunk."""
    with open(path, "rb") as file:
        data = file.read()
    if data[:8] != SIGNATURE:
        raise ValueError(f"{path} is not a PNG file")
    position = 8
    while position < len(data):
        length, kind = struct.unpack_from(">I4s", data, position)
        yield kind, data[position + 8 : position + 8 + length]
        position += length + 12


def unfilter(data, width, height, channels):
    """Undoes the filters of PNG rows, section 9 of the specification."""
    length = width * channels
    out, above = [], bytes(length)
    for row in range(height):
        start = row * (length + 1)
        kind, line = data[start], bytearray(data[start + 1 : start + 1 + length])
        for at in range(length if kind else 0):
            left = line[at - channels] if at >= channels else 0
            if kind == 1:
                predicted = left
            elif kind == 2:
                predicted = above[at]
            elif kind == 3:
                predicted = (left + above[at]) // 2
            else:
                predicted = paeth(left, above[at], above[at - channels] if at >= channels else 0)
            line[at] = (line[at] + predicted) & 255
        out.append(bytes(line))
        above = line
    return b"".join(out)


def paeth(left, above, corner):
    """Returns the neighbour that is closest to the gradient."""
    guess = left + above - corner
    distances = [
        (abs(guess - value), order, value) for order, value in enumerate((left, above, corner))
    ]
    return min(distances)[2]


def write(path, colour, width, height, samples, palette=b""):
    """Writes a PNG file without filters."""
    length = width * CHANNELS[colour]
    rows = b"".join(b"\0" + samples[at : at + length] for at in range(0, length * height, length))
    with open(path, "wb") as file:
        file.write(SIGNATURE)
        file.write(chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 0)))
        if palette:
            file.write(chunk(b"PLTE", palette))
        file.write(chunk(b"IDAT", zlib.compress(rows, 9)))
        file.write(chunk(b"IEND", b""))


def chunk(kind, content):
    """Returns a chunk with its length and checksum."""
    return (
        struct.pack(">I", len(content))
        + kind
        + content
        + struct.pack(">I", zlib.crc32(kind + content))
    )


def write_pixmap(path, width, height, rgb):
    """Writes a binary pixmap (`P6`)."""
    with open(path, "wb") as file:
        file.write(b"P6\n%d %d\n255\n" % (width, height))
        file.write(rgb)
