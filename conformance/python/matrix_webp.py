"""WebP files of Pillow and cwebp, and animations whose frames are placed byte by byte."""

import io
import itertools
import shutil
import struct
import subprocess

import numpy
from PIL import Image

from decode_matrix import Case
from still_images import Expected, opened, photo

LOSSLESS = Expected(True)


def cases(folder):
    return itertools.chain(
        by_pillow(), sizes(), palettes(), by_cwebp(folder), chunks(), animations()
    )


def case(row, name, make, expected=LOSSLESS):
    """Lossy files too must be equal to the bit: the format defines the decoder exactly."""
    return Case(
        (f"WebP, {row}",),
        f"WebP, {row}, {name}",
        lambda path: path.write_bytes(make()),
        expected,
    )


def encoded(image, **options):
    file = io.BytesIO()
    image.save(file, "WEBP", **options)
    return file.getvalue()


# --- Options of the encoders ----------------------------------------------------------------------


def by_pillow():
    for lossless, alpha, method, exact in itertools.product((0, 1), (0, 1), range(7), (0, 1)):
        for quality, sharp in itertools.product((0, 50, 80, 100), (False, True)):
            if lossless and sharp:
                continue
            yield case(
                f"{'lossless' if lossless else 'lossy'}, Pillow",
                f"alpha {alpha}, method {method}, exact {exact}, {quality}, sharp {sharp}",
                lambda a=(lossless, alpha, method, exact, quality, sharp): encoded(
                    opened(a[1]),
                    lossless=bool(a[0]),
                    method=a[2],
                    exact=bool(a[3]),
                    quality=a[4],
                    use_sharp_yuv=a[5],
                ),
            )
    for alpha_quality, method in itertools.product((0, 30, 70, 100), (0, 4, 6)):
        yield case(
            "alpha quality",
            f"{alpha_quality}, method {method}",
            lambda a=(alpha_quality, method): encoded(
                opened(1), alpha_quality=a[0], method=a[1], quality=70
            ),
        )


def sizes():
    lengths = [*range(1, 20), 31, 32, 33, 47, 63, 64, 65, 70]
    for width, height, lossless, alpha in itertools.product(
        lengths, (1, 2, 3, 15, 16, 17, 33, 70), (0, 1), (0, 1)
    ):
        yield case(
            "sizes",
            f"{width}x{height}, lossless {lossless}, alpha {alpha}",
            lambda a=(width, height, lossless, alpha): encoded(
                opened(a[3], a[:2]), lossless=bool(a[2]), quality=70
            ),
        )


def palettes():
    kinds = (1, 2, 3, 4, 5, 15, 16, 17, 256)
    for colors, alpha, method, width in itertools.product(kinds, (0, 1), (0, 4, 6), (1, 61, 70)):

        def make(colors=colors, alpha=alpha, method=method, width=width):
            image = Image.fromarray(photo(width, 60)).quantize(colors).convert("RGB")
            if alpha:
                # The same colours with two values of alpha.
                image.putalpha(image.getchannel(0).point(lambda value: 255 if value > 99 else 7))
            return encoded(image, lossless=True, method=method, exact=True)

        yield case("lossless, palettes", f"{colors}, {alpha}, {method}, {width}", make)
    # Images of one channel, and noise, use other transforms.
    for name, pixels in {
        "grey": numpy.repeat(photo(70, 66)[..., :1], 3, 2),
        "noise": numpy.random.default_rng(5).integers(0, 256, (66, 70, 3), numpy.uint8),
        "gradient": numpy.indices((66, 70)).sum(0)[..., None].astype(numpy.uint8) * [[[1, 2, 3]]],
        "one colour": numpy.full((66, 70, 3), 77),
        "repeated": numpy.tile(photo(16, 16), (5, 5, 1)),
    }.items():
        for method, quality in itertools.product(range(7), (0, 50, 100)):
            yield case(
                "lossless, transforms",
                f"{name}, {method}, {quality}",
                lambda a=(pixels, method, quality): encoded(
                    Image.fromarray(a[0].astype(numpy.uint8)),
                    lossless=True,
                    method=a[1],
                    quality=a[2],
                ),
            )


def by_cwebp(folder):
    program = shutil.which("cwebp")
    if program is None:
        return
    alpha = [
        ["-alpha_filter", kind, "-alpha_method", method, "-alpha_q", quality]
        for kind in ("none", "fast", "best")
        for method in ("0", "1")
        for quality in ("0", "50", "100")
    ]
    lossy = [
        *(["-m", str(method), "-q", "60"] for method in range(7)),
        *(["-segments", str(count)] for count in range(1, 5)),
        *(
            ["-f", strength, kind]
            for strength in ("0", "30", "100")
            for kind in ("-strong", "-nostrong")
        ),
        *(["-sharpness", str(value)] for value in range(8)),
        *(["-partition_limit", "100"], ["-sns", "100"], ["-pass", "6"], ["-jpeg_like"], ["-af"]),
        *(["-sharp_yuv"], ["-pre", "4"], ["-noalpha"], ["-blend_alpha", "0x123456"]),
        *(["-preset", name] for name in ("photo", "drawing", "icon", "text")),
    ]
    lossless = [
        *(["-z", str(level)] for level in range(10)),
        *(["-near_lossless", str(level)] for level in (0, 20, 40, 60, 80, 100)),
        *(["-lossless", "-exact", "-m", str(method)] for method in range(7)),
    ]
    groups = {"ALPH": alpha, "lossy, cwebp": lossy, "lossless, cwebp": lossless}
    for row, options in groups.items():
        for option, (width, height) in itertools.product(options, ((75, 61), (64, 64), (17, 200))):

            def writer(path, option=option, size=(width, height)):
                source = folder / "source.png"
                opened(1, size).save(source)
                command = [program, "-quiet", *option, source, "-o", path]
                subprocess.run(command, check=True, stderr=subprocess.DEVNULL)

            yield Case(
                (f"WebP, {row}",), f"WebP, {row}, {option}, {width}x{height}", writer, LOSSLESS
            )


# --- Chunks ---------------------------------------------------------------------------------------

ICC_FLAG, ALPHA_FLAG, EXIF_FLAG, XMP_FLAG, ANIMATION_FLAG = 0x20, 0x10, 0x08, 0x04, 0x02


def riff(name, payload):
    return name + struct.pack("<I", len(payload)) + payload + bytes(len(payload) % 2)


def webp(*parts):
    return riff(b"RIFF", b"WEBP" + b"".join(parts))


def extended(flags, width, height):
    return riff(b"VP8X", struct.pack("<I", flags) + triple(width - 1) + triple(height - 1))


def triple(number):
    return struct.pack("<I", number)[:3]


def image_chunks(image, **options):
    """Returns the chunks `ALPH`, `VP8 ` and `VP8L` of an encoded image."""
    data, at, found = encoded(image, **options), 12, b""
    while at < len(data):
        length = struct.unpack("<I", data[at + 4 : at + 8])[0]
        end = at + 8 + length + length % 2
        if data[at : at + 4] in (b"ALPH", b"VP8 ", b"VP8L"):
            found += data[at:end]
        at = end
    return found


def chunks():
    exif = Image.Exif()
    exif[0x0112] = 6
    metadata = {
        "ICC": (ICC_FLAG, riff(b"ICCP", b"not a profile")),
        "EXIF": (EXIF_FLAG, riff(b"EXIF", exif.tobytes()[6:])),
        "XMP": (XMP_FLAG, riff(b"XMP ", b"<x:xmpmeta/>")),
        "unknown": (0, riff(b"XYZW", b"any")),
    }
    for count, lossless, alpha in itertools.product(range(5), (False, True), (0, 1)):
        for names in itertools.combinations(metadata, count):
            for has_flags in (True, False):

                def make(names=names, lossless=lossless, alpha=alpha, has_flags=has_flags):
                    flags = sum(metadata[name][0] for name in names) if has_flags else 0
                    before = metadata["ICC"][1] if "ICC" in names else b""
                    after = b"".join(metadata[name][1] for name in names if name != "ICC")
                    return webp(
                        extended(flags | ALPHA_FLAG * alpha, 75, 61),
                        before,
                        image_chunks(opened(alpha), lossless=lossless),
                        after,
                    )

                yield case(
                    "VP8X", f"{names}, lossless {lossless}, alpha {alpha}, {has_flags}", make
                )


# --- Animations -----------------------------------------------------------------------------------


def animations():
    for lossless, alpha, blend, dispose, (left, top), background in itertools.product(
        (False, True), (0, 1), (0, 1), (0, 1), ((0, 0), (2, 4), (24, 38)), (0, 0xFF102030)
    ):
        for size in ((75, 61), (50, 22)):
            if left + size[0] > 75 or top + size[1] > 61:
                continue

            def make(a=(lossless, alpha, blend, dispose, left, top, background, size)):
                lossless, alpha, blend, dispose, left, top, background, size = a
                head = triple(left // 2) + triple(top // 2)
                head += triple(size[0] - 1) + triple(size[1] - 1) + triple(100)
                frame = image_chunks(opened(alpha, size), lossless=lossless, exact=True)
                frame = riff(b"ANMF", head + bytes([(not blend) << 1 | dispose]) + frame)
                flags = ANIMATION_FLAG | ALPHA_FLAG * alpha
                color = riff(b"ANIM", struct.pack("<IH", background, 0))
                return webp(extended(flags, 75, 61), color, frame, frame)

            yield case(
                "animation",
                f"lossless {lossless}, alpha {alpha}, blend {blend}, dispose {dispose}, "
                f"{left}, {top}, {size}, background {background:x}",
                make,
            )
    for options in (
        {"minimize_size": True},
        {"allow_mixed": True},
        {"kmin": 1, "kmax": 2},
        {"lossless": True},
    ):
        for alpha in (0, 1):
            yield case(
                "animation, Pillow",
                f"{options}, alpha {alpha}",
                lambda a=(options, alpha): encoded(
                    opened(a[1]),
                    save_all=True,
                    append_images=[opened(a[1]).rotate(90), opened(a[1])],
                    **a[0],
                ),
            )
