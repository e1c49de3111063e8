"""BMP files of every header, depth, order of rows, run-length coding and bit field."""

import itertools
import struct

import numpy

from decode_matrix import Case
from still_images import GREY, HEIGHT, PHOTO, WIDTH, Expected

HEADERS = {
    "core": 12,
    "OS/2 v2, short": 16,
    "info": 40,
    "V2": 52,
    "V3": 56,
    "OS/2 v2": 64,
    "V4": 108,
    "V5": 124,
}
ROUNDING = "5 and 6 bits are rounded"
MASKS = {
    "5-6-5": (16, (0xF800, 0x7E0, 0x1F, 0)),
    "5-5-5": (16, (0x7C00, 0x3E0, 0x1F, 0)),
    "5-5-5, BGR": (16, (0x1F, 0x3E0, 0x7C00, 0)),
    "5-5-5-1": (16, (0x7C00, 0x3E0, 0x1F, 0x8000)),
    "4-4-4-4": (16, (0xF00, 0xF0, 0xF, 0xF000)),
    "6-5-5": (16, (0xFC00, 0x3E0, 0x1F, 0)),
    "8-8-8, BGR0": (32, (0xFF0000, 0xFF00, 0xFF, 0)),
    "8-8-8, RGB0": (32, (0xFF, 0xFF00, 0xFF0000, 0)),
    "8-8-8, 0BGR": (32, (0xFF000000, 0xFF0000, 0xFF00, 0)),
    "8-8-8, 0RGB": (32, (0xFF00, 0xFF0000, 0xFF000000, 0)),
    "8-8-8-8, BGRA": (32, (0xFF0000, 0xFF00, 0xFF, 0xFF000000)),
    "8-8-8-8, RGBA": (32, (0xFF, 0xFF00, 0xFF0000, 0xFF000000)),
    "8-8-8-8, ABGR": (32, (0xFF000000, 0xFF0000, 0xFF00, 0xFF)),
    "10-10-10-2": (32, (0x3FF00000, 0xFFC00, 0x3FF, 0xC0000000)),
    "11-11-10": (32, (0xFFE00000, 0x1FFC00, 0x3FF, 0)),
    "1-2-3": (32, (1, 0b1100, 0b11100000, 0)),
    "7-7-7": (32, (0x1FC000, 0x3F80, 0x7F, 0)),
}


def cases(_folder):
    return itertools.chain(plain(), bit_fields(), run_lengths())


def case(row, name, writer, expected):
    return Case((row,), f"{row}, {name}", lambda path: path.write_bytes(writer()), expected)


# --- Uncompressed ---------------------------------------------------------------------------------


def plain():
    for (header, length), bits, top_down, count in itertools.product(
        HEADERS.items(), (1, 2, 4, 8, 16, 24, 32), (False, True), ("all", "few", "one more")
    ):
        if length in (12, 16) and top_down or length == 12 and bits in (2, 16, 32):
            continue
        if count != "all" and (bits > 8 or length <= 16):
            continue
        order = "top down" if top_down else "bottom up"
        colors = {"all": 1 << bits, "few": max(2, (1 << bits) * 3 // 4)}.get(count, (1 << bits) + 1)
        colors = colors if bits <= 8 else 0
        indices = numpy.minimum(GREY >> (8 - bits), min(colors - 1, 255)) if bits <= 8 else None
        # Pillow does not read two bits, nor pixels without bit fields in some headers.
        pixels = palette_pixels(indices, colors) if bits == 2 else None
        known = ROUNDING if bits == 16 else ""
        yield case(
            f"BMP, {header} header",
            f"{bits} bits, {order}, {count} colours",
            lambda a=(length, bits, top_down, colors, count, indices): bmp(*a),
            Expected(True, pixels, known),
        )


def bmp(length, bits, top_down, colors, count, indices):
    if indices is not None:
        rows = packed(indices, bits)
    elif bits == 16:
        rows = fields(MASKS["5-5-5"][1]).astype("<u2").view(numpy.uint8)
    else:
        rows = PHOTO[..., ::-1]
        if bits == 32:
            rows = numpy.dstack([rows, numpy.full((HEIGHT, WIDTH), 255, numpy.uint8)])
    return bmp_file(
        length,
        bits,
        0,
        palette(length, colors),
        padded(rows, top_down),
        -HEIGHT if top_down else HEIGHT,
        used=0 if count == "all" or length == 12 else colors,
    )


def packed(indices, bits):
    shifts = numpy.arange(bits)[::-1]
    return numpy.packbits((indices[..., None] >> shifts & 1).reshape(HEIGHT, -1), axis=1)


def padded(rows, top_down):
    rows = rows.reshape(HEIGHT, -1)
    rows = numpy.pad(rows, ((0, 0), (0, -rows.shape[1] % 4)))
    return (rows if top_down else rows[::-1]).tobytes()


def entry(index):
    return index * 7 % 256, index * 3 % 256, (255 - index * 5) % 256


def palette(length, count):
    size = 3 if length == 12 else 4
    return b"".join(bytes([*entry(index), 0][:size]) for index in range(count))


def palette_pixels(indices, count):
    """Returns the RGB pixels of palette indices. A palette stores blue first."""
    colours = numpy.array([entry(index)[::-1] for index in range(count)], numpy.uint8)
    return colours[indices]


def bmp_file(length, bits, compression, colours, rows, height, masks=b"", used=0, inside=b""):
    """Returns a file. `inside` are the masks that headers since V2 contain."""
    if length == 12:
        header = struct.pack("<IHHHH", 12, WIDTH, height, 1, bits)
    else:
        header = struct.pack("<IiiHH", length, WIDTH, height, 1, bits)
        header += struct.pack("<IIiiII", compression, len(rows), 2835, 2835, used, 0)
        header = header[:length]
        if length in (52, 56, 108, 124):
            default = struct.pack("<IIII", 0xFF0000, 0xFF00, 0xFF, 0) if bits == 32 else bytes(16)
            header += (inside or default)[: 12 if length == 52 else 16]
        if length >= 108:
            header += b"BGRs"
        header += bytes(length - len(header))
    start = 14 + len(header) + len(masks) + len(colours)
    head = struct.pack("<2sIHHI", b"BM", start + len(rows), 0, 0, start)
    return head + header + masks + colours + rows


# --- Bit fields -----------------------------------------------------------------------------------


def bit_fields():
    for (header, length), (name, (bits, masks)), top_down in itertools.product(
        HEADERS.items(), MASKS.items(), (False, True)
    ):
        if length in (12, 16, 64):
            continue
        compressions = (3, 6) if length == 40 else (3,)
        if length in (40, 52) and masks[3]:
            compressions = (6,) if length == 40 else ()
        for compression in compressions:
            yield case(
                "BMP, bit fields",
                f"{header}, {name}, top down {top_down}, compression {compression}",
                lambda a=(length, bits, masks, top_down, compression): fields_bmp(*a),
                Expected(True, field_pixels(masks)),
            )


def fields_bmp(length, bits, masks, top_down, compression):
    rows = fields(masks).astype("<u2" if bits == 16 else "<u4").view(numpy.uint8)
    stored = struct.pack("<IIII", *masks)
    after = stored[: 16 if compression == 6 else 12] if length == 40 else b""
    height = -HEIGHT if top_down else HEIGHT
    rows = padded(rows, top_down)
    return bmp_file(length, bits, compression, b"", rows, height, masks=after, inside=stored)


def shift_and_width(mask):
    return (mask & -mask).bit_length() - 1, mask.bit_count()


def fields(masks):
    """Returns the stored pixels: the high bits of each colour in its field."""
    stored = numpy.zeros((HEIGHT, WIDTH), numpy.uint64)
    for channel, mask in enumerate(masks):
        if mask:
            shift, width = shift_and_width(mask)
            samples = PHOTO[..., channel] if channel < 3 else 255 - GREY
            stored |= (samples.astype(numpy.uint64) << 8 >> (16 - width)) << shift
    return stored


def field_pixels(masks):
    """Returns the expected pixels: the high byte of wide fields, others rounded to 8 bits."""
    stored, channels = fields(masks), []
    for mask in masks[:3]:
        shift, width = shift_and_width(mask)
        values = (stored & mask) >> shift
        if width > 8:
            channels.append(values >> (width - 8))
        else:
            most = (1 << width) - 1
            channels.append((values * 510 + most) // (2 * most))
    return numpy.dstack(channels).astype(numpy.uint8)


# --- Run-length coding ----------------------------------------------------------------------------


def run_lengths():
    codings = (
        *("runs", "absolute", "mixed", "short rows", "delta"),
        *("early end", "no end of rows", "long runs"),
    )
    for (header, length), bits, coding in itertools.product(HEADERS.items(), (4, 8), codings):
        # Decoders refuse runs of four bits that exceed the row.
        if length in (12, 16) or coding == "long runs" and bits == 4:
            continue
        # Pillow before 13 reads absolute runs of four bits wrongly.
        pixels = palette_pixels(GREY >> (8 - bits), 1 << bits)
        yield case(
            f"BMP, RLE, {coding}",
            f"{header}, {bits} bits",
            lambda a=(length, bits, coding): rle_bmp(*a),
            Expected(True, pixels),
        )
    yield case("BMP, RLE, top down", "", lambda: rle_bmp(40, 8, "runs", -HEIGHT), Expected(True))
    yield case("BMP, RLE of 24 bits", "", rle24_bmp, Expected(True, PHOTO))


def rle_bmp(length, bits, coding, height=HEIGHT):
    indices, data = GREY >> (8 - bits), b""
    for y, row in enumerate(indices[::-1].tolist()):
        if coding == "early end" and y == HEIGHT // 2:
            break
        if coding == "short rows":
            data += runs(row[: WIDTH - y % 9], bits)
        elif coding == "delta":
            data += runs(row[:20], bits) + bytes([0, 2, 11, 0]) + runs(row[31:], bits)
        elif coding == "absolute" or coding == "mixed" and y % 2:
            data += absolute(row, bits)
        elif coding == "long runs":
            data += runs([*row, *row[-1:] * 7], bits)
        else:
            data += runs(row, bits)
        data += b"" if coding == "no end of rows" else b"\0\0"
    compression = 2 if bits == 4 else 1
    return bmp_file(length, bits, compression, palette(length, 1 << bits), data + b"\0\1", height)


def runs(row, bits):
    return b"".join(
        bytes([len(list(run)), value << 4 | value if bits == 4 else value])
        for value, run in itertools.groupby(row)
    )


def absolute(row, bits):
    data = b""
    for at in range(0, len(row), 60):
        part = row[at : at + 60]
        if len(part) < 3:
            data += runs(part, bits)
            continue
        body = bytes(part)
        if bits == 4:
            even = part + [0] * (len(part) % 2)
            body = bytes(a << 4 | b for a, b in zip(even[::2], even[1::2], strict=True))
        data += bytes([0, len(part)]) + body + bytes(len(body) % 2)
    return data


def rle24_bmp():
    rows = (bytes([1, *map(int, pixel[::-1])]) for row in PHOTO[::-1] for pixel in row)
    lines = itertools.batched(rows, WIDTH) if hasattr(itertools, "batched") else [rows]
    data = b"".join(b"".join(line) + b"\0\0" for line in lines)
    return bmp_file(64, 24, 4, b"", data + b"\0\1", HEIGHT)
