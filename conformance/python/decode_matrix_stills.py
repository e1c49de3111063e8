#!/usr/bin/env python3
"""Compares ownprint with Pillow over a generated matrix of PNG, BMP, GIF, WebP, AVIF, HEIC, JPEG XL.

    python decode_matrix_stills.py [--ownprint PROGRAM] [--whole] [--table]

Writes every combination of the options of these formats with a small image, PNG and BMP byte by
byte, the others by Pillow, pillow-heif and pillow-jxl-plugin. The MD5 of the RGB bytes must be
equal for lossless combinations, and PDQ may differ by 4 bits for lossy ones. A difference that
docs/pixels.md describes is known. Without --whole, every seventh combination is made. --table
prints the table in docs/formats.md. The exit status is 1 if a combination differs otherwise.
"""

import argparse
import hashlib
import itertools
import struct
import sys
import tempfile
import zlib
from pathlib import Path

import numpy
import PIL
import pillow_heif
import pillow_jxl  # noqa: F401  registers the format
from PIL import Image, ImageOps

from decode_differential import hash_all, pdq_distance

# An odd size, so that rows have padding and blocks have edges.
WIDTH, HEIGHT = 75, 61
MAX_BITS = 4


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--ownprint", default="cargo run --release -q -p ownprint-cli --")
    parser.add_argument("--whole", action="store_true")
    parser.add_argument("--table", action="store_true")
    options = parser.parse_args()
    pillow_heif.register_heif_opener()
    counts, failures = {}, []
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        makers = itertools.chain(pngs(), bmps(), gifs(), webps(), avifs(), heics(), jxls())
        for index, (name, write) in enumerate(makers):
            if options.whole or index % 7 == 0:
                path = Path(folder) / name
                write(path)
                paths.append(path)
        for path, record in zip(paths, hash_all(options.ownprint, paths), strict=True):
            kind, detail = compare(path, record)
            row = (path.suffix[1:], path.stem.split(",")[0], kind)
            counts[row] = counts.get(row, 0) + 1
            if kind == "DIFFERENT":
                failures.append(f"{path.name}: {detail}")
    if options.table:
        print_table(counts)
    print(f"{sum(counts.values())} combinations, {len(failures)} different", *failures, sep="\n")
    return 1 if failures else 0


def print_table(counts):
    print("| format | options | equal | within 4 bits | known difference | refused by name |")
    print("|---|---|---|---|---|---|")
    for key in dict.fromkeys(row[:2] for row in counts):
        kinds = [counts.get((*key, kind), 0) for kind in ("equal", "close", "known", "refused")]
        print(f"| {key[0]} | {key[1]} |", " | ".join(map(str, kinds)), "|")


def compare(path, ours):
    try:
        with Image.open(path) as image:
            mode = image.mode
            theirs = numpy.asarray(ImageOps.exif_transpose(image).convert("RGB"))
    except Exception as error:  # Pillow's decoders raise many types of exceptions.
        return "known", f"Pillow refuses it: {error}"
    if ours.get("rgb_md5") is None:
        error = ours.get("error") or {}
        is_named = error.get("code") == "unsupported-feature"
        return ("refused" if is_named else "DIFFERENT"), error.get("message")
    if ours["rgb_md5"] == hashlib.md5(theirs.tobytes()).hexdigest():
        return "equal", ""
    bits, quality = pdq_distance(ours, theirs)
    detail = f"{bits} bits at quality {quality}, Pillow's mode {mode}"
    is_lossy = "lossless" not in path.stem and path.suffix in (".heic", ".avif", ".jxl")
    if is_lossy and bits <= MAX_BITS:
        return "close", detail
    if path.suffix == ".png" and mode.startswith("I"):
        return "known", detail
    if path.suffix == ".bmp" and ("skip" in path.stem or "16 bits" in path.stem):
        return "known", detail
    # Pillow before 13 reads absolute runs of four bits wrongly.
    if path.stem == "RLE,4 bits,absolute" and int(PIL.__version__.split(".")[0]) < 13:
        return "known", detail
    return "DIFFERENT", detail


def photo():
    """Returns a colour image of random blocks, smoothed, whose PDQ hash has few undecided bits."""
    blocks = numpy.random.default_rng(1).integers(0, 256, (12, 15, 3), numpy.uint8)
    return numpy.asarray(Image.fromarray(blocks).resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC))


PHOTO = photo()
GREY = PHOTO[..., 0]


# --- PNG ------------------------------------------------------------------------------------------

ADAM7 = [
    (0, 0, 8, 8),
    (4, 0, 8, 8),
    (0, 4, 4, 8),
    (2, 0, 4, 4),
    (0, 2, 2, 4),
    (1, 0, 2, 2),
    (0, 1, 1, 2),
]
ANCILLARY = {
    "none": b"",
    "gAMA": (b"gAMA", struct.pack(">I", 100000)),
    "cHRM": (b"cHRM", struct.pack(">8I", 31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000)),
    "sRGB": (b"sRGB", b"\0"),
    "iCCP": (b"iCCP", b"p\0\0" + zlib.compress(b"not a profile")),
    "bKGD": (b"bKGD", None),
    "sBIT": (b"sBIT", None),
}


def chunk(name, payload):
    body = name + payload
    return struct.pack(">I", len(payload)) + body + struct.pack(">I", zlib.crc32(body))


def pngs():
    kinds = [(0, (1, 2, 4, 8, 16)), (2, (8, 16)), (3, (1, 2, 4, 8)), (4, (8, 16)), (6, (8, 16))]
    names = {0: "grey", 2: "RGB", 3: "palette", 4: "grey and alpha", 6: "RGBA"}
    for color, depths in kinds:
        for depth, interlace, has_trns, extra in itertools.product(
            depths, (0, 1), (False, True), ANCILLARY
        ):
            if has_trns and color in (4, 6):
                continue
            name = f"{names[color]},{depth} bits,interlace {interlace},tRNS {has_trns},{extra}.png"
            yield (
                name,
                lambda path, a=(color, depth, interlace, has_trns, extra): path.write_bytes(
                    png(*a)
                ),
            )


def png(color, depth, interlace, has_trns, extra):
    channels = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[color]
    samples = numpy.dstack([PHOTO, 255 - GREY])[..., :channels].astype(numpy.uint32)
    if color == 4:
        samples = numpy.dstack([GREY, 255 - GREY]).astype(numpy.uint32)
    samples = samples * 257 if depth == 16 else samples >> (8 - depth)
    file = b"\x89PNG\r\n\x1a\n"
    file += chunk(b"IHDR", struct.pack(">IIBBBBB", WIDTH, HEIGHT, depth, color, 0, 0, interlace))
    if extra == "bKGD":
        file_extra = chunk(b"bKGD", {0: b"\0\1", 4: b"\0\1", 3: b"\1"}.get(color, b"\0\1\0\1\0\1"))
    elif extra == "sBIT":
        file_extra = chunk(b"sBIT", bytes([1] * (3 if color == 3 else channels)))
    else:
        file_extra = chunk(*ANCILLARY[extra]) if ANCILLARY[extra] else b""
    file += file_extra if extra != "bKGD" else b""
    if color == 3:
        file += chunk(
            b"PLTE", bytes((i * 5 + c * 70) % 256 for i in range(1 << depth) for c in range(3))
        )
    if has_trns:
        file += chunk(b"tRNS", {0: b"\0\1", 2: b"\0\1\0\1\0\1", 3: b"\0\x80"}[color])
    file += file_extra if extra == "bKGD" else b""
    passes = ADAM7 if interlace else [(0, 0, 1, 1)]
    rows = b"".join(filtered(samples[y::dy, x::dx], depth) for x, y, dx, dy in passes)
    return file + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


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


# --- BMP ------------------------------------------------------------------------------------------


def bmps():
    headers = {"core": 12, "OS/2 v2": 64, "info": 40, "V2": 52, "V3": 56, "V4": 108, "V5": 124}
    for (header, length), bits, top_down, colors in itertools.product(
        headers.items(), (1, 4, 8, 16, 24, 32), (False, True), ("all", "few")
    ):
        if header == "core" and (top_down or bits in (16, 32)) or colors == "few" and bits > 8:
            continue
        order = "top down" if top_down else "bottom up"
        name = f"{header.replace('/', '')} header,{bits} bits,{order},{colors} colours.bmp"
        yield name, lambda path, a=(length, bits, top_down, colors): path.write_bytes(bmp(*a))
    for bits, absolute in itertools.product((4, 8), (False, True)):
        name = f"RLE,{bits} bits,{'absolute' if absolute else 'runs'}.bmp"
        yield name, lambda path, a=(bits, absolute): path.write_bytes(rle_bmp(*a))
    for bits, masks in (
        (16, (0xF800, 0x7E0, 0x1F)),
        (16, (0x7C00, 0x3E0, 0x1F)),
        (32, (0xFF, 0xFF00, 0xFF0000)),
    ):
        name = f"bit fields,{bits} bits,{masks[0]:x}.bmp"
        yield (
            name,
            lambda path, a=(bits, masks): path.write_bytes(bmp(40, a[0], False, "all", a[1])),
        )


def bmp_file(length, bits, compression, palette, rows, height, masks=b"", used=0):
    if length == 12:
        header = struct.pack("<IHHHH", 12, WIDTH, height, 1, bits)
    else:
        header = struct.pack(
            "<IiiHHIIiiII",
            length,
            WIDTH,
            height,
            1,
            bits,
            compression,
            len(rows),
            2835,
            2835,
            used,
            0,
        )
        if length >= 52 and length != 64:
            header += struct.pack("<III", 0xFF0000, 0xFF00, 0xFF) if bits == 32 else bytes(12)
        if length >= 56 and length != 64:
            header += bytes(4)
        if length >= 108:
            header += b"BGRs"
        header += bytes(length - len(header))
    start = 14 + len(header) + len(masks) + len(palette)
    return (
        struct.pack("<2sIHHI", b"BM", start + len(rows), 0, 0, start)
        + header
        + masks
        + palette
        + rows
    )


def bmp_palette(length, count):
    size = 3 if length == 12 else 4
    return b"".join(
        bytes([i * 7 % 256, i * 3 % 256, 255 - i * 5 % 256, 0][:size]) for i in range(count)
    )


def bmp(length, bits, top_down, colors, masks=None):
    count = (1 << bits if bits <= 8 else 0) if colors == "all" else max(2, (1 << bits) * 3 // 4)
    if bits <= 8:
        indices = numpy.minimum(GREY >> (8 - bits), count - 1)
        shifts = numpy.arange(bits)[::-1]
        packed = numpy.packbits((indices[..., None] >> shifts & 1).reshape(HEIGHT, -1), axis=1)
    elif bits == 16:
        r, g, b = (PHOTO[..., c].astype(numpy.uint16) for c in range(3))
        if masks and masks[1] == 0x7E0:
            packed = (r >> 3 << 11 | g >> 2 << 5 | b >> 3).astype("<u2").view(numpy.uint8)
        else:
            packed = (r >> 3 << 10 | g >> 3 << 5 | b >> 3).astype("<u2").view(numpy.uint8)
    else:
        packed = PHOTO if masks else PHOTO[..., ::-1]
        if bits == 32:
            packed = numpy.dstack([packed, numpy.full((HEIGHT, WIDTH), 255, numpy.uint8)])
        packed = packed.reshape(HEIGHT, -1)
    packed = packed.reshape(HEIGHT, -1)
    packed = numpy.pad(packed, ((0, 0), (0, -packed.shape[1] % 4)))
    if not top_down:
        packed = packed[::-1]
    return bmp_file(
        length,
        bits,
        3 if masks else 0,
        bmp_palette(length, count),
        packed.tobytes(),
        -HEIGHT if top_down else HEIGHT,
        struct.pack("<III", *masks) if masks else b"",
        count if colors == "few" and length > 12 else 0,
    )


def rle_bmp(bits, absolute):
    indices = GREY >> (8 - bits)
    data = b""
    for row in indices[::-1]:
        values = row.tolist()
        if absolute:
            for at in range(0, WIDTH, 60):
                part = values[at : at + 60]
                if len(part) < 3:
                    data += b"".join(bytes([1, v << 4 if bits == 4 else v]) for v in part)
                    continue
                if bits == 4:
                    even = part + [0] * (len(part) % 2)
                    body = bytes(a << 4 | b for a, b in zip(even[::2], even[1::2], strict=True))
                else:
                    body = bytes(part)
                data += bytes([0, len(part)]) + body + bytes(len(body) % 2)
        else:
            for value, run in itertools.groupby(values):
                data += bytes([len(list(run)), value << 4 | value if bits == 4 else value])
        data += b"\0\0"
    return bmp_file(
        40, bits, 2 if bits == 4 else 1, bmp_palette(40, 1 << bits), data + b"\0\1", HEIGHT
    )


# --- GIF, WebP, AVIF, HEIC, JPEG XL ---------------------------------------------------------------


def gifs():
    for interlace, colors, transparency, frames in itertools.product(
        (0, 1), (2, 16, 256), (None, 0), (1, 2)
    ):
        name = f"GIF,interlace {interlace},{colors} colours,transparency {transparency},{frames} frames.gif"

        def write(path, a=(interlace, colors, transparency, frames)):
            image = Image.fromarray(PHOTO).quantize(a[1])
            options = {} if a[2] is None else {"transparency": a[2]}
            if a[3] == 2:
                options |= {"save_all": True, "append_images": [image.rotate(90)], "disposal": 2}
            image.save(path, interlace=a[0], **options)

        yield name, write


def webps():
    for lossless, alpha, method, exact in itertools.product((0, 1), (0, 1), (0, 4, 6), (0, 1)):
        name = f"{'lossless' if lossless else 'lossy'},alpha {alpha},method {method},exact {exact}.webp"
        yield (
            name,
            lambda path, a=(lossless, alpha, method, exact): opened(a[1]).save(
                path, lossless=bool(a[0]), method=a[2], exact=bool(a[3]), quality=80
            ),
        )


def opened(alpha):
    image = Image.fromarray(PHOTO)
    if alpha:
        image.putalpha(Image.fromarray(255 - GREY))
    return image


def avifs():
    for subsampling, full, alpha, quality in itertools.product(
        ("4:2:0", "4:2:2", "4:4:4", "4:0:0"), ("full", "limited"), (0, 1), (60, 90)
    ):
        name = f"subsampling {subsampling.replace(':', '')},{full},alpha {alpha},quality {quality}.avif"
        yield (
            name,
            lambda path, a=(subsampling, full, alpha, quality): opened(a[2]).save(
                path, subsampling=a[0], range=a[1], quality=a[3], speed=8
            ),
        )
    for orientation in range(2, 9):
        yield (
            f"orientation,{orientation}.avif",
            lambda path, value=orientation: oriented(path, value),
        )


def oriented(path, value):
    exif = Image.Exif()
    exif[0x0112] = value
    opened(0).save(path, exif=exif, quality=90)


def heics():
    for chroma, alpha, quality in itertools.product(("420", "422", "444"), (0, 1), (60, 90)):
        name = f"chroma {chroma},alpha {alpha},quality {quality}.heic"
        yield (
            name,
            lambda path, a=(chroma, alpha, quality): opened(a[1]).save(
                path, "HEIF", chroma=a[0], quality=a[2]
            ),
        )
    for orientation in range(2, 9):
        yield (
            f"orientation,{orientation}.heic",
            lambda path, value=orientation: oriented(path, value),
        )


def jxls():
    for lossless, alpha, effort, grey in itertools.product((0, 1), (0, 1), (1, 3, 7), (0, 1)):
        name = (
            f"{'lossless' if lossless else 'lossy'},alpha {alpha},effort {effort},grey {grey}.jxl"
        )
        yield (
            name,
            lambda path, a=(lossless, alpha, effort, grey): (
                opened(a[1]).convert("LA" if a[1] else "L") if a[3] else opened(a[1])
            ).save(path, lossless=bool(a[0]), effort=a[2], quality=90),
        )


if __name__ == "__main__":
    sys.exit(main())
