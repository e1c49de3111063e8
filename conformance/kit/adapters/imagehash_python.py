"""PyPI ImageHash: `python3 imagehash_python.py phash:16`. Needs ImageHash, which brings Pillow."""

import sys
import warnings

import imagehash
from PIL import Image

FUNCTIONS = {
    "ahash": imagehash.average_hash,
    "dhash": imagehash.dhash,
    "dhash-vertical": imagehash.dhash_vertical,
    "phash": imagehash.phash,
    "phash-simple": imagehash.phash_simple,
    "whash": imagehash.whash,
    "colorhash": imagehash.colorhash,
}

# PyWavelets warns if the number of levels is higher than useful.
warnings.simplefilter("ignore")
base_name, _, size = sys.argv[1].partition(":")
for line in sys.stdin:
    with Image.open(line.rstrip("\n")) as image:
        arguments = {"hash_size": int(size)} if size else {}
        print(FUNCTIONS[base_name](image.convert("RGB"), **arguments), flush=True)
