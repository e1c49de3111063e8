"""HEIC and AVIF files with grids, crops, rotations and mirrors."""

import functools
import itertools
from fractions import Fraction

import numpy

import heif_boxes as boxes
from matrix_heif import CODECS, SIZE, base, case, item, single
from still_images import Expected


def cases(_folder):
    return itertools.chain(grids(), grid_colours(), transforms(), crops())


# --- Grids ----------------------------------------------------------------------------------------


def grids():
    layouts = [(1, 1), (2, 1), (1, 2), (2, 2), (3, 2), (4, 4), (16, 1), (1, 16), (8, 8), (16, 4)]
    for codec, (columns, rows), chroma, cropped, depth in itertools.product(
        CODECS, layouts, ("400", "420", "422", "444"), (0, 2, 1, 33, 63), (8, 10)
    ):
        if depth == 10 and columns * rows > 6:
            continue
        yield case(
            f"{codec}, grid of tiles",
            f"{columns}x{rows}, {chroma}, {depth} bits, {cropped} outside",
            lambda a=(codec, columns, rows, chroma, cropped, depth): grid(*a),
        )
    for codec, quarters, axis in itertools.product(CODECS, (0, 1, 2, 3), (None, 0, 1)):
        more = [boxes.irot(quarters)] + ([] if axis is None else [boxes.imir(axis)])
        yield case(
            f"{codec}, rotated grid",
            f"{quarters} quarters, mirror {axis}",
            lambda a=(codec, 2, 2, "420", 2, 8), b=more: grid(*a, properties=b),
        )
    for codec in CODECS:
        yield case(
            f"{codec}, grid with rotated tiles",
            "",
            lambda codec=codec: grid(codec, 2, 2, "420", 0, 8, tile_properties=[boxes.irot(2)]),
        )


def grid(codec, columns, rows, chroma, cropped, depth, properties=(), tile_properties=()):
    """Returns a grid of tiles of 64x64 pixels. `cropped` pixels of the last tiles are outside."""
    coded = [item(codec, depth, chroma, (64, 64), seed) for seed in range(min(columns * rows, 5))]
    items, numbers = {}, range(2, 2 + columns * rows)
    for number in numbers:
        tile = coded[number * 3 // 2 % len(coded)]
        items[number] = boxes.Item(tile.kind, tile.data, [*tile.properties, *tile_properties])
    width, height = columns * 64 - cropped, rows * 64 - cropped
    data = boxes.grid(columns, rows, width, height)
    colours = [it for it in coded[0].properties if it[4:8] in (b"colr", b"pixi")]
    whole = [boxes.ispe(width, height), *colours, *properties]
    items[1] = boxes.Item(b"grid", data, whole, True)
    return boxes.HeifFile(CODECS[codec], items, 1, [(b"dimg", 1, list(numbers))])


def grid_colours():
    """Colour information of the grid, of its tiles, of both, or of neither."""
    places = {
        "none": None,
        "BT.601 full": boxes.nclx(1, 13, 6, 1),
        "BT.2020 limited": boxes.nclx(9, 16, 9, 0),
    }
    for codec, chroma, whole, tiles in itertools.product(CODECS, ("420", "444"), places, places):

        def make(codec=codec, chroma=chroma, whole=places[whole], tiles=places[tiles]):
            file = grid(codec, 2, 1, chroma, 0, 8)
            for number, it in file.items.items():
                colours = whole if number == 1 else tiles
                it.properties = boxes.without(it, b"colr") + ([colours] if colours else [])
            return file

        yield case(f"{codec}, colours of a grid", f"{chroma}, grid {whole}, tiles {tiles}", make)


# --- Transforms -----------------------------------------------------------------------------------

STEPS = {
    "crop": boxes.clap((46, 1), (38, 1), (3, 1), (-3, 1)),
    "90": boxes.irot(1),
    "180": boxes.irot(2),
    "270": boxes.irot(3),
    "top-bottom": boxes.imir(0),
    "left-right": boxes.imir(1),
}


def transforms():
    """Every chain of up to three transforms, compared with the standard and with the decoder."""
    for codec, length in itertools.product(CODECS, (1, 2, 3)):
        for chain in itertools.product(STEPS, repeat=length):
            steps = [STEPS[name] for name in chain]
            make = functools.partial(transformed_file, codec, tuple(steps))
            expected = Expected(pixels=lambda _, a=(codec, tuple(steps)): transformed(*a))
            yield case(f"{codec}, transforms, by the standard", ", ".join(chain), make, expected)
            if is_ordinary(chain) and not (codec == "AVIF" and "crop" in chain):
                name = "libheif" if codec == "HEIC" else "libavif"
                yield case(f"{codec}, transforms, {name}", ", ".join(chain), make)


def is_ordinary(chain):
    """Returns `True` for a chain in the order of MIAF: crop, rotation, mirror, each once."""
    kinds = [0 if step == "crop" else 1 if step.isdigit() else 2 for step in chain]
    return kinds == sorted(set(kinds))


def transformed_file(codec, steps):
    return single(codec, item(codec), *steps, dropped=())


def transformed(codec, steps):
    """Applies the properties to the pixels of the image without them, in the file's order."""
    pixels = base(codec)
    for step in steps:
        if step[4:8] == b"irot":
            pixels = numpy.rot90(pixels, step[8])
        elif step[4:8] == b"imir":
            pixels = pixels[:, ::-1] if step[8] else pixels[::-1]
        else:
            pixels = cropped(pixels, step[8:])
    return pixels


def cropped(pixels, body):
    """Applies a crop of whole pixels (ISO/IEC 14496-12, 12.1.4)."""
    numbers = [int.from_bytes(body[at : at + 4], signed=True) for at in range(0, 32, 4)]
    width, height, horizontal, vertical = (Fraction(*numbers[at : at + 2]) for at in range(0, 8, 2))
    left = horizontal + (pixels.shape[1] - width) / 2
    top = vertical + (pixels.shape[0] - height) / 2
    return pixels[int(top) : int(top + height), int(left) : int(left + width)]


def crops():
    """Crops at every position: of whole pixels, of fractions, and partly outside the image."""
    offsets = [(0, 1), (1, 2), (-1, 2), (5, 1), (-5, 1), (7, 2), (1, 3), (-7, 4), (40, 1), (-41, 1)]
    lengths = [(40, 1), (39, 1), (81, 2), (77, 2), (40, 3), (1, 1), (80, 1), (90, 1)]
    pairs = list(zip(lengths, lengths[1:] + lengths[:1], strict=True))
    for (width, height), horizontal, vertical in itertools.product(pairs, offsets, offsets):
        yield crop("444", "fractional crops", (width, height, horizontal, vertical))
    for chroma, width, height, left, top in itertools.product(
        ("400", "420", "422", "444"), (79, 75, 40), (64, 63, 31), (0, 1, 2, 5), (0, 1, 2, 5)
    ):
        if left + width <= SIZE[0] and top + height <= SIZE[1]:
            horizontal = (2 * left + width - SIZE[0], 2)
            vertical = (2 * top + height - SIZE[1], 2)
            yield crop(chroma, "crops", ((width, 1), (height, 1), horizontal, vertical))


def crop(chroma, row, values):
    return case(
        f"HEIC, {row}",
        f"{chroma}, {values}",
        lambda: single("HEIC", item("HEIC", chroma=chroma), boxes.clap(*values), dropped=()),
    )


assert SIZE == (80, 64)
