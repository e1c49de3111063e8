"""Measures how far single edits move the PDQ hash: the figures of docs/robustness.md.

The edits are those of the published benchmark of PyPI `perception` (docs/examples/benchmarking.rst
of its repository), made by Pillow and numpy. As there, the original is the image with its longer
side scaled to 256. The images are those of `coverage_copies.py`: of OWNPRINT_CORPUS and of other
folders.

    cargo xtask robustness FOLDER…
"""

import argparse
import io
import pathlib
import tempfile

import numpy
from PIL import Image, ImageDraw, ImageFilter, ImageFont

import coverage_copies
from robustness_plot import plot

LONGEST = 256
THRESHOLD = 31
BITS = 256
QUANTILES = [5, 25, 50, 75, 95]
OTHERS = "other photographs"


def main():
    options = arguments()
    programs = coverage_copies.Programs(options)
    with tempfile.TemporaryDirectory(prefix="ownprint-robustness-") as folder:
        folder = pathlib.Path(folder)
        images = coverage_copies.photographs(options, programs, folder)
        paths = [path for image in images for path in written(image, folder)]
        records = programs.hash_files(paths)
    hashes = [(it["hashes"]["pdq"]["hex"], it["hashes"]["pdq"]["quality"]) for it in records]
    count = len(EDITS) + 1
    rows = [hashes[at : at + count] for at in range(0, len(hashes), count)]
    # An image of 256 pixels may have less quality than the larger one.
    rows = [row for row in rows if row[0][1] >= 50]
    found = {edit: of_edit(rows, index + 1) for index, edit in enumerate(EDITS)}
    found[OTHERS] = of_others([row[0][0] for row in rows])
    print(f"{len(rows)} images\n")
    table(found)
    if options.plot:
        plot(options.plot, found, THRESHOLD, BITS)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--programs", type=pathlib.Path, required=True, help="the folder with `ownprint`"
    )
    parser.add_argument("--plot", type=pathlib.Path, help="file for a plot of the distances")
    parser.add_argument("--most", type=int, default=0, help="the maximum number of images; 0: all")
    parser.add_argument(
        "folders",
        nargs="*",
        type=pathlib.Path,
        help="folders of images, in addition to OWNPRINT_CORPUS",
    )
    options = parser.parse_args()
    options.augly = options.albumentations = None
    return options


def written(image, folder):
    """Writes the original and its edits, and returns their paths."""
    original = Image.open(image["path"]).convert("RGB")
    scale = LONGEST / max(original.size)
    original = original.resize([round(side * scale) for side in original.size], Image.BICUBIC)
    paths = [folder / f"{image['name']}-{index}" for index in range(len(EDITS) + 1)]
    original.save(paths[0], "PNG", compress_level=1)
    for path, edit in zip(paths[1:], EDITS.values()):
        made = edit(original.copy(), image["name"])
        if isinstance(made, bytes):
            path.write_bytes(made)
        else:
            made.save(path, "PNG", compress_level=1)
    return paths


# Edits


def watermarked(image, name):
    """Writes TEST in opaque grey letters at the lower left, a fifth of the width wide."""
    draw = ImageDraw.Draw(image, "RGBA")
    size = 8
    while draw.textlength("TEST", ImageFont.load_default(size)) < image.width / 5:
        size += 1
    place = (size, image.height - size)
    draw.text(place, "TEST", (0, 0, 0, 200), ImageFont.load_default(size), "ls", stroke_width=1)
    return image


def vignetted(image, name):
    """Multiplies by a Gaussian whose standard deviation is half of each dimension."""
    rgb = numpy.asarray(image, dtype=numpy.float64)
    down, across = (bell(length) for length in rgb.shape[:2])
    mask = down[:, None] * across[None, :]
    return Image.fromarray((rgb * (mask / mask.max())[..., None]).astype(numpy.uint8))


def bell(length):
    at = numpy.arange(length) - (length - 1) / 2
    return numpy.exp(-(at**2) / (2 * (length / 2) ** 2))


def darker(image, name):
    return image.point([round(255 * (value / 255) ** 2) for value in range(256)] * 3)


def compressed(image, name):
    file = io.BytesIO()
    image.save(file, "JPEG", quality=7)
    return file.getvalue()


def padded(image, name):
    bar = round(image.height * 0.2)
    canvas = Image.new("RGB", (image.width, image.height + 2 * bar))
    canvas.paste(image, (0, bar))
    return canvas


def cropped(image, name):
    width, height = image.size
    left, top = round(width * 0.05), round(height * 0.05)
    return image.crop((left, top, width - left, height - top))


def noisy(image, name):
    """Adds noise with a standard deviation of a fifth of the range, equal for the channels."""
    rgb = numpy.asarray(image, dtype=numpy.float64)
    noise = numpy.random.default_rng(int(name[:8], 16)).normal(0, 0.2 * 255, rgb.shape[:2])
    return Image.fromarray((rgb + noise[..., None]).clip(0, 255).astype(numpy.uint8))


EDITS = {
    "watermark": watermarked,
    "blur2": lambda image, name: image.filter(ImageFilter.GaussianBlur(2)),
    "vignette": vignetted,
    "gamma2": darker,
    "jpeg95": compressed,
    "pad0.2": padded,
    "crop0.05": cropped,
    "noise0.2": noisy,
    "rotate4": lambda image, name: image.rotate(-4, Image.Resampling.BILINEAR),
    "resize0.5": lambda image, name: image.resize(
        [side // 2 for side in image.size], Image.Resampling.BICUBIC
    ),
}
"""The names are those of the benchmark."""

PUBLISHED = {
    "watermark": (80, 99.8),
    "blur2": (78, 100),
    "vignette": (30, 100),
    "gamma2": (54, 100),
    "jpeg95": (76, 99.9),
    "pad0.2": (72, 1.5),
    "crop0.05": (78, 30.6),
    "noise0.2": (76, 99.7),
    "rotate4": (78, 73.4),
    "resize0.5": (84, 99.8),
}
"""Of the benchmark's 150 photographs and `pdq`: the threshold in bits for a precision of 99.99 %, and
the recall there in per cent."""


# Distances


def of_edit(rows, index):
    """Returns the distance of each copy; copies of low quality match nothing."""
    return numpy.array(
        [
            (int(row[0][0], 16) ^ int(row[index][0], 16)).bit_count()
            for row in rows
            if row[index][1] >= 50
        ]
        + [BITS] * sum(row[index][1] < 50 for row in rows)
    )


def of_others(hexes):
    numbers = [int(hex, 16) for hex in hexes]
    return numpy.array([(a ^ b).bit_count() for at, a in enumerate(numbers) for b in numbers[:at]])


def table(found):
    titles = ["edit", *(f"{it} %" for it in QUANTILES), "largest", f"within {THRESHOLD}"]
    titles += ["published threshold", "within it", "published"]
    print("| " + " | ".join(titles) + " |\n" + "|---" * len(titles) + "|")
    for edit, distances in found.items():
        cells = [edit, *(f"{numpy.percentile(distances, it):.0f}" for it in QUANTILES)]
        cells += [str(distances.max()), share(distances, THRESHOLD)]
        if edit in PUBLISHED:
            threshold, recall = PUBLISHED[edit]
            cells += [str(threshold), share(distances, threshold), f"{recall} %"]
        else:
            cells += [f"smallest: {distances.min()}", "", ""]
        print("| " + " | ".join(cells) + " |")


def share(distances, threshold):
    return f"{(distances <= threshold).mean():.1%}"


if __name__ == "__main__":
    main()
