"""GIF files, written byte by byte: palettes, codes, interlacing, frames and extensions."""

import itertools
import struct

import numpy
from PIL import Image

from decode_matrix import Case
from still_images import GREY, HEIGHT, PHOTO, WIDTH, Expected

NETSCAPE = b"\x21\xff\x0bNETSCAPE2.0\x03\1\0\0\0"
COMMENT = b"\x21\xfe\x07comment\0"
PLAIN_TEXT = b"\x21\x01\x0c" + struct.pack("<4H4B", 0, 0, 10, 10, 8, 8, 1, 0) + b"\x02ab\0"
UNKNOWN = b"\x21\x55\x03abc\0"
CODINGS = ("codes", "clear at start only", "never clear", "clear often", "no clear at start")


def cases(_folder):
    return itertools.chain(by_pillow(), palettes_and_codes(), frames(), extensions(), endings())


def case(row, name, make, expected=None):
    return Case(
        (f"GIF, {row}",),
        f"GIF, {row}, {name}",
        lambda path: path.write_bytes(make()),
        expected or Expected(True),
    )


def by_pillow():
    for interlace, colors, transparency, count in itertools.product(
        (0, 1), (2, 16, 256), (None, 0), (1, 2)
    ):
        name = f"interlace {interlace}, {colors} colours, transparency {transparency}, {count}"

        def write(path, a=(interlace, colors, transparency, count)):
            image = Image.fromarray(PHOTO).quantize(a[1])
            options = {} if a[2] is None else {"transparency": a[2]}
            if a[3] == 2:
                options |= {"save_all": True, "append_images": [image.rotate(90)], "disposal": 2}
            image.save(path, "GIF", interlace=a[0], **options)

        yield Case(("GIF, Pillow",), f"GIF, Pillow, {name}", write, Expected(True))


# --- Writing --------------------------------------------------------------------------------------


def header(width, height, bits, background=0, version=b"GIF89a", aspect=0):
    """Returns the header with a palette of `bits` bits, or without one for `None`."""
    flags = 0x70 if bits is None else 0xF0 | bits - 1
    screen = struct.pack("<HHBBB", width, height, flags, background, aspect)
    return version + screen + (b"" if bits is None else palette(bits, 1))


def palette(bits, step):
    return bytes((i * 5 * step + c * 70) % 256 for i in range(1 << bits) for c in range(3))


def control(transparent=None, disposal=0, delay=0):
    flags = disposal << 2 | (transparent is not None)
    return b"\x21\xf9\x04" + struct.pack("<BHBB", flags, delay, transparent or 0, 0)


def frame(indices, bits, left=0, top=0, local=None, interlace=False, coding="codes"):
    height, width = indices.shape
    flags = (0 if local is None else 0x80 | local - 1) | interlace << 6
    data = b"\x2c" + struct.pack("<HHHHB", left, top, width, height, flags)
    data += b"" if local is None else palette(local, 3)
    if interlace:
        order = [
            y for at, step in ((0, 8), (4, 8), (2, 4), (1, 2)) for y in range(at, height, step)
        ]
        indices = indices[order]
    stream = compress(indices.ravel().tolist(), bits, coding)
    blocks = [stream[at : at + 255] for at in range(0, len(stream), 255)]
    return data + bytes([bits]) + b"".join(bytes([len(it)]) + it for it in blocks) + b"\0"


def compress(values, bits, coding):
    """Returns the LZW codes of GIF. Without a code to clear it, a full table stays as it is."""
    clear, stop = 1 << bits, (1 << bits) + 1
    output, count = 0, 0

    def put(code, width):
        nonlocal output, count
        output |= code << count
        count += width

    def fresh():
        return {(value,): value for value in range(clear)}, bits + 1

    table, width = fresh()
    following = stop + 1
    if coding != "no clear at start":
        put(clear, width)
    current, chunks = (), []
    for number, value in enumerate(values):
        longer = (*current, value)
        if longer in table:
            current = longer
            continue
        put(table[current], width)
        current = (value,)
        is_due = following == 4096 and coding in ("codes", "no clear at start")
        if is_due or coding == "clear often" and number % 50 == 0:
            put(clear, width + (following == 1 << width and width < 12))
            table, width = fresh()
            following = stop + 1
        elif following < 4096:
            table[longer] = following
            if following == 1 << width and width < 12:
                width += 1
            following += 1
        if count > 4096:
            whole = count // 8
            chunks.append((output & ((1 << whole * 8) - 1)).to_bytes(whole, "little"))
            output, count = output >> whole * 8, count - whole * 8
    put(table[current], width)
    # The decoder adds an entry for the last code too, which may widen the next.
    put(stop, width + (following == 1 << width and width < 12))
    return b"".join(chunks) + output.to_bytes((count + 7) // 8, "little")


def indices_of(bits):
    return GREY >> (8 - bits)


# --- Cases ----------------------------------------------------------------------------------------


def palettes_and_codes():
    for bits, interlace, coding in itertools.product(range(1, 9), (False, True), CODINGS):
        yield case(
            "code sizes",
            f"{bits}, interlace {interlace}, {coding}",
            lambda a=(bits, interlace, coding): (
                header(WIDTH, HEIGHT, a[0])
                + frame(indices_of(a[0]), a[0], interlace=a[1], coding=a[2])
                + b";"
            ),
        )
    noise = numpy.random.default_rng(3).integers(0, 256, (150, 160), numpy.uint8)
    for bits, coding in itertools.product((2, 5, 8), CODINGS):
        yield case(
            "full code table",
            f"{bits}, {coding}",
            lambda a=(bits, coding): (
                header(160, 150, a[0]) + frame(noise >> (8 - a[0]), a[0], coding=a[1]) + b";"
            ),
        )
    for bits, coded in itertools.product(range(1, 9), range(1, 9)):
        used = min(bits, coded)
        yield case(
            "palette and code size differ",
            f"{bits}, {coded}",
            lambda a=(bits, coded, used): (
                header(WIDTH, HEIGHT, a[0]) + frame(indices_of(a[2]), a[1]) + b";"
            ),
        )
        if bits < coded:
            yield case(
                "indices outside the palette",
                f"{bits}, {coded}",
                lambda a=(bits, coded): (
                    header(WIDTH, HEIGHT, a[0]) + frame(indices_of(a[1]), a[1]) + b";"
                ),
            )
    for bits, own, interlace in itertools.product((None, 1, 2, 4, 8), (None, 1, 2, 4, 8), (0, 1)):
        yield case(
            "global and local palettes" if bits or own else "no palette",
            f"global {bits}, local {own}, interlace {interlace}",
            lambda a=(bits, own, interlace): (
                header(WIDTH, HEIGHT, a[0])
                + frame(
                    indices_of(a[1] or a[0] or 2),
                    max(2, a[1] or a[0] or 2),
                    local=a[1],
                    interlace=bool(a[2]),
                )
                + b";"
            ),
        )


def frames():
    places = {
        "covers": (0, 0, WIDTH, HEIGHT),
        "inside": (9, 7, WIDTH + 20, HEIGHT + 20),
        "corner": (20, 20, WIDTH + 20, HEIGHT + 20),
        "partly outside": (9, 7, WIDTH, HEIGHT),
        "outside": (90, 70, WIDTH, HEIGHT),
        "larger than the screen": (0, 0, 10, 10),
        "screen of 0x0": (0, 0, 0, 0),
    }
    for (
        name,
        (left, top, width, height),
    ), transparent, disposal, background, own in itertools.product(
        places.items(), (None, 0, 5), range(4), (0, 3), (None, 4)
    ):
        yield case(
            f"frame: {name}",
            f"transparent {transparent}, disposal {disposal}, background {background}, {own}",
            lambda a=(width, height, background, transparent, disposal, left, top, own): (
                header(a[0], a[1], 4, a[2])
                + control(a[3], a[4])
                + frame(indices_of(4), 4, a[5], a[6], local=a[7])
                + b";"
            ),
        )
    for transparent, disposal, second in itertools.product((None, 0, 5), range(4), (0, 1)):
        yield case(
            "two frames",
            f"transparent {transparent}, disposal {disposal}, second {second}",
            lambda a=(transparent, disposal, second): (
                header(WIDTH, HEIGHT, 4)
                + NETSCAPE
                + control(a[0], a[1], 10)
                + frame(indices_of(4), 4)
                + control(a[0], a[1], 10)
                + (frame(15 - indices_of(4)[:20, :30], 4, 5, 5) if a[2] else b"")
                + b";"
            ),
        )


def extensions():
    parts = {
        "comment": COMMENT,
        "NETSCAPE": NETSCAPE,
        "unknown": UNKNOWN,
        "control": control(3, 2, 50),
        "plain text": PLAIN_TEXT,
    }
    for count in (1, 2, 3):
        for names in itertools.permutations(parts, count):
            yield case(
                "extensions before the frame",
                ", ".join(names),
                lambda names=names: (
                    header(WIDTH + 10, HEIGHT + 10, 4)
                    + b"".join(parts[name] for name in names)
                    + frame(indices_of(4), 4, 5, 5)
                    + b";"
                ),
            )
    for version, aspect in itertools.product((b"GIF87a", b"GIF89a"), (0, 49)):
        yield case(
            "version",
            f"{version.decode()}, aspect ratio {aspect}",
            lambda a=(version, aspect): (
                header(WIDTH, HEIGHT, 4, 0, *a) + frame(indices_of(4), 4) + b";"
            ),
        )


def endings():
    endings = {
        "no trailer": b"",
        "trailing zeros": b";" + bytes(100),
        "trailing text": b";trailing text, and no image",
        "zeros before the trailer": bytes(7) + b";",
        "truncated extension": b"\x21\xf9\x04\0",
        "truncated frame": b"\x2c\0\0\0\0\x10\0\x10\0\0\x04\x20abc",
        "second file": b";" + header(8, 8, 1) + b";",
    }
    for name, ending in endings.items():
        yield case(
            "after the first frame",
            name,
            lambda ending=ending: header(WIDTH, HEIGHT, 4) + frame(indices_of(4), 4) + ending,
        )
    cuts = {"no end code": 1, "zero length of the last block": 0}
    for name, cut in cuts.items():
        yield case("end of the codes", name, lambda cut=cut: without_end(cut))


def without_end(cut):
    """Returns a file whose codes end without the code that ends them, or with an empty block."""
    data = frame(indices_of(4), 4)
    if cut == 0:
        return header(WIDTH, HEIGHT, 4) + data[:-1] + b"\x01\0\0;"
    stream = compress(indices_of(4).ravel().tolist(), 4, "codes")[:-1]
    blocks = [stream[at : at + 255] for at in range(0, len(stream), 255)]
    head = data[:11]
    return header(WIDTH, HEIGHT, 4) + head + b"".join(bytes([len(b)]) + b for b in blocks) + b"\0;"
