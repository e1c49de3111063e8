"""HEIC and AVIF files: samples, colour information, sizes, and what the container adds."""

import functools
import io
import itertools

import imagecodecs
import numpy
import pillow_heif
from PIL import Image

import heif_boxes as boxes
from decode_matrix import Case
from still_images import Expected, by_ffmpeg, by_libavif, by_pillow, opened, photo

pillow_heif.register_heif_opener()

CODECS = {"HEIC": b"heic", "AVIF": b"avif"}
# x265 pads to a multiple of 8 and crops by `clap`; this size needs no padding.
SIZE = (80, 64)
CHROMA = ("400", "420", "422", "444")
DEPTHS = (8, 10, 12)
MATRICES = {
    0: "identity",
    1: "BT.709",
    2: "unspecified",
    4: "FCC",
    5: "BT.470BG",
    6: "BT.601",
    7: "SMPTE 240",
    8: "YCgCo",
    9: "BT.2020",
    10: "BT.2020 constant luminance",
    11: "SMPTE 2085",
    12: "derived from the primaries",
    13: "derived, constant luminance",
    14: "ICtCp",
    16: "YCgCo-Re",
    17: "YCgCo-Ro",
}


def cases(_folder):
    return itertools.chain(samples(), stream_colours(), sizes(), encoders(), containers())


# --- Encoders -------------------------------------------------------------------------------------


@functools.cache
def item(codec, depth=8, chroma="420", size=SIZE, seed=1, matrix=6, full_range=1):
    """Returns a coded item of an image, without transforms."""
    pixels = photo(*size, seed)
    if codec == "HEIC":
        data = encode_hevc(pixels, depth, chroma, matrix, full_range)
    else:
        data = encode_av1(pixels, depth, chroma, matrix, full_range)
    return boxes.first_item(data)


def encode_hevc(pixels, depth, chroma, matrix, full_range):
    grey = chroma == "400"
    samples = pixels[..., 0] if grey else pixels
    if depth > 8:
        samples = samples.astype("<u2") * 257
    file = io.BytesIO()
    pillow_heif.encode(
        ("L" if grey else "RGB") + ("" if depth == 8 else ";16"),
        pixels.shape[1::-1],
        samples.tobytes(),
        file,
        quality=80,
        chroma=int(chroma) if not grey else 420,
        bit_depth=depth,
        matrix_coefficients=matrix,
        full_range_flag=full_range,
        color_primaries=1,
        transfer_characteristics=13,
    )
    return file.getvalue()


def encode_av1(pixels, depth, chroma, matrix, full_range):
    if not full_range:
        file = io.BytesIO()
        Image.fromarray(pixels).save(
            file, "AVIF", range="limited", quality=80, speed=8, subsampling=":".join(chroma)
        )
        return file.getvalue()
    samples = pixels[..., 0] if chroma == "400" else pixels
    if depth > 8:
        samples = (samples.astype(numpy.uint16) << (depth - 8)) | (samples >> (16 - depth))
    return imagecodecs.avif_encode(
        samples,
        80,
        speed=8,
        bitspersample=depth,
        pixelformat=imagecodecs.AVIF.PIXEL_FORMAT[f"YUV{chroma}"],
        matrix=matrix,
        primaries=1,
        transfer=13,
        codec="aom",
    )


def by_depth(codec, depth):
    """Returns what to compare with: for AVIF of more than 8 bits, libavif without libyuv."""
    return Expected(pixels=by_libavif if codec == "AVIF" and depth > 8 else None)


def single(codec, coded, *properties, dropped=(b"colr",), in_idat=False):
    """Returns a file of one image whose properties of the types `dropped` are replaced."""
    kept = boxes.without(coded, *dropped)
    one = boxes.Item(coded.kind, coded.data, [*kept, *properties], in_idat)
    return boxes.HeifFile(CODECS[codec], {1: one})


def case(row, name, make, expected=None):
    """Returns a case of one row. `make` returns a file, or its bytes."""

    def writer(path):
        made = make()
        path.write_bytes(made if isinstance(made, bytes) else boxes.write(made))

    return Case((row,), f"{row}, {name}", writer, expected or Expected())


# --- Samples and colours --------------------------------------------------------------------------


def samples():
    """Every depth and chroma format with the colour information of the container."""
    for codec, depth, chroma, (matrix, label), full_range in itertools.product(
        CODECS, DEPTHS, CHROMA, MATRICES.items(), (0, 1)
    ):
        yield case(
            f"{codec}, matrix {label}",
            f"{depth} bits, {chroma}, range {full_range}",
            lambda a=(codec, depth, chroma), b=(matrix, full_range): single(
                a[0], item(*a), boxes.nclx(1, 13, *b)
            ),
            by_depth(codec, depth),
        )
    for codec, depth, chroma, primaries in itertools.product(
        CODECS, DEPTHS, CHROMA, (1, 2, 4, 5, 6, 7, 8, 9, 10, 11, 12, 22)
    ):
        for matrix in (2, 6, 9, 12):
            yield case(
                f"{codec}, primaries",
                f"{depth} bits, {chroma}, primaries {primaries}, matrix {matrix}",
                lambda a=(codec, depth, chroma), b=(primaries, matrix): single(
                    a[0], item(*a), boxes.nclx(b[0], 13, b[1], 1)
                ),
                by_depth(codec, depth),
            )


def stream_colours():
    """Colour information of the coded stream only, of the profile, or of both."""
    for codec, depth, chroma, (matrix, label), full_range in itertools.product(
        CODECS, DEPTHS, CHROMA, MATRICES.items(), (0, 1)
    ):
        if (codec == "AVIF" and not full_range) and (depth > 8 or matrix != 6):
            continue
        options = {"matrix": matrix, "full_range": full_range}
        for name, colours in {
            "no colr": (),
            "ICC": (boxes.icc(b"not a profile"),),
            "ICC and nclx": (boxes.icc(b"not a profile"), boxes.nclx(1, 13, 9, 1)),
            "nclx and ICC": (boxes.nclx(1, 13, 9, 1), boxes.icc(b"not a profile")),
        }.items():
            yield case(
                f"{codec}, matrix of the stream",
                f"{label}, {depth} bits, {chroma}, range {full_range}, {name}",
                lambda a=(codec, depth, chroma), b=options, c=colours: single(
                    a[0], item(*a, **b), *c
                ),
                by_depth(codec, depth),
            )


# --- Sizes and options of the encoders ------------------------------------------------------------


def sizes():
    lengths = (1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 33, 63, 64, 65, 70)
    for codec, width, height, chroma in itertools.product(
        CODECS, lengths, (1, 2, 3, 9, 16, 17, 33, 65), ("420", "422", "444")
    ):
        options = {"chroma": int(chroma)}
        if codec == "AVIF":
            options = {"subsampling": ":".join(chroma), "speed": 8}
        yield case(
            f"{codec}, odd sizes",
            f"{width}x{height}, {chroma}",
            lambda a=(width, height), b=(codec, options): encoded(b[0], opened(0, a), **b[1]),
        )


def encoded(codec, image, **options):
    file = io.BytesIO()
    image.save(file, "HEIF" if codec == "HEIC" else "AVIF", **{"quality": 80, **options})
    return file.getvalue()


def encoders():
    """What Pillow and pillow-heif can be asked for."""
    for chroma, alpha, quality in itertools.product((420, 422, 444), (0, 1), (1, 30, 60, 90, 100)):
        yield case(
            "HEIC, encoder options",
            f"{chroma}, alpha {alpha}, quality {quality}",
            lambda a=(alpha, chroma, quality): encoded(
                "HEIC", opened(a[0], SIZE), chroma=a[1], quality=a[2]
            ),
            # libde265 scales chroma of 4:4:4 wrongly at the lowest qualities.
            Expected(pixels=by_ffmpeg if chroma == 444 and quality == 1 else None),
        )
    for subsampling, full, alpha, quality, tiles in itertools.product(
        ("4:2:0", "4:2:2", "4:4:4", "4:0:0"),
        ("full", "limited"),
        (0, 1),
        (1, 60, 90, 100),
        (0, 1),
    ):
        yield case(
            "AVIF, encoder options",
            f"{subsampling}, {full}, alpha {alpha}, quality {quality}, {tiles} tiles",
            lambda a=(subsampling, full, alpha, quality, tiles): encoded(
                "AVIF",
                opened(a[2], (150, 130)),
                subsampling=a[0],
                range=a[1],
                quality=a[3],
                speed=8,
                tile_rows=a[4],
                tile_cols=a[4],
            ),
        )
    for codec, mode in itertools.product(CODECS, ("RGBA", "LA", "RGB", "L")):
        for premultiplied in (False, True):
            image = opened(1).convert(mode)
            yield case(
                f"{codec}, {'premultiplied alpha' if premultiplied else 'alpha'}",
                mode,
                lambda a=(codec, image, premultiplied): with_alpha(*a),
            )
    for grey in (False, True):
        yield case(
            "HEIC, lossless",
            f"grey {grey}",
            lambda grey=grey: encoded(
                "HEIC",
                opened(0).convert("L" if grey else "RGB"),
                quality=-1,
                chroma=444,
                matrix_coefficients=0,
                full_range_flag=1,
            ),
            Expected(is_lossless=True),
        )
    for depth, chroma in itertools.product(DEPTHS, ("400", "444")):
        yield case(
            "AVIF, lossless",
            f"{depth} bits, {chroma}",
            lambda a=(depth, chroma): lossless_av1(*a),
            Expected(True, by_libavif if depth > 8 else None),
        )
    for codec, orientation in itertools.product(CODECS, range(1, 9)):
        exif = Image.Exif()
        exif[0x0112] = orientation
        yield case(
            f"{codec}, EXIF orientation at encoding",
            str(orientation),
            lambda a=(codec, exif): encoded(a[0], opened(0), exif=a[1]),
        )


def lossless_av1(depth, chroma):
    samples = photo(*SIZE).astype(numpy.uint16) << (depth - 8)
    samples = samples[..., 0] if chroma == "400" else samples
    return imagecodecs.avif_encode(
        samples.astype(numpy.uint8) if depth == 8 else samples,
        100,
        speed=8,
        bitspersample=depth,
        pixelformat=imagecodecs.AVIF.PIXEL_FORMAT[f"YUV{chroma}"],
        matrix=0 if chroma == "444" else 6,
        codec="aom",
    )


def with_alpha(codec, image, premultiplied):
    if codec == "AVIF":
        return encoded(codec, image, alpha_premultiplied=premultiplied)
    file = io.BytesIO()
    mode = image.mode
    if premultiplied:
        mode = mode.replace("A", "a")
    pillow_heif.encode(mode, image.size, image.tobytes(), file, quality=80)
    return file.getvalue()


# --- What the container adds ----------------------------------------------------------------------


def containers():
    exif = Image.Exif()
    exif[0x0112] = 6
    for codec in CODECS:
        row = f"{codec}, container"
        first, second = ((lambda a=(codec, seed): item(a[0], seed=a[1])) for seed in (1, 2))
        yield case(row, "idat", lambda a=(codec, first): single(a[0], a[1](), in_idat=True))
        yield case(
            row,
            "several images, the second is primary",
            lambda a=(codec, first, second): boxes.HeifFile(
                CODECS[a[0]], {1: a[1](), 2: a[2]()}, primary=2
            ),
        )
        yield case(
            row,
            "thumbnail",
            lambda a=(codec, first, second): boxes.HeifFile(
                CODECS[a[0]], {1: a[1](), 2: a[2]()}, 1, [(b"thmb", 2, [1])]
            ),
        )
        yield case(
            row,
            "EXIF orientation of an item",
            lambda a=(codec, first): boxes.HeifFile(
                CODECS[a[0]],
                {1: a[1](), 2: boxes.Item(b"Exif", bytes(4) + exif.tobytes()[6:])},
                1,
                [(b"cdsc", 2, [1])],
            ),
        )
        yield case(
            row,
            "identity derivation",
            lambda a=(codec, first): boxes.HeifFile(
                CODECS[a[0]],
                {1: a[1](), 2: boxes.Item(b"iden", b"", [boxes.ispe(*SIZE), boxes.irot(1)])},
                2,
                [(b"dimg", 2, [1])],
            ),
            Expected(pixels=lambda _, a=codec: numpy.rot90(base(a))),
        )
        for count in (1, 2):
            yield case(
                f"{codec}, overlay",
                f"{count} images",
                lambda a=(codec, first, second), count=count: overlay(*a, count),
            )
        yield case(
            row,
            "several frames",
            lambda codec=codec: encoded(
                codec, opened(0), save_all=True, append_images=[opened(0).rotate(90)]
            ),
        )


@functools.cache
def base(codec, **options):
    """Returns the pixels of a file of one item, as Pillow decodes them."""
    return by_pillow(io.BytesIO(boxes.write(single(codec, item(codec, **options)))))


def overlay(codec, first, second, count):
    items = {2: first(), 3: second()}
    data = boxes.overlay(100, 90, [(5, 7), (20, 16)][:count])
    items[1] = boxes.Item(b"iovl", data, [boxes.ispe(100, 90)], True)
    return boxes.HeifFile(CODECS[codec], items, 1, [(b"dimg", 1, [2, 3][:count])])
