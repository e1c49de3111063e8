"""Hashes raw pixels with PyPI ImageHash and the installed version of Pillow.

As a program, it takes ownprint's names of algorithms, separated by commas, as the only argument,
and paths of P6 pixmaps on standard input. It prints one JSON object per line. A hash that ImageHash
cannot compute is an object with an `error`.
"""

import hashlib
import json
import multiprocessing
import sys
import warnings

import imagehash
import PIL
from PIL import Image

SOURCE = f"ImageHash {imagehash.__version__}, Pillow {PIL.__version__}"
PILLOW_13 = int(PIL.__version__.split(".")[0]) >= 13


def main():
    names = sys.argv[1].split(",")
    paths = [line.rstrip("\n") for line in sys.stdin]
    with multiprocessing.Pool() as pool:
        for record in pool.imap(reference, [(path, names) for path in paths]):
            print(json.dumps(record), flush=True)


def reference(task):
    """Returns the hashes of one image in the format of ownprint's records."""
    path, names = task
    # PyWavelets warns if the number of levels is higher than useful.
    warnings.simplefilter("ignore")
    with Image.open(path) as file:
        image = file.convert("RGB")
    hashes = {name: of(image, name) for name in names if not name.startswith("crop-resistant")}
    hashes |= crop_resistant(image, [name for name in names if name.startswith("crop-resistant")])
    rgb_md5 = hashlib.md5(image.tobytes()).hexdigest()
    return {"path": path, "rgb_md5": rgb_md5, "source": SOURCE, "hashes": hashes}


def parsed(name):
    """Returns the base name, the size or None, and the options."""
    base_name, *rest = name.split(":")
    size = int(rest.pop(0)) if rest and rest[0].isdigit() else None
    if base_name != "colorhash" and ("pillow13" in rest) != PILLOW_13:
        raise ValueError(f"{name} needs another Pillow than the installed {PIL.__version__}")
    return base_name, size, rest


FUNCTIONS = {
    "ahash": imagehash.average_hash,
    "dhash": imagehash.dhash,
    "dhash-vertical": imagehash.dhash_vertical,
    "phash": imagehash.phash,
    "phash-simple": imagehash.phash_simple,
    "whash": imagehash.whash,
    "colorhash": imagehash.colorhash,
}


def of(image, name):
    base_name, size, options = parsed(name)
    arguments = {} if size is None else {"binbits" if base_name == "colorhash" else "hash_size": size}
    if "db4" in options:
        arguments["mode"] = "db4"
    if "keep-ll" in options:
        arguments["remove_max_haar_ll"] = False
    return {"hex": str(FUNCTIONS[base_name](image, **arguments))}


def crop_resistant(image, names):
    """Computes several sizes from one segmentation, which takes most of the time."""
    sizes = [parsed(name)[1] or 8 for name in names]
    if not sizes:
        return {}
    found = {size: [] for size in sizes}

    def of_region(region):
        for size in sizes:
            found[size].append(str(imagehash.dhash(region, hash_size=size)))
        return imagehash.hex_to_hash("00" * 8)

    try:
        imagehash.crop_resistant_hash(image, hash_func=of_region)
    except ValueError as error:
        return {name: {"error": str(error)} for name in names}
    return {name: {"hex": found[size]} for name, size in zip(names, sizes)}


if __name__ == "__main__":
    main()
