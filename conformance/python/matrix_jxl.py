"""JPEG XL files of pillow-jxl-plugin, imagecodecs (both libjxl) and cjxl."""

import functools
import io
import itertools
import shutil
import subprocess
import tempfile
from pathlib import Path

import imagecodecs
import numpy
import pillow_jxl  # noqa: F401  registers the format
from PIL import Image

from decode_matrix import Case
from still_images import Expected, opened, photo

SIZE = (75, 61)
LARGE = (300, 270)


def cases(folder):
    return itertools.chain(by_plugin(), by_imagecodecs(), by_cjxl(folder))


# --- pillow-jxl-plugin and imagecodecs ------------------------------------------------------------


def by_plugin():
    for mode, effort, quality, container in itertools.product(
        ("RGB", "RGBA", "L", "LA", "I;16"), range(1, 10), (None, 95, 60, 20), (False, True)
    ):
        lossless = quality is None
        yield case(
            f"pillow-jxl-plugin, {'lossless' if lossless else 'lossy'}",
            f"{mode}, effort {effort}, quality {quality}, container {container}",
            lambda a=(mode, effort, quality, container): saved(
                a[0], effort=a[1], use_container=a[3], lossless=a[2] is None, quality=a[2] or 100
            ),
            Expected(lossless),
        )
    for mode, speed, original in itertools.product(("RGB", "LA"), range(5), (False, True)):
        yield case(
            "pillow-jxl-plugin, decoding speed",
            f"{mode}, {speed}, original profile {original}",
            lambda a=(mode, speed, original): saved(
                a[0], decoding_speed=a[1], use_original_profile=a[2], quality=80
            ),
        )


def case(row, name, make, expected=None):
    return Case(
        (f"JPEG XL, {row}",),
        f"JPEG XL, {row}, {name}",
        lambda path: path.write_bytes(make()),
        expected or Expected(),
    )


def saved(mode, **options):
    if mode == "I;16":
        image = Image.fromarray(photo(*SIZE)[..., 0].astype(numpy.uint16) * 257)
    else:
        image = opened(1).convert(mode)
    file = io.BytesIO()
    image.save(file, "JXL", **options)
    return file.getvalue()


def by_imagecodecs():
    for channels, depth, distance, container in itertools.product(
        (1, 2, 3, 4), (8, 9, 10, 12, 14, 16), (0, 0.5, 1, 3, 10), (False, True)
    ):
        yield case(
            f"imagecodecs, {'lossy' if distance else 'lossless'}",
            f"{channels} channels, {depth} bits, distance {distance}, container {container}",
            lambda a=(channels, depth, distance, container): by_depth(*a),
            Expected(distance == 0, functools.partial(by_libjxl, depth=depth)),
        )


def by_depth(channels, depth, distance, container):
    samples = photo(*SIZE, 2)
    samples = numpy.dstack([samples, 255 - samples[..., 0]])
    samples = samples[..., [0, 3]] if channels == 2 else samples[..., :channels]
    if depth > 8:
        samples = samples.astype(numpy.uint16) << (depth - 8) | samples >> (16 - depth)
    return imagecodecs.jpegxl_encode(
        numpy.ascontiguousarray(samples.squeeze()),
        distance=distance,
        lossless=distance == 0,
        bitspersample=depth,
        usecontainer=container,
        effort=4,
    )


def by_libjxl(path, depth=8):
    """Returns the high bytes of the samples of the first frame, as imagecodecs returns them.

    pillow-jxl-plugin returns the last frame of an animation, and for a transcoded JPEG the pixels
    of libjpeg.
    """
    samples = imagecodecs.jpegxl_decode(path.read_bytes())
    if samples.ndim == 4:
        samples = samples[0]
    if samples.ndim == 3 and samples.shape[2] == 2:
        samples = samples[..., 0]
    if samples.dtype == numpy.uint16:
        samples = (samples >> (depth - 8)).astype(numpy.uint8)
    if samples.ndim == 2:
        samples = numpy.repeat(samples[..., None], 3, 2)
    return samples[..., :3]


# --- cjxl -----------------------------------------------------------------------------------------

# Each is combined with distances and kinds of images.
OPTIONS = {
    "modular": [["-m", "1"], ["-m", "0"], ["-m", "1", "-R", "1"]],
    "progressive": [
        ["-p"],
        ["--progressive_ac"],
        ["--qprogressive_ac"],
        ["--progressive_dc=1"],
        ["--progressive_dc=2"],
        ["--group_order=1"],
    ],
    "resampling": [[f"--resampling={n}"] for n in (2, 4, 8)]
    + [["--ec_resampling=2"], ["--ec_resampling=4"], ["--resampling=2", "--already_downsampled"]],
    "photon noise": [["--photon_noise=ISO200"], ["--photon_noise=ISO3200"]],
    "filters": [[f"--epf={n}", f"--gaborish={g}"] for n in range(4) for g in (0, 1)],
    "dots and patches": [["--dots=1"], ["--patches=1"], ["--dots=0", "--patches=0"]],
    "faster decoding": [[f"--faster_decoding={n}"] for n in range(5)],
    "modular colour transforms": [["-m", "1", "-C", str(n)] for n in (0, 1, 6, 10, 20, 41)],
    "modular groups": [["-m", "1", "-g", str(n)] for n in range(4)],
    "modular predictors": [["-m", "1", "-P", str(n)] for n in range(16)],
    "modular palettes": [
        ["-m", "1", "--modular_palette_colors=10"],
        ["-m", "1", "--modular_lossy_palette", "--modular_palette_colors=0"],
        ["-m", "1", "-X", "0", "-Y", "0"],
        ["-m", "1", "-X", "100", "-Y", "100"],
        ["-m", "1", "-I", "0"],
        ["-m", "1", "-E", "3"],
    ],
    "premultiplied": [["--premultiply=1"], ["--premultiply=0"], ["--keep_invisible=0"]],
    "container": [["--container=1"], ["--container=0"], ["--codestream_level=10"]],
    "intensity target": [["--intensity_target=100"], ["--intensity_target=4000"]],
    "effort": [["-e", str(n)] for n in range(1, 9)],
}
COLOR_SPACES = {
    "sRGB": "RGB_D65_SRG_Rel_SRG",
    "linear": "RGB_D65_SRG_Rel_Lin",
    "P3": "RGB_D65_DCI_Rel_SRG",
    "P3 of cinemas": "RGB_DCI_DCI_Rel_DCI",
    "BT.2020": "RGB_D65_202_Rel_709",
    "BT.2100 PQ": "RGB_D65_202_Rel_PeQ",
    "BT.2100 HLG": "RGB_D65_202_Rel_HLG",
    "gamma": "RGB_D65_SRG_Rel_g0.45455000000",
    "other white point": "RGB_EER_SRG_Rel_SRG",
    "perceptual": "RGB_D65_SRG_Per_SRG",
    "grey, linear": "Gra_D65_Rel_Lin",
    "grey, sRGB": "Gra_D65_Rel_SRG",
    "grey, gamma": "Gra_D65_Rel_g0.45455000000",
}


def by_cjxl(folder):
    program = shutil.which("cjxl")
    if program is None:
        return
    for (row, options), kind, distance, size in itertools.product(
        OPTIONS.items(),
        ("RGB", "RGBA", "L", "LA", "RGB16", "palette"),
        ("0", "1", "6"),
        (SIZE, LARGE),
    ):
        if size == LARGE and kind not in ("RGB", "RGBA"):
            continue
        for option in options:
            yield from_file(
                f"cjxl, {row}",
                (kind, distance, size, option),
                lambda path, a=(kind, size): write_source(path, *a),
                [program, "-d", distance, *option],
            )
    for (name, space), distance, depth in itertools.product(
        COLOR_SPACES.items(), ("0", "0.5", "1", "3"), (8, 16)
    ):
        yield from_file(
            f"cjxl, colour encoding, {name}",
            (distance, depth),
            lambda path, a=(space, depth): write_pixmap(path, a[0].startswith("Gra"), a[1]),
            [program, "-d", distance, "-x", f"color_space={space}"],
            ".ppm",
        )
    for gamma, grey, distance in itertools.product((1.0, 1.8, 2.2), (False, True), ("0", "1", "3")):
        yield from_file(
            "cjxl, ICC profile",
            (gamma, grey, distance),
            lambda path, a=(gamma, grey): write_with_profile(path, *a),
            [program, "-d", distance],
            expected=Expected(distance == "0"),
        )
    for subsampling, progressive, orientation, quality in itertools.product(
        (0, 1, 2, "4:4:0", "4:1:1", "L", "RGB"), (False, True), range(1, 9), (60, 95)
    ):
        for kept in (["--lossless_jpeg=1"], ["--lossless_jpeg=1", "--jpeg_reconstruction_cfl=0"]):
            yield from_file(
                "cjxl, JPEG",
                (subsampling, progressive, orientation, quality, kept),
                lambda path, a=(subsampling, progressive, orientation, quality): jpeg(path, *a),
                [program, *kept, "--container=1"],
                ".jpg",
                Expected(pixels=by_libjxl),
            )
    for (kind, append), distance in itertools.product(ANIMATIONS.items(), ("0", "1")):
        yield from_file(
            "cjxl, animation",
            (kind, distance),
            append,
            [program, "-d", distance],
            ".gif" if "GIF" in kind else ".png",
            Expected(distance == "0", by_libjxl),
        )


def from_file(row, name, write, command, ending=".png", expected=None):
    """Returns a case that runs cjxl on a file that `write` writes."""

    def writer(path):
        with tempfile.TemporaryDirectory() as folder:
            source = Path(folder) / f"source{ending}"
            write(source)
            subprocess.run(
                [command[0], source, path, "--quiet", *command[1:]],
                check=True,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )

    return Case((f"JPEG XL, {row}",), f"JPEG XL, {row}, {name}", writer, expected or Expected())


def write_source(path, kind, size):
    if kind == "RGB16":
        path.with_suffix(".png").write_bytes(
            imagecodecs.png_encode(photo(*size).astype(numpy.uint16) * 257)
        )
    elif kind == "palette":
        opened(0, size).quantize(12).convert("RGB").save(path)
    else:
        opened(1, size).convert(kind).save(path)


def write_pixmap(path, is_grey, depth):
    samples = photo(*SIZE)[..., 0] if is_grey else photo(*SIZE)
    if depth == 16:
        samples = samples.astype(">u2") * numpy.array(257, ">u2")
        samples = samples.astype(">u2")
    head = f"P{5 if is_grey else 6}\n{SIZE[0]} {SIZE[1]}\n{(1 << depth) - 1}\n"
    path.write_bytes(head.encode() + samples.tobytes())


def write_with_profile(path, gamma, grey):
    """Writes a PNG whose profile libjxl does not know by a name."""
    chromaticities = [0.64, 0.33, 1, 0.21, 0.71, 1, 0.15, 0.06, 1]
    white = [0.3457, 0.3585, 1]
    if grey:
        profile = imagecodecs.cms_profile("gray", whitepoint=white, gamma=gamma)
    else:
        profile = imagecodecs.cms_profile(
            "rgb", whitepoint=white, primaries=chromaticities, gamma=gamma
        )
    image = Image.fromarray(photo(*LARGE)).convert("L" if grey else "RGB")
    image.save(path, icc_profile=profile)


def jpeg(path, subsampling, progressive, orientation, quality):
    exif = Image.Exif()
    exif[0x0112] = orientation
    image = opened(0).convert("L") if subsampling == "L" else opened(0)
    options = {"subsampling": subsampling} if subsampling not in ("L", "RGB") else {}
    if subsampling == "RGB":
        options = {"keep_rgb": True}
    image.save(path, exif=exif, progressive=progressive, quality=quality, **options)


def animation(**options):
    def write(path):
        images = [opened(options.pop("alpha", 0)) for _ in range(1)]
        images.append(images[0].rotate(90))
        images[0].save(path, save_all=True, append_images=images[1:], **options)

    return write


def offset_gif(path):
    """Writes an animation whose frames do not cover the image."""
    import matrix_gif as gif

    path.write_bytes(
        gif.header(100, 90, 4)
        + gif.NETSCAPE
        + gif.control(0, 1, 10)
        + gif.frame(gif.indices_of(4), 4, 9, 7)
        + gif.control(0, 1, 10)
        + gif.frame(gif.indices_of(4)[:30, :40], 4, 20, 30)
        + b";"
    )


ANIMATIONS = {
    "GIF": animation(duration=100),
    "GIF with offsets": offset_gif,
    "APNG": animation(duration=100),
    "APNG with alpha": animation(duration=100, alpha=1),
    "APNG, disposal": animation(duration=100, alpha=1, disposal=1, blend=1),
}
