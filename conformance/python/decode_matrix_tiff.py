#!/usr/bin/env python3
"""Compares TIFF files of every combination of options with Pillow, and prints a table.

    python decode_matrix_tiff.py --programs FOLDER [--every N]

The files are written by three programs: Pillow (libtiff), tifffile, and tiffcp of libtiff if it is
installed. The pixels must be equal to Pillow's and to the samples that were stored, or the file is
refused with a reason. For JPEG compression, which the decoders round differently, the maximum
distance of the PDQ hashes is 4 bits. `--every N` uses every N-th file of a deterministic order. The
exit status is 1 if there is any other difference.
"""

import itertools
import shutil
import subprocess
import sys

import numpy
import pdqhash
import tifffile
from PIL import Image, ImageOps

from decode_matrix import Case, refused, run
from videos import image

MOST_BITS = 4
WIDTH, HEIGHT = 67, 53
TILES = [(16, 16), (48, 32), (128, 64)]
ROWS = [1, 7, 64]


class Stored:
    """The samples of a file, and the RGB pixels that they mean."""

    def __init__(self, name, samples, rgb, photometric, extra=(), **options):
        self.name, self.samples, self.rgb = name, samples, rgb
        self.photometric, self.extra, self.options = photometric, extra, options


def main():
    tifffile.logger().disabled = True
    if shutil.which("tiffcp") is None:
        print("skipped the files of tiffcp, which is not installed")
    return run(__doc__, lambda _: cases(), compare)


def cases():
    for stored in stored_images():
        for program, writers in (
            ("tifffile", by_tifffile),
            ("Pillow", by_pillow),
            ("tiffcp", by_tiffcp),
        ):
            for coding, label, writer in writers(stored):
                rows = (stored.name, f"written by {program}, {coding}")
                name = f"{program} {stored.name} {coding} {label}"
                # The pixels, or `None` for Pillow's, and whether they must be equal: converters of
                # YCbCr round differently.
                expected = None if coding == "jpeg" else stored.rgb
                yield Case(rows, name, writer, (expected, stored.photometric != "ycbcr"))


def compare(path, detail, ours):
    rgb, is_exact = detail
    if isinstance(ours, str):
        return refused(ours)
    pillow = by_decoding(path)
    if rgb is None and pillow is None:
        return "decoded, Pillow refuses", ""
    if rgb is None or not is_exact:
        theirs = numpy.ascontiguousarray(pillow if rgb is None else rgb)
        bits = int((pdqhash.compute(ours)[0] != pdqhash.compute(theirs)[0]).sum())
        return ("close" if bits <= MOST_BITS else "DIFFERENT"), f"{bits} bits"
    if not numpy.array_equal(ours, rgb):
        theirs = pillow is not None and numpy.array_equal(pillow, rgb)
        return (
            "DIFFERENT",
            f"not the stored samples; Pillow {'agrees with them' if theirs else 'does not either'}",
        )
    if pillow is None:
        return "equal to the stored samples, Pillow refuses", ""
    if not numpy.array_equal(pillow, rgb):
        return "equal to the stored samples, not to Pillow", ""
    return "equal", ""


def by_decoding(path):
    try:
        with Image.open(path) as image:
            if image.mode.startswith("I"):
                return None
            return numpy.asarray(ImageOps.exif_transpose(image).convert("RGB"))
    except Exception:  # Pillow's decoders raise many types of exceptions.
        return None


def stored_images():
    rgb = image(WIDTH, HEIGHT, 0.4)
    grey = numpy.asarray(Image.fromarray(rgb).convert("L"))
    three = lambda plane: numpy.repeat(plane[..., None], 3, 2)
    noise = numpy.random.default_rng(7).integers(0, 256, (HEIGHT, WIDTH, 3), numpy.uint8)
    low = numpy.random.default_rng(8).integers(0, 256, (HEIGHT, WIDTH, 6), numpy.uint16)
    wide = lambda samples: (
        (samples.astype(numpy.uint16) << 8)
        | low[..., : samples.shape[2] if samples.ndim == 3 else 1].reshape(samples.shape)
    )
    for bits, scaled in ((8, lambda plane: plane), (16, wide)):
        yield Stored(f"grey {bits}", scaled(grey), three(grey), "minisblack")
        yield Stored(
            f"grey {bits} white is zero",
            scaled(255 - grey) if bits == 8 else 65535 - wide(grey),
            three(grey),
            "miniswhite",
        )
        yield Stored(f"RGB {bits}", scaled(rgb), rgb, "rgb")
        for extra in ((0,), (2,), (0, 0), (2, 0), (0, 0, 0), (2, 0, 0)):
            samples = numpy.concatenate([rgb, noise[..., : len(extra)]], 2)
            yield Stored(f"RGB {bits} extra {extra}", scaled(samples), rgb, "rgb", extra)
        for extra in ((0,), (2,)):
            samples = numpy.stack([grey, noise[..., 0]], 2)
            yield Stored(
                f"grey {bits} extra {extra}", scaled(samples), three(grey), "minisblack", extra
            )
        cmyk = numpy.asarray(Image.fromarray(rgb).convert("CMYK")).copy()
        cmyk[..., 3] = noise[..., 0] // 2
        ink = numpy.asarray(Image.fromarray(cmyk, "CMYK").convert("RGB"))
        yield Stored(f"CMYK {bits}", scaled(cmyk), ink, "separated")
        yield Stored(
            f"CMYK {bits} extra (0,)",
            scaled(numpy.concatenate([cmyk, noise[..., :1]], 2)),
            ink,
            "separated",
            (0,),
        )
    # Division by a small alpha would multiply the differences between JPEG decoders.
    noise = noise // 2 + 128
    premultiplied = numpy.concatenate(
        [(rgb.astype(int) * noise[..., :1] // 255).astype(numpy.uint8), noise[..., :1]], 2
    )
    with Image.frombytes("RGBa", (WIDTH, HEIGHT), premultiplied.tobytes()) as opened:
        divided = numpy.asarray(opened.convert("RGBA").convert("RGB"))
    yield Stored("RGB 8 extra (1,)", premultiplied, divided, "rgb", (1,))
    yield Stored("RGB 16 extra (1,)", wide(premultiplied), divided, "rgb", (1,))
    bilevel = grey > 120
    yield Stored(
        "grey 1", bilevel, three(numpy.where(bilevel, 255, 0).astype(numpy.uint8)), "minisblack"
    )
    yield Stored(
        "grey 1 white is zero",
        ~bilevel,
        three(numpy.where(bilevel, 255, 0).astype(numpy.uint8)),
        "miniswhite",
    )
    colors = numpy.random.default_rng(9).integers(0, 65536, (3, 256), numpy.uint16)
    yield Stored(
        "palette 8", grey, (colors >> 8).astype(numpy.uint8).T[grey], "palette", colormap=colors
    )
    for bits in (2, 4):
        few = grey >> (8 - bits)
        spread = (few * (255 // (2**bits - 1))).astype(numpy.uint8)
        yield Stored(f"grey {bits}", few, three(spread), "minisblack", bitspersample=bits)
        yield Stored(
            f"palette {bits}",
            few,
            (colors >> 8).astype(numpy.uint8).T[few],
            "palette",
            bitspersample=bits,
            colormap=colors,
        )
    ycc = numpy.asarray(Image.fromarray(rgb).convert("YCbCr"))
    yield Stored(
        "YCbCr 8",
        ycc,
        numpy.asarray(Image.fromarray(ycc, "YCbCr").convert("RGB")),
        "ycbcr",
        subsampling=(1, 1),
    )


def layouts():
    yield from (("strip", {"rowsperstrip": rows}) for rows in ROWS)
    yield from (("tile", {"tile": (height, width)}) for width, height in TILES)


def by_tifffile(stored):
    codings = ["none", "lzw", "zlib", "packbits", "jpeg"]
    for coding, predictor, (layout, options), order, big, planar in itertools.product(
        codings, (False, True), layouts(), "<>", (False, True), ("contig", "separate")
    ):
        samples = stored.samples
        if planar == "separate":
            if samples.ndim < 3:
                continue
            samples = numpy.moveaxis(samples, 2, 0)
        if predictor and coding not in ("lzw", "zlib"):
            continue
        if coding == "jpeg" and (
            samples.dtype != numpy.uint8
            or "bitspersample" in stored.options
            or stored.photometric == "palette"
        ):
            continue
        label = f"{predictor}-{layout}-{sorted(options.values())}-{'le' if order == '<' else 'be'}-{big}-{planar}"

        def writer(
            path,
            samples=samples,
            coding=coding,
            predictor=predictor,
            options=options,
            order=order,
            big=big,
            planar=planar,
        ):
            extra = {"extrasamples": stored.extra} if stored.extra else {}
            planes = {"planarconfig": planar} if samples.ndim == 3 else {}
            tifffile.imwrite(
                path,
                samples,
                photometric=stored.photometric,
                compression=None if coding == "none" else coding,
                predictor=predictor,
                byteorder=order,
                bigtiff=big,
                metadata=None,
                **planes,
                **extra,
                **options,
                **stored.options,
            )

        yield coding, label, writer


def by_pillow(stored):
    if stored.extra not in ((), (0,), (2,)) or stored.samples.dtype == numpy.uint16:
        return
    if stored.photometric == "palette" or "bitspersample" in stored.options:
        return
    mode = {
        "minisblack": "LA" if stored.extra else "L",
        "separated": "CMYK",
        "rgb": {(): "RGB", (0,): "RGBX", (2,): "RGBA"}[stored.extra],
    }
    mode = mode.get(stored.photometric)
    if mode is None or (mode in ("LA", "CMYK") and stored.extra == (0,)):
        return
    codings = {
        "raw": "none",
        "tiff_lzw": "lzw",
        "tiff_adobe_deflate": "zlib",
        "tiff_deflate": "zlib",
        "packbits": "packbits",
        "jpeg": "jpeg",
    }
    if stored.samples.dtype == bool:
        mode, codings = (
            "1",
            {
                "raw": "none",
                "tiff_ccitt": "modified Huffman",
                "group3": "group 3",
                "group4": "group 4",
                "packbits": "packbits",
            },
        )
    for (name, coding), predictor, big, strip in itertools.product(
        codings.items(), (1, 2), (False, True), (500, 65536)
    ):
        if predictor == 2 and coding not in ("lzw", "zlib"):
            continue

        def writer(path, name=name, predictor=predictor, big=big, strip=strip):
            samples = numpy.ascontiguousarray(stored.samples)
            if mode == "1":
                opened = Image.fromarray(samples)
            else:
                opened = Image.frombytes(mode, (WIDTH, HEIGHT), samples.tobytes())
            info = {317: 2} if predictor == 2 else {}
            options = {} if name == "raw" else {"compression": name}
            opened.save(path, "TIFF", big_tiff=big, strip_size=strip, tiffinfo=info, **options)

        yield coding, f"{name}-{predictor}-{big}-{strip}", writer


def by_tiffcp(stored):
    program = shutil.which("tiffcp")
    if program is None:
        return
    codings = {
        "none": "none",
        "lzw": "lzw",
        "lzw predictor": "lzw:2",
        "zlib": "zip",
        "zlib predictor": "zip:2",
        "packbits": "packbits",
        "jpeg": "jpeg",
        "jpeg RGB": "jpeg:r",
        "group 3": "g3:1d",
        "group 3 2D": "g3:2d",
        "group 3 aligned": "g3:fill",
        "group 4": "g4",
    }
    layouts = [
        ["-s", "-r", "7"],
        ["-s", "-r", "64"],
        ["-t", "-w", "16", "-l", "16"],
        ["-t", "-w", "96", "-l", "32"],
    ]
    for (coding, name), layout, order, fill, planar, big in itertools.product(
        codings.items(),
        layouts,
        ("-L", "-B"),
        ("msb2lsb", "lsb2msb"),
        ("contig", "separate"),
        ((), ("-8",)),
    ):
        if name.startswith("g") != (stored.samples.dtype == bool) and name not in (
            "none",
            "packbits",
            "lzw",
            "zip",
        ):
            continue
        if planar == "separate" and stored.samples.ndim < 3:
            continue

        def writer(path, name=name, layout=layout, order=order, fill=fill, planar=planar, big=big):
            extra = {"extrasamples": stored.extra} if stored.extra else {}
            plain = path.with_suffix(".plain")
            tifffile.imwrite(
                plain,
                stored.samples,
                photometric=stored.photometric,
                metadata=None,
                **extra,
                **stored.options,
            )
            try:
                command = [
                    program,
                    *layout,
                    order,
                    "-f",
                    fill,
                    "-p",
                    planar,
                    *big,
                    "-c",
                    name,
                    plain,
                    path,
                ]
                subprocess.run(
                    command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
                )
            finally:
                plain.unlink()

        yield (
            ("jpeg" if name.startswith("jpeg") else coding),
            f"{name}-{'_'.join(layout)}-{order}-{fill}-{planar}-{big}",
            writer,
        )


if __name__ == "__main__":
    sys.exit(main())
