"""Writes a HEIC of 200 megapixels as a grid of 512x512 tiles, like phones with such sensors. All
tiles are identical, which makes encoding fast.

ISO/IEC 14496-12 and 23008-12 define the boxes. The tile and its decoder parameters come from a file
that libheif wrote.
"""

import io
import struct

from PIL import Image

SIDE = 512
COLUMNS, ROWS = 32, 24


def write(path, image):
    """Writes the grid to `path`. The top left corner of `image` becomes the tile."""
    # A new image has no metadata. libheif would write metadata as a second item.
    tile, file = Image.new("RGB", (SIDE, SIDE)), io.BytesIO()
    tile.paste(image.crop((0, 0, SIDE, SIDE)))
    tile.save(file, "HEIF", quality=60)
    parameters, data = parts(file.getvalue())
    tiles = COLUMNS * ROWS
    grid = struct.pack(">BBBBHH", 0, 0, ROWS - 1, COLUMNS - 1, COLUMNS * SIDE, ROWS * SIDE)
    items = [full(b"infe", 2, 0, struct.pack(">HH4sx", 1, 0, b"grid"))]
    items += [full(b"infe", 2, 1, struct.pack(">HH4sx", 2 + tile, 0, b"hvc1")) for tile in range(tiles)]
    properties = [parameters, ispe(SIDE, SIDE), ispe(COLUMNS * SIDE, ROWS * SIDE)]
    # The grid has its size. Each tile has its decoder parameters, marked essential, and its size.
    associations = struct.pack(">IHBB", 1 + tiles, 1, 1, 3) + b"".join(struct.pack(">HBBB", 2 + tile, 2, 0x81, 2) for tile in range(tiles))
    reference = struct.pack(">HH", 1, tiles) + b"".join(struct.pack(">H", 2 + tile) for tile in range(tiles))
    head = box(b"ftyp", b"heic\0\0\0\0heicmif1")

    def meta(start):
        extents = [(1, start, len(grid))] + [(2 + tile, start + len(grid) + tile * len(data), len(data)) for tile in range(tiles)]
        places = b"".join(struct.pack(">HHHII", item, 0, 1, offset, length) for item, offset, length in extents)
        return full(
            b"meta",
            0,
            0,
            full(b"hdlr", 0, 0, struct.pack(">4x4s12xx", b"pict"))
            + full(b"pitm", 0, 0, struct.pack(">H", 1))
            + full(b"iloc", 0, 0, struct.pack(">BBH", 0x44, 0, len(extents)) + places)
            + full(b"iinf", 0, 0, struct.pack(">H", len(items)) + b"".join(items))
            + full(b"iref", 0, 0, box(b"dimg", reference))
            + box(b"iprp", box(b"ipco", b"".join(properties)) + full(b"ipma", 0, 0, associations)),
        )

    start = len(head) + len(meta(0)) + 8
    path.write_bytes(head + meta(start) + box(b"mdat", grid + data * tiles))


def parts(file):
    """Returns the `hvcC` box and the coded image of a file with one item of one extent."""
    at = file.index(b"hvcC") - 4
    parameters = file[at : at + int.from_bytes(file[at : at + 4], "big")]
    data = file[file.index(b"mdat") + 4 :]
    return parameters, data


def ispe(width, height):
    return full(b"ispe", 0, 0, struct.pack(">II", width, height))


def full(name, version, flags, payload):
    return box(name, struct.pack(">I", version << 24 | flags) + payload)


def box(name, payload):
    return struct.pack(">I4s", 8 + len(payload), name) + payload
